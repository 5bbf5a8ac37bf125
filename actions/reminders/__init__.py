"""Reminders of season dates, in the chat where they were asked for."""

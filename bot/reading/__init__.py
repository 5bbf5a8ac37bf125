"""The reading pages: every regulation of the publication that is being served, as plain HTML that needs no script."""

from bot.reading.routes import reading_routes

__all__ = ["reading_routes"]

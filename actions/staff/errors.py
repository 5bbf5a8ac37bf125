"""What can't be done with a staff account; messages are Vietnamese, they are shown to staff."""

from __future__ import annotations


class StaffError(Exception):
    """Base of all errors of this package; the message names the remedy."""


class LoginRefused(StaffError):
    """Wrong name or password, a wrong code, an account that is off, or too many tries; which one is not told."""


class PasswordRefused(StaffError):
    """A new password that would be easy to guess."""

"""What can't be done with a case."""

from __future__ import annotations


class CaseError(Exception):
    """The message says why, and names the remedy."""

"""What can go wrong in this room; every message names the remedy."""

from __future__ import annotations


class RetrievalError(Exception):
    """Base of all errors of the index."""


class ConversionError(RetrievalError):
    """The embedding model could not be converted."""


class EncoderError(RetrievalError):
    """The embedding model can't be opened."""


class IndexNotBuilt(RetrievalError):
    """There is no index, or it belongs to other content or another encoder."""

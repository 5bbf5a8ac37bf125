"""What can go wrong with the content; every message names the remedy."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of all errors of this room."""


class ContentError(KnowledgeError):
    """A content file is not what knowledge/data/README.md says; the message names file, entry and key."""


class UnknownId(KnowledgeError):
    """An id of a provision, an FAQ entry or a guidance item that the content does not hold."""


class DatabaseError(KnowledgeError):
    """The database can't be reached or is not at the newest schema."""


class PublicationError(KnowledgeError):
    """A publication can't be taken, verified or made current; the one before stays."""


class ImportStateError(KnowledgeError):
    """A proposal that was accepted or discarded before; the message is in Vietnamese, for staff."""


class AcceptanceRefused(KnowledgeError):
    """A proposal can't be accepted as it stands; the message says in Vietnamese what to settle and how."""


class EditRefused(KnowledgeError):
    """A change that can't be made as it stands; the message says in Vietnamese why, and what to do."""


class EditConflict(KnowledgeError):
    """Somebody else has changed the object since it was read; nothing was written."""

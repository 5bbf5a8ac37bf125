"""A person's right to be forgotten: everything that is kept of them goes in one transaction.

Rasa's memory is a row of the same database (bot/dialogue/states.py), so nothing is left to be told to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions.personal_data import delete_person
from bot.conversations import Conversations, StoredMessage
from bot.deletions import note_deletion
from bot.messages import AnswerMessage
from knowledge.database import Database


@dataclass(frozen=True, slots=True)
class Erased:
    """Records deleted, by holder, and the message that begins the conversation anew."""

    counts: dict[str, int]
    stored: StoredMessage | None


def erase(database: Database, sender: str, last_words: AnswerMessage | None = None) -> Erased:
    """Delete everything of a sender. Raises DatabaseError where nothing was deleted.

    With `last_words` the web chat's session goes on, empty but for them, so that the person reads that it was done.
    """
    with database.session() as session:
        kept = Conversations.kept_session(session, sender) if last_words is not None else None
        counts = delete_person(session, sender)
        note_deletion(session, sender)
        if kept is None or last_words is None:
            return Erased(counts, None)
        return Erased(counts, Conversations.begin_anew(session, kept, last_words))

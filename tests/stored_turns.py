"""Turns as a server keeps them, with the day on which they were."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot.conversations import Conversations, Turn, TurnRow, conversation_of, new_turn_key
from bot.messages import AnswerMessage, Trace
from knowledge.database import Database


def keep_turn(
    database: Database,
    question: str,
    status: str = "answered",
    sender: str = "rest:someone",
    channel: str = "rest",
    at: datetime | None = None,
    milliseconds: int = 100,
    candidates: tuple[tuple[str, float], ...] = (),
    **answer: Any,
) -> str:
    """Record a turn; its key."""
    key = new_turn_key()
    fields = {"status": status, "text": f"đáp: {question}", "as_of": "2026-11-22", **answer}
    said = AnswerMessage.model_validate({**fields, "trace": Trace(query=question, candidates=candidates)})
    Conversations(database, 30).record(Turn(conversation_of(sender), channel, question, said, 1, milliseconds, key=key))
    if at is not None:
        with database.session() as session:
            session.execute(update(TurnRow).where(TurnRow.key == key).values(at=at))
    return key

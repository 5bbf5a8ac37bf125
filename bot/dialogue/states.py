"""The state of every conversation in Rasa: slots and the open form, written by Rasa itself (inside/state_store.py).

The chat server makes the table, exports and deletes its rows.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from knowledge.database import Base


class DialogueStateRow(Base):
    """`state` is JSON: {"slots": {name: value}, "form": name or null}."""

    __tablename__ = "dialogue_states"
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    row = session.get(DialogueStateRow, sender)
    return [{"at": row.updated_at.isoformat(), **json.loads(row.state)}] if row else []


def _delete(session: Session, sender: str) -> int:
    gone = session.execute(delete(DialogueStateRow).where(DialogueStateRow.sender == sender))
    return int(gone.rowcount)  # type: ignore[attr-defined]


register(PersonalDataHolder("dialogue", (DialogueStateRow.__tablename__,), _export, _delete))

"""What the staff decided about a question that was not answered well: out of scope, or dealt with.

A mark names the question by a digest of its folded text, so that nothing that a person typed is kept here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge.audit import record as audit
from knowledge.database import Base, insert_into, utc
from knowledge.vietnamese import fold

KEY = re.compile(r"[0-9a-f]{16}")
MOST_KEYS = 1_000


class Mark(StrEnum):
    """«Handled» holds for what was asked until then: whoever asks again was not helped."""

    HANDLED = "handled"
    OUT_OF_SCOPE = "out_of_scope"


class QuestionMarkRow(Base):
    __tablename__ = "question_marks"
    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    mark: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Marked:
    mark: Mark
    by: str
    at: datetime

    def covers(self, asked: datetime) -> bool:
        return self.mark is Mark.OUT_OF_SCOPE or asked <= self.at


def question_key(text: str) -> str:
    """The same for texts that differ in case, accents, spaces and signs only."""
    plain = " ".join(re.findall(r"\w+", fold(text)))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def read_marks(session: Session) -> dict[str, Marked]:
    """All of them, by the question's key."""
    return {row.key: Marked(Mark(row.mark), row.by, utc(row.at)) for row in session.scalars(select(QuestionMarkRow))}


def set_marks(session: Session, keys: Collection[str], mark: Mark | None, by: str) -> int:
    """Mark these questions, or take their marks away (None); how many keys were good. Leaves a row in the audit."""
    good = sorted({one for one in keys if KEY.fullmatch(one)})[:MOST_KEYS]
    if not good:
        return 0
    if mark is None:
        session.execute(delete(QuestionMarkRow).where(QuestionMarkRow.key.in_(good)))
    else:
        values = {"mark": str(mark), "by": by, "at": datetime.now(UTC)}
        new = insert_into(session, QuestionMarkRow).values([{"key": key, **values} for key in good])
        session.execute(new.on_conflict_do_update(index_elements=[QuestionMarkRow.key], set_=values))
    audit(session, by, f"question.{mark or 'reopen'}", good[0], words=f"{len(good)} cách hỏi", after=good)
    return len(good)

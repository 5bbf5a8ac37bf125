"""What waits for review («chờ rà soát»), and confirming that it still holds. A confirmation reaches answers with the next publication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knowledge.database import ReviewMarkRow
from knowledge.errors import UnknownId
from knowledge.marks import ReviewMark


def list_marks(session: Session, include_confirmed: bool = False) -> list[ReviewMark]:
    """The open marks, or all, in the order in which they were made."""
    query = select(ReviewMarkRow).order_by(ReviewMarkRow.number)
    if not include_confirmed:
        query = query.where(ReviewMarkRow.confirmed_at.is_(None))
    return [row.mark() for row in session.scalars(query)]


def confirm_marks(session: Session, which: str, by: str) -> list[ReviewMark]:
    """Confirm one mark by its number, or all open marks of an item by its id. Raises UnknownId where none is open."""
    matching = ReviewMarkRow.number == int(which) if which.isdecimal() else ReviewMarkRow.item == which
    numbers = session.scalars(
        update(ReviewMarkRow)
        .where(matching, ReviewMarkRow.confirmed_at.is_(None))
        .values(confirmed_at=datetime.now(UTC), confirmed_by=by)
        .returning(ReviewMarkRow.number)
    ).all()
    if not numbers:
        raise UnknownId(f"nothing open under {which}; award review lists what waits for review")
    query = select(ReviewMarkRow).where(ReviewMarkRow.number.in_(numbers)).order_by(ReviewMarkRow.number)
    return [row.mark() for row in session.scalars(query, execution_options={"populate_existing": True})]


def add_marks(session: Session, marks: Iterable[ReviewMark]) -> list[ReviewMark]:
    """Keep the marks whose reason is not known yet, numbered on from the last; returns those."""
    known = {row.mark().reason for row in session.scalars(select(ReviewMarkRow))}
    last = session.scalar(select(func.max(ReviewMarkRow.number))) or 0
    fresh = [one for one in dict.fromkeys(marks) if one.reason not in known]
    added = [replace(one, number=last + place) for place, one in enumerate(fresh, 1)]
    session.add_all(map(ReviewMarkRow.of, added))
    session.flush()
    return added

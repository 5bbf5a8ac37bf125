"""The list of entries: found, filtered and paged by the database, so that thousands stay quick."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from knowledge.database import FaqRow, ReviewMarkRow, utc
from knowledge.faq import FaqState
from knowledge.marks import MarkedKind
from knowledge.vietnamese import fold

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; empty fields ask for nothing. `ids` narrows to these entries (those that are out of date)."""

    words: str = ""
    topic: str = ""
    state: str = ""
    marked: bool = False
    uncited: bool = False
    ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in the list."""

    id: str
    topic: str
    question: str
    state: FaqState
    leaving: bool
    cited: bool
    marked: bool
    author: str
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


def list_entries(session: Session, wanted: Filter, number: int = 1, size: int = PAGE) -> Page:
    """One page, in the order of the content, the newest drafts last."""
    conditions = _conditions(wanted)
    total = session.scalar(select(func.count()).select_from(FaqRow).where(*conditions)) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    rows = session.execute(_lines(conditions).limit(size).offset((number - 1) * size)).all()
    lines = tuple(
        Line(
            row.id,
            row.topic,
            row.draft_question or row.question or "",
            FaqState(row.state),
            row.leaving,
            row.cited,
            bool(row.marks),
            row.author,
            row.edited_at and utc(row.edited_at),
        )
        for row in rows
    )
    return Page(lines, total, number, pages)


def topics(session: Session) -> list[tuple[str, int]]:
    """Each topic with how many entries it has."""
    query = select(FaqRow.topic, func.count()).group_by(FaqRow.topic).order_by(FaqRow.topic)
    return [(topic, count) for topic, count in session.execute(query)]


def state_counts(session: Session) -> dict[FaqState, int]:
    query = select(FaqRow.state, func.count()).group_by(FaqRow.state)
    found = dict(iter(session.execute(query)))
    return {state: found.get(str(state), 0) for state in FaqState}


def _lines(conditions: Collection[ColumnElement[bool]]) -> Select[tuple[object, ...]]:
    marks = (
        select(func.count())
        .where(
            ReviewMarkRow.kind == str(MarkedKind.FAQ),
            ReviewMarkRow.item == FaqRow.id,
            ReviewMarkRow.confirmed_at.is_(None),
        )
        .correlate(FaqRow)
        .scalar_subquery()
    )
    return (
        select(
            FaqRow.id,
            FaqRow.topic,
            FaqRow.content["question"].as_string().label("question"),
            FaqRow.draft["question"].as_string().label("draft_question"),
            FaqRow.state,
            FaqRow.leaving,
            FaqRow.cited,
            FaqRow.author,
            FaqRow.edited_at,
            marks.label("marks"),
        )
        .where(*conditions)
        .order_by(FaqRow.position, FaqRow.id)
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        FaqRow.words.contains(word, autoescape=True) for word in fold(wanted.words).split()[:12]
    ]
    if wanted.topic:
        conditions.append(FaqRow.topic == wanted.topic)
    if wanted.state:
        conditions.append(FaqRow.state == wanted.state)
    if wanted.uncited:
        conditions.append(FaqRow.cited.is_(False))
    if wanted.marked:
        waiting = select(ReviewMarkRow.item).where(
            ReviewMarkRow.kind == str(MarkedKind.FAQ), ReviewMarkRow.confirmed_at.is_(None)
        )
        conditions.append(FaqRow.id.in_(waiting))
    if wanted.ids is not None:
        conditions.append(FaqRow.id.in_(wanted.ids))
    return conditions

"""Accepting a stored proposal: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.acceptance.amending import Change
from knowledge.acceptance.applying import Applied, apply
from knowledge.acceptance.choices import Choices, settle
from knowledge.acceptance.impact import Dependent, dependents, marks_for
from knowledge.database import DocumentRow, plain_record, read_content
from knowledge.eligibility_rules import read_rules
from knowledge.errors import ImportStateError
from knowledge.files import document_record
from knowledge.importing.records import to_record
from knowledge.marks import ReviewMark
from knowledge.proposals import ProposalState, claim, note_acceptance, read_proposal
from knowledge.review import add_marks, list_marks


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What accepting did: `texts` provisions got official words, `marks` wait for review since; `findings` are for a person."""

    number: int
    document: str
    created: bool
    texts: int
    changes: tuple[Change, ...]
    findings: tuple[str, ...]
    marks: tuple[ReviewMark, ...]

    def record(self) -> dict[str, Any]:
        """As it is kept with the proposal, and for machines."""
        record: dict[str, Any] = to_record(self)
        return record


def accept_proposal(
    session: Session,
    number: int,
    by: str = "",
    choices: Choices = Choices(),  # noqa: B008  a value that never changes
    golden: Iterable[Dependent] = (),
    again: bool = False,
) -> Acceptance:
    """Put a proposal into the content, within the caller's transaction. `again` applies an accepted one once more: what was
    not possible then (a phrase in a text that was not loaded) may be now, and what was done stays as it is.

    Raises UnknownId, ImportStateError where it is settled already, AcceptanceRefused with what to decide on first, and
    ContentError where the content would not be sound afterwards.
    """
    # The first statement writes: on SQLite it takes the one lock for writing, so that what is read below can't change meanwhile.
    claim(session, number, ProposalState.ACCEPTED, by, again)
    session.execute(select(DocumentRow.id).order_by(DocumentRow.id).with_for_update())
    applied, document, wanted = _applied(session, number, choices, golden)
    try:
        _write(session, applied)
        marks = add_marks(session, wanted)
    except IntegrityError as error:
        raise ImportStateError("Một người khác vừa nhận văn bản khác cùng lúc: hãy làm lại.") from error
    acceptance = _acceptance(number, document, applied, marks)
    note_acceptance(session, number, acceptance.record())
    return acceptance


def preview_acceptance(
    session: Session,
    number: int,
    choices: Choices = Choices(),  # noqa: B008  a value that never changes
    golden: Iterable[Dependent] = (),
) -> Acceptance:
    """What accepting would do now; nothing is stored. Raises as `accept_proposal` does."""
    applied, document, wanted = _applied(session, number, choices, golden)
    known = {one.reason for one in list_marks(session, include_confirmed=True)}
    return _acceptance(number, document, applied, [one for one in wanted if one.reason not in known])


def _applied(
    session: Session, number: int, choices: Choices, golden: Iterable[Dependent]
) -> tuple[Applied, str, list[ReviewMark]]:
    """What becomes of the content, the id of the proposal's document, and the marks that its changes ask for."""
    corpus = read_content(session)
    settled = settle(read_proposal(session, number), choices, corpus)
    applied = apply(settled, corpus, choices)
    items = dependents(applied.corpus, read_rules(), golden)
    return applied, settled.document, marks_for(applied.corpus, applied.changes, items, number, datetime.now(UTC))


def _write(session: Session, applied: Applied) -> None:
    last = session.scalar(select(func.max(DocumentRow.position)))
    for document in applied.documents:
        row = session.get(DocumentRow, document.id)
        content = plain_record(document_record(document))
        if row is None:
            last = (last if last is not None else -1) + 1
            session.add(DocumentRow(id=document.id, position=last, content=content))
        else:
            row.content = content
    session.flush()


def _acceptance(number: int, document: str, applied: Applied, marks: list[ReviewMark]) -> Acceptance:
    return Acceptance(number, document, applied.created, applied.texts, applied.changes, applied.findings, tuple(marks))

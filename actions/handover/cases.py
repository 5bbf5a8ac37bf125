"""Cases: a person was asked for, an officer takes the chat, answers, and gives it back.

Every function works in the session that it is given and never commits, so that a step is whole or not at all; the command line, the
staff console and the chat call the same ones. A step is one conditional UPDATE, which decides between officers (and between an
officer and the person) who act at the same moment. What the person is to hear of a step is put into the outbox with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    Update,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions import outbox
from actions.answer import Language
from actions.handover import wording
from actions.handover.case import ASSISTANT, PERSON, Case, CaseEvent, CaseReason, CaseState, Heard
from actions.handover.errors import CaseError
from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from knowledge.database import Base, insert_into, utc

MOST_OFFICER = 80
MOST_REPLY = 4_000  # characters; Telegram takes 4,096 a message


class CaseRow(Base):
    __tablename__ = "cases"
    __table_args__ = (
        # One case a person that is not closed, whoever asks at the same moment.
        Index(
            "uq_cases_live",
            "sender",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        {"sqlite_autoincrement": True},  # a number that was given to somebody is never given again
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    reason: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), index=True)
    officer: Mapped[str | None] = mapped_column(String(MOST_OFFICER))
    contact: Mapped[str | None] = mapped_column(Text)
    replies: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    touched_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class CaseEventRow(Base):
    """One step or one message; `key` is the channel's name of a message, so that one that is handed in twice counts once."""

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "key", name="uq_case_events_key"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(MOST_OFFICER))
    text: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(80))


_WAITING = (CaseState.OPEN, CaseState.ANSWERED)


# -- what the person's side does


def open_case(
    session: Session, sender: str, channel: str, reason: CaseReason, language: Language = Language.VIETNAMESE
) -> tuple[Case, bool]:
    """The sender's case, a new one where none is open; the second value is False where it waited or was owned already."""
    row = _live(session, sender)
    if row is None and (row := _insert(session, sender, channel, reason, language)) is not None:
        _note(session, row, "opened", PERSON, str(reason))
        return _case(row), True
    row = row or _live(session, sender)  # who asked at the same moment was faster
    if row is None:  # and it was closed at once
        raise CaseError("the case was closed just now; ask again")
    reopened = _step(session, row.id, [CaseState.ANSWERED], state=CaseState.OPEN, officer=None)
    if reopened:
        _note(session, row, "reopened", PERSON, str(reason))
    return _case(row), reopened


def live_case(session: Session, sender: str) -> Case | None:
    """The sender's case that is not closed."""
    row = _live(session, sender)
    return _case(row) if row else None


def hear(session: Session, sender: str, message: str, key: str | None, *, lock: bool = False) -> Heard | None:
    """Put a person's message into the case of the officer who owns the chat, once for each key; None where nobody owns it.

    With `lock`, nobody takes the chat between a None and the end of this transaction. (SQLite has no such lock: there a statement
    that writes must have come before, which keeps all other writers out.)
    """
    row = _live(session, sender, lock=lock)
    if row is None or row.state != CaseState.OWNED or not _step(session, row.id, [CaseState.OWNED]):
        return None
    events = select(CaseEventRow).where(CaseEventRow.case_id == row.id, CaseEventRow.kind != "contact")
    last = session.scalar(events.order_by(CaseEventRow.id.desc()).limit(1))
    if key is None or session.scalar(events.where(CaseEventRow.key == key)) is None:
        _note(session, row, "message", PERSON, message, key)
    return Heard(_case(row), first=last is None or last.kind != "message")


def note_contact(session: Session, sender: str, details: Sequence[str]) -> Case | None:
    """Keep contact details that a person left while waiting for an officer; None where there is no case to keep them for."""
    row = _live(session, sender, lock=True)
    if row is None or not details:
        return None
    known = row.contact.split("; ") if row.contact else []
    row.contact = "; ".join(dict.fromkeys([*known, *details]))
    _note(session, row, "contact", PERSON, None)
    return _case(row)


def return_to_assistant(session: Session, sender: str) -> Case | None:
    """The person wants the assistant back; None where no officer owned the chat."""
    row = _live(session, sender)
    if row is None or not _released(session, row):
        return None
    _note(session, row, "returned", PERSON)
    return _case(row)


# -- what the officer's side does


def claim(session: Session, number: int, officer: str) -> Case:
    """Take a waiting case: from now on the assistant is silent. Raises CaseError where another officer has it."""
    row = _row(session, number)
    if _step(session, number, _WAITING, state=CaseState.OWNED, officer=officer):
        _note(session, row, "taken", officer)
        outbox.put(session, row.sender, wording.taken(_case(row)))
        return _case(row)
    if row.state == CaseState.OWNED and row.officer == officer:
        return _case(row)
    raise CaseError(_refusal(row))


def reply(session: Session, number: int, officer: str, message: str) -> Case:
    """Answer the person; a case that waits is taken with it, so that the assistant does not answer beside the officer."""
    message = message.strip()
    if not 0 < len(message) <= MOST_REPLY:
        raise CaseError(f"a reply has 1 to {MOST_REPLY} characters, this one {len(message)}")
    row = _row(session, number)
    if not _step(session, number, [CaseState.OWNED], officer=officer, owner=officer, replies=CaseRow.replies + 1):
        if not _step(session, number, _WAITING, state=CaseState.OWNED, officer=officer, replies=CaseRow.replies + 1):
            raise CaseError(_refusal(row))
        _note(session, row, "taken", officer)
        outbox.put(session, row.sender, wording.taken(_case(row)))
    _note(session, row, "reply", officer, message)
    outbox.put(session, row.sender, wording.officer_says(message, _case(row)))
    return _case(row)


def give_back(session: Session, number: int, officer: str) -> Case:
    """Give the chat back to the assistant, which tells the person. Raises CaseError where the officer does not own it."""
    row = _row(session, number)
    if not _released(session, row, officer):
        raise CaseError(
            _refusal(row) if row.state != CaseState.OPEN else f"{_case(row).number} is not taken by anybody"
        )
    _note(session, row, "given back", officer)
    outbox.put(session, row.sender, wording.back(_case(row)))
    return _case(row)


def close(session: Session, number: int, officer: str) -> Case:
    """End the case; an owned chat goes back to the assistant. Raises CaseError where another officer has it."""
    row = _row(session, number)
    silent = _step(session, number, [CaseState.OWNED], owner=officer, state=CaseState.CLOSED)
    if not silent and not _step(session, number, _WAITING, state=CaseState.CLOSED):
        raise CaseError(_refusal(row))
    _note(session, row, "closed", officer)
    outbox.put(session, row.sender, wording.closed(_case(row), was_silent=silent))
    return _case(row)


def give_back_idle(session: Session, now: datetime, patience: timedelta) -> list[Case]:
    """Chats in which neither side has said anything for so long go back to the assistant, which says so."""
    found = session.scalars(
        select(CaseRow)
        .where(CaseRow.state == CaseState.OWNED, CaseRow.touched_at < now - patience)
        .order_by(CaseRow.id)
    )
    given = []
    for row in found.all():
        if _released(session, row, before=now - patience):
            _note(session, row, "given back", ASSISTANT, "idle")
            outbox.put(session, row.sender, wording.idle(_case(row)))
            given.append(_case(row))
    return given


def find_case(session: Session, number: int) -> Case:
    """Raises CaseError where there is none."""
    return _case(_row(session, number))


def list_cases(
    session: Session, states: Collection[CaseState] | None = None, limit: int = 100, *, newest: bool = False
) -> list[Case]:
    """Those that have waited longest first, or with `newest` last; all that are not closed by default."""
    wanted = states or (CaseState.OPEN, CaseState.OWNED, CaseState.ANSWERED)
    found = select(CaseRow).where(CaseRow.state.in_(list(wanted))).limit(limit)
    order = (CaseRow.touched_at.desc(), CaseRow.id.desc()) if newest else (CaseRow.touched_at, CaseRow.id)
    return [_case(row) for row in session.scalars(found.order_by(*order))]


def last_events(session: Session, numbers: Collection[int]) -> dict[int, CaseEvent]:
    """The last step or message of each of these cases."""
    last = select(func.max(CaseEventRow.id)).where(CaseEventRow.case_id.in_(numbers)).group_by(CaseEventRow.case_id)
    rows = session.scalars(select(CaseEventRow).where(CaseEventRow.id.in_(last)))
    return {row.case_id: _event(row) for row in rows}


def history(session: Session, number: int) -> list[CaseEvent]:
    """All steps and messages, in order."""
    rows = session.scalars(select(CaseEventRow).where(CaseEventRow.case_id == number).order_by(CaseEventRow.id))
    return [_event(row) for row in rows]


# -- rows


def _row(session: Session, number: int) -> CaseRow:
    row = session.get(CaseRow, number)
    if row is None:
        raise CaseError(f"there is no case {number}; award case list shows those that wait")
    return row


def _live(session: Session, sender: str, *, lock: bool = False) -> CaseRow | None:
    query = select(CaseRow).where(CaseRow.sender == sender, CaseRow.state != CaseState.CLOSED)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def _insert(session: Session, sender: str, channel: str, reason: CaseReason, language: Language) -> CaseRow | None:
    """None where a case of the sender was opened at the same moment."""
    now = datetime.now(UTC)
    values = {
        "sender": sender,
        "channel": channel,
        "language": str(language),
        "reason": str(reason),
        "state": str(CaseState.OPEN),
        "replies": 0,
        "opened_at": now,
        "touched_at": now,
    }
    new = session.scalar(insert_into(session, CaseRow).values(**values).on_conflict_do_nothing().returning(CaseRow.id))
    return session.get(CaseRow, new) if new is not None else None


def _step(
    session: Session, number: int, states: Collection[CaseState], *, owner: str | None = None, **values: Any
) -> bool:
    """Change a case that is in one of the states (and the officer's own); False where it was not, and nothing changed."""
    change = update(CaseRow).where(CaseRow.id == number, CaseRow.state.in_(list(states)))
    if owner is not None:
        change = change.where(CaseRow.officer == owner)
    return _changed(session, change.values(touched_at=datetime.now(UTC), **values))


def _released(session: Session, row: CaseRow, officer: str | None = None, before: datetime | None = None) -> bool:
    """An owned case waits again: for more questions where it was answered, else still for an officer."""
    change = update(CaseRow).where(CaseRow.id == row.id, CaseRow.state == CaseState.OWNED)
    if officer is not None:
        change = change.where(CaseRow.officer == officer)
    if before is not None:
        change = change.where(CaseRow.touched_at < before)
    state = sql_case((CaseRow.replies > 0, str(CaseState.ANSWERED)), else_=str(CaseState.OPEN))
    return _changed(session, change.values(state=state, officer=None, touched_at=datetime.now(UTC)))


def _changed(session: Session, change: Update) -> bool:
    """Whether the UPDATE found its row; what the session holds is read anew."""
    found = session.execute(change.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    session.expire_all()
    return bool(found)


def _refusal(row: CaseRow) -> str:
    case = _case(row)
    if case.state is CaseState.OWNED:
        return f"{case.number} is taken by {case.officer}"
    return f"{case.number} is {case.state}"


def _note(
    session: Session, row: CaseRow, kind: str, by: str, message: str | None = None, key: str | None = None
) -> None:
    session.add(CaseEventRow(case_id=row.id, at=datetime.now(UTC), kind=kind, by=by, text=message, key=key))
    session.flush()


def _event(row: CaseEventRow) -> CaseEvent:
    return CaseEvent(utc(row.at), row.kind, row.by, row.text)


def _case(row: CaseRow) -> Case:
    return Case(
        row.id,
        row.sender,
        row.channel,
        Language(row.language),
        CaseReason(row.reason),
        CaseState(row.state),
        row.officer,
        row.contact,
        row.replies,
        utc(row.opened_at),
        utc(row.touched_at),
    )


# -- personal data


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    records = []
    for row in session.scalars(select(CaseRow).where(CaseRow.sender == sender).order_by(CaseRow.id)):
        case = _case(row)
        events = [_event_record(one) for one in history(session, row.id)]
        opened = case.opened_at.isoformat()
        records.append(
            {
                "number": case.number,
                "opened_at": opened,
                "state": str(case.state),
                "contact": case.contact,
                "events": events,
            }
        )
    return records


def _event_record(one: CaseEvent) -> dict[str, Any]:
    """Which officer it was is that officer's own data."""
    by = one.by if one.by in (PERSON, ASSISTANT) else "officer"
    return {"at": one.at.isoformat(), "kind": one.kind, "by": by, "text": one.text}


def _delete(session: Session, sender: str) -> int:
    own = select(CaseRow.id).where(CaseRow.sender == sender)
    session.execute(delete(CaseEventRow).where(CaseEventRow.case_id.in_(own)))
    return int(session.execute(delete(CaseRow).where(CaseRow.sender == sender)).rowcount)  # type: ignore[attr-defined]


register(PersonalDataHolder("cases", ("cases", "case_events"), _export, _delete))

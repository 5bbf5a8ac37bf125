"""What was said around a hand-over, in one order: turns with the assistant, steps and messages of the case; and what one might answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.answer import AnswerStatus, Query, plain_text
from actions.answering import Answerer
from actions.handover import cases
from actions.handover.case import ASSISTANT, EVENT_WORDS, PERSON, Case, CaseEvent
from bot.conversations import TurnRow, conversation_of
from knowledge.database import utc
from knowledge.errors import UnknownId

MOST_TURNS, MOST_EVENTS, MOST_SUGGESTIONS = 40, 200, 4
_SAID = ("message", "reply")
_NO_QUESTION = (AnswerStatus.HANDOFF, AnswerStatus.SMALL_TALK, AnswerStatus.REFUSED, AnswerStatus.FORM)


@dataclass(frozen=True, slots=True)
class Line:
    """`side` is «person», «assistant», «officer», or «step» for what is no message; `id` stays the same while more is said."""

    id: str
    at: datetime
    side: str
    by: str
    text: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """An answer that an officer may take over; `key` names it in an address."""

    key: str
    title: str
    text: str


def read_lines(session: Session, case: Case) -> list[Line]:
    """The last of it, oldest first. Texts are as they were stored: personal numbers masked."""
    query = select(
        TurnRow.id,
        TurnRow.at,
        TurnRow.question,
        TurnRow.status,
        TurnRow.answer["text"].as_string(),
    ).where(TurnRow.conversation_id == conversation_of(case.sender))
    turns = session.execute(query.order_by(TurnRow.id.desc()).limit(MOST_TURNS)).all()
    lines = [line for turn in reversed(turns) for line in _turn_lines(*turn)]
    events = list(enumerate(cases.history(session, case.id)))[-MOST_EVENTS:]
    lines += [_event_line(number, event) for number, event in events]
    return sorted(lines, key=lambda one: one.at)  # stable: a turn's answer stays behind its question


def last_question(lines: list[Line]) -> str:
    """What the person wants to know now; empty where nothing was asked."""
    asked = (one.text for one in reversed(lines) if one.side == PERSON and one.status not in _NO_QUESTION)
    return next(asked, "")


def suggest(answerer: Answerer, question: str, today: date) -> list[Suggested]:
    """What the assistant would say, then what else is close."""
    answer = answerer.answer(Query(question, today))
    found: list[Suggested] = []
    if answer.status in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL):
        text = plain_text(answer.text, [one.label for one in answer.citations], (), answer.language)
        found.append(Suggested(answer.entry or "", _title(answerer, answer.entry or ""), text))
    for candidate in answer.candidates:
        if candidate.key != answer.entry and (other := _of_entry(answerer, candidate.key)):
            found.append(other)
    return found[:MOST_SUGGESTIONS]


def last_questions(session: Session, senders: list[str]) -> dict[str, str]:
    """The question of each sender's last turn."""
    names = {conversation_of(one): one for one in senders}
    last = select(func.max(TurnRow.id)).where(TurnRow.conversation_id.in_(names)).group_by(TurnRow.conversation_id)
    rows = session.execute(select(TurnRow.conversation_id, TurnRow.question).where(TurnRow.id.in_(last)))
    return {names[name]: question for name, question in rows}


def _turn_lines(number: int, at: datetime, question: str, status: str, answer: Any) -> Iterator[Line]:
    yield Line(f"t{number}q", utc(at), PERSON, "", question, status)
    yield Line(f"t{number}a", utc(at), ASSISTANT, "", str(answer or ""), status)


def _event_line(number: int, event: CaseEvent) -> Line:
    name = f"e{number}"
    if event.kind in _SAID:
        side = PERSON if event.by == PERSON else "officer"
        return Line(name, event.at, side, "" if side == PERSON else event.by, event.text or "")
    who = {PERSON: "Người hỏi", ASSISTANT: "Trợ lý"}.get(event.by, event.by)
    return Line(name, event.at, "step", who, EVENT_WORDS.get(event.kind, event.kind))


def _title(answerer: Answerer, key: str) -> str:
    try:
        return answerer.corpus.entry(key).vietnamese.question
    except UnknownId:
        return "Trợ lý sẽ trả lời"


def _of_entry(answerer: Answerer, key: str) -> Suggested | None:
    try:
        entry = answerer.corpus.entry(key)
    except UnknownId:
        return None
    labels = [answerer.corpus.label(one) for one in entry.citations]
    return Suggested(key, entry.vietnamese.question, plain_text(entry.vietnamese.answer, labels, (), "vi"))

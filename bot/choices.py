"""What a message of a chat app offered to choose from, so that a tap or «2» is understood as what the button sends.

A tap names the message and the place of the button: Telegram lets a button carry 64 bytes, and what ours send may be a whole question.
A form's buttons count once and only while nothing else was said since: a second tap must not answer the form's next question.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import JSON, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.answer import AnswerStatus
from actions.personal_data import MOST_SENDER, PersonalDataHolder, register
from bot.messages import AnswerMessage, SuggestionMessage
from knowledge.database import Base, insert_into
from knowledge.vietnamese import fold

SHOWN_TITLE = 100  # characters of a title that the shortest buttons show
MOST_KEPT = 20  # messages a sender whose buttons still work
_NUMBER = re.compile(r"\(?(\d{1,2})[.)]?")


class ChoiceRow(Base):
    """`message` is the outbox's number; `options` are pairs of title and payload."""

    __tablename__ = "choices"
    message: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sender: Mapped[str] = mapped_column(String(MOST_SENDER), index=True)
    options: Mapped[list[Any]] = mapped_column(JSON)
    once: Mapped[bool]
    open: Mapped[bool]


def offer(session: Session, sender: str, message: int, answer: AnswerMessage) -> None:
    """Note what is about to be offered; handed in again after a crash, it changes nothing."""
    if session.get(ChoiceRow, message) is not None:
        return
    session.execute(update(ChoiceRow).where(ChoiceRow.sender == sender).values(open=False))
    if not answer.suggestions:
        return
    options = [[one.title, one.payload] for one in answer.suggestions]
    row = {"message": message, "sender": sender, "options": options, "open": True}
    once = answer.status is AnswerStatus.FORM
    session.execute(insert_into(session, ChoiceRow).values(**row, once=once).on_conflict_do_nothing())
    newest = select(ChoiceRow.message).where(ChoiceRow.sender == sender).order_by(ChoiceRow.message.desc())
    kept = session.scalars(newest.limit(MOST_KEPT)).all()
    session.execute(delete(ChoiceRow).where(ChoiceRow.sender == sender, ChoiceRow.message.not_in(kept)))


def tapped(session: Session, sender: str, message: int, place: int) -> SuggestionMessage | None:
    """The button of a tap; None where it no longer counts."""
    row = session.get(ChoiceRow, message)
    if row is None or row.sender != sender or not 0 <= place < len(row.options):
        return None
    if row.once:
        taken = update(ChoiceRow).where(ChoiceRow.message == message, ChoiceRow.open).values(open=False)
        if session.execute(taken).rowcount != 1:  # type: ignore[attr-defined]
            return None
    return _button(row.options[place])


def meant(session: Session, sender: str, text: str, *, numbered: bool) -> str:
    """What a text stands for: the payload of the button that it names by number (where numbers are shown) or by its very words."""
    row = session.scalar(select(ChoiceRow).where(ChoiceRow.sender == sender, ChoiceRow.open))
    if row is None:
        return text
    options = [_button(one) for one in row.options]
    number = _NUMBER.fullmatch(text.strip())
    if numbered and number and 1 <= int(number[1]) <= len(options):
        return options[int(number[1]) - 1].payload
    words = _plain(text)
    return next((one.payload for one in options if words in (_plain(one.title), _plain(one.title[:SHOWN_TITLE]))), text)


def _plain(text: str) -> str:
    return fold(text).strip()


def _button(option: list[str]) -> SuggestionMessage:
    return SuggestionMessage(title=option[0], payload=option[1])


def _export(session: Session, sender: str) -> list[dict[str, Any]]:
    return []  # what was offered stands in the conversation's answers


def _delete(session: Session, sender: str) -> int:
    return int(session.execute(delete(ChoiceRow).where(ChoiceRow.sender == sender)).rowcount)  # type: ignore[attr-defined]


register(PersonalDataHolder("choices", ("choices",), _export, _delete))

"""What chat apps hand in: stored once in one transaction, before it is acknowledged; worked later (bot/worker.py).

The keys of deliveries are kept apart from what was said: they name no person, and they go on telling repeats from news after a
person had everything deleted.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import DateTime, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from actions.answer import AnswerStatus, Language
from actions.guards import contact_details
from actions.handover import cases
from actions.sentences import TOO_LONG
from bot import choices
from bot.channels.requests import TOO_FAST
from bot.conversations import DEAD, HEARD, WAITING, ConversationRow, MessageRow, ask, say
from bot.errors import InboxError
from bot.limits import RateLimiter
from bot.messages import MAX_CHARACTERS, AnswerMessage
from knowledge.database import Base, Database, insert_into, utc
from knowledge.errors import DatabaseError
from knowledge.vietnamese import nfc

ONLY_TEXT = "Hiện mình chỉ đọc được tin nhắn chữ. Bạn gõ câu hỏi giúp mình nhé!"
STALE = "Lựa chọn này không còn dùng được. Bạn gõ câu hỏi giúp mình nhé."
CHAT = re.compile(r"-?[A-Za-z0-9_]{1,30}")
MOST_KEY = 64
DELIVERIES_KEPT = timedelta(days=7)  # the longest that a platform repeats one is 24 hours
PRUNED_EVERY = 1_000  # deliveries


class DeliveryRow(Base):
    """One event of a platform, by the platform's own name for it."""

    __tablename__ = "deliveries"
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(MOST_KEY), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a person: typed `text`, or the button at a place of a message of ours, or (neither) what can't be read.

    `key` is the platform's name of the delivery, `numbered` tells that the channel numbers what it offers.
    """

    channel: str
    key: str
    chat: str
    text: str | None = None
    tap: tuple[int, int] | None = None
    numbered: bool = False

    @property
    def sender(self) -> str:
        return f"{self.channel}:{self.chat}"


class Taken(StrEnum):
    """What became of a delivery."""

    NEW = "new"  # to be worked
    REPEATED = "repeated"
    NOTICED = "noticed"  # nothing to work; a sentence goes out
    STALE = "stale"  # a button that no longer counts
    LEFT = "left"  # nothing to do


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was not answered; `id` is what `award inbox replay` takes."""

    id: str
    at: datetime
    text: str
    error: str


class Inbox:
    """Every method blocks, so asynchronous callers use a thread."""

    def __init__(
        self,
        database: Database,
        session_days: int,
        per_sender: RateLimiter,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._life = timedelta(days=session_days)
        self._per_sender = per_sender
        self._notices = RateLimiter(1)
        self._clock = clock
        self._accepted = 0

    def accept(self, inbound: Inbound) -> Taken:
        """Store a delivery. Raises DatabaseError where nothing was stored, ValueError where the chat's name is none."""
        _check(inbound)
        with self._database.session() as session:
            return self._accept(session, inbound)

    def accept_all(self, inbounds: Sequence[Inbound]) -> list[Taken | Exception]:
        """Store deliveries in one transaction, or each in its own where one of them is not to be stored; in their order."""
        try:
            for inbound in inbounds:
                _check(inbound)
            with self._database.session() as session:
                return [self._accept(session, inbound) for inbound in inbounds]
        except DatabaseError as error:
            return [error] * len(inbounds)
        except Exception as error:
            return (
                [error] if len(inbounds) == 1 else [one for inbound in inbounds for one in self.accept_all([inbound])]
            )

    def note(self, channel: str, key: str) -> bool:
        """Note an event that is no message; False where it was noted before. Raises DatabaseError."""
        with self._database.session() as session:
            return self._is_first(session, channel, key)

    def close(self, sender: str, reason: str) -> None:
        """Nothing can be sent to this person until they write again."""
        with self._database.session() as session:
            session.execute(update(ConversationRow).where(ConversationRow.id == sender).values(closed=reason))

    def pause(self, sender: str, minutes: int) -> None:
        """A person answers in the app's own console: the assistant is silent until so long after the last word of theirs."""
        until = self._clock() + timedelta(minutes=minutes)
        with self._database.session() as session:
            session.execute(update(ConversationRow).where(ConversationRow.id == sender).values(paused_until=until))

    def dead(self) -> list[DeadLetter]:
        """Messages that were not answered, oldest first."""
        with self._database.session() as session:
            rows = session.scalars(select(MessageRow).where(MessageRow.state == DEAD).order_by(MessageRow.at)).all()
            return [
                DeadLetter(f"{row.conversation_id}:{row.seq}", utc(row.at), row.text, row.error or "") for row in rows
            ]

    def replay(self, identity: str) -> None:
        """Have a dead message answered. Raises InboxError where there is none of that name."""
        conversation, _, seq = identity.rpartition(":")
        with self._database.session() as session:
            again = update(MessageRow).where(
                MessageRow.conversation_id == conversation,
                MessageRow.seq == (int(seq) if seq.isdecimal() else -1),
                MessageRow.state == DEAD,
            )
            if session.execute(again.values(state=WAITING, error=None)).rowcount != 1:  # type: ignore[attr-defined]
                raise InboxError(f"no message «{identity}» waits to be replayed; award inbox lists those that do")

    def _accept(self, session: Session, inbound: Inbound) -> Taken:
        if not self._is_first(session, inbound.channel, inbound.key):
            return Taken.REPEATED
        self._open(session, inbound)
        return self._take(session, inbound)

    def _is_first(self, session: Session, channel: str, key: str) -> bool:
        """The first statement writes: whoever hands in the same delivery at the same moment waits, and finds it there."""
        now = self._clock()
        row = insert_into(session, DeliveryRow).values(channel=channel, key=_name(key), at=now).on_conflict_do_nothing()
        first: bool = session.execute(row).rowcount == 1  # type: ignore[attr-defined]
        self._accepted += 1
        if self._accepted % PRUNED_EVERY == 0:
            session.execute(delete(DeliveryRow).where(DeliveryRow.at < now - DELIVERIES_KEPT))
        return first

    def _open(self, session: Session, inbound: Inbound) -> None:
        """The conversation is there, and open: whoever writes can be written to."""
        now = self._clock()
        heard = update(ConversationRow).where(ConversationRow.id == inbound.sender).values(heard_at=now, closed=None)
        if session.execute(heard).rowcount:  # type: ignore[attr-defined]
            return
        row = {
            "id": inbound.sender,
            "channel": inbound.channel,
            "token_digest": hashlib.sha256(secrets.token_bytes(32)).hexdigest(),  # nobody opens it by a token
            "created_at": now,
            "expires_at": now + self._life,
            "last_seq": 0,
            "seen_seq": 0,
            "heard_at": now,
        }
        session.execute(insert_into(session, ConversationRow).values(**row).on_conflict_do_nothing())

    def _take(self, session: Session, inbound: Inbound) -> Taken:
        if inbound.text is not None and not inbound.text.strip():
            return Taken.LEFT
        sender = inbound.sender
        if self._per_sender.wait(sender):
            return self._notice(session, sender, TOO_FAST)
        paused = session.scalar(select(ConversationRow.paused_until).where(ConversationRow.id == sender))
        silent = paused is not None and utc(paused) > self._clock()
        if inbound.tap is None and inbound.text is None:
            return Taken.LEFT if silent else self._notice(session, sender, ONLY_TEXT)
        if inbound.text is not None and len(nfc(inbound.text)) > MAX_CHARACTERS:
            return self._notice(session, sender, TOO_LONG)
        text = self._words(session, inbound)
        if text is None:
            return Taken.STALE
        if details := contact_details(text):
            cases.note_contact(session, sender, details)
        ask(session, sender, _name(inbound.key), text, HEARD if silent else WAITING)
        return Taken.LEFT if silent else Taken.NEW

    def _words(self, session: Session, inbound: Inbound) -> str | None:
        if inbound.tap is not None:
            button = choices.tapped(session, inbound.sender, *inbound.tap)
            return button.payload if button else None
        return choices.meant(session, inbound.sender, nfc(inbound.text or ""), numbered=inbound.numbered)

    def _notice(self, session: Session, sender: str, text: str) -> Taken:
        """Once a minute for each sender and sentence, then silence."""
        if self._notices.wait(f"{sender} {text[:20]}"):
            return Taken.LEFT
        say(session, sender, notice(text))
        return Taken.NOTICED


def _check(inbound: Inbound) -> None:
    """Raises ValueError where the chat's name is none."""
    if not CHAT.fullmatch(inbound.chat):
        raise ValueError(f"«{inbound.chat[:60]}» is no chat of {inbound.channel}")


def notice(text: str) -> AnswerMessage:
    """A sentence of the channel's own."""
    return AnswerMessage(status=AnswerStatus.CLARIFY, text=text, as_of="", language=Language.VIETNAMESE)


def _name(key: str) -> str:
    return key if len(key) <= MOST_KEY else hashlib.sha256(key.encode()).hexdigest()

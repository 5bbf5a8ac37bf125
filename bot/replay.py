"""«What did the assistant say, and on what did it stand?»: a turn as it is kept, and answered again from its own publication.

The same publication, code and model give the same bytes (status, text, citations). Where that can't be, the replay says why: another
version of the program answers now, or a form or small talk put the answer together, which only the record can show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from actions.answer import Answer, Query
from actions.answering import Answerer
from bot.conversations import TurnRow
from bot.errors import TurnNotKept
from bot.publication import open_answerer
from bot.publishing import Publisher
from bot.settings import Settings
from bot.turn_record import answer_digest, answering_stamp, read_query
from index.encoder import open_encoder
from knowledge.database import Database, utc
from knowledge.publications import Current, current_at, read_publication

AROUND = timedelta(minutes=10)
MOST_TURNS = 50


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn as it is kept."""

    id: int
    at: datetime
    channel: str
    question: str
    status: str
    text: str
    labels: tuple[str, ...]
    publication: int | None
    asked: Query | None
    stamp: str | None
    digest: str | None
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A kept turn and, where it could be asked again, the answer of now."""

    turn: KeptTurn
    again: Answer | None
    same_program: bool

    @property
    def same(self) -> bool:
        """True where status, text and citations are the same to the byte."""
        return self.again is not None and answer_digest(self.again.to_json()) == self.turn.digest

    def words(self) -> str:
        """What the comparison says, in one sentence."""
        if self.turn.publication is None or self.turn.digest is None:
            return "shown from the record only: the turn did not come from a publication, or is older than replaying"
        if self.again is None:
            return "shown from the record only: the answer was put together by a form, small talk or another part of the dialogue"
        if self.same:
            suffix = "" if self.same_program else ", although another version of the program answers now"
            return (
                f"answered again from publication {self.turn.publication}: the same status, text and citations{suffix}"
            )
        if not self.same_program:
            return "the answer is another one: another version of the program, its model or its settings answers now"
        return "the answer is another one, although program and publication are the same; please report this"


@dataclass(frozen=True, slots=True)
class Around:
    """What was current at a moment, and the turns around it, oldest first."""

    current: Current | None
    turns: tuple[KeptTurn, ...]


class Replayer:
    """Reads turns and answers them again; `answerer` opens a publication by its number."""

    def __init__(
        self, settings: Settings, database: Database, answerer: Callable[[int], Answerer] | None = None
    ) -> None:
        self._settings = settings
        self._database = database
        self._answerer = answerer or self._open

    def replay(self, turn: int) -> Replayed:
        """Raises TurnNotKept; DatabaseError where its publication is gone."""
        with self._database.session() as session:
            row = session.get(TurnRow, turn)
            if row is None:
                raise TurnNotKept(f"turn {turn} is not kept; award replay --at lists the turns around a time")
            kept = _kept(row)
        again = None
        if kept.asked is not None and kept.publication is not None:
            again = self._answerer(kept.publication).answer(kept.asked)
        return Replayed(kept, again, kept.stamp == answering_stamp(self._settings))

    def around(self, moment: datetime) -> Around:
        """The publication of a moment, which names its zone, and the turns up to ten minutes before and after it."""
        moment = moment.astimezone(UTC)  # SQLite drops zones
        with self._database.session() as session:
            rows = session.scalars(
                select(TurnRow)
                .where(TurnRow.at >= moment - AROUND, TurnRow.at <= moment + AROUND)
                .order_by(TurnRow.at, TurnRow.id)
                .limit(MOST_TURNS)
            )
            return Around(current_at(session, moment), tuple(_kept(row) for row in rows))

    def _open(self, number: int) -> Answerer:
        """Builds the index anew from the snapshot where it was pruned."""
        Publisher(self._settings, self._database).index(number)
        with self._database.session() as session:
            publication = read_publication(session, number)
        encoder = open_encoder(self._settings.encoder, self._settings.index.threads)
        return open_answerer(self._settings, publication, encoder)


def _kept(row: TurnRow) -> KeptTurn:
    return KeptTurn(
        row.id,
        utc(row.at),
        row.channel,
        row.question,
        row.status,
        str(row.answer["text"]),
        tuple(one["label"] for one in row.answer["citations"]),
        row.publication,
        read_query(row.asked) if row.asked else None,
        row.stamp,
        row.answer_digest,
        row.answer,
    )

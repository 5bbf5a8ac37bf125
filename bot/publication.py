"""The publication that is being served: content, index and answerer, swapped as one object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.answering import Answerer
from actions.cached_answerer import CachedAnswerer
from bot.settings import Settings
from index.encoder import Encoder
from index.hybrid import HybridRetriever
from index.ranker import Ranker
from index.scope import ScopeModel
from index.stamp import index_stamp
from knowledge.calendar import SeasonEvent
from knowledge.calendar_store import read_calendar
from knowledge.database import Database
from knowledge.errors import DatabaseError
from knowledge.publications import NOTHING, Current, Publication, current, read_publication


@dataclass(frozen=True, slots=True)
class Served:
    """One publication with the answerer over its index, and the change that made it current."""

    current: Current
    answerer: Answerer

    @property
    def number(self) -> int:
        return self.current.number


def index_folder(settings: Settings, number: int) -> Path:
    """Each publication has an index folder of its own, so the one in service is never written to.

    The name also tells the code and the encoder that it was built with: what others built is not found, and not written to either.
    """
    return settings.var / "index" / f"publication-{number}-{index_stamp(settings.encoder)[:8]}"


def open_publication(settings: Settings, database: Database, encoder: Encoder) -> Served:
    """Open the current publication. Raises DatabaseError or IndexNotBuilt, each with the remedy."""
    with database.session() as session:
        now = current(session)
        if now is None:
            raise DatabaseError(NOTHING)
        publication = read_publication(session, now.number)

    def calendar() -> list[SeasonEvent]:
        with database.session() as session:
            return read_calendar(session)

    return Served(now, open_answerer(settings, publication, encoder, calendar))


def open_answerer(
    settings: Settings,
    publication: Publication,
    encoder: Encoder,
    calendar: Callable[[], Sequence[SeasonEvent]] = tuple,
) -> Answerer:
    """The answerer over a publication's index, with the season dates as they stand when it is asked. Raises IndexNotBuilt."""
    folder = index_folder(settings, publication.number)
    retriever = HybridRetriever(folder, publication.corpus, encoder, Ranker.load())
    return CachedAnswerer(
        publication.corpus,
        retriever,
        ScopeModel.load(),
        settings.thresholds,
        calendar,
        kept=settings.index.answers_kept,
    )

"""The publication that is being served: content, index and answerer, swapped as one object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from actions.answering import Answerer
from bot.settings import Settings
from index.encoder import Encoder
from index.hybrid import HybridRetriever
from index.ranker import Ranker
from index.scope import ScopeModel
from knowledge.database import Database, Publication, read_publication
from knowledge.faq import FaqKind


@dataclass(frozen=True, slots=True)
class Served:
    """One publication with the answerer over its index."""

    number: int
    answerer: Answerer


def index_folder(settings: Settings, number: int) -> Path:
    """Each publication has an index folder of its own, so the one in service is never written to."""
    return settings.var / "index" / f"publication-{number}"


def open_publication(settings: Settings, database: Database, encoder: Encoder) -> Served:
    """Open the newest publication. Raises DatabaseError or IndexNotBuilt, each with the remedy."""
    with database.session() as session:
        publication = read_publication(session)
    return Served(publication.number, open_answerer(settings, publication, encoder))


def open_answerer(settings: Settings, publication: Publication, encoder: Encoder) -> Answerer:
    """The answerer over a publication's index. Raises IndexNotBuilt."""
    folder = index_folder(settings, publication.number)
    retriever = HybridRetriever(folder, publication.corpus, encoder, Ranker.load())
    declining = frozenset(entry.id for entry in publication.corpus.faq if entry.kind is FaqKind.OUT_OF_SCOPE)
    return Answerer(publication.corpus, retriever, ScopeModel.load(declining), settings.thresholds)

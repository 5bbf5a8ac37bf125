"""From edited content to a current publication, as one step: snapshot, index beside the running one, verification, change.

The command line and the staff console call this. Whatever fails, and wherever the process is killed, the publication that was
current stays current: the change is one row, written last. Running servers watch that row (bot/serving.py).
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from actions.answering import Answerer
from bot.errors import PublicationRefused
from bot.publication import index_folder, open_answerer
from bot.settings import Settings
from bot.verification import Verification, verify
from index.build import DRAFT, Manifest, build_index
from index.encoder import Encoder, Vectors, open_encoder
from index.errors import IndexNotBuilt
from index.vector_store import VectorStore, encoder_stamp
from knowledge.corpus import Corpus
from knowledge.database import Database
from knowledge.editing.entries import mark_published
from knowledge.publications import (
    Current,
    Publication,
    Reason,
    current,
    history,
    make_current,
    note_check,
    read_publication,
    take_snapshot,
)

Progress = Callable[[int, int], None]
THREADS = 2  # of the encoder, while an index is built


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: the current publication, whether that is a change, and what verification found (None: nothing new to verify)."""

    current: Current
    changed: bool
    verification: Verification | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication that is built and verified and not current; `before` is what was current then."""

    publication: Publication
    before: Current | None
    verification: Verification


class StoredEncoder:
    """An encoder that looks into a store first; what it has to encode is kept there."""

    def __init__(self, encoder: Encoder, store: VectorStore) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder, self._store = encoder, store

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._store.queries(texts, self._encoder)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._store.passages(texts, self._encoder)


class Publisher:
    """Publishes, goes back, builds indexes; one process at a time does so on a machine, others wait."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        progress: Progress = lambda done, total: None,
        encoder: Encoder | None = None,
    ) -> None:
        """The encoder is opened when it is needed, unless one is given."""
        self._settings = settings
        self._database = database
        self._progress = progress
        self._encoder = encoder
        self._vectors: VectorStore | None = None

    def publish(self, author: str, despite: str | None = None) -> Published:
        """Make the content as it stands the current publication; nothing happens where it is that already.

        `despite` is the reason why somebody publishes although verification finds losses; it is kept with the report.
        Raises ContentError, PublicationRefused, PublicationError, DatabaseError; the publication before stays current.
        """
        with self._alone():
            with self._database.session() as session:
                before = current(session)
                publication = take_snapshot(session, author)
            if before is not None and before.number == publication.number:
                self._build(publication)
                return Published(before, False, None)
            return self._change(publication, before, author, Reason.PUBLISHED, despite)

    def roll_back(self, number: int, author: str, despite: str | None = None) -> Published:
        """Make an earlier publication current again, verified like a new one; content that is being edited is left as it is.

        Raises DatabaseError where there is no such publication, PublicationRefused, PublicationError.
        """
        with self._alone():
            with self._database.session() as session:
                before = current(session)
                publication = read_publication(session, number)
            if before is not None and before.number == number:
                self._build(publication)
                return Published(before, False, None)
            return self._change(publication, before, author, Reason.ROLLED_BACK, despite)

    def prepare(self, author: str) -> Prepared | None:
        """Snapshot, index and verification of the content as it stands, without a change; None where it is current already.

        Raises ContentError, DatabaseError.
        """
        with self._alone():
            with self._database.session() as session:
                before = current(session)
                publication = take_snapshot(session, author)
            self._build(publication)
            if before is not None and before.number == publication.number:
                return None
            found = self._verify(publication, before)
            with self._database.session() as session:
                note_check(session, publication.number, found.passed, found.to_json())
            return Prepared(publication, before, found)

    def answerer(self, number: int) -> Answerer:
        """Of a publication, over its index, which is built where it does not stand. For questions asked one after the other."""
        with self._alone():
            with self._database.session() as session:
                publication = read_publication(session, number)
            self._build(publication)
            return open_answerer(self._settings, publication, StoredEncoder(self._opened(), self._store()))

    def take(self, number: int, author: str, follows: int, despite: str | None = None) -> Current:
        """Make a prepared publication current, if the change that it was compared with is still the last one.

        `despite` is the reason where losses are taken. Raises PublicationError, DatabaseError.
        """
        with self._alone():
            with self._database.session() as session:
                publication = read_publication(session, number)
            self._build(publication)
            with self._database.session() as session:
                now = make_current(session, number, author, Reason.OVERRIDDEN if despite else Reason.PUBLISHED, follows)
                mark_published(session, publication.corpus)
            self._prune()
            return now

    def index(self, number: int | None = None) -> Manifest:
        """The index of a publication (the current one by default), built from its snapshot where it does not stand."""
        with self._alone():
            with self._database.session() as session:
                publication = read_publication(session, number)
            return self._build(publication)

    # -- the steps

    def _change(
        self, publication: Publication, before: Current | None, author: str, reason: Reason, despite: str | None
    ) -> Published:
        self._build(publication)
        found = self._verify(publication, before)
        refused = not found.passed and before is not None and despite is None
        report = found.to_json() | ({"despite": despite, "author": author} if despite else {})
        with self._database.session() as session:
            note_check(session, publication.number, found.passed, report)
            if not refused:
                reason = reason if found.passed or not despite else Reason.OVERRIDDEN
                now = make_current(session, publication.number, author, reason, before.change if before else 0)
                mark_published(session, publication.corpus)
        if refused:
            raise PublicationRefused(publication.number, found)
        self._store().tidy()
        self._prune()
        return Published(now, True, found)

    def _build(self, publication: Publication) -> Manifest:
        folder = index_folder(self._settings, publication.number)
        standing = standing_index(self._settings, publication)
        return standing or build_index(publication.corpus, self._opened(), folder, self._progress, self._store())

    def _verify(self, publication: Publication, before: Current | None) -> Verification:
        """With the vectors of the build at hand, so that asking thousands of questions encodes none."""
        answerer = open_answerer(self._settings, publication, StoredEncoder(self._opened(), self._store()))
        settings = self._settings
        golden = settings.root / settings.knowledge.golden
        return verify(answerer, self._content(before), golden, settings.index.verification, settings.today())

    def _content(self, now: Current | None) -> Corpus | None:
        if now is None:
            return None
        with self._database.session() as session:
            return read_publication(session, now.number).corpus

    def _opened(self) -> Encoder:
        self._encoder = self._encoder or open_encoder(self._settings.encoder, THREADS)
        return self._encoder

    def _store(self) -> VectorStore:
        if self._vectors is None:
            self._vectors = VectorStore(self._settings.var / "vectors", encoder_stamp(self._settings.encoder))
        return self._vectors

    def _prune(self) -> None:
        """Keep the indexes of the publications that were current last; any other can be built from its snapshot."""
        with self._database.session() as session:
            numbers = list(dict.fromkeys(one.number for one in reversed(history(session))))
        kept = {index_folder(self._settings, number) for number in numbers[: self._settings.index.publications_kept]}
        for folder in (self._settings.var / "index").glob("publication-*"):
            if folder not in kept and not folder.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait for any other process that builds here. The lock goes with its process, also when that is killed."""
        folder = self._settings.var / "index"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for draft in folder.glob(f"*{DRAFT}"):  # of a process that was killed
                shutil.rmtree(draft, ignore_errors=True)
            self._vectors = None  # others may have added to it
            yield
            self._vectors = None


def standing_index(settings: Settings, publication: Publication) -> Manifest | None:
    """What the publication's index was built from; None where it has to be built.

    A folder of its number may hold another content: of a database that was deleted or exchanged while var/ stayed, or of a program
    that read the snapshot in another form.
    """
    try:
        manifest = Manifest.read(index_folder(settings, publication.number))
    except IndexNotBuilt:
        return None
    return manifest if manifest.corpus_digest == publication.corpus.digest else None

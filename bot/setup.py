"""The steps between a fresh clone and a serving chat, each skipped when its inputs have not changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.training import train
from bot.publication import index_folder
from bot.settings import ROOT, Settings
from index.build import Manifest, build_index
from index.conversion import convert
from index.encoder import open_encoder
from index.errors import IndexNotBuilt
from knowledge.corpus import Corpus
from knowledge.database import Database, publish, read_content, replace_content
from knowledge.files import DATA
from knowledge.files import read_content as read_files

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """`run` returns what it did, or None where there was nothing to do."""

    title: str
    run: Callable[[], str | None]


def set_up(settings: Settings, say: Say) -> None:
    """Run every step in order, saying each. Errors of a step are raised as they are: they name the remedy."""
    database = Database(settings.database_url)
    steps = [
        Step("Embedding model", lambda: prepare_encoder(settings)),
        Step("Database schema", lambda: prepare_database(database)),
        Step("Starting knowledge", lambda: load_starting_content(settings, database)),
        Step("Index", lambda: prepare_index(settings, database, say)),
        Step("Rasa model", lambda: prepare_dialogue(settings)),
    ]
    for number, step in enumerate(steps, 1):
        started = time.perf_counter()
        say(f"→ [{number}/{len(steps)}] {step.title} …")
        done = step.run()
        spent = time.perf_counter() - started
        say(f"  ✓ {done} ({spent:.1f} s)" if done else "  ✓ up to date")
    database.close()


def prepare_encoder(settings: Settings) -> str | None:
    """Convert the bundled model; done again when the conversion's own code changes."""
    folder = Path(settings.encoder)
    if not settings.index.encoder.startswith("var/"):
        return None
    stamp = hashlib.sha256((ROOT / "index" / "conversion.py").read_bytes()).hexdigest()
    mark = folder / "converted-by"
    if mark.is_file() and mark.read_text() == stamp:
        return None
    convert(folder)
    mark.write_text(stamp)
    return f"converted into {folder.name}"


def prepare_database(database: Database) -> str | None:
    database.upgrade()
    return None


def load_starting_content(settings: Settings, database: Database) -> str | None:
    """Load knowledge/data/ once; loaded content belongs to the staff, so it is only replaced where nobody has changed it since."""
    corpus = read_corpus()
    with database.session() as session:
        current = read_content(session)
        mark = settings.var / "starting-content"
        untouched = not current.faq or (mark.is_file() and mark.read_text() == current.digest)
        if current.digest == corpus.digest or not untouched:
            mark.parent.mkdir(parents=True, exist_ok=True)
            publish(session)
            return None
        replace_content(session, corpus)
        publication = publish(session)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(publication.corpus.digest)
        return f"{len(corpus.faq)} FAQ entries, {sum(1 for _ in corpus.provisions())} provisions: publication {publication.number}"


def prepare_index(settings: Settings, database: Database, say: Say) -> str | None:
    """Build the index of the newest publication, unless it stands."""
    with database.session() as session:
        publication = publish(session)
    folder = index_folder(settings, publication.number)
    encoder_name = Path(settings.encoder).name if settings.index.encoder.startswith("var/") else settings.encoder
    try:
        manifest = Manifest.read(folder)
    except IndexNotBuilt:
        manifest = None
    stamp = _code_stamp()
    mark = folder / "built-by"
    if manifest and manifest.corpus_digest == publication.corpus.digest and manifest.encoder == encoder_name and mark.is_file():
        if mark.read_text() == stamp:
            return None
    encoder = open_encoder(settings.encoder, threads=2)
    last = [0.0]

    def progress(done: int, total: int) -> None:
        if time.monotonic() - last[0] > 2 or done == total:
            last[0] = time.monotonic()
            say(f"    {done}/{total} texts encoded")

    manifest = build_index(publication.corpus, encoder, folder, progress)
    mark.write_text(stamp)
    return f"{manifest.passages} passages, {manifest.wordings} wordings"


def _code_stamp() -> str:
    """Changes with the code that decides what an index holds."""
    parts = ("index/analysis.py", "index/abbreviations.py", "index/tokenizer.py", "index/passages.py", "index/build.py", "index/restoration.py")
    parts += ("knowledge/vietnamese.py", "index/conversion.py")
    return hashlib.sha256(b"".join((ROOT / part).read_bytes() for part in parts)).hexdigest()


def prepare_dialogue(settings: Settings) -> str | None:
    return train(settings.root, settings.var)


def read_corpus(folder: Path = DATA) -> Corpus:
    """The content of a folder of files, checked. Raises ContentError."""
    documents, guidance, faq = read_files(folder)
    corpus = Corpus(tuple(documents), tuple(guidance), tuple(faq))
    corpus.check()
    return corpus

"""The steps between a fresh clone and a serving chat, each skipped when its inputs have not changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue import DialogueSettings, is_trained, train
from bot.publication import index_folder
from bot.settings import ROOT, Settings
from index.build import build_index
from index.conversion import convert
from index.encoder import open_encoder
from knowledge.corpus import Corpus
from knowledge.database import Database, newest_number, publish, read_content, read_publication, replace_content
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
    return "brought to the newest revision" if database.upgrade() else None


def load_starting_content(settings: Settings, database: Database) -> str | None:
    """Load knowledge/data/ when its files have changed; content that staff have changed since is never replaced."""
    mark = settings.var / "starting-content.json"
    stamp = folder_stamp(DATA)
    known = json.loads(mark.read_text()) if mark.is_file() else {}
    with database.session() as session:
        if known.get("files") == stamp and newest_number(session) is not None:
            return None
        current = read_content(session)
        if current.faq and current.digest != known.get("content"):
            return "left as the staff have changed it; award knowledge load would replace it"
        corpus = read_corpus()
        replace_content(session, corpus)
        publication = publish(session)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(json.dumps({"files": stamp, "content": publication.corpus.digest}))
    return f"{len(corpus.faq)} FAQ entries, {sum(1 for _ in corpus.provisions())} provisions: publication {publication.number}"


def folder_stamp(folder: Path) -> str:
    """SHA-256 over the names and bytes of a folder's YAML files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def prepare_index(settings: Settings, database: Database, say: Say) -> str | None:
    """Build the index of the newest publication, unless it stands."""
    with database.session() as session:
        number = newest_number(session)
    folder = index_folder(settings, number or 0)
    mark, stamp = folder / "built-by", f"{_code_stamp()} {settings.encoder}"
    if number is not None and mark.is_file() and mark.read_text() == stamp:
        return None
    with database.session() as session:
        publication = read_publication(session)
    manifest = build_index(publication.corpus, open_encoder(settings.encoder, threads=2), folder, _progress(say))
    mark.write_text(stamp)
    return f"{manifest.passages} passages, {manifest.wordings} wordings"


def _progress(say: Say) -> Callable[[int, int], None]:
    last = [0.0]

    def progress(done: int, total: int) -> None:
        if time.monotonic() - last[0] > 5 or done == total:
            last[0] = time.monotonic()
            say(f"    {done}/{total} texts encoded")

    return progress


INDEX_CODE = (
    *("abbreviations.py", "analysis.py", "build.py", "conversion.py", "features.py", "passages.py", "projection.py"),
    *("projection.npz", "restoration.py", "tokenizer.py", "everyday.txt", "training/out_of_scope.txt"),
)


def _code_stamp() -> str:
    """Changes with the code and the data that decide what an index holds."""
    files = [*(ROOT / "index" / name for name in INDEX_CODE), ROOT / "knowledge" / "vietnamese.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def prepare_dialogue(settings: Settings) -> str | None:
    """Train Rasa when its files have changed. Raises DialogueError."""
    dialogue = DialogueSettings.of_project(settings.root)
    if is_trained(dialogue):
        return None
    return f"trained {train(dialogue).name}"


def read_corpus(folder: Path = DATA) -> Corpus:
    """The content of a folder of files, checked. Raises ContentError."""
    documents, guidance, faq = read_files(folder)
    corpus = Corpus(tuple(documents), tuple(guidance), tuple(faq))
    corpus.check()
    return corpus

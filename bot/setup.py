"""The steps between a fresh clone and a serving chat, each skipped when its inputs have not changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue import DialogueSettings, is_trained, train
from bot.errors import PublicationRefused
from bot.publishing import Publisher, standing_index
from bot.settings import ROOT, Settings
from index.conversion import convert
from knowledge.calendar_files import read_calendar_file
from knowledge.calendar_store import calendar_digest, read_calendar, replace_calendar
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content, replace_content
from knowledge.files import DATA, read_marks
from knowledge.files import read_content as read_files
from knowledge.publications import current_number, read_publication

Say = Callable[[str], None]
MARK = "starting-content.json"  # what was loaded from files
CALENDAR_MARK = "starting-calendar.json"
MARKS = (MARK, CALENDAR_MARK)
SETUP = "award setup"  # the author of what it publishes


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
        Step("Season dates", lambda: load_starting_calendar(settings, database)),
        Step("Publication", lambda: prepare_publication(settings, database, say)),
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
    stamp, known = folder_stamp(DATA), _read_mark(settings)
    with database.session() as session:
        current = read_content(session)
        if current.faq and known.get("files") == stamp:
            return None
        if current.faq and current.digest != known.get("content"):
            return "left as the staff have changed it; award knowledge load would replace it"
        corpus = read_corpus()
        replace_content(session, corpus)
        session.flush()
        digest = read_content(session).digest
    _write_mark(settings, {"files": stamp, "content": digest, "published": False})
    return f"{len(corpus.faq)} FAQ entries, {sum(1 for _ in corpus.provisions())} provisions"


def _read_mark(settings: Settings) -> dict[str, Any]:
    mark = settings.var / MARK
    known: dict[str, Any] = json.loads(mark.read_text()) if mark.is_file() else {}
    return known


def _write_mark(settings: Settings, known: dict[str, Any]) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    (settings.var / MARK).write_text(json.dumps(known))


def load_starting_calendar(settings: Settings, database: Database) -> str | None:
    """Load knowledge/data/calendar.yml when it has changed; dates that staff have changed since are never replaced."""
    mark = settings.var / CALENDAR_MARK
    events = read_calendar_file(DATA)
    stamp = calendar_digest(events)
    known = json.loads(mark.read_text()) if mark.is_file() else {}
    with database.session() as session:
        current = read_calendar(session)
        if current and known.get("files") == stamp:
            return None
        if current and calendar_digest(current) != known.get("files"):
            return "left as the staff have changed them; award knowledge load would replace them"
        replace_calendar(session, events, settings.now())
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(json.dumps({"files": stamp}))
    return f"{len(events)} dates"


def folder_stamp(folder: Path) -> str:
    """SHA-256 over the names and bytes of a folder's YAML files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def prepare_publication(settings: Settings, database: Database, say: Say) -> str | None:
    """Publish content that was just loaded, or the first content at all; else see to it that the current index stands.

    What staff have edited and not published stays unpublished.
    """
    publisher = Publisher(settings, database, progress_lines(say))
    with database.session() as session:
        publication = read_publication(session) if current_number(session) is not None else None
    if publication is not None and not _loaded_and_not_published(settings, database):
        if standing_index(settings, publication):
            return None
        manifest = publisher.index()
        return f"{manifest.passages} passages, {manifest.wordings} wordings"
    try:
        published = publisher.publish(SETUP)
    except PublicationRefused as refused:
        say(f"    {refused.verification.text()}")
        publisher.index()
        done = f"the new starting content was refused as publication {refused.number}; the one before stays"
    else:
        for line in published.verification.text().splitlines() if published.verification else []:
            say(f"    {line}")
        done = f"publication {published.current.number}"
    _write_mark(settings, _read_mark(settings) | {"published": True})
    return done


def _loaded_and_not_published(settings: Settings, database: Database) -> bool:
    """True where the content is the starting content and a set-up was stopped before publishing it."""
    known = _read_mark(settings)
    if known.get("published", True):
        return False
    with database.session() as session:
        return read_content(session).digest == known.get("content")


def progress_lines(say: Say) -> Callable[[int, int], None]:
    """Says how far encoding is, every few seconds; nothing where it is done at once."""
    last = [time.monotonic()]

    def progress(done: int, total: int) -> None:
        if time.monotonic() - last[0] > 5:
            last[0] = time.monotonic()
            say(f"    {done}/{total} texts encoded")

    return progress


def prepare_dialogue(settings: Settings) -> str | None:
    """Train Rasa when its files have changed. Raises DialogueError."""
    dialogue = DialogueSettings.of_project(settings.root)
    if is_trained(dialogue):
        return None
    return f"trained {train(dialogue).name}"


def read_corpus(folder: Path = DATA) -> Corpus:
    """The content of a folder of files, checked. Raises ContentError."""
    documents, guidance, faq = read_files(folder)
    corpus = Corpus(tuple(documents), tuple(guidance), tuple(faq), tuple(read_marks(folder)))
    corpus.check()
    return corpus

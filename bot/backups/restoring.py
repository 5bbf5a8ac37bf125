"""Puts a backup in place: digests first, the schema brought forward, deletions carried out again, then the golden questions."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.backups.ageing import dated_name
from bot.backups.archive import Archive, BackupKey, Manifest
from bot.backups.copying import POSTGRESQL, SQLITE, is_empty, place_postgresql, place_sqlite
from bot.backups.making import DELETIONS, Backup, deletion_log, make_backup, staging
from bot.deletions import Deletion, DeletionLog, all_deletions, apply_deletions
from bot.errors import BackupError
from bot.publication import open_publication
from bot.publishing import Progress, Publisher
from bot.settings import Settings
from bot.setup import MARKS
from bot.verification import Verification, verify
from index.encoder import Encoder, open_encoder
from knowledge.database import Database
from knowledge.publications import PublicationCheckRow

BEFORE = "before-restore-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place: `forgotten` people had asked for deletion after the backup; `before` holds what was replaced."""

    manifest: Manifest
    forgotten: int
    before: Backup | None
    settings_differ: bool


def restore_backup(
    settings: Settings, database: Database, file: Path, moment: datetime, key: BackupKey | None, replace: bool = False
) -> Restored:
    """Raises BackupError, DatabaseError, OSError. What is replaced is backed up first; SQLite is replaced in one step."""
    fresh = is_empty(database)
    if not fresh and not replace:
        raise BackupError(
            "the database is not empty; stop the server, then say --replace to put the backup in its place"
        )
    with staging(settings.var / "restore") as staged:
        archive = Archive(file, staged, key)
        _check_kind(archive.manifest, database)
        events = [*deletion_log(settings).read(), *DeletionLog(file.parent / DELETIONS).read()]
        before = None
        if not fresh:
            events += all_deletions(database)
            target = settings.var / "backups" / (BEFORE + dated_name(moment, key is not None))
            before = make_backup(settings, database, target, moment, key)
        forgotten = _place(archive, database, events)
        differ = _place_marks(archive, settings)
    deletion_log(settings).add(all_deletions(database))
    return Restored(archive.manifest, forgotten, before, differ)


def check_backup(settings: Settings, file: Path, key: BackupKey | None) -> Manifest:
    """Read the whole archive and compare every digest. Raises BackupError."""
    with staging(settings.var / "restore") as staged:
        return Archive(file, staged, key).manifest


@dataclass(frozen=True, slots=True)
class Asked:
    """The golden questions on what was restored, and what they found when it was published (None: not kept)."""

    now: Verification
    then: Verification | None

    @property
    def equal(self) -> bool:
        return self.then is None or set(self.now.missed) <= set(self.then.missed)


def ask_golden_questions(
    settings: Settings, database: Database, progress: Progress, encoder: Encoder | None = None
) -> Asked:
    """Build the index of the restored publication where it does not stand, and ask. Raises as publishing does."""
    encoder = encoder or open_encoder(settings.encoder, settings.index.threads)
    Publisher(settings, database, progress, encoder).index()
    served = open_publication(settings, database, encoder)
    golden = settings.root / settings.knowledge.golden
    now = verify(served.answerer, None, golden, settings.index.verification, settings.today())
    with database.session() as session:
        query = select(PublicationCheckRow.report).where(PublicationCheckRow.number == served.number)
        report = session.scalar(query.order_by(PublicationCheckRow.id.desc()).limit(1))
    return Asked(now, Verification.from_json(report) if report else None)


def _check_kind(manifest: Manifest, database: Database) -> None:
    if manifest.database != (here := database.engine.dialect.name):
        raise BackupError(
            f"the backup is of {manifest.database}, this installation uses {here}; set AWARD_DATABASE_URL"
        )


def _place(archive: Archive, database: Database, events: list[Deletion]) -> int:
    """How many people's data went again.

    SQLite is brought forward and cleaned before it is put in place. PostgreSQL is after; a server that is started in between
    does it, too (`DeletionLog.heal`).
    """
    if copy := archive.part(SQLITE):
        staged = Database(f"sqlite:///{copy}")
        try:
            staged.upgrade()
            forgotten = apply_deletions(staged, events)
        finally:
            staged.close()
        place_sqlite(copy, database)
        return forgotten
    dump = archive.part(POSTGRESQL)
    if dump is None:
        raise BackupError("the archive holds no database")
    place_postgresql(dump, archive.manifest.schema, database)
    database.upgrade()
    return apply_deletions(database, events)


def _place_marks(archive: Archive, settings: Settings) -> bool:
    """What the set-up remembers comes back; config.yml is never replaced. True where it differs: then the old one lies in var/."""
    for mark in MARKS:
        if part := archive.part(mark):
            shutil.copyfile(part, settings.var / mark)
    part, here = archive.part("config.yml"), settings.root / "config.yml"
    if part is None or (here.is_file() and here.read_bytes() == part.read_bytes()):
        return False
    shutil.copyfile(part, settings.var / "config.restored.yml")
    return True

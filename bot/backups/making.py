"""Takes a backup while servers run: the database, the settings, and what the set-up remembers."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.backups.ageing import dated_name
from bot.backups.archive import BackupKey, Manifest, write_archive
from bot.backups.copying import copy_database
from bot.deletions import DeletionLog, all_deletions, forget_old
from bot.settings import Settings
from bot.setup import MARKS
from knowledge.database import Database

STAGED = ".backup-"  # how folders of unfinished work begin
DELETIONS = "deletions.jsonl"


@dataclass(frozen=True, slots=True)
class Backup:
    """The archive's file and what is in it."""

    file: Path
    manifest: Manifest


def make_backup(
    settings: Settings, database: Database, target: Path, moment: datetime, key: BackupKey | None
) -> Backup:
    """Write a backup to `target`, a file or a folder that gets a dated file. Indexes and models are not in it: they are made anew.

    The log of deletions is put beside it. Raises BackupError, DatabaseError, OSError; the target is whole or absent.
    """
    file = target / dated_name(moment, key is not None) if target.is_dir() else target
    forget_old(database, moment)
    with staging(file.parent) as staged:
        copied = copy_database(database, staged)
        for path in (settings.root / "config.yml", *(settings.var / mark for mark in MARKS)):
            if path.is_file():
                shutil.copyfile(path, staged / path.name)
        manifest = write_archive(
            file,
            staged,
            lambda parts: Manifest(
                moment.isoformat(timespec="seconds"),
                database.engine.dialect.name,
                copied.schema,
                copied.revision,
                copied.publication,
                copied.counts,
                parts,
            ),
            key,
        )
    events = all_deletions(database)
    for log in (deletion_log(settings), DeletionLog(file.parent / DELETIONS)):
        log.add(events)
    return Backup(file, manifest)


def deletion_log(settings: Settings) -> DeletionLog:
    """The log that this installation keeps outside of its database."""
    return DeletionLog(settings.root / settings.bot.deletion_log)


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A private folder for unfinished work beside the target; what a killed process left there is cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".backup-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(f"{STAGED}*"):
            if left.is_dir():
                shutil.rmtree(left)
            elif left.name != ".backup-lock":
                left.unlink()
        staged = Path(tempfile.mkdtemp(prefix=STAGED, dir=folder))
        try:
            yield staged
        finally:
            shutil.rmtree(staged, ignore_errors=True)

"""`award backup`, `award restore`, `award backup-key`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.backups.ageing import Rule, age_out
from bot.backups.archive import BackupKey, Manifest, new_key
from bot.backups.making import make_backup
from bot.backups.restoring import ask_golden_questions, check_backup, restore_backup
from bot.errors import BackupError
from bot.settings import load_settings
from bot.setup import progress_lines
from knowledge.database import Database

Target = Annotated[
    Path | None, typer.Argument(help="a file, or a folder that gets a dated file; var/backups by default")
]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="with the key of AWARD_BACKUP_KEY or AWARD_BACKUP_KEY_FILE")]
Keep = Annotated[
    bool, typer.Option("--keep", help="then delete dated backups there, but the newest of 7 days, 4 weeks, 12 months")
]


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)
    app.command("backup-key")(backup_key)


def backup(target: Target = None, encrypt: Encrypt = False, keep: Keep = False) -> None:
    """Back up everything that can't be made anew, while the server runs."""
    settings = load_settings()
    key = _key(encrypt)
    if target is None:
        target = settings.var / "backups"
        target.mkdir(parents=True, exist_ok=True)
    if keep and not target.is_dir():
        raise BackupError("--keep ages out the dated backups of a folder; name a folder that is there")
    database = Database(settings.database_url)
    try:
        done = make_backup(settings, database, target, datetime.now(UTC), key)
    finally:
        database.close()
    typer.echo(f"✓ {done.file} ({done.file.stat().st_size / 2**20:.1f} MB{', encrypted' if key else ''})")
    typer.echo(f"  {_words(done.manifest)}")
    if keep:
        for gone in age_out(target, Rule()):
            typer.echo(f"  {gone.name} aged out")


def restore(
    file: Annotated[Path, typer.Argument(help="a backup")],
    replace: Annotated[
        bool, typer.Option("--replace", help="put it in the place of what is there (which is backed up first)")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="only read it and compare every digest")] = False,
) -> None:
    """Put a backup in place, bring it forward, and ask the golden questions."""
    settings = load_settings()
    key = BackupKey.of_environment(dict(os.environ))
    if check:
        typer.echo(f"✓ {file.name} is whole: {_words(check_backup(settings, file, key))}")
        return
    database = Database(settings.database_url)
    try:
        done = restore_backup(settings, database, file, datetime.now(UTC), key, replace)
        if done.before:
            typer.echo(f"✓ what was there is kept in {done.before.file}")
        typer.echo(f"✓ restored: {_words(done.manifest)}")
        if done.forgotten:
            typer.echo(f"✓ data of {done.forgotten} people who had asked for deletion since was deleted again")
        if done.settings_differ:
            typer.echo("  config.yml of the backup differs; it lies in var/config.restored.yml")
        if done.manifest.publication is None:
            typer.echo("  nothing was published in this backup; next: award setup")
            return
        asked = ask_golden_questions(settings, database, progress_lines(typer.echo))
    finally:
        database.close()
    typer.echo(asked.now.text())
    if not asked.equal:
        raise BackupError("restored, but it answers golden questions less well than when it was published; see above")
    typer.echo(
        "✓ the golden questions are answered as when this was published" if asked.then else "✓ golden questions asked"
    )


def backup_key(file: Annotated[Path, typer.Argument(help="where the secret half goes: not onto the server")]) -> None:
    """Make an age key for encrypted backups: the server needs the public half only."""
    public = new_key(file)
    typer.echo(f"✓ secret key in {file}: keep it away from the server; without it no encrypted backup can be read")
    typer.echo(f"  on the server: AWARD_BACKUP_KEY={public}")


def _key(encrypt: bool) -> BackupKey | None:
    if not encrypt:
        return None
    key = BackupKey.of_environment(dict(os.environ))
    if key is None:
        raise BackupError(
            "--encrypt needs AWARD_BACKUP_KEY or AWARD_BACKUP_KEY_FILE; make a key: award backup-key FILE"
        )
    return key


def _words(manifest: Manifest) -> str:
    publication = f"publication {manifest.publication}" if manifest.publication is not None else "no publication"
    turns = manifest.counts.get("turns", 0)
    return f"{manifest.database} of {manifest.created_at}, schema {manifest.revision}, {publication}, {turns} turns"

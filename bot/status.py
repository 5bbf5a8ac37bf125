"""`award status`: how the installation is, in lines for a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.backups.ageing import newest_backup
from bot.conversations import TurnRow
from bot.errors import StartError
from bot.metrics import read_queues
from bot.settings import Settings, load_settings
from knowledge.database import Database

LATE_BACKUP = timedelta(days=2)
WAITS_LONG = 60.0  # seconds, as the alert has it
MOST_TURNS = 50_000  # looked at for the times


def status(
    url: Annotated[str, typer.Option(help="a running server")] = "http://127.0.0.1:8000",
    backups: Annotated[Path | None, typer.Option(help="where backups are kept; var/backups by default")] = None,
) -> None:
    """Say how it is: the server, what waits, the last day, backups, disk. Exit code 1 where something needs a person."""
    settings = load_settings()
    database = Database(settings.database_url)
    database.check_schema()
    now = datetime.now(UTC)
    with database.session() as session:
        lines = [*_server(url), *_waiting(session, now), *_last_day(session, now)]
    database.close()
    lines += [*_backup(backups or settings.var / "backups", now), *_disk(settings)]
    for fine, text in lines:
        typer.echo(f"{'✓' if fine else '✗'} {text}")
    if troubles := sum(not fine for fine, _ in lines):
        raise StartError(f"{troubles} of these need a person; docs/operate.md says what to do")


Line = tuple[bool, str]


def _server(url: str) -> Iterator[Line]:
    try:
        answered = httpx.get(f"{url}/readyz", timeout=10, trust_env=False)
        parts = answered.json()["parts"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        yield False, f"server {url} does not answer ({type(error).__name__})"
        return
    for name, state in parts.items():
        yield str(state).startswith("ready"), f"{name}: {state}"


def _waiting(session: Session, now: datetime) -> Iterator[Line]:
    found = read_queues(session, now)
    oldest = f", the oldest for {found.oldest_unanswered:.0f} s" if found.unanswered else ""
    yield found.oldest_unanswered < WAITS_LONG, f"{found.unanswered} questions wait for an answer{oldest}"
    oldest = f", the oldest for {found.oldest_outbox:.0f} s" if found.outbox else ""
    yield found.oldest_outbox < 5 * WAITS_LONG, f"{found.outbox} messages wait to be delivered{oldest}"
    cases = ", ".join(f"{count} {state}" for state, count in sorted(found.cases.items()))
    yield True, f"cases of people who asked for a person: {cases or 'none'}"


def _last_day(session: Session, now: datetime) -> Iterator[Line]:
    since = TurnRow.at >= now - timedelta(days=1)
    counts = session.execute(select(TurnRow.status, func.count()).where(since).group_by(TurnRow.status)).all()
    total = sum(count for _, count in counts)
    errors = dict(counts).get("error", 0)
    words = ", ".join(f"{count} {name}" for name, count in sorted(counts, key=lambda one: (-one[1], one[0])))
    yield errors <= 0.05 * total, f"turns of the last 24 hours: {words or 'none'}"
    times = sorted(
        session.scalars(select(TurnRow.milliseconds).where(since).order_by(TurnRow.id.desc()).limit(MOST_TURNS))
    )
    if times:
        yield True, f"their time: half below {times[len(times) // 2]} ms, 95 % below {times[int(len(times) * 0.95)]} ms"


def _backup(folder: Path, now: datetime) -> Iterator[Line]:
    newest = newest_backup(folder)
    if newest is None:
        yield False, f"no backup in {folder}; take one: award backup"
        return
    age = now - newest
    yield age <= LATE_BACKUP, f"the newest backup is {age.total_seconds() / 3600:.0f} hours old"


def _disk(settings: Settings) -> Iterator[Line]:
    free = shutil.disk_usage(settings.root).free // 2**20
    yield free >= 1000, f"{free} MB free on disk"

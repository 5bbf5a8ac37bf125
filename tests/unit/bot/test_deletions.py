"""The log of deletions: keyed digests only, whole lines only, and an older database is told what it does not know."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

import bot.cli  # with every table of the product
from actions.answer import AnswerStatus
from actions.personal_data import export_person
from bot import deletions
from bot.conversations import Conversations, Turn
from bot.deletions import (
    KEPT,
    Deletion,
    DeletionLog,
    DeletionRow,
    all_deletions,
    apply_deletions,
    forget_old,
    note_deletion,
)
from bot.erasure import erase
from bot.messages import AnswerMessage
from knowledge.database import Database

assert bot.cli
ANSWER = AnswerMessage(status=AnswerStatus.ANSWERED, text="36 tháng", as_of="2026-11-22")


def _talk(database: Database, sender: str) -> None:
    Conversations(database, 30).record(Turn(sender, "rest", "điều kiện?", ANSWER, 1, 5))


def _forget_that_it_happened(database: Database) -> None:
    """As an older copy of the database would stand."""
    with database.session() as session:
        session.execute(delete(DeletionRow))


def test_a_deletion_leaves_an_event_that_names_nobody(database: Database) -> None:
    _talk(database, "rest:nam")
    erase(database, "rest:nam")
    erase(database, "rest:nam")
    first, second = all_deletions(database)
    assert first.digest == second.digest
    assert first.id != second.id
    assert "nam" not in f"{first}{second}"


def test_a_deletion_that_fails_leaves_none(database: Database) -> None:
    with pytest.raises(RuntimeError, match="a bug"), database.session() as session:
        note_deletion(session, "rest:nam")
        raise RuntimeError("a bug")
    assert all_deletions(database) == []


def test_an_older_database_is_told_once(database: Database) -> None:
    for sender in ("rest:a", "rest:b", "telegram:1"):
        _talk(database, sender)
    erase(database, "rest:a")
    events = all_deletions(database)
    _forget_that_it_happened(database)
    _talk(database, "rest:a")
    assert apply_deletions(database, events) == 1
    assert all_deletions(database) == events
    _talk(database, "rest:a")
    assert apply_deletions(database, events) == 0, "who comes back after that is not deleted again"
    with database.session() as session:
        assert all(export_person(session, sender) for sender in ("rest:a", "rest:b", "telegram:1"))


def test_events_of_another_installation_match_nobody(database: Database) -> None:
    _talk(database, "rest:a")
    foreign = Deletion("f" * 32, "0" * 64, datetime.now(UTC).isoformat())
    assert apply_deletions(database, [foreign]) == 0
    with database.session() as session:
        assert export_person(session, "rest:a")


def test_the_log_survives_a_line_that_was_cut_off(tmp_path: Path) -> None:
    one, two, three = (Deletion(str(number) * 32, "0" * 64, "2026-11-22T08:00:00+00:00") for number in (1, 2, 3))
    log = DeletionLog(tmp_path / "folder" / "deletions.jsonl")
    assert log.read() == []
    assert log.add([one, two]) == 2
    log.path.write_bytes(log.path.read_bytes()[:-20])
    assert log.read() == [one]
    assert log.add([one, two, three]) == 2
    assert log.read() == [one, two, three]
    assert log.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "line", ["[]", "{}", '{"id": 1}', '{"id": "a", "digest": "b", "at": "soon"}', "\x00\xff", "null"]
)
def test_lines_that_are_no_events_are_left_out(tmp_path: Path, line: str) -> None:
    log = DeletionLog(tmp_path / "deletions.jsonl")
    log.path.write_text(line + "\n", encoding="utf-8")
    assert log.read() == []


@pytest.mark.anyio
async def test_a_running_server_writes_down_what_any_command_deletes(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "ROUND_SECONDS", 0.01)
    log = DeletionLog(tmp_path / "deletions.jsonl")
    following = asyncio.create_task(log.follow(database))
    for number in range(3):
        await asyncio.to_thread(erase, database, f"rest:{number}")
        async with asyncio.timeout(30):
            while len(log.read()) <= number:
                await asyncio.sleep(0.01)
    following.cancel()
    assert log.read() == all_deletions(database)


@pytest.mark.anyio
async def test_a_server_heals_a_database_that_was_put_back_by_other_means(database: Database, tmp_path: Path) -> None:
    log = DeletionLog(tmp_path / "deletions.jsonl")
    erase(database, "rest:a")
    log.add(all_deletions(database))
    _forget_that_it_happened(database)
    _talk(database, "rest:a")
    await log.heal(database)
    with database.session() as session:
        assert export_person(session, "rest:a") == {}


@pytest.mark.anyio
async def test_a_log_that_can_not_be_read_stops_no_server(database: Database, tmp_path: Path) -> None:
    (tmp_path / "deletions.jsonl").mkdir()
    await DeletionLog(tmp_path / "deletions.jsonl" / "x" / "y").heal(database)
    closed = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    log = DeletionLog(tmp_path / "other.jsonl")
    log.add([Deletion("f" * 32, "0" * 64, datetime.now(UTC).isoformat())])
    await log.heal(closed)


def test_events_older_than_any_backup_go(database: Database) -> None:
    erase(database, "rest:a")
    erase(database, "rest:b")
    first, second = all_deletions(database)
    now = datetime.now(UTC)
    with database.session() as session:
        session.execute(update(DeletionRow).where(DeletionRow.id == first.id).values(at=now - KEPT - timedelta(days=1)))
    forget_old(database, now)
    assert [one.id for one in all_deletions(database)] == [second.id]

"""The audit: a chain that shows what was changed, left out, put in or cut off."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from knowledge.audit import record, search, verify
from knowledge.database import Database


def _write(database: Database, count: int) -> None:
    for number in range(count):
        with database.session() as session:
            record(session, "lan", "faq.save", f"muc-{number}", "sửa", {"a": number}, {"a": number + 1})


def _tamper(database: Database, statement: str) -> None:
    """As somebody with the database's own rights, who takes the triggers away first."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for change in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_is_kept_{change}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_is_kept"))
        connection.execute(text(statement))


def test_rows_follow_each_other_and_are_found(database: Database) -> None:
    _write(database, 3)
    with database.session() as session:
        record(session, "minh_1", "faq.publish", "50%", "vì «a»")
        found = verify(session)
        assert (found.rows, found.problems) == (4, ())
        assert verify(session, (4, found.digest)).problems == ()
        assert verify(session, (4, "0")).problems and verify(session, (5, "0")).problems
        assert [one.number for one in search(session)] == [4, 3, 2, 1]
        assert [one.number for one in search(session, "LAN", before=3)] == [2, 1]
        assert [one.number for one in search(session, "0%")] == [4], "a percent sign is only a percent sign"
        assert [one.number for one in search(session, "h_1")] == [4]
        assert [one.number for one in search(session, what=["faq.publish"])] == [4]
        first = search(session)[-1]
        assert first.before != first.after and len(first.before) == 64 and first.previous == ""


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_a_row(database: Database, statement: str) -> None:
    _write(database, 1)
    with pytest.raises(DBAPIError, match="never changed"), database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit SET who = 'minh' WHERE number = 2", "row 2 was changed"),
        ("UPDATE audit SET at = '2020-01-01 00:00:00+00:00' WHERE number = 1", "row 1 was changed"),
        ("DELETE FROM audit WHERE number = 2", "rows 2 to 2 are missing"),
        ("DELETE FROM audit WHERE number = 3", "the chain ends at row 2"),
        ("DELETE FROM audit", "the chain ends at row 0"),
        ("UPDATE audit SET number = number + 10", "rows 1 to 10 are missing"),
    ],
)
def test_tampering_shows(database: Database, statement: str, problem: str) -> None:
    _write(database, 3)
    _tamper(database, statement)
    with database.session() as session:
        assert problem in "; ".join(verify(session).problems)


def test_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    _write(database, 1)
    with pytest.raises(RuntimeError), database.session() as session:
        record(session, "lan", "faq.save", "x")
        raise RuntimeError
    _write(database, 1)
    with database.session() as session:
        assert (verify(session).rows, verify(session).problems) == (2, ())


def test_writers_at_the_same_moment_make_one_chain(database: Database) -> None:
    threads = [threading.Thread(target=_write, args=(database, 5)) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with database.session() as session:
        assert (verify(session).rows, verify(session).problems) == (30, ())

"""Publications on SQLite and PostgreSQL: snapshots that never change, and which of them is current."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from sqlalchemy import text

from knowledge.corpus import Corpus
from knowledge.database import Database, _alembic, read_content, replace_content
from knowledge.errors import ContentError, DatabaseError, PublicationError
from knowledge.publications import (
    PublicationRow,
    Reason,
    current,
    current_at,
    current_number,
    history,
    last_check,
    list_publications,
    make_current,
    newest_number,
    note_check,
    read_publication,
    take_snapshot,
)
from small_corpus import entry, pid, small_corpus


def _snapshot(database: Database, corpus: Corpus, author: str = "") -> int:
    with database.session() as session:
        replace_content(session, corpus)
        session.flush()
        return take_snapshot(session, author).number


def _publish(database: Database, corpus: Corpus, author: str = "Lan") -> int:
    number = _snapshot(database, corpus, author)
    with database.session() as session:
        make_current(session, number, author, Reason.PUBLISHED)
    return number


def _fewer() -> Corpus:
    small = small_corpus()
    return Corpus(small.documents, small.guidance, small.faq[1:2])


def test_snapshots_count_up_and_stay_as_they_were(database: Database, corpus: Corpus) -> None:
    first, second = _publish(database, small_corpus()), _publish(database, _fewer())
    third = _snapshot(database, corpus)
    assert (second, third) == (first + 1, first + 2)
    with database.session() as session:
        assert newest_number(session) == third
        assert read_publication(session).number == second
        assert read_publication(session).corpus == _fewer()
        assert read_publication(session, first).corpus == small_corpus()
        assert read_publication(session, third).corpus.digest == corpus.digest


def test_unchanged_content_is_not_published_again(database: Database) -> None:
    first = _publish(database, small_corpus())
    assert _snapshot(database, small_corpus()) == first
    second = _snapshot(database, _fewer())  # waits for its index
    assert _snapshot(database, _fewer()) == second
    assert _snapshot(database, small_corpus()) == first  # what is current was put back
    with database.session() as session:
        assert session.query(PublicationRow).count() == 2


def test_unsound_content_is_not_published(database: Database) -> None:
    small = small_corpus()
    number = _publish(database, small)
    broken = Corpus(small.documents, (), (replace(entry("x", "?", "!"), citations=(pid("ND9-2030:1"),)),))
    with pytest.raises(ContentError, match="ND9-2030"):
        _snapshot(database, broken)
    with database.session() as session:
        assert newest_number(session) == number
        assert read_content(session) == small


def test_nothing_published_is_said_with_the_remedy(database: Database) -> None:
    with (
        database.session() as session,
        pytest.raises(DatabaseError, match="nothing has been published yet; run: award setup"),
    ):
        read_publication(session)
    _snapshot(database, small_corpus())
    with database.session() as session:
        assert current(session) is None
        with pytest.raises(DatabaseError, match="nothing has been published yet"):
            read_publication(session)
        with pytest.raises(DatabaseError, match="no publication 77; award publications lists them"):
            read_publication(session, 77)


def test_going_back_is_one_more_row_and_the_history_stays(database: Database) -> None:
    first, second = _publish(database, small_corpus(), "Lan"), _publish(database, _fewer(), "Minh")
    with database.session() as session:
        back = make_current(session, first, "Minh", Reason.ROLLED_BACK)
    with database.session() as session:
        assert current(session) == back
        told = [(one.number, one.author, one.reason) for one in history(session)]
        assert told == [
            (first, "Lan", Reason.PUBLISHED),
            (second, "Minh", Reason.PUBLISHED),
            (first, "Minh", Reason.ROLLED_BACK),
        ]
        assert len({one.change for one in history(session)}) == 3
        for one in history(session):
            found = current_at(session, one.since)
            assert found is not None and found.change == one.change
        assert current_at(session, back.since - timedelta(days=1)) is None
        later = current_at(session, datetime.now(UTC) + timedelta(days=1))
        assert later == back


def test_a_moment_is_the_same_in_every_zone(database: Database) -> None:
    """An officer gives the time in Vietnam; SQLite keeps times without their zone."""
    _publish(database, small_corpus())
    with database.session() as session:
        now = current(session)
        assert now is not None
        vietnam = timezone(timedelta(hours=7))
        assert current_at(session, (now.since - timedelta(seconds=1)).astimezone(vietnam)) is None
        assert current_at(session, (now.since + timedelta(seconds=1)).astimezone(vietnam)) == now


def test_a_decision_on_an_older_state_is_refused(database: Database) -> None:
    first = _publish(database, small_corpus())
    with database.session() as session:
        seen = current(session)
    second = _publish(database, _fewer())
    assert seen is not None
    with pytest.raises(PublicationError, match="became current meanwhile"), database.session() as session:
        make_current(session, first, "", Reason.ROLLED_BACK, follows=seen.change)
    with database.session() as session:
        assert current_number(session) == second


def test_two_at_the_same_moment_can_not_both_follow(database: Database) -> None:
    number = _publish(database, small_corpus())
    with database.session() as session:
        session.execute(
            text(
                "INSERT INTO current_publications (number, since, author, reason, follows) "
                "SELECT number, since, author, reason, id FROM current_publications"
            )
        )
    with pytest.raises(PublicationError, match="another did at the same moment"), database.session() as session:
        session.execute(text("DELETE FROM current_publications WHERE follows > 0"))
        session.execute(text("UPDATE current_publications SET follows = id"))
        make_current(session, number, "", Reason.PUBLISHED)
    with database.session() as session:
        assert current_number(session) == number


def test_a_publication_that_is_not_there_can_not_become_current(database: Database) -> None:
    _publish(database, small_corpus())
    with pytest.raises(PublicationError, match="publication 99 can't become current"), database.session() as session:
        make_current(session, 99, "", Reason.ROLLED_BACK)


def test_the_list_tells_what_each_holds(database: Database) -> None:
    first, second = _publish(database, small_corpus(), "Lan"), _snapshot(database, _fewer(), "Minh")
    with database.session() as session:
        note_check(session, second, False, {"lost": ["mau-don"]})
        note_check(session, first, False, {})
        note_check(session, first, True, {"asked": 5})
    with database.session() as session:
        newest, older = list_publications(session)
        assert last_check(session, first) == (True, {"asked": 5})
        assert last_check(session, second) == (False, {"lost": ["mau-don"]})
        assert last_check(session, 99) is None
    assert (older.number, older.current, older.checked, older.author) == (first, True, True, "Lan")
    assert (newest.number, newest.current, newest.checked, newest.author) == (second, False, False, "Minh")
    assert older.counts == {"documents": 2, "provisions": 4, "guidance": 3, "faq": 5}
    assert newest.counts["faq"] == 1
    assert older.digest == small_corpus().digest
    assert older.created_at.tzinfo is not None


def test_an_older_database_keeps_its_newest_publication_as_the_current_one(empty_database: Database) -> None:
    """Until now a server took the newest at its start; nothing said so."""
    database = empty_database
    with database.engine.connect() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        record = {"documents": [{"provisions": [1, 2]}], "guidance": [], "faq": [1, 2, 3]}
        for number in (1, 2):
            connection.execute(
                text("INSERT INTO publications (number, digest, created_at, content) VALUES (:n, 'd', :at, :content)"),
                {
                    "n": number,
                    "at": datetime(2026, 3, number, tzinfo=UTC),
                    "content": zlib.compress(json.dumps(record).encode()),
                },
            )
        connection.commit()
    assert database.upgrade() is True
    with database.session() as session:
        found = current(session)
        assert found is not None
        assert (found.number, found.since, found.reason) == (2, datetime(2026, 3, 2, tzinfo=UTC), Reason.PUBLISHED)
        assert list_publications(session)[1].counts == {"documents": 1, "provisions": 2, "guidance": 0, "faq": 3}
    with database.session() as session:  # the next number and the next change follow
        session.add(
            PublicationRow(number=3, digest="x", created_at=datetime.now(UTC), author="", counts={}, content=b"")
        )
        session.flush()
        assert make_current(session, 3, "", Reason.PUBLISHED).change > found.change

"""A backup is taken while people write, put in place, and keeps forgotten what was deleted since: on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import MetaData, func, select
from sqlalchemy.engine import make_url

import bot.cli  # with every table of the product
from actions.answer import AnswerStatus
from actions.personal_data import export_person
from bot.backups import restoring
from bot.backups.archive import Archive, BackupKey, new_key
from bot.backups.copying import libpq_environment
from bot.backups.making import make_backup
from bot.backups.restoring import ask_golden_questions, check_backup, restore_backup
from bot.conversations import Conversations, Turn, TurnRow
from bot.deletions import DeletionLog
from bot.erasure import erase
from bot.errors import BackupError
from bot.messages import AnswerMessage
from bot.publishing import Publisher
from bot.settings import KnowledgeSettings, Settings
from fake_encoder import HashEncoder
from knowledge.database import Base, Database, _alembic, read_content, replace_content
from small_corpus import small_corpus

assert bot.cli
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ANSWER = AnswerMessage(status=AnswerStatus.ANSWERED, text="36 tháng", as_of="2026-11-22")


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    (tmp_path / "config.yml").write_text("bot: {}\n")
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(root=tmp_path, knowledge=KnowledgeSettings(database=url))


def _talk(database: Database, sender: str = "rest:a") -> None:
    Conversations(database, 30).record(Turn(sender, "rest", "điều kiện?", ANSWER, 1, 5))


def _turns(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(TurnRow)) or 0


def _lose(database: Database) -> None:
    """The disk is lost; what stands afterwards is empty."""
    path = database.engine.url.database
    if database.engine.dialect.name == "sqlite":
        database.close()
        for file in Path(path or "").parent.glob("award.db*"):
            file.unlink()
        return
    metadata = MetaData()
    metadata.reflect(database.engine)
    metadata.drop_all(database.engine)


def test_everything_comes_back(database: Database, settings: Settings, tmp_path: Path) -> None:
    with database.session() as session:
        replace_content(session, small_corpus())
    for number in range(20):
        _talk(database, f"rest:{number}")
    (settings.var).mkdir(exist_ok=True)
    (settings.var / "starting-content.json").write_text("{}")
    done = make_backup(settings, database, tmp_path / "backup.tar.gz", NOW, None)
    assert done.manifest.counts["turns"] == 20
    assert done.manifest.revision == database.revision()
    assert set(done.manifest.counts) == {*Base.metadata.tables, "alembic_version"}
    assert check_backup(settings, done.file, None) == done.manifest
    _lose(database)
    (settings.var / "starting-content.json").unlink()
    (tmp_path / "config.yml").write_text("bot: {operator: other}\n")
    restored = restore_backup(settings, database, done.file, NOW, None)
    assert (restored.forgotten, restored.before, restored.settings_differ) == (0, None, True)
    assert _turns(database) == 20
    with database.session() as session:
        assert read_content(session) == small_corpus()
    database.check_schema()
    _talk(database)
    assert _turns(database) == 21, "numbers go on"
    assert (settings.var / "starting-content.json").read_text() == "{}"
    assert (settings.var / "config.restored.yml").read_text() == "bot: {}\n"
    assert list((settings.var / "restore").glob(".backup-[!l]*")) == [], "nothing in the clear is left"


def test_an_encrypted_backup_is_restored_with_the_secret_key(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    public = new_key(tmp_path / "key")
    _talk(database)
    done = make_backup(settings, database, tmp_path, NOW, BackupKey(public))
    assert done.file.name == "award-20261122T080000Z.tar.gz.age"
    _lose(database)
    with pytest.raises(BackupError, match="secret key"):
        restore_backup(settings, database, done.file, NOW, BackupKey(public))
    restore_backup(settings, database, done.file, NOW, BackupKey((tmp_path / "key").read_text()))
    assert _turns(database) == 1


def test_what_is_there_is_replaced_on_request_only_and_kept(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    _talk(database)
    done = make_backup(settings, database, tmp_path / "one.tar.gz", NOW, None)
    _talk(database)
    with pytest.raises(BackupError, match="--replace"):
        restore_backup(settings, database, done.file, NOW, None)
    assert _turns(database) == 2
    restored = restore_backup(settings, database, done.file, NOW, None, replace=True)
    assert _turns(database) == 1
    assert restored.before
    assert restored.before.file.name == "before-restore-award-20261122T080000Z.tar.gz"
    restore_backup(settings, database, restored.before.file, NOW + timedelta(seconds=1), None, replace=True)
    assert _turns(database) == 2


def test_a_damaged_backup_replaces_nothing(database: Database, settings: Settings, tmp_path: Path) -> None:
    _talk(database)
    done = make_backup(settings, database, tmp_path / "one.tar.gz", NOW, None)
    done.file.write_bytes(done.file.read_bytes()[:-200])
    _talk(database)
    with pytest.raises(BackupError, match="take another backup"):
        restore_backup(settings, database, done.file, NOW, None, replace=True)
    assert _turns(database) == 2


def test_deleted_people_stay_deleted(database: Database, settings: Settings, tmp_path: Path) -> None:
    """Deleted after the backup: gone again. Deleted before it and back since: what they said since stays."""
    conversations = Conversations(database, 30)
    web = conversations.open("web").id
    conversations.add_question(web, "12345678", "điều kiện?")
    for sender in ("rest:a", "rest:b", "rest:c"):
        _talk(database, sender)
    erase(database, "rest:b")
    _talk(database, "rest:b")
    done = make_backup(settings, database, tmp_path / "one.tar.gz", NOW, None)
    erase(database, "rest:a")
    erase(database, f"web:{web}")
    later = make_backup(settings, database, tmp_path / "two.tar.gz", NOW, None)
    assert later.manifest.counts["deletions"] == 3
    _lose(database)
    settings.root.joinpath(
        settings.bot.deletion_log
    ).unlink()  # it was on the lost disk; the one beside the backups is not
    restored = restore_backup(settings, database, done.file, NOW, None)
    assert restored.forgotten == 2
    with database.session() as session:
        assert export_person(session, "rest:a") == {}
        assert export_person(session, f"web:{web}") == {}
        assert export_person(session, "rest:b")
        assert export_person(session, "rest:c")
    logged = (tmp_path / "deletions.jsonl").read_text()
    assert "rest:" not in logged
    assert web not in logged
    assert len(DeletionLog(settings.root / settings.bot.deletion_log).read()) == 3


def test_deleted_rows_are_not_in_the_file(database: Database, settings: Settings, tmp_path: Path) -> None:
    """SQLite keeps the bytes of deleted rows in its file until they are written over; a backup must not."""
    secret = "so-di-dong-cua-toi"
    Conversations(database, 30).record(Turn("rest:a", "rest", secret * 50, ANSWER, 1, 5))
    erase(database, "rest:a")
    done = make_backup(settings, database, tmp_path / "one.tar.gz", NOW, None)
    folder = tmp_path / "read"
    folder.mkdir()
    archive = Archive(done.file, folder, None)
    assert all(secret.encode() not in (folder / part.name).read_bytes() for part in archive.manifest.parts)


def test_a_backup_of_an_older_program_is_brought_forward(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    _talk(database)
    with database.engine.connect() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0009")
        connection.commit()
    done = make_backup(settings, database, tmp_path / "old.tar.gz", NOW, None)
    assert done.manifest.revision == "0009"
    _lose(database)
    restore_backup(settings, database, done.file, NOW, None)
    database.check_schema()
    assert _turns(database) == 1


def test_writers_go_on_and_the_copy_is_of_one_moment(database: Database, settings: Settings, tmp_path: Path) -> None:
    """Each transaction writes two turns; whatever moment the copy is of, it holds an even number of them."""
    end, written = threading.Event(), [0]

    def write() -> None:
        while not end.is_set():
            with database.session() as session:
                for _ in range(2):
                    row = {
                        "key": f"k{written[0]}",
                        "conversation_id": "rest:w",
                        "channel": "rest",
                        "at": NOW,
                        "question": "?",
                    }
                    session.add(TurnRow(**row, status="answered", answer={"text": ""}, milliseconds=1))
                    written[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while not written[0]:
            time.sleep(0.01)
        backups = [make_backup(settings, database, tmp_path / f"{number}.tar.gz", NOW, None) for number in range(3)]
    finally:
        end.set()
        thread.join()
    counts = [one.manifest.counts["turns"] for one in backups]
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[-1] <= written[0]
    assert counts[-1] > 0


def test_a_database_in_use_is_not_replaced(settings: Settings, database: Database, tmp_path: Path) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL replaces its tables in one transaction, which waits for readers")
    _talk(database)
    done = make_backup(settings, database, tmp_path / "one.tar.gz", NOW, None)
    server = Database(settings.database_url)
    _talk(server)
    with pytest.raises(BackupError, match="stop the server first"):
        restore_backup(settings, database, done.file, NOW, None, replace=True)
    server.close()
    assert _turns(database) == 2


def test_the_golden_questions_are_asked_of_what_came_back(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    encoder = HashEncoder()
    golden = tmp_path / settings.knowledge.golden
    golden.parent.mkdir(parents=True)
    golden.write_text(
        json.dumps(
            {"id": "x", "question": "Giải thưởng có mấy loại?", "lang": "vi", "expect": "answer", "must": [["vàng"]]}
        )
        + "\n"
    )
    with database.session() as session:
        replace_content(session, small_corpus())
    Publisher(settings, database, encoder=encoder).publish("test")
    done = make_backup(settings, database, tmp_path / "one.tar.gz", NOW, None)
    assert done.manifest.publication == 1
    _lose(database)
    restore_backup(settings, database, done.file, NOW, None)
    asked = ask_golden_questions(settings, database, lambda done, total: None, encoder)
    assert asked.now.entries == len(small_corpus().faq)
    assert asked.then is not None
    assert asked.equal
    assert asked.now.missed == asked.then.missed


def test_another_kind_of_database_is_refused(database: Database, settings: Settings, tmp_path: Path) -> None:
    kind = database.engine.dialect.name
    done = make_backup(settings, database, tmp_path / "one.tar.gz", NOW, None)
    other = (
        Database(f"sqlite:///{tmp_path / 'other.db'}")
        if kind != "sqlite"
        else Database("postgresql+psycopg://x@127.0.0.1:1/x")
    )
    manifest = replace(done.manifest, database="sqlite" if kind != "sqlite" else "postgresql")
    with pytest.raises(BackupError, match="AWARD_DATABASE_URL"):
        restoring._check_kind(manifest, database)
    restoring._check_kind(manifest, other)
    other.close()


def test_secrets_reach_postgresql_by_the_environment() -> None:
    url = make_url("postgresql+psycopg://award:p%40ss@db:5433/award?sslmode=verify-full&options=-csearch_path%3Dx")
    assert libpq_environment(url) == {
        "PGHOST": "db",
        "PGPORT": "5433",
        "PGDATABASE": "award",
        "PGUSER": "award",
        "PGPASSWORD": "p@ss",
        "PGSSLMODE": "verify-full",
        "PGOPTIONS": "-csearch_path=x",
    }
    with pytest.raises(BackupError, match="gssencmode"):
        libpq_environment("postgresql+psycopg://db/award?gssencmode=disable")


def test_an_empty_database_has_no_backup(empty_database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="empty"):
        make_backup(Settings(root=tmp_path), empty_database, tmp_path / "one.tar.gz", NOW, None)
    assert not (tmp_path / "one.tar.gz").exists()

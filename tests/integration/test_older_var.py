"""A var/ that an earlier program left: its database, its indexes. The set-up brings it up, and nothing that was said is lost."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import DateTime, LargeBinary, MetaData

from actions.answer import AnswerStatus, Query
from bot import publishing
from bot.conversations import Conversations
from bot.publication import open_publication
from bot.publishing import Publisher
from bot.replay import Replayer
from bot.settings import IndexSettings, Settings
from bot.setup import load_starting_content, prepare_database, prepare_publication
from fake_encoder import HashEncoder
from knowledge.database import Database, _alembic, read_content
from knowledge.publications import current, read_publication
from small_corpus import small_corpus

OLD = Path(__file__).parents[1] / "samples" / "database" / "0001.json"  # written by the program of that revision
WAITING = "645e84f2605f28d64e3dbd03"  # its conversation with a question that was not answered yet


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(publishing, "open_encoder", lambda name, threads: HashEncoder("hash"))
    settings = Settings(root=tmp_path, index=IndexSettings(encoder="hash"))
    _write_old_index(settings.var / "index" / "publication-1")
    return settings


def _write_old_index(folder: Path) -> None:
    """An index of format 3, of which only the manifest is ever read."""
    folder.mkdir(parents=True)
    record = {"corpus_digest": "d", "encoder": "hash", "dimension": 64, "passages": 12, "wordings": 23}
    (folder / "manifest.json").write_text(json.dumps({"format": 3, **record}), encoding="utf-8")


def _fill(database: Database) -> None:
    """Bring an empty database to revision 0001 and put the old rows in."""
    with database.engine.begin() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        metadata = MetaData()
        metadata.reflect(connection)
        held = json.loads(OLD.read_text(encoding="utf-8"))
        for table in metadata.sorted_tables:
            types = {column.name: column.type for column in table.columns}
            rows = [
                {name: _value(value, types[name]) for name, value in row.items()} for row in held.get(table.name, [])
            ]
            if rows:
                connection.execute(table.insert(), rows)


def _value(value: Any, kind: Any) -> Any:
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return json.loads(value) if type(kind).__name__ == "JSON" and value else value


def test_an_older_var_comes_up_with_all_that_it_held(settings: Settings, empty_database: Database) -> None:
    database = empty_database
    _fill(database)
    assert prepare_database(database) == "brought to the newest revision"
    said: list[str] = []
    assert "left as the staff have changed it" in (load_starting_content(settings, database) or "")
    assert prepare_publication(settings, database, said.append) == "12 passages, 23 wordings"
    served = open_publication(settings, database, HashEncoder("hash"))
    assert served.number == 1
    assert served.answerer.corpus == small_corpus()
    question = Query(small_corpus().faq[0].vietnamese.question, date(2026, 11, 22))
    assert "36 tháng" in served.answerer.answer(question).text
    conversations = Conversations(database, 30)
    assert [(seq, text) for seq, text, _ in conversations.unanswered(WAITING)] == [(3, "Mẫu đơn lấy ở đâu?")]
    assert [one.role for one in conversations.after(WAITING, 0)] == ["user", "assistant", "user"]
    replayed = Replayer(settings, database).replay(1)
    assert replayed.turn.status == AnswerStatus.ANSWERED
    assert "record only" in replayed.words()


def test_an_older_var_goes_on_to_be_edited_and_published(settings: Settings, empty_database: Database) -> None:
    _fill(empty_database)
    empty_database.upgrade()
    with empty_database.session() as session:
        assert read_content(session) == small_corpus()
        assert read_publication(session).corpus == small_corpus()
        before = current(session)
    published = Publisher(settings, empty_database, encoder=HashEncoder("hash")).publish("Lan")
    assert before is not None
    assert published.current.number >= before.number
    assert not (settings.var / "index" / "publication-1").exists() or not published.changed

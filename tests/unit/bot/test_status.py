"""`award status`: what is well and what needs a person."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.answer import AnswerStatus
from bot import status as status_module
from bot.backups.ageing import dated_name
from bot.conversations import Conversations, MessageRow, Turn
from bot.errors import StartError
from bot.messages import AnswerMessage
from bot.settings import KnowledgeSettings, Settings
from bot.status import status
from knowledge.database import Database

PARTS = {"database": "ready", "publication": "ready: 3", "dialogue": "ready (restarts: 0)"}


@pytest.fixture
def ready() -> Iterator[str]:
    """Something that answers as a ready server does."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"parts": PARTS}).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    url = database.engine.url.render_as_string(hide_password=False)
    own = Settings(root=tmp_path, knowledge=KnowledgeSettings(database=url))
    monkeypatch.setattr(status_module, "load_settings", lambda: own)
    return own


def test_all_is_well(settings: Settings, database: Database, ready: str, capsys: pytest.CaptureFixture[str]) -> None:
    for number, how in enumerate([AnswerStatus.ANSWERED, AnswerStatus.ANSWERED, AnswerStatus.UNKNOWN]):
        answer = AnswerMessage(status=how, text="", as_of="")
        Conversations(database, 30).record(Turn("rest:a", "rest", "?", answer, 1, 10 * (number + 1)))
    folder = settings.var / "backups"
    folder.mkdir(parents=True)
    (folder / dated_name(datetime.now(UTC) - timedelta(hours=3), True)).touch()
    status(ready, None)
    said = capsys.readouterr().out
    assert "✗" not in said
    assert "publication: ready: 3" in said
    assert "turns of the last 24 hours: 2 answered, 1 unknown" in said
    assert "half below 20 ms" in said
    assert "newest backup is 3 hours old" in said


def test_what_needs_a_person_is_named(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    conversations = Conversations(database, 30)
    conversations.add_question(conversations.open("web").id, "12345678", "điều kiện?")
    with database.session() as session:
        session.query(MessageRow).update({MessageRow.at: datetime.now(UTC) - timedelta(minutes=10)})
    with pytest.raises(StartError, match="3 of these need a person"):
        status("http://127.0.0.1:1", None)
    said = capsys.readouterr().out
    assert "✗ server http://127.0.0.1:1 does not answer (ConnectError)" in said
    assert "✗ 1 questions wait for an answer, the oldest for 60" in said
    assert "✗ no backup in" in said

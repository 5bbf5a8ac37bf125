"""`award case …` and `award person …` as officers use them, over a database with one person in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from sqlalchemy import select

from actions.handover import cases
from actions.handover.case import Case, CaseReason, CaseState
from actions.outbox import OutboxRow
from bot import case_commands, person_commands
from bot.cli import main
from bot.settings import Settings
from databases import sqlite_url
from knowledge.database import Database

Award = Callable[..., tuple[int, str, str]]
SENDER = "web:6e3f"


@pytest.fixture
def award(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], sqlite: Database
) -> Award:
    """Runs `award …` over that database; exit code, output and complaint."""
    settings = Settings.model_validate({"knowledge": {"database": sqlite_url(tmp_path)}, "root": tmp_path})
    for module in (case_commands, person_commands):
        monkeypatch.setattr(module, "load_settings", lambda: settings)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["award", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def case(sqlite: Database) -> Case:
    """Somebody waits, and has said how to be reached."""
    with sqlite.session() as session:
        opened, _ = cases.open_case(session, SENDER, "web", CaseReason.ASKED)
        cases.note_contact(session, SENDER, ("0912 345 678",))
    return opened


def _now(database: Database, case: Case) -> Case:
    with database.session() as session:
        return cases.find_case(session, case.id)


def _brought(database: Database) -> list[str]:
    """What is on its way to the person."""
    with database.session() as session:
        return [str(row.answer["text"]) for row in session.scalars(select(OutboxRow))]


def test_nobody_waits(award: Award) -> None:
    assert award("case", "list") == (0, "Không có yêu cầu nào.\n", "")


def test_a_case_is_listed_taken_answered_given_back_and_closed(award: Award, sqlite: Database, case: Case) -> None:
    listed = award("case", "list")[1]
    assert case.number in listed and "chờ cán bộ" in listed and "web" in listed

    code, out, _ = award("case", "take", case.number, "--as", "lan")
    assert (code, out.startswith(f"✓ {case.number} · cán bộ giữ (lan)")) == (0, True)
    assert award("case", "reply", str(case.id), "Dạ hồ sơ nộp tại Sở ạ.", "--as", "lan")[0] == 0
    assert any("Dạ hồ sơ nộp tại Sở ạ." in one for one in _brought(sqlite))

    shown = award("case", "show", case.number)[1]
    assert "liên hệ: 0912 345 678" in shown
    assert "lan trả lời: Dạ hồ sơ nộp tại Sở ạ." in shown and "lan nhận" in shown
    assert shown.index("mở yêu cầu") < shown.index("lan nhận") < shown.index("lan trả lời")

    assert award("case", "back", case.number, "--as", "lan")[0] == 0
    assert _now(sqlite, case).state is CaseState.ANSWERED and _now(sqlite, case).officer is None
    assert award("case", "close", case.number, "--as", "lan")[0] == 0
    assert award("case", "list")[1] == "Không có yêu cầu nào.\n"
    assert case.number in award("case", "list", "--closed")[1]


def test_a_reply_takes_a_case_that_nobody_has(award: Award, sqlite: Database, case: Case) -> None:
    assert award("case", "reply", case.number, "Chào anh chị.", "--as", "minh")[0] == 0
    assert (_now(sqlite, case).officer, _now(sqlite, case).state) == ("minh", CaseState.OWNED)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("show", "99"), "award case list shows those that wait"),
        (("take", "abc"), "write it like HT-2026-000123"),
        (("reply", "1", "x", "--as", "minh"), "is taken by lan"),
        (("take", "1", "--as", "minh"), "is taken by lan"),
        (("back", "1", "--as", "minh"), "is taken by lan"),
    ],
)
def test_what_can_not_be_done_is_one_line(award: Award, case: Case, arguments: tuple[str, ...], complaint: str) -> None:
    assert award("case", "take", "1", "--as", "lan")[0] == 0
    code, out, told = award("case", *arguments)
    assert (code, out, told.count("\n")) == (1, "", 1)
    assert told.startswith("✗ ") and complaint in told


def test_what_is_kept_of_a_person_is_printed_and_deleted(award: Award, sqlite: Database, case: Case) -> None:
    code, out, _ = award("person", "export", SENDER)
    assert code == 0 and "0912 345 678" in json.dumps(json.loads(out), ensure_ascii=False)
    code, out, _ = award("person", "delete", SENDER, "--yes")
    assert code == 0 and out.startswith("✓ deleted: ") and "nothing" not in out
    assert award("case", "list", "--closed")[1] == award("case", "list")[1] == "Không có yêu cầu nào.\n"
    code, _, told = award("person", "export", SENDER)
    assert (code, told) == (1, f"✗ nothing is kept of «{SENDER}»\n")
    assert award("person", "delete", SENDER, "--yes")[1] == "✓ deleted: nothing was kept\n"


def test_nothing_is_deleted_without_a_yes(
    award: Award, sqlite: Database, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(*_: object, **__: object) -> bool:
        raise typer.Abort

    monkeypatch.setattr(typer, "confirm", no)
    assert award("person", "delete", SENDER)[0] == 1
    assert _now(sqlite, case).state is CaseState.OPEN

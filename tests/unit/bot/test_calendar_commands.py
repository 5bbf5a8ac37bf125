"""`award calendar …` as staff use it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot import calendar_commands, setup
from bot.cli import main
from bot.settings import Settings
from bot.setup import load_starting_calendar
from databases import sqlite_url
from knowledge.calendar import EventState, SeasonEvent
from knowledge.calendar_files import write_calendar_file
from knowledge.calendar_store import read_calendar
from knowledge.database import Database
from season_events import event
from shipped import TODAY

Award = Callable[..., tuple[int, str, str]]
ADD = ("add", "2027-03-10", "Hạn nộp hồ sơ", "--basis", "Thông báo 1", "--kind", "dossier")


@pytest.fixture
def award(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], sqlite: Database
) -> Award:
    """Runs `award calendar …` over a database of its own; exit code, output and complaint."""
    settings = Settings.model_validate(
        {"knowledge": {"database": sqlite_url(tmp_path)}, "root": tmp_path, "today_fixed": TODAY}
    )
    monkeypatch.setattr(calendar_commands, "load_settings", lambda: settings)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["award", "calendar", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


def _events(database: Database) -> list[SeasonEvent]:
    with database.session() as session:
        return read_calendar(session)


def test_add_move_confirm_cancel_and_remove(award: Award, sqlite: Database) -> None:
    assert award(*ADD)[:2] == (0, "✓ 2027-han-nop-ho-so: 10/03/2027, Hạn nộp hồ sơ\n")
    assert award("confirm", "2027-han-nop-ho-so")[0] == 0
    code, out, _ = award("move", "2027-han-nop-ho-so", "2027-03-20", "--at", "17:00", "--basis", "Thông báo 2")
    assert (code, out) == (0, "✓ 2027-han-nop-ho-so: 10/03/2027 → 17:00 ngày 20/03/2027\n")
    (moved,) = _events(sqlite)
    assert (moved.state, moved.moved_from, moved.sequence, moved.basis) == (
        EventState.MOVED, date(2027, 3, 10), 2, "Thông báo 2",
    )  # fmt: skip
    assert "2027-han-nop-ho-so" in award("list")[1]
    refused, _, complaint = award("remove", "2027-han-nop-ho-so")
    assert refused == 1 and "award calendar cancel 2027-han-nop-ho-so" in complaint
    assert award("cancel", "2027-han-nop-ho-so")[0] == 0
    assert award("remove", "2027-han-nop-ho-so")[0] == 0
    assert "chưa công bố" in award("list")[1]


def test_months_provinces_and_corrections(award: Award, sqlite: Database) -> None:
    assert (
        award("add", "2027-06-15", "Sơ tuyển", "--basis", "x", "--month", "--until", "2027-12-01", "--id", "a")[0] == 0
    )
    assert (
        award("add", "2027-03-10", "Nộp", "--basis", "x", "--province", "Tây Ninh", "--id", "b", "--season", "2026")[0]
        == 0
    )
    assert award("move", "b", "2027-03-11", "--correction")[0] == 0
    first, second = sorted(_events(sqlite), key=lambda one: one.id)
    assert first.when() == "tháng 6/2027 – tháng 12/2027"
    assert (second.state, second.moved_from, second.sequence, second.season) == (EventState.PLANNED, None, 1, 2026)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("move", "x", "2027-01-01"), "award calendar list shows all"),
        (("cancel", "x"), "award calendar list shows all"),
        (("add", "10/03/2027", "T", "--basis", "b"), "write it like 2027-03-10"),
        (("add", "2027-03-10", "T", "--basis", " "), "basis: "),
        (("add", "2027-03-10", "T", "--basis", "b", "--until", "2027-03-01"), "swap the two days"),
        (("add", "2027-03-10", "T", "--basis", "b", "--at", "8h30"), "a time like"),
        (("add", "2027-03-10", "???", "--basis", "b"), "give one with --id"),
        (("add", "2027-03-10", "T", "--basis", "b", "--id", "Hạn"), "id: "),
        (("add", "2027-03-10", "T", "--basis", "b", "--source", "giaithuong.org.vn"), "source: "),
        (("move", "known", "2027-03-10"), "give the new day"),
        (("confirm", "gone"), "is cancelled, not planned"),
        (("move", "gone", "2027-05-01"), "add a new event"),
        (("cancel", "gone"), "cancelled already"),
        ((*ADD, "--id", "known"), "give another --id"),
    ],
)
def test_an_error_is_one_line_that_names_the_remedy(award: Award, arguments: tuple[str, ...], complaint: str) -> None:
    for command in ((*ADD, "--id", "known"), (*ADD, "--id", "gone"), ("cancel", "gone")):
        assert award(*command)[0] == 0
    code, _, told = award(*arguments)
    assert code == 1 and complaint in told and told.count("\n") == 1 and told.startswith("✗ ")


def test_the_starting_dates_are_loaded_once_and_never_over_those_of_staff(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, award: Award
) -> None:
    monkeypatch.setattr(setup, "DATA", tmp_path / "content")
    settings = Settings(root=tmp_path)
    write_calendar_file(tmp_path / "content", [event("a")])
    assert load_starting_calendar(settings, sqlite) == "1 dates"
    assert load_starting_calendar(settings, sqlite) is None
    write_calendar_file(tmp_path / "content", [event("a"), event("b")])
    assert load_starting_calendar(settings, sqlite) == "2 dates"
    assert award("cancel", "a")[0] == 0
    write_calendar_file(tmp_path / "content", [event("c")])
    told = load_starting_calendar(settings, sqlite)
    assert told and told.startswith("left as the staff have changed them")
    assert [one.id for one in _events(sqlite)] == ["a", "b"]

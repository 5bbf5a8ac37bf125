"""The command line: a known error is one line that names the remedy, and exit code 1."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
import typer

from bot import cli
from bot.cli import main
from bot.settings import Settings


@pytest.fixture
def award(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> object:
    """Runs a command in an empty project; returns exit code, output and complaint."""
    monkeypatch.setattr(cli, "load_settings", lambda: Settings(root=tmp_path))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["award", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "điều kiện"), "run: award setup"),
        (("search", "điều kiện"), "run: award setup"),
        (("check",), "run: award setup"),
        (("knowledge", "load", "nowhere"), "holds no content"),
        (("chat", "--url", "http://127.0.0.1:1"), "start it with make run"),
    ],
)
def test_a_known_error_is_one_line(
    award: object, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    assert callable(award)
    monkeypatch.setattr("builtins.input", lambda prompt: "hỏi")
    code, _, complaint = award(*arguments)
    assert code == 1
    assert said in complaint
    assert complaint.count("\n") == 1
    assert complaint.startswith("✗ ")
    assert "Traceback" not in complaint


def test_a_port_that_is_taken_is_named_with_another(award: object) -> None:
    assert callable(award)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, complaint = award("serve", "--port", str(port))
    assert code == 1
    assert f"port {port}" in complaint
    assert "make run PORT=8001" in complaint


def test_a_full_disk_is_named(award: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(award)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli, "set_up", full)
    code, _, complaint = award("setup")
    assert (code, complaint) == (1, "✗ the disk is full: free some space and run the same command again\n")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("serve", "--help"), ("knowledge", "--help")])
def test_help_is_there(award: object, arguments: tuple[str, ...]) -> None:
    assert callable(award)
    _, told, complaint = award(*arguments)
    assert "Usage" in told + complaint


def test_a_day_that_is_none_is_a_usage_error(award: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(award)
    monkeypatch.setattr(cli, "_served", None)
    with pytest.raises(typer.BadParameter, match="write it like 2022-05-01"):
        cli._day("yesterday", Settings())

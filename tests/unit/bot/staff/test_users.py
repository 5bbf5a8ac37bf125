"""Accounts as administrators keep them, in the console and at the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from actions.staff.roles import Role
from bot import cli, staff_commands
from bot.settings import KnowledgeSettings, Settings
from knowledge.audit import search
from knowledge.database import Database
from staff_site import Person, browser, csrf_of

LogIn = Callable[..., Person]


@pytest.mark.anyio
async def test_an_administrator_adds_changes_and_switches_off(app: FastAPI, database: Database, log_in: LogIn) -> None:
    boss = log_in(Role.ADMINISTRATOR, "boss")
    added = await boss.post("/staff/users", {"login": "Lan.Anh", "name": " Nguyễn  <b>Lan</b> ", "role": "editor"})
    assert "lan.anh" in added.text and "Nguyễn &lt;b&gt;Lan&lt;/b&gt;" in added.text and "<b>Lan" not in added.text
    temporary = added.text.split('class="secret">')[1].split("<")[0]
    assert len(temporary) == 16 and temporary not in (await boss.get("/staff/users")).text
    for login, role, words in (
        ("lan.anh", "editor", "đã có"),
        ("a b", "editor", "chữ thường"),
        ("nam", "king", "Vai trò"),
    ):
        refused = await boss.post("/staff/users", {"login": login, "name": "Nam", "role": role})
        assert refused.status_code == 400 and words in refused.text
    assert (await boss.post("/staff/users/lan.anh/role", {"role": "reviewer"})).status_code == 303
    assert "Người duyệt" in (await boss.get("/staff/users")).text
    for change, sent in (("off", {}), ("role", {"role": "viewer"})):
        last = await boss.post(f"/staff/users/boss/{change}", sent)
        assert last.status_code == 400 and "cuối cùng" in last.text
    who = log_in(Role.VIEWER, "minh")
    assert (await boss.post("/staff/users/minh/off")).status_code == 303
    assert (await who.get("/staff/")).status_code == 303
    assert (await boss.post("/staff/users/nobody/reset")).status_code == 400
    with database.session() as session:
        did = [(one.what, one.who, one.item) for one in search(session, "boss")]
    assert did[:3] == [
        ("user.disable", "boss", "minh"),
        ("user.role", "boss", "lan.anh"),
        ("user.add", "boss", "lan.anh"),
    ]
    page = await boss.get("/staff/audit?q=lan.anh&what=user.role")
    assert "editor → reviewer" in page.text and "<td>thêm tài khoản" not in page.text


@pytest.fixture
def terminal(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    settings = Settings(knowledge=KnowledgeSettings(database=str(sqlite.engine.url)), root=tmp_path)
    monkeypatch.setattr(staff_commands, "load_settings", lambda: settings)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli.app, list(words))
        return done.exit_code, done.output + (str(done.exception) if done.exception else "")

    return run


@pytest.mark.anyio
async def test_the_first_administrator_comes_from_the_command_line(
    terminal: Callable[..., tuple[int, str]], quick_app: FastAPI
) -> None:
    assert "award user add" in terminal("user", "list")[1]
    status, said = terminal("user", "add", "boss", "--role", "administrator", "--name", "Trần Thị Bốn")
    assert status == 0
    who = Person(browser(quick_app))
    page = await who.get("/staff/login")
    sent = {"csrf": csrf_of(page), "login": "boss", "password": said.strip().rpartition(" ")[2]}
    done = await who.http.post("/staff/login", data=sent)
    assert done.status_code == 303
    assert terminal("user", "disable", "boss")[0] == 1
    assert terminal("user", "add", "lan")[0] == 0
    assert "boss" in terminal("user", "list")[1] and "Quản trị viên" in terminal("user", "list")[1]
    assert terminal("user", "role", "lan", "reviewer")[0] == 0
    assert terminal("user", "reset", "lan")[0] == 0
    assert terminal("user", "disable", "lan")[0] == 0
    assert "đã khoá" in terminal("user", "list")[1]
    assert terminal("user", "enable", "lan")[0] == 0
    status, said = terminal("audit", "verify")
    assert status == 0 and "rows, unbroken" in said
    noted = said.strip().rpartition(" ")[2]
    assert terminal("audit", "verify", "--expect", noted)[0] == 0
    assert terminal("audit", "verify", "--expect", noted.replace(":", ":0"))[0] == 1
    assert terminal("audit", "verify", "--expect", "x")[0] == 2

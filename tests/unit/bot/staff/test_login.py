"""Logging in: new session each time, limits, codes, what a wrong try tells and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from actions.staff.roles import Role
from actions.staff.sessions import StaffSessionRow, csrf_token, digest, new_token
from actions.staff.throttle import LoginAttemptRow
from actions.staff.users import StaffUserRow
from knowledge.audit import search
from knowledge.database import Database
from staff_site import COOKIE, PASSWORD, Person, browser, csrf_of, make_user

pytestmark = pytest.mark.anyio
LogIn = Callable[..., Person]


async def submit(who: Person, login: str, password: str, **more: str) -> int:
    page = await who.get("/staff/login")
    sent = {"csrf": csrf_of(page), "login": login, "password": password, **more}
    answered = await who.http.post("/staff/login", data=sent)
    return answered.status_code


async def test_the_right_password_opens_the_console_and_the_page_that_was_asked_for(
    app: FastAPI, database: Database
) -> None:
    make_user(database, "lan", Role.EDITOR)
    who = Person(browser(app))
    asked = await who.get("/staff/account?a=1")
    assert asked.headers["location"] == "/staff/login?next=%2Fstaff%2Faccount%3Fa%3D1"
    page = await who.get(asked.headers["location"])
    done = await who.http.post(
        "/staff/login",
        data={"csrf": csrf_of(page), "login": " LAN ", "password": PASSWORD, "next": "/staff/account?a=1"},
    )
    assert (done.status_code, done.headers["location"]) == (303, "/staff/account?a=1")
    assert "Lan" in (await who.get("/staff/account")).text
    with database.session() as session:
        assert [(one.what, one.who) for one in search(session, limit=1)] == [("login", "lan")]


async def test_a_session_is_new_at_each_login_and_one_that_was_put_there_opens_nothing(
    app: FastAPI, database: Database
) -> None:
    make_user(database, "lan", Role.EDITOR)
    planted = new_token()
    victim = Person(browser(app, planted))
    assert await submit(victim, "lan", PASSWORD) == 303
    token = victim.http.cookies[COOKIE]
    assert token != planted
    attacker = Person(browser(app, planted))
    assert (await attacker.get("/staff/")).status_code == 303
    assert (await victim.get("/staff/")).status_code == 200
    again = Person(browser(app, token))
    page = await again.http.post("/staff/login", data={"csrf": csrf_token(token), "login": "lan", "password": PASSWORD})
    assert page.status_code == 303
    assert (await Person(browser(app, token)).get("/staff/")).status_code == 303, "the session before has ended"


async def test_cookies_are_out_of_reach_of_scripts_and_by_https_of_plain_connections(quick_app: FastAPI) -> None:
    plain = (await browser(quick_app).get("/staff/login")).headers["set-cookie"]
    assert "HttpOnly" in plain and "SameSite=lax" in plain and "Secure" not in plain
    secure = (await browser(quick_app, scheme="https").get("/staff/login")).headers["set-cookie"]
    assert (
        secure.startswith("__Host-award-staff=")
        and "Secure" in secure
        and "Path=/;" in secure
        and "Domain" not in secure
    )


async def test_a_wrong_password_and_a_wrong_name_look_alike(quick_app: FastAPI, sqlite: Database) -> None:
    make_user(sqlite, "lan", Role.EDITOR)
    make_user(sqlite, "off", Role.EDITOR)
    with sqlite.session() as session:
        session.execute(update(StaffUserRow).where(StaffUserRow.login == "off").values(active=False))
    pages = []
    for login, password in (("lan", "sai mật khẩu rồi"), ("nobody", PASSWORD), ("off", PASSWORD)):
        who = Person(browser(quick_app))
        token = csrf_of(await who.get("/staff/login"))
        answered = await who.http.post("/staff/login", data={"csrf": token, "login": login, "password": password})
        assert answered.status_code == 401
        pages.append(answered.text.replace(token, "").replace(f'value="{login}"', ""))
    assert len(set(pages)) == 1


async def test_guessing_is_stopped_for_an_account_and_for_an_address(app: FastAPI, database: Database) -> None:
    make_user(database, "lan", Role.EDITOR)
    make_user(database, "minh", Role.EDITOR)
    who = Person(browser(app))
    token = csrf_of(await who.get("/staff/login"))

    async def guess(login: str, password: str = "sai sai sai sai") -> str:
        answered = await who.http.post("/staff/login", data={"csrf": token, "login": login, "password": password})
        return answered.text if answered.status_code == 401 else "in"

    for _ in range(5):
        assert "không đúng" in await guess("lan")
    assert "quá nhiều lần" in await guess("lan"), "the sixth"
    assert "quá nhiều lần" in await guess("lan", PASSWORD), "also the right one"
    for number in range(25):
        assert "không đúng" in await guess(f"nobody{number}")
    assert "quá nhiều lần" in await guess("minh", PASSWORD), "thirty tries from this address"
    with database.session() as session:
        early = datetime.now(UTC) - timedelta(minutes=16)
        session.execute(update(LoginAttemptRow).values(at=early))
        assert not session.scalars(select(LoginAttemptRow).where(LoginAttemptRow.subject.contains("127.0.0.1"))).all()
    assert await guess("lan", PASSWORD) == "in"


async def test_a_session_ends_when_it_is_idle_and_when_it_is_old(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    for column, age in (("seen_at", timedelta(minutes=61)), ("created_at", timedelta(hours=11))):
        who = log_in(Role.EDITOR, f"of-{column}".replace("_", "-"))
        assert (await who.get("/staff/")).status_code == 200
        with database.session() as session:
            then = update(StaffSessionRow).where(StaffSessionRow.digest == digest(who.token))
            session.execute(then.values({column: datetime.now(UTC) - age}))
        assert (await who.get("/staff/")).status_code == 303


async def test_a_visit_keeps_a_session_from_being_idle(app: FastAPI, database: Database, log_in: LogIn) -> None:
    who = log_in(Role.EDITOR)
    early = datetime.now(UTC) - timedelta(minutes=50)
    with database.session() as session:
        session.execute(update(StaffSessionRow).values(seen_at=early))
    assert (await who.get("/staff/")).status_code == 200
    with database.session() as session:
        seen = session.scalars(select(StaffSessionRow.seen_at)).one()
    assert seen.replace(tzinfo=UTC) > early + timedelta(minutes=40)


async def test_logging_out_ends_the_session_at_the_server(log_in: LogIn, app: FastAPI) -> None:
    who = log_in(Role.VIEWER)
    assert (await who.post("/staff/logout")).headers["location"] == "/staff/login"
    assert (await Person(browser(app, who.token)).get("/staff/")).status_code == 303


async def test_a_temporary_password_opens_only_the_page_where_it_is_changed(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    administrator, other = log_in(Role.ADMINISTRATOR), log_in(Role.EDITOR, "lan")
    page = await administrator.post("/staff/users/lan/reset")
    temporary = page.text.split('class="secret">')[1].split("<")[0]
    assert (await other.get("/staff/")).status_code == 303, "a reset ends the sessions"
    who = Person(browser(app))
    assert await submit(who, "lan", temporary) == 303
    who.token = who.http.cookies[COOKIE]
    assert (await who.get("/staff/account")).headers["location"] == "/staff/password"
    for new, again, words in (
        ("ngắn", "ngắn", "ít nhất 12"),
        ("một câu thật là dài", "một câu khác hẳn đi", "không giống nhau"),
        ("lan lan lan lan lan", "lan lan lan lan lan", "dễ đoán"),
        ("matkhau12345", "matkhau12345", "dễ đoán"),
    ):
        refused = await who.post("/staff/password", {"password": temporary, "new": new, "again": again})
        assert refused.status_code == 400 and words in refused.text
    new = "núi cao sông dài biển rộng"
    assert (await who.post("/staff/password", {"password": "sai", "new": new, "again": new})).status_code == 400
    assert (await who.post("/staff/password", {"password": temporary, "new": new, "again": new})).status_code == 303
    assert who.http.cookies[COOKIE] != who.token
    assert (await who.get("/staff/account")).status_code == 200
    assert await submit(Person(browser(app)), "lan", temporary) == 401
    assert await submit(Person(browser(app)), "lan", new) == 303


async def test_a_second_factor_is_asked_for_and_its_codes_work_once(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    owner = log_in(Role.EDITOR, "lan")
    page = await owner.get("/staff/account/code")
    assert "<svg" in page.text
    secret = page.text.split('name="secret" value="')[1][:32]
    totp = pyotp.TOTP(secret)
    wrong = await owner.post("/staff/account/code", {"secret": secret, "code": "000000", "password": PASSWORD})
    assert wrong.status_code == 400
    now = totp.now()
    sent = {"secret": secret, "code": now, "password": PASSWORD}
    assert (await owner.post("/staff/account/code", sent)).status_code == 303

    who = Person(browser(app))
    assert await submit(who, "lan", PASSWORD) == 303
    half = who.http.cookies[COOKIE]
    assert (await who.get("/staff/")).headers["location"] == "/staff/login/code"
    who.token = half
    assert (await who.post("/staff/logout")).headers["location"] == "/staff/login/code"
    used = await who.post("/staff/login/code", {"code": now})
    assert used.status_code == 401, "the code of the enrolment was used"
    assert (await who.post("/staff/login/code", {"code": "không phải"})).status_code == 401
    later = totp.at(datetime.now(UTC) + timedelta(seconds=30))
    done = await who.post("/staff/login/code", {"code": f" {later[:3]} {later[3:]} "})
    assert (done.status_code, done.headers["location"]) == (303, "/staff/")
    assert who.http.cookies[COOKIE] != half
    assert (await who.get("/staff/")).status_code == 200
    assert (await Person(browser(app, half)).get("/staff/login/code")).headers["location"] == "/staff/login"


async def test_guessing_codes_is_stopped(app: FastAPI, database: Database) -> None:
    make_user(database, "lan", Role.EDITOR)
    with database.session() as session:
        session.execute(update(StaffUserRow).values(code_secret=pyotp.random_base32()))
    who = Person(browser(app))
    assert await submit(who, "lan", PASSWORD) == 303
    who.token = who.http.cookies[COOKIE]
    for _ in range(5):
        assert "không đúng" in (await who.post("/staff/login/code", {"code": "0"})).text
    assert "quá nhiều lần" in (await who.post("/staff/login/code", {"code": "0"})).text

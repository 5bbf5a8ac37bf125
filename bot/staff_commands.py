"""`award user …` and `award audit verify`: the first administrator, and what an administrator does without the console."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from actions.staff import users
from actions.staff.roles import WORDS, Role
from actions.staff.sessions import close_sessions
from bot.settings import load_settings
from knowledge.audit import verify
from knowledge.database import Database

user_app = typer.Typer(no_args_is_help=True, help="Accounts of the staff console.")
audit_app = typer.Typer(no_args_is_help=True, help="Who did what in the staff console.")
Login = Annotated[str, typer.Argument(help="the name that one logs in with")]
_HANDED_OVER = "Mật khẩu tạm (chỉ hiện lần này, phải đổi khi đăng nhập): {password}"


@contextmanager
def _session() -> Iterator[Session]:
    database = Database(load_settings().database_url)
    database.check_schema()
    with database.session() as session:
        yield session
    database.close()


def _by() -> str:
    """For the audit: somebody at the server itself."""
    return f"cli:{getpass.getuser()}"


@user_app.command()
def add(
    login: Login,
    role: Annotated[Role, typer.Option(help="what the person may do")] = Role.EDITOR,
    name: Annotated[str, typer.Option(help="as others see it; the login by default")] = "",
) -> None:
    """Make an account; prints its temporary password. The first one: --role administrator."""
    with _session() as session:
        password = users.add_user(session, login, name or login, role, _by())
    typer.echo(f"✓ {login}: {WORDS[role]}. {_HANDED_OVER.format(password=password)}")


@user_app.command("list")
def list_users() -> None:
    """All accounts."""
    with _session() as session:
        found = users.list_users(session)
    for one in found:
        marks = [
            WORDS[one.role],
            *(["hai lớp"] if one.second_factor else []),
            *(["chưa đổi mật khẩu tạm"] if one.must_change else []),
            *([] if one.active else ["đã khoá"]),
        ]
        typer.echo(f"{one.login:20} {one.name:30} {', '.join(marks)}")
    if not found:
        typer.echo("Chưa có tài khoản nào; thêm người đầu tiên: award user add TÊN --role administrator")


@user_app.command()
def reset(login: Login) -> None:
    """Give an account a temporary password, switch its second factor off and end its sessions."""
    with _session() as session:
        password = users.reset_password(session, login, _by())
        close_sessions(session, users.find_user(session, login).id)
    typer.echo(f"✓ {login}. {_HANDED_OVER.format(password=password)}")


@user_app.command()
def role(login: Login, new: Annotated[Role, typer.Argument(help="what the person may do from now on")]) -> None:
    """Change what a person may do."""
    with _session() as session:
        user = users.set_role(session, login, new, _by())
    typer.echo(f"✓ {user.login}: {WORDS[user.role]}.")


@user_app.command()
def disable(login: Login) -> None:
    """Switch an account off and end its sessions."""
    with _session() as session:
        close_sessions(session, users.set_active(session, login, False, _by()).id)
    typer.echo(f"✓ Đã khoá {login}.")


@user_app.command()
def enable(login: Login) -> None:
    """Switch an account on again."""
    with _session() as session:
        users.set_active(session, login, True, _by())
    typer.echo(f"✓ Đã mở lại {login}.")


@audit_app.command("verify")
def verify_audit(
    expect: Annotated[str, typer.Option(help="NUMBER:DIGEST that was noted earlier, elsewhere")] = "",
) -> None:
    """Check that no row of the audit was changed, left out or cut off; prints what to note elsewhere."""
    number, _, digest = expect.partition(":")
    if expect and not (number.isdecimal() and digest):
        raise typer.BadParameter("write it like 120:9f86d081…, as this command prints it", param_hint="--expect")
    with _session() as session:
        found = verify(session, (int(number), digest) if expect else None)
    for problem in found.problems:
        typer.echo(f"✗ {problem}", err=True)
    if found.problems:
        raise typer.Exit(1)
    typer.echo(f"✓ {found.rows} rows, unbroken. To note elsewhere: {found.rows}:{found.digest}")

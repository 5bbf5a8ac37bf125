"""`award case …`: how officers answer people at the command line; the console's desk calls the same functions.

The database is enough: a running server notices within a second and brings the message to the person, a stopped one does so when it
is started again.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from actions.handover import cases
from actions.handover.case import ASSISTANT, EVENT_WORDS, PERSON, STATE_WORDS, Case, CaseState, case_id
from actions.handover.office import TIME_ZONE
from bot.conversations import latest_turns
from bot.settings import load_settings
from knowledge.database import Database

TURNS_SHOWN = 10
app = typer.Typer(no_args_is_help=True, help="People who asked for a person: list, take, answer, give back.")
Number = Annotated[str, typer.Argument(help="HT-2026-000123, or 123")]
Officer = Annotated[
    str, typer.Option("--as", help="who you are; your login by default", default_factory=getpass.getuser)
]


@contextmanager
def _session() -> Iterator[Session]:
    database = Database(load_settings().database_url)
    database.check_schema()
    with database.session() as session:
        yield session
    database.close()


@app.command("list")
def list_cases(
    closed: Annotated[bool, typer.Option("--closed", help="those that are closed")] = False,
) -> None:
    """Cases that are not closed, those that have waited longest first."""
    with _session() as session:
        found = cases.list_cases(session, [CaseState.CLOSED] if closed else None)
    for case in found:
        typer.echo(_line(case))
    if not found:
        typer.echo("Không có yêu cầu nào.")


@app.command()
def show(number: Number) -> None:
    """A case, its history, and what was said with the assistant before."""
    with _session() as session:
        case = cases.find_case(session, case_id(number))
        typer.echo(_line(case))
        typer.echo(f"  liên hệ: {case.contact or 'không để lại'}")
        for question, status, answer in latest_turns(session, case.sender, TURNS_SHOWN):
            typer.echo(f"  · {question}\n    [{status}] {answer.splitlines()[0] if answer else ''}")
        for event in cases.history(session, case.id):
            by = {PERSON: "người hỏi", ASSISTANT: "trợ lý"}.get(event.by, event.by)
            said = f": {event.text}" if event.text else ""
            typer.echo(f"  {event.at.astimezone(TIME_ZONE):%d/%m %H:%M} {by} {EVENT_WORDS[event.kind]}{said}")


@app.command()
def take(number: Number, officer: Officer) -> None:
    """Take the chat: the assistant is silent until you give it back."""
    _step(lambda session: cases.claim(session, case_id(number), officer))


@app.command()
def reply(number: Number, text: str, officer: Officer) -> None:
    """Answer the person, taking the chat if nobody has it."""
    _step(lambda session: cases.reply(session, case_id(number), officer, text))


@app.command()
def back(number: Number, officer: Officer) -> None:
    """Give the chat back to the assistant."""
    _step(lambda session: cases.give_back(session, case_id(number), officer))


@app.command()
def close(number: Number, officer: Officer) -> None:
    """End the case."""
    _step(lambda session: cases.close(session, case_id(number), officer))


def _step(work: Callable[[Session], Case]) -> None:
    with _session() as session:
        case = work(session)
    typer.echo(f"✓ {_line(case)}")


def _line(case: Case) -> str:
    owner = f" ({case.officer})" if case.state is CaseState.OWNED else ""
    opened = f"{case.opened_at.astimezone(TIME_ZONE):%d/%m/%Y %H:%M}"
    return f"{case.number} · {STATE_WORDS[case.state]}{owner} · {case.channel} · mở {opened} · lý do: {case.reason}"

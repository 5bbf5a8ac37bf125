"""`award telegram …`, `award inbox …`, `award outbox …`: connect chat apps, look at what was not answered or delivered, try again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeVar

import typer

from actions.handover.office import TIME_ZONE
from bot.credentials import TELEGRAM_TOKEN, read_credentials
from bot.errors import ChannelError
from bot.inbox import Inbox
from bot.limits import RateLimiter
from bot.outbox_store import OutboxStore
from bot.settings import load_settings
from knowledge.database import Database

ATTEMPTS, FIRST_PAUSE = 5, 1.0  # 1 + 2 + 4 + 8 seconds
SHOWN = 70  # characters
Result = TypeVar("Result")
Url = Annotated[
    str | None, typer.Option("--url", help="https address of this server; bot.channels.public_url by default")
]

telegram_app = typer.Typer(no_args_is_help=True, help="The Telegram bot of AWARD_TELEGRAM_TOKEN.")
inbox_app = typer.Typer(invoke_without_command=True, help="Messages from chat apps that could not be answered.")
outbox_app = typer.Typer(invoke_without_command=True, help="Messages to chat apps that could not be delivered.")


def register(app: typer.Typer) -> None:
    """Add the commands to `award`."""
    app.add_typer(telegram_app, name="telegram")
    app.add_typer(inbox_app, name="inbox")
    app.add_typer(outbox_app, name="outbox")


@telegram_app.command("connect")
def connect_telegram(url: Url = None) -> None:
    """Set the webhook and the menu of commands."""
    from bot.channels.telegram import WEBHOOK
    from bot.channels.telegram_setup import connect

    settings, credentials = load_settings(), read_credentials()
    if not credentials.telegram_token:
        raise ChannelError(f"set {TELEGRAM_TOKEN} to the token that @BotFather gave")
    address = public_address(url or settings.bot.channels.public_url) + WEBHOOK
    api = settings.bot.channels.telegram.api
    name = with_patience(lambda: connect(credentials.telegram_token, api, address, credentials.telegram_secret))
    typer.echo(f"✓ @{name} hands its updates to {address}\n  https://t.me/{name}?start=dieukien")


@telegram_app.command("disconnect")
def disconnect_telegram() -> None:
    """Take the webhook away."""
    from bot.channels.telegram_setup import disconnect

    settings, credentials = load_settings(), read_credentials()
    if not credentials.telegram_token:
        raise ChannelError(f"set {TELEGRAM_TOKEN} to the token that @BotFather gave")
    with_patience(lambda: disconnect(credentials.telegram_token, settings.bot.channels.telegram.api))
    typer.echo("✓ the webhook is gone")


@inbox_app.callback()
def list_inbox(context: typer.Context) -> None:
    """List messages that could not be answered."""
    if context.invoked_subcommand is not None:
        return
    with _database() as database:
        found = _inbox(database).dead()
    for one in found:
        typer.echo(f"{one.id:28} {one.at.astimezone(TIME_ZONE):%d/%m/%Y %H:%M}  {_short(one.text)}  [{one.error}]")
    if not found:
        typer.echo("Không có tin nào.")


@inbox_app.command("replay")
def replay_inbox(identity: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Have a message answered; a running server notices within a few seconds."""
    with _database() as database:
        _inbox(database).replay(identity)
    typer.echo(f"✓ {identity} waits to be answered")


@outbox_app.callback()
def list_outbox(context: typer.Context) -> None:
    """List messages that could not be delivered."""
    if context.invoked_subcommand is not None:
        return
    with _database() as database:
        found = OutboxStore(database).dead()
    for one in found:
        when = f"{one.at.astimezone(TIME_ZONE):%d/%m/%Y %H:%M}"
        typer.echo(f"{one.id:>6} {one.sender:28} {when}  {_short(one.answer.text)}  [{one.error}]")
    if not found:
        typer.echo("Không có tin nào.")


@outbox_app.command("replay")
def replay_outbox(message: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Have a message sent, from the first part that has not arrived."""
    with _database() as database:
        OutboxStore(database).replay(message)
    typer.echo(f"✓ {message} waits to be sent")


def public_address(url: str) -> str:
    """Raises ChannelError where it is no https address."""
    if not url.startswith("https://") and not url.startswith("http://127.0.0.1"):
        raise ChannelError(
            "give the https address of this server: --url https://…, or bot.channels.public_url in config.yml"
        )
    return url.rstrip("/")


def with_patience(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Try again with growing pauses where the platform can't be reached. Raises ChannelError."""

    async def attempts() -> Result:
        for number in range(ATTEMPTS):
            try:
                return await attempt()
            except ConnectionError as error:
                if number + 1 == ATTEMPTS:
                    raise ChannelError(f"{error}; try again later") from error
                pause = FIRST_PAUSE * 2**number
                typer.echo(f"  {error}; trying again in {pause:.0f} s", err=True)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    return asyncio.run(attempts())


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(load_settings().database_url)
    database.check_schema()
    yield database
    database.close()


def _inbox(database: Database) -> Inbox:
    return Inbox(database, load_settings().bot.session_days, RateLimiter(0))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN]}…"

"""`award telegram …`, `award inbox …`, `award outbox …`: connect chat apps, look at what was not answered or delivered, try again."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from string import ascii_letters, digits
from typing import Annotated, TypeVar
from urllib.parse import urlencode

import typer
from cryptography.fernet import Fernet

from actions.handover.office import TIME_ZONE
from bot.credentials import TELEGRAM_TOKEN, ZALO_BOT_TOKEN, read_credentials
from bot.errors import ChannelAway, ChannelError, DeliveryError
from bot.inbox import Inbox
from bot.limits import RateLimiter
from bot.outbox_store import OutboxStore
from bot.settings import load_settings
from knowledge.database import Database

ATTEMPTS, FIRST_PAUSE = 5, 1.0  # 1 + 2 + 4 + 8 seconds
SHOWN = 70  # characters
VERIFIER = 43  # characters, exactly so many
Result = TypeVar("Result")
Url = Annotated[
    str | None, typer.Option("--url", help="https address of this server; bot.channels.public_url by default")
]

telegram_app = typer.Typer(no_args_is_help=True, help="The Telegram bot of AWARD_TELEGRAM_TOKEN.")
zalo_bot_app = typer.Typer(no_args_is_help=True, help="The Zalo bot of AWARD_ZALO_BOT_TOKEN.")
zalo_oa_app = typer.Typer(no_args_is_help=True, help="The Zalo official account.")
inbox_app = typer.Typer(invoke_without_command=True, help="Messages from chat apps that could not be answered.")
outbox_app = typer.Typer(invoke_without_command=True, help="Messages to chat apps that could not be delivered.")


def register(app: typer.Typer) -> None:
    """Add the commands to `award`."""
    app.add_typer(telegram_app, name="telegram")
    app.add_typer(zalo_bot_app, name="zalobot")
    app.add_typer(zalo_oa_app, name="zalooa")
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


@zalo_bot_app.command("connect")
def connect_zalo_bot(url: Url = None) -> None:
    """Set the webhook and read it back."""
    from bot.channels.zalo_bot import WEBHOOK
    from bot.channels.zalo_bot_setup import connect

    settings, credentials = load_settings(), read_credentials()
    if not credentials.zalo_bot_token:
        raise ChannelError(f"set {ZALO_BOT_TOKEN} to the token that Zalo Bot Manager gave")
    address = public_address(url or settings.bot.channels.public_url) + WEBHOOK
    api = settings.bot.channels.zalo_bot.api
    name = with_patience(lambda: connect(credentials.zalo_bot_token, api, address, credentials.zalo_bot_secret))
    typer.echo(f"✓ «{name}» hands its events to {address}")


@zalo_oa_app.command("key")
def make_key() -> None:
    """Print a new AWARD_ENCRYPTION_KEY; who loses it must give the grant anew."""
    typer.echo(Fernet.generate_key().decode())


@zalo_oa_app.command("authorize")
def authorize_zalo_oa(redirect: Annotated[str, typer.Option(help="the redirect address of the app")]) -> None:
    """Print the address at which the account's administrator consents, and the command that takes the code."""
    settings = load_settings().bot.channels.zalo_oa
    if not settings.app_id:
        raise ChannelError("set bot.channels.zalo_oa.app_id in config.yml")
    verifier = "".join(secrets.choice(ascii_letters + digits) for _ in range(VERIFIER))
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    query = urlencode(
        {"app_id": settings.app_id, "redirect_uri": redirect, "code_challenge": challenge, "state": "award"}
    )
    typer.echo(f"Mở địa chỉ này và đồng ý:\n  {settings.oauth.rstrip('/')}/v4/oa/permission?{query}")
    typer.echo(f"Trong 10 phút, chạy với mã (code) nhận được:\n  award zalooa connect CODE --verifier {verifier}")


@zalo_oa_app.command("connect")
def connect_zalo_oa(
    code: str, verifier: Annotated[str, typer.Option(help="as award zalooa authorize printed it")]
) -> None:
    """Take the code of a consent; the tokens are kept encrypted."""
    from bot.channels.connected import grant_of

    settings, credentials = load_settings(), read_credentials()
    with _database() as database:
        grant = grant_of(settings.bot.channels.zalo_oa, credentials, database)
        if grant is None:
            raise ChannelError("set AWARD_ZALO_APP_SECRET and AWARD_ENCRYPTION_KEY (make one: award zalooa key)")

        async def give() -> None:
            try:
                await grant.give(code, verifier)
            except ChannelAway as error:
                raise ChannelError(f"{error}; try again") from error
            except DeliveryError as error:
                raise ChannelError(str(error)) from error
            finally:
                await grant.close()

        asyncio.run(give())
    typer.echo("✓ the account is connected")


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

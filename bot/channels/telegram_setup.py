"""Connects a bot: webhook, menu of commands; what `award telegram connect` does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, TelegramError

from actions.files import Files
from bot.channels.telegram import UPDATES, Telegram
from bot.dialogue.commands import COMMANDS
from bot.errors import ChannelError
from knowledge.database import Database

MOST_CONNECTIONS = 40
MENU = [BotCommand(command.name, command.says) for command in COMMANDS]


async def connect(token: str, api: str, address: str, secret: str) -> str:
    """Set webhook and menu; the bot's name. Raises ChannelError, or ConnectionError where trying again may help."""
    async with _bot(token, api) as bot:
        me = await bot.get_me()
        await bot.set_webhook(address, secret_token=secret, allowed_updates=UPDATES, max_connections=MOST_CONNECTIONS)
        for language in ("vi", None):
            await bot.set_my_commands(MENU, language_code=language)
        info = await bot.get_webhook_info()
        if info.url != address:
            raise ChannelError(
                f"Telegram keeps «{info.url}» as the webhook; is another server connected at the same time?"
            )
        return me.username or ""


async def disconnect(token: str, api: str) -> None:
    """Take the webhook away; updates that wait are kept by Telegram for a day."""
    async with _bot(token, api) as bot:
        await bot.delete_webhook()


@asynccontextmanager
async def _bot(token: str, api: str) -> AsyncIterator[Bot]:
    telegram = Telegram(token, api, "", Files(Database("sqlite://"), 1))
    try:
        yield telegram.bot
    except InvalidToken as error:
        raise ChannelError(
            "Telegram does not know this token; copy it from @BotFather into AWARD_TELEGRAM_TOKEN"
        ) from error
    except BadRequest as error:
        raise ChannelError(f"Telegram refuses: {error}") from error
    except TelegramError as error:
        raise ConnectionError(f"Telegram can't be reached ({type(error).__name__})") from error
    finally:
        await telegram.stop()

"""Reads Telegram's updates: what a person said or tapped, that they left, or nothing of ours.

In a group the assistant is silent unless it is addressed: by its name, by a command, or by a reply to one of its messages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from telegram import Bot, CallbackQuery, ChatMember, Message, Update
from telegram.constants import ChatType

from bot.dialogue.commands import COMMANDS
from bot.inbox import Inbound

NAME = "telegram"
TAP = re.compile(r"(\d{1,18}):(\d{1,3})")
_START = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*")
_COMMAND = re.compile(r"/\w+@(\w+)")
_TOPICS = frozenset(command.name for command in COMMANDS)
_GONE = (ChatMember.LEFT, ChatMember.BANNED)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Telegram knows it; the name is empty until Telegram was reached."""

    id: int
    username: str = ""


@dataclass(frozen=True, slots=True)
class Tap:
    """A button was pressed; its spinner stops when `query` is answered."""

    inbound: Inbound
    query: str


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked the bot, or it was put out of the group."""

    key: str
    sender: str


def read_update(record: dict[str, Any], bot: Bot, me: Me) -> Inbound | Tap | Left | None:
    """None for what is no message for us. Raises KeyError, TypeError or ValueError where the record is no update."""
    update = Update.de_json(record, bot)
    key = str(update.update_id)
    if update.callback_query is not None:
        return _tap(key, update.callback_query)
    if update.my_chat_member is not None:
        gone = update.my_chat_member.new_chat_member.status in _GONE
        return Left(key, f"{NAME}:{update.my_chat_member.chat.id}") if gone else None
    if update.message is not None:
        return _message(key, update.message, me)
    return None


def deep_link(username: str, topic: str) -> str:
    """«https://t.me/<bot>?start=dieukien»."""
    return f"https://t.me/{username}?start={topic}"


def _tap(key: str, query: CallbackQuery) -> Tap | None:
    if query.message is None or query.data is None:
        return None
    chat, found = str(query.message.chat.id), TAP.fullmatch(query.data)
    if found:
        return Tap(Inbound(NAME, key, chat, tap=(int(found[1]), int(found[2]))), query.id)
    return Tap(Inbound(NAME, key, chat, text=query.data), query.id) if query.data.startswith("/") else None


def _message(key: str, message: Message, me: Me) -> Inbound | None:
    if message.chat.type not in (ChatType.PRIVATE, ChatType.GROUP, ChatType.SUPERGROUP):
        return None
    if message.from_user is not None and message.from_user.is_bot:
        return None
    text = message.text or message.caption
    if text is None and message.effective_attachment is None:
        return None  # somebody joined, a title was changed
    if message.chat.type != ChatType.PRIVATE:
        if not _addressed(message, text or "", me):
            return None
        text = _without_name(text, me)
    return Inbound(NAME, key, str(message.chat.id), text=_topic(text) if text is not None else None)


def _addressed(message: Message, text: str, me: Me) -> bool:
    to = message.reply_to_message.from_user if message.reply_to_message else None
    if to is not None and to.id == me.id:
        return True
    if (command := _COMMAND.match(text)) is not None:
        return command[1].casefold() == me.username.casefold()
    return text.startswith("/") or bool(me.username and re.search(rf"@{re.escape(me.username)}\b", text, re.IGNORECASE))


def _without_name(text: str | None, me: Me) -> str | None:
    """«@award_bot điều kiện?» asks «điều kiện?»."""
    if text is None or not me.username:
        return text
    return re.sub(rf"@{re.escape(me.username)}\b", " ", text, flags=re.IGNORECASE).strip() or "/start"


def _topic(text: str) -> str:
    """A deep link opens at its topic."""
    found = _START.fullmatch(text)
    if found is None:
        return text
    topic = found[1].casefold()
    return f"/{topic}" if topic in _TOPICS else "/start"

"""Connects a Zalo bot: what `award zalobot connect` does."""

from __future__ import annotations

from typing import Any

from bot.channels.quota import Quota
from bot.channels.zalo_bot import ZaloBot
from bot.errors import ChannelAway, ChannelError, ChannelStopped, DeliveryError, MaybeArrived
from knowledge.database import Database


async def connect(token: str, api: str, address: str, secret: str) -> str:
    """Set the webhook and read it back; the bot's name. Raises ChannelError, or ConnectionError where trying again may help."""
    bot = ZaloBot(token, api, "", Quota(Database("sqlite://"), 0))
    try:
        me: Any = await bot.call("getMe", {})
        await bot.call("setWebhook", {"url": address, "secret_token": secret})
        info = await bot.call("getWebhookInfo", {})
    except (ChannelAway, MaybeArrived) as error:
        raise ConnectionError(f"Zalo can't be reached: {error}") from error
    except ChannelStopped as error:
        raise ChannelError(str(error)) from error
    except DeliveryError as error:
        raise ChannelError(f"Zalo refuses: {error}") from error
    finally:
        await bot.stop()
    if not isinstance(info, dict) or info.get("url") != address:
        raise ChannelError("Zalo did not keep the webhook; it must be an https address that Zalo can reach")
    return str(me.get("account_name", "")) if isinstance(me, dict) else ""

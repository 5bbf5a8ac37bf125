"""Secrets of the chat apps, from the environment only; an app whose secret is missing is off, never open."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import SettingsError

TELEGRAM_TOKEN, TELEGRAM_SECRET = "AWARD_TELEGRAM_TOKEN", "AWARD_TELEGRAM_SECRET"
ZALO_BOT_TOKEN, ZALO_BOT_SECRET = "AWARD_ZALO_BOT_TOKEN", "AWARD_ZALO_BOT_SECRET"
ZALO_OA_SECRET, ZALO_APP_SECRET = "AWARD_ZALO_OA_SECRET", "AWARD_ZALO_APP_SECRET"
ENCRYPTION_KEY = "AWARD_ENCRYPTION_KEY"
_SECRET = re.compile(r"[A-Za-z0-9_-]{8,256}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Empty where they are missing; none is ever shown."""

    telegram_token: str = field(default="", repr=False)
    telegram_secret: str = field(default="", repr=False)
    zalo_bot_token: str = field(default="", repr=False)
    zalo_bot_secret: str = field(default="", repr=False)
    zalo_oa_secret: str = field(default="", repr=False)
    zalo_app_secret: str = field(default="", repr=False)
    encryption_key: str = field(default="", repr=False)


def read_credentials(environment: Mapping[str, str] | None = None) -> Credentials:
    """Raises SettingsError where a webhook's secret can't be one."""
    env = os.environ if environment is None else environment
    found = {
        name: env.get(name, "").strip() for name in (TELEGRAM_TOKEN, ZALO_BOT_TOKEN, ZALO_OA_SECRET, ZALO_APP_SECRET)
    }
    return Credentials(
        telegram_token=found[TELEGRAM_TOKEN],
        telegram_secret=_secret(env, TELEGRAM_SECRET, found[TELEGRAM_TOKEN]),
        zalo_bot_token=found[ZALO_BOT_TOKEN],
        zalo_bot_secret=_secret(env, ZALO_BOT_SECRET, found[ZALO_BOT_TOKEN]),
        zalo_oa_secret=found[ZALO_OA_SECRET],
        zalo_app_secret=found[ZALO_APP_SECRET],
        encryption_key=env.get(ENCRYPTION_KEY, "").strip(),
    )


def _secret(environment: Mapping[str, str], name: str, token: str) -> str:
    """What the platform must show with each delivery; without one of its own it is made of the token, which nobody else knows."""
    given = environment.get(name, "").strip()
    if given and not _SECRET.fullmatch(given):
        raise SettingsError(f"{name} must be 8 to 256 letters, digits, _ or -")
    if given or not token:
        return given if token else ""
    return hmac.new(token.encode(), b"award webhook", hashlib.sha256).hexdigest()

"""Settings of the chat apps: the part `bot.channels` of config.yml; secrets come from the environment (bot/credentials.py)."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(_Section):
    """The token is AWARD_TELEGRAM_TOKEN; polling is for development, where no public address leads to the server."""

    mode: Literal["webhook", "polling"] = "webhook"
    api: str = "https://api.telegram.org"  # AWARD_TELEGRAM_API overrides it, for a Bot API server of one's own


class ZaloBotSettings(_Section):
    """The token is AWARD_ZALO_BOT_TOKEN; messages sent while a polling server is down are lost, by the platform's design."""

    mode: Literal["webhook", "polling"] = "webhook"
    api: str = "https://bot-api.zaloplatforms.com"  # AWARD_ZALO_BOT_API
    messages_a_month: int = Field(3_000, ge=0)  # of the platform's basic package; 0: no limit


class ZaloOaSettings(_Section):
    """The official account; its secrets are AWARD_ZALO_OA_SECRET, AWARD_ZALO_APP_SECRET, AWARD_ENCRYPTION_KEY."""

    app_id: str = Field("", pattern=r"^\d*$")
    oa_id: str = Field("", pattern=r"^\d*$")
    api: str = "https://openapi.zalo.me"  # AWARD_ZALO_OA_API
    oauth: str = "https://oauth.zaloapp.com"  # AWARD_ZALO_OA_OAUTH
    # Forms of the signature that the documentation does not name but some report: taken too, where listed here.
    signatures: tuple[Literal["oa_id", "header_timestamp"], ...] = ()
    button_template: str = ""  # `template_type` of a message with buttons, should the platform ask for one


class ChannelSettings(_Section):
    """Chat apps, and the address at which they and people reach this server."""

    public_url: str = Field("", pattern=r"^(https?://[^/\s]+/?)?$")  # AWARD_PUBLIC_URL overrides it
    telegram: TelegramSettings = TelegramSettings()
    zalo_bot: ZaloBotSettings = ZaloBotSettings()
    zalo_oa: ZaloOaSettings = ZaloOaSettings()

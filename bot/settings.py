"""Settings: one frozen model a section of config.yml, unknown keys refused; secrets come from the environment only.

config.yml begins with Rasa's own keys; the sections `knowledge`, `index` and `bot` are ours.
"""

from __future__ import annotations

import os
import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from actions.answer import Thresholds
from actions.handover.office import TIME_ZONE, OfficeHours
from actions.reminders.planning import QUIET_FROM
from bot.channels.settings import ChannelSettings
from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
RASA_KEYS = frozenset({"recipe", "assistant_id", "language", "pipeline", "policies", "importers"})


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnowledgeSettings(_Section):
    """Where the content lives (AWARD_DATABASE_URL overrides `database`), and the questions that every publication must answer."""

    database: str = "sqlite:///var/award.db"
    golden: str = "knowledge/data/golden.jsonl"


class ThresholdSettings(_Section):
    """Evidence thresholds, chosen on data (docs/decisions/0004)."""

    answer: float = Field(0.2, ge=0, le=1)
    offer: float = Field(0.1, ge=0, le=1)
    scope: float = Field(0.4, ge=0, le=1)
    sure: float = Field(0.8, ge=0, le=1)
    doubt: float = Field(0.6, ge=0, le=2)
    small_talk: float = Field(0.6, ge=0, le=1)


class VerificationSettings(_Section):
    """Shares from which a publication may become current; below, the one before stays (bot/verification.py)."""

    own_questions: float = Field(0.98, ge=0, le=1)  # FAQ entries that their own question finds first
    golden: float = Field(0.95, ge=0, le=1)  # golden questions that are answered
    kept: float = Field(0.5, ge=0, le=1)  # of the entries and regulations of the publication before


class IndexSettings(_Section):
    """The encoder (a folder below the project, or any sentence-transformers model), the thresholds and what is kept."""

    encoder: str = "var/encoder/multilingual-e5-small"
    threads: int = Field(1, ge=1, le=64)
    thresholds: ThresholdSettings = ThresholdSettings()
    verification: VerificationSettings = VerificationSettings()
    publications_kept: int = Field(3, ge=1)  # indexes kept on disk; the others are built anew when they are needed
    answers_kept: int = Field(2_000, ge=0)  # answers of the current publication kept in memory


class LimitSettings(_Section):
    """Messages a minute; 0 lifts a limit (for an evaluation run)."""

    per_sender: int = Field(30, ge=0)
    per_address: int = Field(6000, ge=0)
    sessions_per_address: int = Field(120, ge=0)


class OfficeSettings(_Section):
    """When officers answer people who asked for a person. Empty: not known, and nothing is promised."""

    days: tuple[int, ...] = ()  # 1 is Monday, 7 Sunday
    hours: tuple[str, ...] = ()  # «07:30-11:30»
    holidays: tuple[date, ...] = ()
    reply_within: str = ""  # as people read it: «1 ngày làm việc»
    idle_minutes: int = Field(
        30, ge=1, le=1440
    )  # a chat that an officer owns and nobody writes in goes back to the assistant

    @field_validator("days")
    @classmethod
    def _weekdays(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if not set(days) <= set(range(1, 8)):
            raise ValueError("weekdays are 1 (Monday) to 7 (Sunday)")
        return days

    @field_validator("hours")
    @classmethod
    def _spans(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        for span in hours:
            _span(span)
        return hours

    def office_hours(self) -> OfficeHours:
        spans = tuple(_span(span) for span in self.hours)
        return OfficeHours(frozenset(self.days), spans, frozenset(self.holidays), self.reply_within)


def _span(text: str) -> tuple[time, time]:
    """«07:30-11:30». Raises ValueError."""
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"«{text}» is no span of hours; write it like 07:30-11:30") from None
    if begin >= end:
        raise ValueError(f"«{text}» ends before it begins")
    return begin, end


class ReminderSettings(_Section):
    """When people are written to unasked: from this hour (Vietnam's) until 20:00."""

    hour: time = time(8)

    @field_validator("hour")
    @classmethod
    def _before_evening(cls, value: time) -> time:
        if value.tzinfo is not None or value >= QUIET_FROM:
            raise ValueError(f'write it like "08:00", before {QUIET_FROM:%H:%M}')
        return value


class StaffSettings(_Section):
    """The staff console."""

    one_person: bool = (
        False  # an office of one person: who wrote a text may also approve it; the audit says so each time
    )
    idle_minutes: int = Field(60, ge=5, le=480)  # without a visit, then one has to log in again
    session_hours: int = Field(10, ge=1, le=24)  # at most


_ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")


class BotSettings(_Section):
    """The chat server."""

    host: str = "127.0.0.1"
    origins: tuple[str, ...] = ()  # other websites that may show the chat (widget, socket.io, deep-chat)
    limits: LimitSettings = LimitSettings()
    reminders: ReminderSettings = ReminderSettings()
    session_days: int = Field(30, ge=1, le=365)
    files_days: int = Field(30, ge=1, le=365)  # how long a report or picture made for a person can be fetched
    answer_seconds: float = Field(20.0, gt=0)
    publication_seconds: float = Field(0.5, gt=0, le=60)  # between two looks whether another publication is current
    contact: str = ""  # how to reach the department, shown to people who ask for a person; empty means unknown
    operator: str = ""  # who runs the assistant, as people are told; empty means unknown
    office: OfficeSettings = OfficeSettings()
    staff: StaffSettings = StaffSettings()
    deletion_log: str = "var/deletions.jsonl"  # outlives the database; best on another disk (docs/operate.md)
    channels: ChannelSettings = ChannelSettings()

    @field_validator("origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"«{origin}» is no origin; write it like https://www.example.vn, without a path")
        return origins


class Settings(_Section):
    """All sections, and the folder for everything that runs make."""

    knowledge: KnowledgeSettings = KnowledgeSettings()
    index: IndexSettings = IndexSettings()
    bot: BotSettings = BotSettings()
    root: Path = ROOT
    today_fixed: date | None = None
    time_fixed: time | None = None
    redis_url: str | None = Field(None, repr=False)  # AWARD_REDIS_URL, where several servers share a database
    metrics_token: str | None = Field(
        None, repr=False, min_length=16
    )  # AWARD_METRICS_TOKEN; without one /metrics is not there

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def database_url(self) -> str:
        url = self.knowledge.database
        prefix = "sqlite:///"
        path = url.removeprefix(prefix)
        return f"{prefix}{self.root / path}" if url.startswith(prefix) and not path.startswith(("/", ":")) else url

    @property
    def encoder(self) -> str:
        """The encoder's folder as a full path, or a model name as it stands."""
        folder = self.root / self.index.encoder
        return str(folder) if self.index.encoder.startswith("var/") or folder.is_dir() else self.index.encoder

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(**self.index.thresholds.model_dump())

    def today(self) -> date:
        """Today in Vietnam, or the date that AWARD_TODAY fixes."""
        return self.today_fixed or datetime.now(TIME_ZONE).date()

    def now(self) -> datetime:
        """This moment in Vietnam, on the day (and at the time) that AWARD_TODAY fixes."""
        return datetime.combine(self.today(), self.time_fixed or datetime.now(TIME_ZONE).time(), TIME_ZONE)


def load_settings(path: Path | None = None, environment: dict[str, str] | None = None) -> Settings:
    """Read config.yml and the environment. Raises SettingsError with the key and the remedy."""
    path = path or ROOT / "config.yml"
    env = dict(os.environ) if environment is None else environment
    try:
        record = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"{path.name} can't be read: {' '.join(str(error).split())}") from error
    ours = {key: value for key, value in record.items() if key not in RASA_KEYS}
    if url := env.get("AWARD_DATABASE_URL"):
        ours["knowledge"] = {**(ours.get("knowledge") or {}), "database": url}
    if path_of_log := env.get("AWARD_DELETION_LOG"):
        ours["bot"] = {**(ours.get("bot") or {}), "deletion_log": path_of_log}
    _put_addresses(ours, env)
    try:
        day, moment = _fixed_today(env)
        token = env.get("AWARD_METRICS_TOKEN") or None
        return Settings(
            **ours,
            root=path.resolve().parent,
            today_fixed=day,
            time_fixed=moment,
            metrics_token=token,
            redis_url=env.get("AWARD_REDIS_URL") or None,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


_ADDRESSES = {
    "AWARD_PUBLIC_URL": ("bot", "channels", "public_url"),
    "AWARD_TELEGRAM_API": ("bot", "channels", "telegram", "api"),
    "AWARD_ZALO_BOT_API": ("bot", "channels", "zalo_bot", "api"),
    "AWARD_ZALO_OA_API": ("bot", "channels", "zalo_oa", "api"),
    "AWARD_ZALO_OA_OAUTH": ("bot", "channels", "zalo_oa", "oauth"),
}


def _put_addresses(record: dict[str, Any], env: dict[str, str]) -> None:
    """Addresses that differ from machine to machine may come from the environment."""
    for name, (*sections, key) in _ADDRESSES.items():
        if not env.get(name):
            continue
        place = record
        for section in sections:
            place[section] = dict(place.get(section) or {})
            place = place[section]
        place[key] = env[name]


def _fixed_today(env: dict[str, str]) -> tuple[date | None, time | None]:
    """A day, and a time of day where one is given too: «2026-11-22», «2026-11-22T08:00»."""
    text = env.get("AWARD_TODAY")
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise SettingsError(f"AWARD_TODAY is «{text}»; write it like 2026-11-22 or 2026-11-22T08:00") from None
    if moment is None or text is None:
        return None, None
    return moment.date(), moment.time() if len(text) > len("2026-11-22") else None

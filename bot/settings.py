"""Settings: one frozen model a section of config.yml, unknown keys refused; secrets come from the environment only.

config.yml begins with Rasa's own keys; the sections `knowledge`, `index` and `bot` are ours.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from actions.answer import Thresholds
from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RASA_KEYS = frozenset({"recipe", "assistant_id", "language", "pipeline", "policies", "importers"})


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnowledgeSettings(_Section):
    """Where the content lives; AWARD_DATABASE_URL overrides `database`."""

    database: str = "sqlite:///var/award.db"


class ThresholdSettings(_Section):
    """Evidence thresholds, chosen on data (docs/decisions/0004)."""

    answer: float = Field(0.2, ge=0, le=1)
    offer: float = Field(0.1, ge=0, le=1)
    scope: float = Field(0.45, ge=0, le=1)
    sure: float = Field(0.65, ge=0, le=1)
    doubt: float = Field(0.75, ge=0, le=2)
    small_talk: float = Field(0.6, ge=0, le=1)


class IndexSettings(_Section):
    """The encoder (a folder below the project, or any sentence-transformers model) and the thresholds."""

    encoder: str = "var/encoder/multilingual-e5-small"
    threads: int = Field(1, ge=1, le=64)
    thresholds: ThresholdSettings = ThresholdSettings()


class LimitSettings(_Section):
    """Messages a minute; 0 lifts a limit (for an evaluation run)."""

    per_sender: int = Field(30, ge=0)
    per_address: int = Field(6000, ge=0)
    sessions_per_address: int = Field(120, ge=0)


class BotSettings(_Section):
    """The chat server."""

    host: str = "127.0.0.1"
    limits: LimitSettings = LimitSettings()
    session_days: int = Field(30, ge=1, le=365)
    answer_seconds: float = Field(20.0, gt=0)
    contact: str = ""  # how to reach the department, shown to people who ask for a person; empty means unknown


class Settings(_Section):
    """All sections, and the folder for everything that runs make."""

    knowledge: KnowledgeSettings = KnowledgeSettings()
    index: IndexSettings = IndexSettings()
    bot: BotSettings = BotSettings()
    root: Path = ROOT
    today_fixed: date | None = None

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
    try:
        return Settings(**ours, root=path.resolve().parent, today_fixed=_fixed_today(env))
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _fixed_today(env: dict[str, str]) -> date | None:
    text = env.get("AWARD_TODAY")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise SettingsError(f"AWARD_TODAY is «{text}»; write it like 2026-11-22") from None

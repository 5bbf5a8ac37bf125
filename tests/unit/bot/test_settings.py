"""config.yml and the environment: what is wrong stops the start and is named."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from pydantic import ValidationError

from actions.answer import Thresholds
from actions.handover.office import TIME_ZONE
from bot.errors import SettingsError
from bot.settings import ROOT, Settings, ThresholdSettings, load_settings


def _load(folder: Path, text: str, **environment: str) -> Settings:
    path = folder / "config.yml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, environment)


def test_the_shipped_config_is_read() -> None:
    settings = load_settings(environment={})
    assert settings.root == ROOT
    assert settings.today_fixed is None
    assert settings.bot.host == "127.0.0.1", "nothing faces the network unless somebody says so"
    assert settings.bot.limits.per_sender > 0


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = _load(tmp_path, "")
    assert settings == Settings(root=tmp_path)
    assert settings.var == tmp_path / "var"


def test_rasas_keys_are_let_through(tmp_path: Path) -> None:
    assert (
        _load(tmp_path, "recipe: default.v1\npipeline: []\nlanguage: vi\nbot: {session_days: 7}").bot.session_days == 7
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bots: {}", ["config.yml", "bots"]),
        ("bot: {hots: 0.0.0.0}", ["bot.hots", "not permitted"]),
        ("bot: {limits: {per_minute: 3}}", ["bot.limits.per_minute"]),
        ("bot: {limits: {per_sender: -1}}", ["bot.limits.per_sender", "greater than or equal to 0"]),
        ("index: {threads: 0}", ["index.threads"]),
        ("index: {thresholds: {answer: 1.2}}", ["index.thresholds.answer"]),
        ("index: {threads: many}", ["index.threads"]),
        ("bot: 3", ["bot"]),
        ("bot: {session_days: 0}", ["bot.session_days"]),
        ("bot: {answer_seconds: 0}", ["bot.answer_seconds"]),
        ("a: [", ["config.yml can't be read"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(SettingsError) as refused:
        _load(tmp_path, text)
    message = str(refused.value)
    assert all(part in message for part in said), message
    assert "\n" not in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config\.yml can't be read"):
        load_settings(tmp_path / "config.yml", {})


def test_the_database_comes_from_the_environment(tmp_path: Path) -> None:
    url = "postgresql+psycopg://somebody@db.example/award"
    assert _load(tmp_path, "knowledge: {database: 'sqlite:///x.db'}", AWARD_DATABASE_URL=url).database_url == url
    assert _load(tmp_path, "", AWARD_DATABASE_URL="").database_url == f"sqlite:///{tmp_path / 'var' / 'award.db'}"


@pytest.mark.parametrize(("url", "path"), [("sqlite:////srv/a.db", "/srv/a.db"), ("sqlite:///:memory:", ":memory:")])
def test_a_full_path_stays(tmp_path: Path, url: str, path: str) -> None:
    assert _load(tmp_path, f"knowledge: {{database: '{url}'}}").database_url == f"sqlite:///{path}"


def test_today_may_be_fixed(tmp_path: Path) -> None:
    assert _load(tmp_path, "", AWARD_TODAY="2026-11-22").today() == date(2026, 11, 22)
    before = datetime.now(TIME_ZONE).date()
    assert before <= _load(tmp_path, "").today() <= datetime.now(TIME_ZONE).date()


def test_the_time_of_day_may_be_fixed_too(tmp_path: Path) -> None:
    settings = _load(tmp_path, "", AWARD_TODAY="2026-11-22T07:59")
    assert settings.now() == datetime(2026, 11, 22, 7, 59, tzinfo=TIME_ZONE)
    assert settings.today() == date(2026, 11, 22)


@pytest.mark.parametrize(("text", "hour"), [("", time(8)), ("bot: {reminders: {hour: '06:30'}}", time(6, 30))])
def test_the_hour_of_reminders(tmp_path: Path, text: str, hour: time) -> None:
    assert _load(tmp_path, text).bot.reminders.hour == hour


@pytest.mark.parametrize("hour", ["'20:00'", "'25:00'", "'08:00+07:00'"])
def test_an_hour_in_the_evening_is_refused(tmp_path: Path, hour: str) -> None:
    with pytest.raises(SettingsError, match=r"bot\.reminders\.hour"):
        _load(tmp_path, f"bot: {{reminders: {{hour: {hour}}}}}")


@pytest.mark.parametrize("text", ["22/11/2026", "tomorrow", "2026-02-30", "2026"])
def test_a_bad_today_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=f"AWARD_TODAY is «{text}»; write it like 2026-11-22"):
        _load(tmp_path, "", AWARD_TODAY=text)


def test_the_encoder_is_a_folder_below_the_project_or_a_name(tmp_path: Path) -> None:
    assert _load(tmp_path, "").encoder == str(tmp_path / "var/encoder/multilingual-e5-small")
    assert _load(tmp_path, "index: {encoder: some/model}").encoder == "some/model"
    (tmp_path / "models").mkdir()
    assert _load(tmp_path, "index: {encoder: models}").encoder == str(tmp_path / "models")


def test_thresholds_have_the_same_defaults_twice() -> None:
    """In the file's model and in the answerer's value; a key in one alone would be lost on the way."""
    assert Thresholds(**ThresholdSettings().model_dump()) == Thresholds()


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = _load(tmp_path, "")
    with pytest.raises(ValidationError):
        settings.bot.host = "0.0.0.0"  # type: ignore[misc]

"""Which backups are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.backups.ageing import Rule, age_out, dated_name, kept

MOMENTS = st.lists(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
        lambda one: one.replace(microsecond=0)
    ),
    max_size=60,
)
RULES = st.builds(Rule, st.integers(0, 9), st.integers(0, 9), st.integers(0, 14))


def test_a_year_of_daily_backups_keeps_days_weeks_and_months() -> None:
    start = datetime(2026, 1, 1, 2, tzinfo=UTC)
    every = [start + timedelta(days=day) for day in range(365)]
    stays = sorted(kept(every, Rule()))
    assert stays[-7:] == every[-7:]
    assert [one.date().isoformat() for one in stays[:4]] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert len(stays) == 7 + 2 + 11, "two further weeks end before the last seven days, eleven months before this one"


@given(MOMENTS, RULES)
def test_the_newest_stays_and_nothing_is_invented(moments: list[datetime], rule: Rule) -> None:
    stays = kept(moments, rule)
    assert stays <= set(moments)
    assert not moments or max(moments) in stays
    assert len(stays) <= rule.daily + rule.weekly + rule.monthly + 1


@given(MOMENTS, RULES)
def test_ageing_twice_is_ageing_once(moments: list[datetime], rule: Rule) -> None:
    once = kept(moments, rule)
    assert kept(once, rule) == once


@given(MOMENTS)
def test_the_last_days_lose_only_what_a_later_backup_of_the_day_replaces(moments: list[datetime]) -> None:
    days = sorted({one.date() for one in moments})[-7:]
    assert {max(one for one in moments if one.date() == day) for day in days} <= kept(moments, Rule())


def test_only_dated_backups_are_deleted(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    for day in range(60):
        (tmp_path / dated_name(now - timedelta(days=day), encrypted=day % 2 == 0)).touch()
    others = {"before-restore-award-20200101T000000Z.tar.gz", "award-20200101T000000Z.tar.gz.txt", "deletions.jsonl"}
    for name in others:
        (tmp_path / name).touch()
    gone = age_out(tmp_path, Rule(daily=2, weekly=0, monthly=0))
    assert len(gone) == 58
    left = {path.name for path in tmp_path.iterdir()}
    assert left == others | {dated_name(now, True), dated_name(now - timedelta(days=1), False)}

"""Figures of a time: how many asked where, how it ended, how long it took, what people thought, what it was about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.answer import AnswerStatus
from actions.handover.cases import CaseRow
from bot.conversations import TurnRow
from bot.feedback import FeedbackRow, Rating
from bot.staff.period import Period, day_of
from knowledge.database import FaqRow

LONGEST_BY_DAY = 62  # days; a longer time is told by week
MOST_TOPICS = 12
OTHER_TOPIC = "văn bản, hướng dẫn"  # what answered was no FAQ entry
_ANSWERED = (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL)
_ASKED = (*_ANSWERED, AnswerStatus.UNKNOWN, AnswerStatus.CLARIFY, AnswerStatus.ERROR)


@dataclass(frozen=True, slots=True)
class Statistics:
    """`turns` counts by day, channel and status; latencies are milliseconds, None where there was no turn."""

    period: Period
    turns: Mapping[tuple[date, str, str], int]
    up: int
    down: int
    cases: int
    latency_50: int | None
    latency_95: int | None
    topics: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(self.turns.values())

    @property
    def statuses(self) -> Counter[str]:
        return self._by(2)

    @property
    def channels(self) -> Counter[str]:
        return self._by(1)

    @property
    def answer_rate(self) -> float | None:
        """Answered, in part or whole, of the questions within the scope: no small talk, forms, hand-overs, and no others' subjects."""
        asked = sum(self.statuses[one] for one in _ASKED)
        return sum(self.statuses[one] for one in _ANSWERED) / asked if asked else None

    @property
    def good_rate(self) -> float | None:
        """Thumbs up of all thumbs."""
        return self.up / (self.up + self.down) if self.up + self.down else None

    @property
    def buckets(self) -> list[date]:
        """First days of what is told as one: each day, or weeks of seven days where the time is long."""
        step = 1 if len(self.period.days) <= LONGEST_BY_DAY else 7
        return self.period.days[::step]

    def over_time(self, place: int) -> Mapping[tuple[date, str], int]:
        """Counts by bucket and by channel (1) or status (2)."""
        buckets = self.buckets
        step = (buckets[1] - buckets[0]).days if len(buckets) > 1 else 1
        found: Counter[tuple[date, str]] = Counter()
        for key, count in self.turns.items():
            at = (key[0] - self.period.first).days // step
            found[self.period.first + timedelta(days=at * step), str(key[place])] += count
        return found

    def _by(self, place: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for key, count in self.turns.items():
            found[str(key[place])] += count
        return found


def read_statistics(session: Session, period: Period) -> Statistics:
    """All of it in six queries, however many turns there are."""
    during = (TurnRow.at >= period.since, TurnRow.at < period.until)
    day = day_of(session, TurnRow.at)
    counted = select(day, TurnRow.channel, TurnRow.status, func.count()).where(*during)
    turns = {
        (date.fromisoformat(text), channel, status): count
        for text, channel, status, count in session.execute(counted.group_by(day, TurnRow.channel, TurnRow.status))
    }
    spent = select(TurnRow.milliseconds, func.count()).where(*during).group_by(TurnRow.milliseconds)
    latencies = sorted((value, count) for value, count in session.execute(spent))
    rated = select(FeedbackRow.rating, func.count()).where(
        FeedbackRow.at >= period.since, FeedbackRow.at < period.until
    )
    thumbs = dict(iter(session.execute(rated.group_by(FeedbackRow.rating))))
    opened = select(func.count()).where(CaseRow.opened_at >= period.since, CaseRow.opened_at < period.until)
    return Statistics(
        period,
        turns,
        up=thumbs.get(str(Rating.UP), 0),
        down=thumbs.get(str(Rating.DOWN), 0),
        cases=session.scalar(opened) or 0,
        latency_50=quantile(latencies, 0.5),
        latency_95=quantile(latencies, 0.95),
        topics=_topics(session, period),
    )


def quantile(counted: Iterable[tuple[int, int]], part: float) -> int | None:
    """The smallest value that `part` of all do not exceed (nearest rank), of sorted values with how often each is there."""
    values = list(counted)
    needed, seen = part * sum(count for _, count in values), 0
    for value, count in values:
        seen += count
        if seen >= needed - 1e-9:
            return value
    return None


def _topics(session: Session, period: Period) -> tuple[tuple[str, int], ...]:
    answered = select(TurnRow.entry, func.count()).where(
        TurnRow.at >= period.since, TurnRow.at < period.until, TurnRow.entry.is_not(None)
    )
    topics = dict(iter(session.execute(select(FaqRow.id, FaqRow.topic))))
    found: Counter[str] = Counter()
    for entry, count in session.execute(answered.group_by(TurnRow.entry)):
        found[topics.get(str(entry), OTHER_TOPIC)] += count
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_TOPICS])

"""When a reminder of an event is due: arithmetic on days, without a database and without a clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from knowledge.calendar import DEADLINES, VIETNAM, EventKind, EventState, SeasonEvent
from knowledge.calendar_store import TrackedEvent

LATE_DAYS = 14  # a reminder missed while no server ran is sent up to so many days after the event
QUIET_FROM = time(20, 0)


def matches(kinds: Iterable[EventKind], event: SeasonEvent) -> bool:
    """Whether a reminder about these kinds (none: every kind) is about the event."""
    kinds = tuple(kinds)
    return not kinds or event.kind in kinds


def day_of(event: SeasonEvent) -> date:
    """The day to be reminded of: the last one of a span in which something is handed in, the first one of any other."""
    return event.last_day if event.kind in DEADLINES and not event.by_month else event.start


def due_moment(event: SeasonEvent, days: int, since: datetime, hour: time) -> datetime | None:
    """When to remind `days` before the event; where that was over at `since`, the day before, else the day itself, else never.

    `since` is when the reminder was asked for or the date became known, whichever came later.
    """
    if event.state is EventState.CANCELLED:
        return None
    day = day_of(event)
    for before in sorted({days, min(days, 1), 0}, reverse=True):
        moment = datetime.combine(day - timedelta(days=before), hour, VIETNAM)
        if moment > since:
            return moment
    return None


def due_until(event: SeasonEvent) -> date:
    """The last day on which there may be something to say about an event."""
    return max(event.last_day, day_of(event) + timedelta(days=LATE_DAYS))


def next_moment(
    tracked: TrackedEvent, days: int | None, created: datetime, now: datetime, hour: time
) -> datetime | None:
    """When a reminder that was asked for at `created` will next speak of the event; None: it has, or never will."""
    if days is None:
        return None
    moment = due_moment(tracked.event, days, max(created, tracked.changed), hour)
    return moment if moment is not None and moment > now else None


def is_late(due: datetime, now: datetime) -> bool:
    """Whether the reminder comes on a later day than was promised."""
    return now.astimezone(VIETNAM).date() > due.astimezone(VIETNAM).date()


def may_write(now: datetime, hour: time) -> bool:
    """Whether people may be written to unasked: from the hour of reminders until the evening, also after a night without a server."""
    return hour <= now.astimezone(VIETNAM).time() < max(QUIET_FROM, hour)

"""What the actions of a running chat server work with.

Rasa's action executor makes action objects with no arguments, so they find the answerer here; `create_app` (or a test) puts it in
place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from actions.answering import Answerer
from actions.files import Files
from actions.handover.office import TIME_ZONE, UNKNOWN_HOURS, OfficeHours
from knowledge.database import Database


@dataclass(frozen=True, slots=True)
class Runtime:
    """`answerer` is asked for each turn, so that a newly published index is used from the next turn on.

    `database` is for what a skill keeps between turns, `files` for pictures and documents that come with an answer.
    `now` and `reminder_hour` (the earliest at which people are written to unasked) are Vietnam's. `operator` is who runs the
    assistant, `contact` how to reach them; empty: not known.
    """

    answerer: Callable[[], Answerer]
    today: Callable[[], date]
    small_talk_threshold: float
    database: Database
    files: Files
    contact: str = ""
    operator: str = ""
    office: OfficeHours = UNKNOWN_HOURS
    reminder_hour: time = time(8)
    now: Callable[[], datetime] = lambda: datetime.now(TIME_ZONE)


_current: list[Runtime] = []


def install(runtime: Runtime) -> None:
    _current[:] = [runtime]


def current() -> Runtime:
    """Raises LookupError where nothing was installed."""
    if not _current:
        raise LookupError("no runtime is installed; create_app does it")
    return _current[0]

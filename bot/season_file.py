"""The season calendar as an iCalendar file (RFC 5545), for download and for calendar programs that subscribe to it.

The same events give the same bytes, so that an entity tag tells whether anything has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone

from actions.answer import Language
from actions.season import STATES
from knowledge.calendar import VIETNAM, EventState, SeasonEvent, in_order
from knowledge.documents import Confidence

NAME = "Giải thưởng Chất lượng Quốc gia"
PRODUCT = "-//award-assistant//Lich Giai thuong chat luong quoc gia//VI"
DOMAIN = "gtclqg.award-assistant"  # part of every UID: never to change, whatever host serves the file
REFRESH = timedelta(hours=6)
KEPT = timedelta(days=366)  # an event stays in the file for a year after it is over
MEDIA_TYPE = "text/calendar"
_FIRST_DAY = date(2000, 1, 1)  # Vietnam has kept one offset since 1975
_STATUS = {
    EventState.PLANNED: "TENTATIVE",
    EventState.CONFIRMED: "CONFIRMED",
    EventState.MOVED: "CONFIRMED",
    EventState.CANCELLED: "CANCELLED",
}
_WORDS = STATES[Language.VIETNAMESE]


def calendar_file(events: Iterable[SeasonEvent], today: date) -> bytes:
    """The file; without any event it still holds the time zone, because a calendar of no component is not valid."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, NAME)
    calendar.add("x-wr-timezone", str(VIETNAM))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(_zone())
    for event in in_order(events):
        if event.last_day >= today - KEPT:
            calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _zone() -> Timezone:
    zone = Timezone.from_tzid(str(VIETNAM), first_date=_FIRST_DAY)
    zone.pop("COMMENT", None)
    return zone


def _component(event: SeasonEvent) -> Event:
    component = Event()
    edited = (event.modified or datetime.combine(event.start, time(), VIETNAM)).astimezone(UTC).replace(microsecond=0)
    component.add("uid", f"{event.id}@{DOMAIN}")
    component.add("dtstamp", edited)
    component.add("last-modified", edited)
    component.add("sequence", event.sequence)
    component.add("summary", _summary(event))
    component.add("description", _description(event))
    component.add("status", _STATUS[event.state])
    component.add("categories", [f"Giải năm {event.season}"])
    component.add("transp", "TRANSPARENT" if event.all_day else "OPAQUE")
    if event.province:
        component.add("location", event.province)
    if event.source:
        component.add("url", event.source)
    _add_times(component, event)
    return component


def _add_times(component: Event, event: SeasonEvent) -> None:
    """Whole days end with the day after the last one, as the format wants it."""
    if event.start_time is None:
        component.add("dtstart", event.start)
        component.add("dtend", event.last_day + timedelta(days=1))
        return
    component.add("dtstart", datetime.combine(event.start, event.start_time, VIETNAM))
    if event.end_time is not None:
        component.add("dtend", datetime.combine(event.last_day, event.end_time, VIETNAM))
    elif event.last_day > event.start:
        component.add("dtend", datetime.combine(event.last_day + timedelta(days=1), time(), VIETNAM))


def _summary(event: SeasonEvent) -> str:
    """A calendar program shows no state and no month without days, so both are said in words."""
    said = []
    if event.by_month:
        said.append(event.when())
    if event.state is not EventState.CONFIRMED:
        said.append(_WORDS[event.state])
    return f"{event.title} ({', '.join(said)})" if said else event.title


def _description(event: SeasonEvent) -> str:
    lines = [f"Giải thưởng Chất lượng Quốc gia năm {event.season}. Thời gian: {event.when()}."]
    if event.moved_from:
        lines.append(f"Trước đây là {event.moved_from:%d/%m/%Y}.")
    if event.note:
        lines.append(f"{event.note.rstrip('.')}.")
    lines.append(f"Căn cứ: {event.basis.rstrip('.')}.")
    if event.confidence is not Confidence.OFFICIAL_TEXT:
        lines.append("Hãy đối chiếu với thông báo gốc trước khi nộp.")
    return "\n".join(lines)

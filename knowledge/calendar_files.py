"""The season calendar as a YAML file (form: knowledge/data/README.md), read with pydantic and written back the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowledge.calendar import EventKind, EventState, SeasonEvent, in_order
from knowledge.documents import Confidence
from knowledge.errors import ContentError
from knowledge.files import DATA
from knowledge.vietnamese import nfc

FILE = "calendar.yml"
MOST_ID = 80
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_TEXT = {"title", "basis", "province", "note"}


class EventFile(BaseModel):
    """An event as a file writes it; times are text like "08:30", because YAML reads 08:30 as a number."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=MOST_ID)
    season: int = Field(ge=1996, le=2100)
    kind: EventKind
    title: str = Field(min_length=1, max_length=200)
    start: date
    end: date | None = None
    start_time: time | None = None
    end_time: time | None = None
    by_month: bool = False
    province: str | None = Field(default=None, min_length=1, max_length=60)
    basis: str = Field(min_length=1, max_length=500)
    source: str | None = Field(default=None, pattern=r"^https?://\S+$", max_length=500)
    confidence: Confidence = Confidence.STATE_AGENCY_PAGE
    state: EventState = EventState.PLANNED
    note: str | None = Field(default=None, min_length=1, max_length=500)
    moved_from: date | None = None
    sequence: int = Field(default=0, ge=0)
    modified: AwareDatetime | None = None

    @field_validator("start", "end", "moved_from", mode="before")
    @classmethod
    def _a_day(cls, value: object) -> object:
        """A moment is no day: pydantic would cut its time off where it is midnight."""
        if isinstance(value, datetime):
            raise ValueError("write a day like 2027-03-10; times go into start_time and end_time")
        return value

    @field_validator("start_time", "end_time", mode="before")
    @classmethod
    def _hours_and_minutes(cls, value: object) -> object:
        if value is None or (isinstance(value, str) and _TIME.fullmatch(value)):
            return value
        raise ValueError('write a time like "08:30", in quotation marks')


def parse_event(record: Any, origin: str) -> SeasonEvent:
    """Raises ContentError with the origin and the key that is wrong."""
    try:
        read = EventFile.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError(f"{origin}: {'.'.join(map(str, first['loc'])) or 'the event'}: {first['msg']}") from error
    text = {key: value and nfc(value) for key, value in read.model_dump(include=_TEXT).items()}
    event = SeasonEvent(**{**{name: getattr(read, name) for name in EventFile.model_fields}, **text})
    event.check()
    return event


def event_record(event: SeasonEvent) -> dict[str, Any]:
    """The event as a file writes it; what is at its default is left out."""
    record = {name: getattr(event, name) for name in EventFile.model_fields}
    defaults = {name: field.default for name, field in EventFile.model_fields.items() if not field.is_required()}
    kept = {key: value for key, value in record.items() if key not in defaults or value != defaults[key]}
    for key, value in kept.items():
        if isinstance(value, time):
            kept[key] = f"{value:%H:%M}"
        elif isinstance(value, datetime):
            kept[key] = value.isoformat()
        elif isinstance(value, EventKind | EventState | Confidence):
            kept[key] = str(value)
    return kept


def read_calendar_file(folder: Path = DATA) -> list[SeasonEvent]:
    """The events of a content folder in order; none where it holds no calendar. Raises ContentError."""
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{FILE} is no valid YAML in UTF-8: {' '.join(str(error).split())}") from error
    if not isinstance(entries, list):
        raise ContentError(f"{FILE} must hold a list of events")
    events = [parse_event(one, f"{FILE}, {one.get('id', '?') if isinstance(one, dict) else '?'}") for one in entries]
    check_events(events)
    return in_order(events)


def check_events(events: Iterable[SeasonEvent]) -> None:
    """Raises ContentError where an id is used twice."""
    seen: set[str] = set()
    for event in events:
        if event.id in seen:
            raise ContentError(f"the event {event.id} exists twice")
        seen.add(event.id)


def write_calendar_file(folder: Path, events: Iterable[SeasonEvent]) -> None:
    """Write the form that `read_calendar_file` reads; the same events give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [event_record(one) for one in in_order(events)]
    text = yaml.dump(records, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)
    (folder / FILE).write_text(text, encoding="utf-8")

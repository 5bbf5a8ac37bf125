"""The season calendar: values, file and table."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given

from knowledge.calendar import EventState, SeasonEvent, coming, gone_by, newest_change
from knowledge.calendar_files import FILE, event_record, parse_event, read_calendar_file, write_calendar_file
from knowledge.calendar_store import (
    calendar_digest,
    find_event,
    put_event,
    read_calendar,
    read_tracked,
    remove_event,
    replace_calendar,
)
from knowledge.database import Database
from knowledge.errors import ContentError, UnknownId
from knowledge.files import DATA
from knowledge.vietnamese import nfc
from season_events import NOW, event, events
from shipped import TODAY, shared_facts

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "10/03/2027"),
        ({"end": date(2027, 3, 10)}, "10/03/2027"),
        ({"end": date(2027, 3, 31)}, "10/03/2027 – 31/03/2027"),
        ({"start_time": time(8, 30)}, "08:30 ngày 10/03/2027"),
        ({"start_time": time(8, 30), "end_time": time(11)}, "08:30 – 11:00 ngày 10/03/2027"),
        (
            {"start_time": time(8, 30), "end": date(2027, 3, 12), "end_time": time(17)},
            "08:30 ngày 10/03/2027 – 17:00 ngày 12/03/2027",
        ),
        ({"start": date(2027, 6, 1), "end": date(2027, 6, 30), "by_month": True}, "tháng 6/2027"),
        ({"start": date(2027, 6, 1), "end": date(2027, 8, 31), "by_month": True}, "tháng 6/2027 – tháng 8/2027"),
    ],
)
def test_when_it_is_in_words(changes: dict[str, Any], words: str) -> None:
    one = event(**changes)
    one.check()
    assert one.when() == words


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"end": date(2027, 3, 9)}, "swap the two days"),
        ({"end_time": time(9)}, "needs a start time"),
        ({"start_time": time(9), "end_time": time(9)}, "not after its start"),
        ({"start": date(2027, 6, 1), "end": date(2027, 6, 29), "by_month": True}, "last of one"),
        ({"start": date(2027, 6, 2), "end": date(2027, 6, 30), "by_month": True}, "first day of a month"),
        (
            {"start": date(2027, 6, 1), "end": date(2027, 6, 30), "by_month": True, "start_time": time(9)},
            "no time of day",
        ),
        ({"state": EventState.MOVED}, "moved_from"),
    ],
)
def test_parts_that_contradict_each_other(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint):
        event(**changes).check()


def test_an_event_is_over_the_day_after_its_last() -> None:
    long = event("a", end=date(2027, 3, 31))
    assert coming([event("b", start=date(2027, 1, 1)), long], date(2027, 3, 31)) == [long]
    assert gone_by([long], date(2027, 4, 1)) == [long]
    assert newest_change([]) is None
    assert newest_change([event(modified=NOW), event(modified=LATER)]) == LATER


@given(events())
def test_a_file_gives_back_the_event(one: SeasonEvent) -> None:
    record = yaml.load(yaml.dump(event_record(one), Dumper=yaml.CSafeDumper, allow_unicode=True), yaml.CSafeLoader)
    composed = replace(one, title=nfc(one.title), basis=nfc(one.basis), note=one.note and nfc(one.note))
    assert parse_event(record, "test") == composed


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"id": "Hạn nộp"}, "id: String should match"),
        ({"id": "a" * 81}, "id: String should have at most"),
        ({"start": "2027-02-30"}, "start: "),
        ({"start": datetime(2027, 3, 10, 8, 30)}, "times go into start_time"),
        ({"start_time": 510}, "in quotation marks"),
        ({"start_time": "25:00"}, "in quotation marks"),
        ({"basis": " "}, "basis: "),
        ({"source": "javascript:alert(1)"}, "source: "),
        ({"modified": "2027-03-10T00:00:00"}, "modified: "),
        ({"colour": "red"}, "colour: "),
        ({"season": 27}, "season: "),
    ],
)
def test_a_wrong_key_is_named(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ContentError, match=re.escape(complaint)):
        parse_event({**event_record(event()), **changes}, "calendar.yml, x")


def test_the_shipped_file_is_written_back_byte_for_byte(tmp_path: Path) -> None:
    write_calendar_file(tmp_path, read_calendar_file())
    assert (tmp_path / FILE).read_bytes() == (DATA / FILE).read_bytes()


def test_a_folder_without_a_calendar_and_files_that_are_none(tmp_path: Path) -> None:
    assert read_calendar_file(tmp_path) == []
    for text, complaint in (("a: 1", "a list"), ("[1]", "the event"), ("- {", "valid YAML")):
        (tmp_path / FILE).write_text(text)
        with pytest.raises(ContentError, match=complaint):
            read_calendar_file(tmp_path)
    record = yaml.dump([event_record(event())] * 2)
    (tmp_path / FILE).write_text(record)
    with pytest.raises(ContentError, match="exists twice"):
        read_calendar_file(tmp_path)


def test_no_date_of_a_season_to_come_is_shipped() -> None:
    """The dates of 2026 and later are not published; what is shipped is history."""
    assert coming(read_calendar_file(), TODAY) == []
    assert {one.season for one in read_calendar_file()} <= {2021, 2022, 2023, 2024, 2025}


def test_every_shipped_date_is_in_the_facts() -> None:
    said = " ".join(fact["statement"] for fact in shared_facts() if fact["id"].startswith("F10."))
    for one in read_calendar_file():
        if one.by_month:
            assert f"/{one.last_day.year}" in said and f"{one.last_day.month}/{one.last_day.year}" in said, one.id
        else:
            assert f"{one.start.day}/{one.start.month}/{one.start.year}" in said, one.id


def test_dates_raise_the_sequence_and_other_edits_do_not(database: Database) -> None:
    with database.session() as session:
        first = put_event(session, event(), NOW)
        assert (first.sequence, first.modified) == (0, NOW)
    with database.session() as session:
        assert put_event(session, event(), LATER) == first
        titled = put_event(session, event(title="Hạn chót"), LATER)
        assert (titled.sequence, titled.modified) == (0, LATER)
        moved = event(title="Hạn chót", start=date(2027, 3, 20), state=EventState.MOVED, moved_from=date(2027, 3, 10))
        assert put_event(session, moved, LATER).sequence == 1
        assert put_event(session, replace(moved, state=EventState.CANCELLED), LATER).sequence == 2
    with database.session() as session:
        (tracked,) = read_tracked(session)
    assert (tracked.created, tracked.changed, tracked.event.sequence) == (NOW, LATER, 2)


def test_every_part_survives_the_database(database: Database) -> None:
    full = event(
        end=date(2027, 3, 12),
        start_time=time(8, 30),
        end_time=time(17, 0),
        province="Tây Ninh",
        source="https://example.vn/x",
        note="Ghi chú",
        moved_from=date(2027, 3, 1),
        state=EventState.MOVED,
        sequence=4,
        modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    with database.session() as session:
        put_event(session, full, NOW)
    with database.session() as session:
        assert read_calendar(session) == [full]


def test_a_replacement_keeps_what_people_were_told(database: Database) -> None:
    with database.session() as session:
        for one in (event("a"), event("b")):
            put_event(session, one, NOW)
    with database.session() as session:
        replace_calendar(session, [event("b", start=date(2027, 4, 1)), event("c")], LATER)
    with database.session() as session:
        kept = {one.event.id: (one.event.sequence, one.created) for one in read_tracked(session)}
    assert kept == {"b": (1, NOW), "c": (0, LATER)}


def test_an_event_that_is_not_there(database: Database) -> None:
    with database.session() as session:
        with pytest.raises(UnknownId, match="award calendar list"):
            find_event(session, "x")
        with pytest.raises(UnknownId, match="award calendar list"):
            remove_event(session, "x")


def test_the_digest_is_of_what_is_said() -> None:
    one, other = event("a"), event("b")
    assert calendar_digest([one, other]) == calendar_digest([other, replace(one, sequence=7, modified=NOW)])
    assert calendar_digest([one]) != calendar_digest([replace(one, start=date(2027, 3, 11))])

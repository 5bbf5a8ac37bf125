"""`award calendar …`: how staff keep the season dates until they do it in the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from bot.errors import CalendarError
from bot.settings import Settings, load_settings
from knowledge.calendar import EventKind, EventState
from knowledge.calendar_files import event_record, parse_event
from knowledge.calendar_store import find_event, put_event, read_calendar, remove_event
from knowledge.database import Database
from knowledge.documents import Confidence
from knowledge.errors import ContentError
from knowledge.vietnamese import fold

calendar_app = typer.Typer(
    no_args_is_help=True, help="The season dates: data that staff keep; no regulation fixes them."
)
Identity = Annotated[str, typer.Argument(help="the event's id; `award calendar list` shows it")]
Until = Annotated[str | None, typer.Option(help="the last day, included, like 2027-03-31")]
At = Annotated[str | None, typer.Option(help="time of day in Vietnam, like 08:30")]
To = Annotated[str | None, typer.Option(help="time of the end, like 11:00")]
Month = Annotated[bool, typer.Option("--month", help="the notice names months only, no days")]


@contextmanager
def _session() -> Iterator[tuple[Settings, Session]]:
    settings = load_settings()
    database = Database(settings.database_url)
    database.check_schema()
    with database.session() as session:
        yield settings, session
    database.close()


@calendar_app.command("list")
def list_events(everything: Annotated[bool, typer.Option("--all", help="those that are over too")] = False) -> None:
    """Show the events that are not over yet."""
    with _session() as (settings, session):
        today = settings.today()
        events = [one for one in read_calendar(session) if everything or not one.over(today)]
    if not events:
        typer.echo("no event is to come; people are told «chưa công bố». Add one: award calendar add --help")
    for event in events:
        where = event.province or "toàn quốc"
        typer.echo(f"{event.id:36} {event.state:10} {event.when():26} {where:12} {event.title}")


@calendar_app.command()
def add(
    start: Annotated[str, typer.Argument(help="the day, like 2027-03-10; with --month any day of the month")],
    title: Annotated[str, typer.Argument(help="what people read, in Vietnamese")],
    basis: Annotated[str, typer.Option(help="the notice that says so: number, date, who")],
    kind: Annotated[EventKind, typer.Option(help="what happens on the day")] = EventKind.OTHER,
    season: Annotated[
        int | None, typer.Option(help="the year the award is named after; the day's year by default")
    ] = None,
    until: Until = None,
    at: At = None,
    to: To = None,
    month: Month = False,
    province: Annotated[str | None, typer.Option(help="left out: the whole country")] = None,
    source: Annotated[str | None, typer.Option(help="where the notice can be read, https://…")] = None,
    note: Annotated[str | None, typer.Option(help="one more sentence for people")] = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="the notice is final; otherwise the date is planned")
    ] = False,
    confidence: Annotated[Confidence, typer.Option(help="how well founded")] = Confidence.OFFICIAL_TEXT,
    identity: Annotated[
        str | None, typer.Option("--id", help="kebab-case; made from season and title by default")
    ] = None,
) -> None:
    """Add an event; people who asked to be told hear of it within a minute."""
    record: dict[str, Any] = {
        "season": season or _day(start).year,
        "kind": str(kind),
        "title": title,
        "basis": basis,
        **_times(start, until, at, to, month),
        "province": province,
        "source": source,
        "note": note,
        "confidence": str(confidence),
        "state": str(EventState.CONFIRMED if confirmed else EventState.PLANNED),
    }
    record["id"] = identity or _identity(record["season"], title)
    event = parse_event(record, "the new event")
    with _session() as (settings, session):
        if event.id in {one.id for one in read_calendar(session)}:
            raise CalendarError(f"there is an event {event.id} already; give another --id, or move that one")
        put_event(session, event, settings.now())
    typer.echo(f"✓ {event.id}: {event.when()}, {event.title}")


@calendar_app.command()
def move(
    identity: Identity,
    start: Annotated[str, typer.Argument(help="the new day, like 2027-03-20")],
    until: Until = None,
    at: At = None,
    to: To = None,
    month: Month = False,
    basis: Annotated[str | None, typer.Option(help="the notice that moves it")] = None,
    correction: Annotated[bool, typer.Option("--correction", help="it was typed wrong and has not moved")] = False,
) -> None:
    """Move an event to another day; everything but its days and times stays."""
    with _session() as (settings, session):
        known = find_event(session, identity)
        if known.state is EventState.CANCELLED:
            raise CalendarError(f"{identity} is cancelled; add a new event instead")
        moved = {} if correction else {"state": str(EventState.MOVED), "moved_from": known.start}
        changes = {**_times(start, until, at, to, month), **moved, "basis": basis or known.basis}
        event = parse_event({**event_record(known), **changes}, identity)
        if event.when() == known.when():
            raise CalendarError(f"{identity} is on {known.when()} already; give the new day")
        put_event(session, event, settings.now())
    typer.echo(f"✓ {identity}: {known.when()} → {event.when()}")


@calendar_app.command()
def confirm(identity: Identity, basis: Annotated[str | None, typer.Option(help="the final notice")] = None) -> None:
    """Say that a planned date is final."""
    with _session() as (settings, session):
        known = find_event(session, identity)
        if known.state is not EventState.PLANNED:
            raise CalendarError(f"{identity} is {known.state}, not planned")
        put_event(session, replace(known, state=EventState.CONFIRMED, basis=basis or known.basis), settings.now())
    typer.echo(f"✓ {identity}: confirmed")


@calendar_app.command()
def cancel(
    identity: Identity, basis: Annotated[str | None, typer.Option(help="the notice that cancels it")] = None
) -> None:
    """Cancel an event; it stays in the calendar, marked as cancelled, and people who wait for it are told."""
    with _session() as (settings, session):
        known = find_event(session, identity)
        if known.state is EventState.CANCELLED:
            raise CalendarError(f"{identity} is cancelled already")
        put_event(session, replace(known, state=EventState.CANCELLED, basis=basis or known.basis), settings.now())
    typer.echo(f"✓ {identity}: cancelled")


@calendar_app.command()
def remove(identity: Identity) -> None:
    """Take an event out of the calendar, without a word to anybody; one that is still to come must be cancelled first."""
    with _session() as (settings, session):
        known = find_event(session, identity)
        if not known.over(settings.today()) and known.state is not EventState.CANCELLED:
            raise CalendarError(
                f"{identity} is still to come and may have been seen; first: award calendar cancel {identity}"
            )
        remove_event(session, identity)
    typer.echo(f"✓ {identity}: removed")


def _times(start: str, until: str | None, at: str | None, to: str | None, month: bool) -> dict[str, Any]:
    """The keys of an event's file that tell when it is."""
    first, last = _day(start), _day(until) if until else None
    if month:
        first, last = first.replace(day=1), _last_of_month(last or first)
    return {"start": first, "end": last, "start_time": at, "end_time": to, "by_month": month}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"«{text}» is no date; write it like 2027-03-10") from None


def _last_of_month(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _identity(season: int, title: str) -> str:
    """«2027-han-nop-ho-so». Raises ContentError where the title gives none."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    if not words:
        raise ContentError("no id can be made from this title; give one with --id")
    return "-".join([str(season), *words])[:60].rstrip("-")

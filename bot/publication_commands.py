"""`award publish · publications · publication · rollback · replay`. Registered on the command line by bot/cli.py."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer

from actions.handover.office import TIME_ZONE
from bot.gate.gate import Gate
from bot.publishing import Published, Publisher
from bot.replay import Replayed, Replayer
from bot.settings import Settings, load_settings
from bot.setup import progress_lines
from bot.verification import Verification
from knowledge.changes import Changes, compare
from knowledge.database import Database
from knowledge.publications import PublicationSummary, last_check, list_publications, previous_number, read_publication

Author = Annotated[str | None, typer.Option("--by", help="who answers for it; the name of the user by default")]
Despite = Annotated[str | None, typer.Option(help="the reason for publishing although verification finds losses; kept")]
Number = Annotated[int, typer.Argument(min=1, help="as award publications lists them")]
Json = Annotated[bool, typer.Option("--json", help="for machines")]
LISTED = 12  # ids shown of each kind of change


def publication_commands(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (publish, publications, publication, rollback, replay):
        app.command()(command)
    app.command(hidden=True)(gate)  # the console starts it


def publish(author: Author = None, despite: Despite = None) -> None:
    """Publish the content as it stands: snapshot, index, verification; running servers take it within seconds."""
    with _opened() as (settings, database):
        publisher = Publisher(settings, database, progress_lines(typer.echo))
        show_published(publisher.publish(author or user_name(), despite))


def gate(number: Number) -> None:
    """Carry out a run of the publish gate that the staff console has begun."""
    with _opened() as (settings, database):
        Gate(settings, database).run(number)


def rollback(number: Number, author: Author = None, despite: Despite = None) -> None:
    """Make an earlier publication current again. Content that is being edited is left as it is."""
    with _opened() as (settings, database):
        publisher = Publisher(settings, database, progress_lines(typer.echo))
        show_published(publisher.roll_back(number, author or user_name(), despite))


def publications(as_json: Json = False) -> None:
    """List all publications, newest first."""
    with _opened() as (_, database), database.session() as session:
        listed = list_publications(session)
        if as_json:
            typer.echo(json.dumps([_summary_record(one) for one in listed], ensure_ascii=False, indent=1))
            return
        for one in listed:
            typer.echo(_summary(one))


def publication(number: Number, as_json: Json = False) -> None:
    """Show what a publication changed against the one before it, and what its verification found."""
    with _opened() as (_, database), database.session() as session:
        summary = next((one for one in list_publications(session) if one.number == number), None)
        after = read_publication(session, number).corpus
        before = previous_number(session, number)
        changes = compare(read_publication(session, before).corpus if before else None, after)
        check = last_check(session, number)
        if as_json:
            record = {**_summary_record(summary), "before": before, "changes": changes.to_json()} if summary else {}
            typer.echo(json.dumps(record | {"verification": check and check[1]}, ensure_ascii=False, indent=1))
            return
        if summary:
            typer.echo(_summary(summary))
        typer.echo(f"against publication {before}:" if before else "the first publication:")
        _show_changes(changes)
        if check:
            typer.echo(Verification.from_json(check[1]).text())


def replay(
    turn: Annotated[int | None, typer.Argument(help="the turn's number, as --at lists them")] = None,
    at: Annotated[str | None, typer.Option(help='a time in Vietnam, like "2026-03-12 09:00"')] = None,
) -> None:
    """Show what the assistant said, from which publication, and answer it again from that publication.

    With --at: the publication that was current at that time, and the turns around it.
    """
    if (turn is None) == (at is None):
        raise typer.BadParameter("give the number of a turn, or --at with a time")
    with _opened() as (settings, database):
        replayer = Replayer(settings, database)
        if turn is not None:
            _show_replay(replayer.replay(turn))
            return
        around = replayer.around(_moment(at or ""))
        now = around.current
        typer.echo(
            f"publication {now.number}, current since {_time(now.since)} (by {now.author or '?'}, {now.reason})"
            if now
            else "nothing was published then"
        )
        for one in around.turns:
            typer.echo(f"{one.id:>8}  {_time(one.at)}  {one.channel:8} {one.status:12} {one.question[:70]}")
        if not around.turns:
            typer.echo("no turn is kept from around that time")


def show_published(published: Published) -> None:
    """Say what came of publishing."""
    if published.verification:
        typer.echo(published.verification.text())
    what = "is current" if published.changed else "was current already; nothing has changed"
    typer.echo(f"✓ publication {published.current.number} {what}")


def user_name() -> str:
    """Who runs the command, as the system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a name for its user
        return "?"


@contextmanager
def _opened() -> Iterator[tuple[Settings, Database]]:
    settings = load_settings()
    database = Database(settings.database_url)
    database.check_schema()
    try:
        yield settings, database
    finally:
        database.close()


def _summary(one: PublicationSummary) -> str:
    mark = "→" if one.current else " "
    checked = {None: "not verified", True: "verified", False: "verified with losses"}[one.checked]
    counts = ", ".join(f"{one.counts.get(name, 0)} {name}" for name in ("faq", "provisions", "documents", "guidance"))
    return f"{mark} {one.number:>5}  {one.digest[:12]}  {_time(one.created_at)}  {counts}  {checked}  {one.author}"


def _summary_record(one: PublicationSummary) -> dict[str, object]:
    return {
        "number": one.number,
        "digest": one.digest,
        "created_at": one.created_at.isoformat(),
        "author": one.author,
        "counts": dict(one.counts),
        "current": one.current,
        "checked": one.checked,
    }


def _show_changes(changes: Changes) -> None:
    shown = False
    for what, change in changes.kinds():
        for word, names in (("added", change.added), ("changed", change.changed), ("removed", change.removed)):
            if names:
                shown = True
                more = f" … and {len(names) - LISTED} more" if len(names) > LISTED else ""
                typer.echo(f"  {what} {word} ({len(names)}): {', '.join(names[:LISTED])}{more}")
    if not shown:
        typer.echo("  no difference")


def _show_replay(replayed: Replayed) -> None:
    turn = replayed.turn
    typer.echo(
        f"turn {turn.id}, {_time(turn.at)}, {turn.channel}, publication {turn.publication or '?'}, {turn.status}"
    )
    typer.echo(f"› {turn.question}")
    typer.echo(turn.text)
    for label in turn.labels:
        typer.echo(f"  · {label}")
    typer.echo(f"\n{'✓' if replayed.same else '·'} {replayed.words()}")
    if replayed.again is not None and not replayed.same:
        typer.echo(f"\nanswered again [{replayed.again.status}]:\n{replayed.again.text}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f'«{text}» is no time; write it like "2026-03-12 09:00"') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=TIME_ZONE)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(TIME_ZONE):%Y-%m-%d %H:%M:%S}"

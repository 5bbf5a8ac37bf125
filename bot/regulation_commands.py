"""`award provision`: what a provision says and said. Registered on the command line by bot/cli.py."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

import typer

from bot.settings import load_settings
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content
from knowledge.history import HistoryEntry, history


def provision(
    identity: Annotated[str, typer.Argument(metavar="ID", help="like ND37-2026:59.1")],
    all_versions: Annotated[bool, typer.Option("--history", help="every version, oldest first")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="the day, like 2022-05-01; today by default")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Show what a provision says on a day, or all its versions with what made and ended each."""
    settings = load_settings()
    day = _day(as_of) or settings.today()
    corpus = _content(settings.database_url)
    wanted = ProvisionId.parse(identity)
    entries = [one for one in history(corpus, wanted) if all_versions or one.valid.contains(day)]
    if as_json:
        typer.echo(json.dumps([_record(one) for one in entries], ensure_ascii=False, indent=1))
        return
    typer.echo(f"{corpus.label(wanted)} ({wanted})")
    if not entries:
        typer.echo(f"\nKhông có bản nào có hiệu lực ngày {day:%d/%m/%Y}; xem tất cả: --history")
    for entry in entries:
        typer.echo(f"\n{_words(corpus, entry)}")


def _content(url: str) -> Corpus:
    database = Database(url)
    database.check_schema()
    try:
        with database.session() as session:
            return read_content(session)
    finally:
        database.close()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"«{text}» is no date; write it like 2022-05-01") from None


def _words(corpus: Corpus, entry: HistoryEntry) -> str:
    """One version for people: period, causes, whose words these are, the words."""
    lines = [f"■ {entry.valid.words() or 'không rõ thời gian'}"]
    if entry.made_by:
        lines.append(f"  có từ: {'; '.join(map(corpus.label, entry.made_by))}")
    if entry.ended_by:
        lines.append(f"  hết theo: {'; '.join(map(corpus.label, entry.ended_by))}")
    lines.append("  [nguyên văn]" if entry.wording.official else "  [tóm tắt, không phải chữ của văn bản]")
    if entry.title and not entry.wording.official:
        lines.append(f"  {entry.title}")
    return "\n".join((*lines, *(f"  {line}" for line in entry.wording.text.splitlines())))


def _record(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "valid_from": entry.valid.start and entry.valid.start.isoformat(),
        "valid_to": entry.valid.end and entry.valid.end.isoformat(),
        "made_by": list(map(str, entry.made_by)),
        "ended_by": list(map(str, entry.ended_by)),
        "title": entry.title,
        "text": entry.wording.text,
        "text_kind": "official" if entry.wording.official else "summary",
    }

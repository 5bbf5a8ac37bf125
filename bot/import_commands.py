"""`award import` and what follows it: the list of proposals, accepting, discarding, and what waits for review since."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.settings import load_settings
from bot.verification import golden_answers
from knowledge.acceptance import Acceptance, Change, Choices, Effect, accept_proposal, preview_acceptance
from knowledge.database import Database, read_content
from knowledge.files import mark_record
from knowledge.importing import ImportProposal, ImportRefused, import_file
from knowledge.marks import MarkedKind, ReviewMark
from knowledge.proposals import (
    ProposalState,
    StoredProposal,
    Storing,
    discard_proposal,
    list_proposals,
    store_proposal,
)
from knowledge.review import confirm_marks, list_marks

By = Annotated[str, typer.Option("--by", help="who decides; the name of your login by default")]
AsJson = Annotated[bool, typer.Option("--json", help="for machines")]
Number = Annotated[int, typer.Argument(help="the number of the proposal, see award imports")]

_STATES = {
    ProposalState.PROPOSED: "đề xuất",
    ProposalState.ACCEPTED: "đã nhận",
    ProposalState.DISCARDED: "đã bỏ",
}
EFFECTS = {
    Effect.AMENDED: "sửa đổi",
    Effect.ADDED: "bổ sung",
    Effect.ENDED: "hết hiệu lực",
    Effect.CORRECTED: "chỉnh lại nguyên văn",
}
KINDS = {
    MarkedKind.FAQ: "câu hỏi",
    MarkedKind.GUIDANCE: "hướng dẫn tiêu chí",
    MarkedKind.ELIGIBILITY: "điều kiện tham dự",
    MarkedKind.GOLDEN: "câu trả lời mẫu",
    MarkedKind.SUMMARY: "tóm tắt",
}


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("import")(import_regulations)
    app.command("imports")(imports)
    app.command("import-accept")(import_accept)
    app.command("import-discard")(import_discard)
    app.command("review")(review)
    app.command("review-confirm")(review_confirm)


def import_regulations(
    files: Annotated[list[Path], typer.Argument(help="DOCX, PDF with a text layer, HTML, Markdown or plain text")],
    document: Annotated[str, typer.Option(help="the regulation of files that do not say it, like ND37-2026")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only report, store nothing")] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Read official documents, report what was found and what looks wrong, and keep each as a proposal."""
    refused = 0
    for path in files:
        try:
            proposal = import_file(path, document=document)
        except ImportRefused as error:
            refused += 1
            typer.echo(f"✗ {path.name}: {error}", err=True)
            continue
        storing = None if dry_run else _store(proposal, by, document)
        typer.echo(_json(_storing_record(proposal, storing)) if as_json else _storing_words(proposal, storing))
    if refused:
        raise typer.Exit(1)


def imports(
    document: Annotated[str | None, typer.Option(help="only of this regulation")] = None, as_json: AsJson = False
) -> None:
    """List the import proposals, newest first."""
    with _database() as database, database.session() as session:
        stored = list_proposals(session, document)
    if as_json:
        typer.echo(_json([_stored_record(one) for one in stored]))
        return
    for one in stored:
        settled = f", {one.settled_at:%d/%m/%Y} {one.settled_by}" if one.settled_at else ""
        name = one.document or "chưa rõ văn bản"
        typer.echo(f"{one.number:4}  {_STATES[one.state]:8}  {name:14}  {one.filename}  ({one.at:%d/%m/%Y}{settled})")
    if not stored:
        typer.echo("Chưa có đề xuất nào; nhập bằng: award import TỆP")


def import_accept(
    number: Number,
    in_force: Annotated[str | None, typer.Option(help="the first day in force, where the file does not say it")] = None,
    keep: Annotated[list[str] | None, typer.Option(help="which one of a number that occurs twice, by its key")] = None,
    replace_text: Annotated[
        bool, typer.Option("--replace-text", help="official words that differ take the place of those that are loaded")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="apply once more what was accepted before")] = False,
    trial: Annotated[
        bool, typer.Option("--trial", help="accept a fictional text; nothing can be published then")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what accepting would do")] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Put a proposal into the content: its text, the versions that it makes and ends, and what must be reviewed since."""
    choices = Choices(_day(in_force), tuple(keep or ()), replace_text, trial)
    settings = load_settings()
    golden = golden_answers(settings.root / settings.knowledge.golden)
    with _database() as database:
        with database.session() as session:
            if dry_run:
                acceptance = preview_acceptance(session, number, choices, golden)
            else:
                acceptance = accept_proposal(session, number, by or getpass.getuser(), choices, golden, again)
        typer.echo(_json(acceptance.record()) if as_json else _acceptance_words(acceptance, dry_run))


def import_discard(number: Number, by: By = "") -> None:
    """Put a proposal aside; its file can be imported again."""
    with _database() as database, database.session() as session:
        stored = discard_proposal(session, number, by or getpass.getuser())
    typer.echo(f"✓ Đã bỏ đề xuất {stored.number} ({stored.filename}).")


def review(
    everything: Annotated[bool, typer.Option("--all", help="confirmed ones too")] = False, as_json: AsJson = False
) -> None:
    """List what waits for review («chờ rà soát») because a provision under it changed."""
    with _database() as database, database.session() as session:
        marks = list_marks(session, everything)
        corpus = read_content(session)
    if as_json:
        typer.echo(_json([mark_record(one) for one in marks]))
        return
    for mark in marks:
        done = "" if mark.open else f"  [đã xác nhận: {mark.confirmed_by}]"
        reason = f"{corpus.label(mark.provision)} thay đổi từ {mark.day:%d/%m/%Y} theo {corpus.label(mark.cause)}"
        typer.echo(f"{mark.number:5}  {KINDS[mark.kind]}: {mark.item}  vì {reason}{done}")
    if not marks:
        typer.echo("Không có gì chờ rà soát.")


def review_confirm(
    which: Annotated[str, typer.Argument(metavar="ID", help="the number of a mark, or the id of what was marked")],
    by: By = "",
) -> None:
    """Confirm that what was marked still holds, or has been put right."""
    with _database() as database, database.session() as session:
        done = confirm_marks(session, which, by or getpass.getuser())
    for mark in done:
        typer.echo(f"✓ {KINDS[mark.kind]} {mark.item}: đã xác nhận.")
    typer.echo("Lời báo «đang được rà soát» hết ở lần công bố tới.")


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(load_settings().database_url)
    try:
        database.check_schema()
        yield database
    finally:
        database.close()


def _store(proposal: ImportProposal, by: str, document: str) -> Storing:
    with _database() as database, database.session() as session:
        return store_proposal(session, proposal, by or getpass.getuser(), document)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"«{text}» is no date; write it like 2022-05-01") from None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _storing_words(proposal: ImportProposal, storing: Storing | None) -> str:
    header = f"{proposal.filename}: {proposal.header.document or 'chưa rõ là văn bản nào'}"
    if storing is None:
        return f"{header} (không lưu)\n{proposal.report.text()}"
    stored = storing.stored
    if not storing.new and stored.state is ProposalState.ACCEPTED:
        when = f" ngày {stored.settled_at:%d/%m/%Y}" if stored.settled_at else ""
        known = f"; tệp này đã nhập trước đây và đã nhận{when}"
    else:
        known = "" if storing.new else "; tệp này đã nhập trước đây, vẫn là đề xuất đó"
    return f"Đề xuất {stored.number}. {header}{known}\n{stored.report.text()}"


def _storing_record(proposal: ImportProposal, storing: Storing | None) -> dict[str, Any]:
    if storing is None:
        return {
            "number": None,
            "new": None,
            "file": proposal.filename,
            "document": proposal.header.document,
            "report": json.loads(proposal.report.to_json()),
        }
    return {"new": storing.new, **_stored_record(storing.stored)}


def _stored_record(stored: StoredProposal) -> dict[str, Any]:
    return {
        "number": stored.number,
        "file": stored.filename,
        "digest": stored.digest,
        "document": stored.document,
        "format": stored.format,
        "state": str(stored.state),
        "at": stored.at.isoformat(),
        "by": stored.by,
        "settled_at": stored.settled_at and stored.settled_at.isoformat(),
        "settled_by": stored.settled_by,
        "report": json.loads(stored.report.to_json()),
        "acceptance": stored.acceptance,
    }


def _acceptance_words(acceptance: Acceptance, dry_run: bool) -> str:
    head = f"Nếu nhận đề xuất {acceptance.number}" if dry_run else f"✓ Đã nhận đề xuất {acceptance.number}"
    made = "văn bản mới" if acceptance.created else "văn bản đã có trong kho"
    lines = [f"{head}: {acceptance.document} ({made}), {acceptance.texts} điều, khoản, điểm có thêm nguyên văn."]
    lines += _block("Thay đổi", [_change_words(one) for one in acceptance.changes])
    lines += _block("Cần xem", acceptance.findings)
    lines += _block("Chờ rà soát (award review)", _marked_words(acceptance.marks))
    if not dry_run:
        lines.append("\nNgười hỏi thấy nội dung mới từ lần công bố tới.")
    return "\n".join(lines)


def _block(title: str, lines: list[str] | tuple[str, ...]) -> list[str]:
    return [f"\n{title} ({len(lines)})", *(f"  - {line}" for line in lines)] if lines else []


def _change_words(change: Change) -> str:
    return f"{change.provision}: {EFFECTS[change.effect]} từ {change.day:%d/%m/%Y} theo {change.cause}"


def _marked_words(marks: tuple[ReviewMark, ...]) -> list[str]:
    items: dict[tuple[MarkedKind, str], list[str]] = {}
    for mark in marks:
        items.setdefault((mark.kind, mark.item), []).append(str(mark.provision))
    return [f"{KINDS[kind]}: {item} (vì {', '.join(reasons)})" for (kind, item), reasons in items.items()]

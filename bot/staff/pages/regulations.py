"""Regulations: upload, import report, accept or discard; the documents that are held, and what waits for review since."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy.orm import Session

from actions.staff.roles import Role
from bot.import_commands import EFFECTS, KINDS
from bot.reading.view import in_force
from bot.staff.access import Allowed, Reviewer, Viewer, Visit
from bot.staff.console import Console, Section
from bot.verification import golden_answers
from knowledge.acceptance import Choices, accept_proposal, preview_acceptance
from knowledge.audit import record as audit
from knowledge.citations import ProvisionId
from knowledge.documents import Document
from knowledge.editing.provision_search import read_documents
from knowledge.errors import AcceptanceRefused, ContentError, EditRefused, ImportStateError, UnknownId
from knowledge.importing import ImportRefused
from knowledge.importing.isolation import import_bytes
from knowledge.importing.limits import UPLOAD_BYTES
from knowledge.importing.report import Code
from knowledge.marks import MarkedKind, ReviewMark
from knowledge.proposals import (
    ProposalState,
    StoredProposal,
    discard_proposal,
    list_proposals,
    read_proposal,
    store_proposal,
    stored_proposal,
)
from knowledge.review import confirm_marks, list_marks

REGULATIONS = "/staff/regulations"
SECTION = Section(REGULATIONS, "Văn bản", "Nhập văn bản mới, xem báo cáo, nhận vào kho, rà soát phần bị ảnh hưởng.")
Uploader = Annotated[Visit, Depends(Allowed(Role.EDITOR, most_bytes=UPLOAD_BYTES + 64 * 1024))]
STATES = {
    ProposalState.PROPOSED: "Chờ quyết định",
    ProposalState.ACCEPTED: "Đã nhận",
    ProposalState.DISCARDED: "Đã bỏ",
}
SEVERITIES = {"refuse": "Phải quyết định", "warning": "Cảnh báo", "info": "Ghi nhận"}
SHOWN_TEXT = 160
OWN_UPLOAD = "Người nhập tệp không tự nhận tệp đó; hãy nhờ một người duyệt khác."
_PREVIEW_REFUSALS = (AcceptanceRefused, ContentError, ImportStateError)


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/regulations")
    def overview(visit: Viewer) -> Response:
        return _overview(console, visit)

    @router.post("/regulations")
    def upload(visit: Uploader) -> Response:
        file = visit.upload("file")
        if file is None:
            return _overview(console, visit, "Hãy chọn một tệp.")
        given = visit.text("document", 40)
        try:
            if given:
                ProvisionId.parse(given)
            proposal = import_bytes(file.file.read(UPLOAD_BYTES + 1), file.filename or "?", document=given)
        except ImportRefused as error:
            return _overview(console, visit, f"Không nhập được tệp: {error}")
        except ContentError:
            return _overview(console, visit, "Mã văn bản viết như ND37-2026.")
        with console.database.session() as session:
            storing = store_proposal(session, proposal, visit.login, given)
            audit(session, visit.login, "import.upload", storing.stored.document or proposal.filename, proposal.sha256)
        words = "" if storing.new else "Tệp này đã nhập trước đây; đây là đề xuất đó."
        return visit.go(f"{REGULATIONS}/{storing.stored.number}", words)

    @router.get("/regulations/{number}")
    def show(visit: Viewer, number: int) -> Response:
        return _proposal(console, visit, number)

    @router.post("/regulations/{number}/accept")
    def accept(visit: Reviewer, number: int) -> Response:
        try:
            with console.database.session() as session:
                stored = stored_proposal(session, number)
                if stored.by == visit.login and not console.settings.bot.staff.one_person:
                    raise EditRefused(OWN_UPLOAD)
                done = accept_proposal(session, number, visit.login, _choices(visit), _golden(console))
                audit(session, visit.login, "import.accept", done.document, f"đề xuất {number}", after=done.record())
        except UnknownId as error:
            return console.draw(visit, "missing.html", 404, words=str(error))
        except (EditRefused, *_PREVIEW_REFUSALS) as error:
            return _proposal(console, visit, number, str(error))
        words = f"Đã nhận {done.document} vào kho. {len(done.marks)} chỗ chờ rà soát. Người hỏi thấy nội dung mới sau khi công bố."
        return visit.go(f"{REGULATIONS}/{number}", words)

    @router.post("/regulations/{number}/discard")
    def discard(visit: Reviewer, number: int) -> Response:
        try:
            with console.database.session() as session:
                stored = discard_proposal(session, number, visit.login)
                audit(session, visit.login, "import.discard", stored.document or stored.filename, f"đề xuất {number}")
        except UnknownId as error:
            return console.draw(visit, "missing.html", 404, words=str(error))
        except ImportStateError as error:
            return _proposal(console, visit, number, str(error))
        return visit.go(REGULATIONS, f"Đã bỏ đề xuất {number}.")

    @router.post("/regulations/marks/{mark}/confirm")
    def confirm(visit: Reviewer, mark: int) -> Response:
        try:
            with console.database.session() as session:
                (done,) = confirm_marks(session, str(mark), visit.login)
                audit(session, visit.login, "review.confirm", done.item, f"vì {done.provision} thay đổi")
        except UnknownId:
            return visit.go(f"{REGULATIONS}#ra-soat", "Chỗ này đã có người xác nhận.")
        return visit.go(f"{REGULATIONS}#ra-soat", f"Đã xác nhận {done.item} vẫn đúng.")

    return router


def _overview(console: Console, visit: Visit, problem: str = "") -> Response:
    with console.database.session() as session:
        documents, proposals, marks = read_documents(session), list_proposals(session), list_marks(session)
    values = {
        "documents": [(one, in_force(one)) for one in sorted(documents, key=_newest_first)],
        "proposals": proposals[:50],
        "marks": _by_item(marks),
        "states": STATES,
        "kinds": KINDS,
        "faq_kind": MarkedKind.FAQ,
    }
    return console.draw(visit, "regulations.html", 400 if problem else 200, problem=problem, **values)


def _newest_first(document: Document) -> tuple[int, int, str]:
    start = document.valid.start or document.signed or date.min
    return document.rank, -start.toordinal(), document.id


def _by_item(marks: list[ReviewMark]) -> list[tuple[MarkedKind, str, list[ReviewMark]]]:
    items: dict[tuple[MarkedKind, str], list[ReviewMark]] = {}
    for one in marks:
        items.setdefault((one.kind, one.item), []).append(one)
    return [(kind, item, found) for (kind, item), found in items.items()]


def _proposal(console: Console, visit: Visit, number: int, problem: str = "") -> Response:
    with console.database.session() as session:
        try:
            stored = stored_proposal(session, number)
        except UnknownId as error:
            return console.draw(visit, "missing.html", 404, words=str(error))
        values = _looked_at(console, session, stored)
    own = stored.by == visit.login and not console.settings.bot.staff.one_person
    return console.draw(
        visit, "proposal.html", 400 if problem else 200, stored=stored, problem=problem, own=own, states=STATES,
        severities=SEVERITIES, effects=EFFECTS, kinds=KINDS, **values,
    )  # fmt: skip


def _looked_at(console: Console, session: Session, stored: StoredProposal) -> dict[str, Any]:
    """What was read, and for an open proposal what accepting it would do, or what must be decided first."""
    proposal = read_proposal(session, stored.number)
    preview, obstacle = None, ""
    if stored.state is ProposalState.PROPOSED:
        try:
            preview = preview_acceptance(session, stored.number, Choices(), _golden(console))
        except _PREVIEW_REFUSALS as error:
            obstacle = str(error)
    times = Counter(one.id for one in proposal.provisions)
    return {
        "proposal": proposal,
        "preview": preview,
        "obstacle": obstacle,
        "needs_day": Code.IN_FORCE_UNKNOWN in stored.report.codes() or Code.IN_FORCE_MISMATCH in stored.report.codes(),
        "rivals": [(one.key, str(one.id), one.text[:SHOWN_TEXT]) for one in proposal.provisions if times[one.id] > 1],
        "texts": [(str(one.id), one.text[:SHOWN_TEXT]) for one in proposal.provisions[:400]],
    }


def _choices(visit: Visit) -> Choices:
    """Raises EditRefused."""
    typed = visit.text("in_force", 10)
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        raise EditRefused("Ngày có hiệu lực: hãy chọn một ngày có thật.") from None
    return Choices(day, tuple(visit.texts("keep")), bool(visit.text("replace_text", 1)))


def _golden(console: Console) -> tuple[Any, ...]:
    return golden_answers(console.settings.root / console.settings.knowledge.golden)

"""FAQ entries: the list, the editor, and the steps from a draft to what is in service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from actions.answer import plain_text
from bot.staff.access import Editor, Reviewer, Viewer, Visit
from bot.staff.console import Console, Section
from bot.staff.markup import draw, draw_inline, plain
from bot.staff.pages.faq_form import CONFIDENCES, KINDS, STATES, form_fields, read_form
from knowledge.audit import record as audit
from knowledge.citations import ProvisionId
from knowledge.editing import entries
from knowledge.editing.differences import differences
from knowledge.editing.entries import StoredEntry, read_entry
from knowledge.editing.listing import Filter, list_entries, state_counts, topics
from knowledge.editing.provision_search import find_provisions, name_provisions, read_documents
from knowledge.editing.revisions import list_revisions, read_revision
from knowledge.editing.staleness import stale_entries
from knowledge.errors import ContentError, EditConflict, EditRefused, UnknownId
from knowledge.faq import FaqState
from knowledge.marks import MarkedKind
from knowledge.publications import current_number, read_publication
from knowledge.review import confirm_marks, list_marks

FAQ = "/staff/faq"
SECTION = Section(FAQ, "Hỏi đáp", "Viết, sửa, duyệt câu hỏi và câu trả lời.")
STEPS = {
    "loaded": "nạp từ tệp",
    "create": "tạo",
    "import": "nhập từ bảng tính",
    "save": "sửa",
    "submit": "gửi duyệt",
    "send_back": "trả lại",
    "approve": "duyệt",
    "take_back": "rút lại trước khi công bố",
    "leave": "xin rút",
    "withdraw": "rút khỏi nội dung",
    "restore": "khôi phục",
}
NOT_THERE = "Không có mục này; có thể mã đã gõ sai."


@dataclass(frozen=True, slots=True)
class Typed:
    """What the editor shows: the fields, and what came of the button that was pressed."""

    fields: Mapping[str, Any]
    entry: StoredEntry | None = None
    problem: str = ""
    search: str = ""
    preview: bool = False
    conflict: StoredEntry | None = None


def routes(console: Console) -> APIRouter:
    router = APIRouter()
    stale = StaleEntries(console)

    @router.get("/faq")
    def faq(
        visit: Viewer, q: str = "", topic: str = "", state: str = "", marked: int = 0, uncited: int = 0, old: int = 0,
        page: int = 1,
    ) -> Response:  # fmt: skip
        known = state if state in set(FaqState) else ""
        wanted = Filter(q[:200], topic[:80], known, bool(marked), bool(uncited), stale.ids() if old else None)
        with console.database.session() as session:
            found = list_entries(session, wanted, page)
            values: dict[str, Any] = {"topics": topics(session), "counts": state_counts(session)}
        asked = {"q": q[:200], "topic": topic, "state": state, "marked": marked, "uncited": uncited, "old": old}
        asked = {name: value for name, value in asked.items() if value}
        return console.draw(visit, "faq.html", found=found, asked=asked, states=STATES, **values)

    @router.get("/faq/new")
    def new(visit: Editor, question: str = "", variant: str = "", answer: str = "") -> Response:
        """A link from elsewhere may bring a question that people asked, and what an officer answered."""
        variants = [variant[:500]] if variant else []
        fields = form_fields({"question": question[:500], "variants": variants, "answer": answer[:4_000]})
        return _editor(console, visit, Typed(fields))

    @router.post("/faq/new")
    def create(visit: Editor) -> Response:
        record, do = read_form(visit), visit.text("do", 20)
        if do not in ("save", "submit"):
            return _editor(console, visit, _pressed(visit, record, None))
        try:
            with console.database.session() as session:
                entry = entries.create(session, record, visit.login)
                if do == "submit":
                    entry = entries.submit(session, entry.id, entry.version, visit.login)
        except EditRefused as error:
            return _editor(console, visit, Typed(form_fields(record), problem=str(error)), 400)
        return visit.go(f"{FAQ}/{entry.id}", "Đã gửi duyệt." if do == "submit" else "Đã lưu bản nháp.")

    @router.get("/faq/{entry}")
    def show(visit: Viewer, entry: str) -> Response:
        with console.database.session() as session:
            try:
                stored = read_entry(session, entry)
            except UnknownId:
                return console.draw(visit, "missing.html", 404, words=NOT_THERE)
            values = _shown(console, session, stored)
        return console.draw(visit, "entry.html", entry=stored, steps=STEPS, states=STATES, kinds=KINDS, **values)

    @router.get("/faq/{entry}/edit")
    def edit(visit: Editor, entry: str, variant: str = "") -> Response:
        """A link from elsewhere may bring one more wording."""
        with console.database.session() as session:
            try:
                stored = read_entry(session, entry)
            except UnknownId:
                return console.draw(visit, "missing.html", 404, words=NOT_THERE)
        fields = form_fields(stored.shown)
        if variant and variant not in fields["variants"].split("\n"):
            fields["variants"] = f"{fields['variants']}\n{variant[:500]}".strip()
        return _editor(console, visit, Typed(fields, stored))

    @router.post("/faq/{entry}/edit")
    def save(visit: Editor, entry: str) -> Response:
        record, do, version = read_form(visit), visit.text("do", 20), _version(visit)
        try:
            with console.database.session() as session:
                stored = read_entry(session, entry)
                if do not in ("save", "submit"):
                    return _editor(console, visit, _pressed(visit, record, stored, version))
                stored = entries.save(session, entry, version, record, visit.login)
                if do == "submit":
                    stored = entries.submit(session, entry, stored.version, visit.login)
        except UnknownId:
            return console.draw(visit, "missing.html", 404, words=NOT_THERE)
        except EditConflict:
            with console.database.session() as session:
                now = read_entry(session, entry)
            return _editor(console, visit, Typed(form_fields(record), now, conflict=now), 409)
        except EditRefused as error:
            return _editor(console, visit, _pressed(visit, record, stored, version, str(error)), 400)
        return visit.go(f"{FAQ}/{entry}", "Đã gửi duyệt." if do == "submit" else "Đã lưu bản nháp.")

    @router.post("/faq/{entry}/submit")
    def submit(visit: Editor, entry: str) -> Response:
        return _step(console, visit, entry, "Đã gửi duyệt.", entries.submit)

    @router.post("/faq/{entry}/leave")
    def leave(visit: Editor, entry: str) -> Response:
        return _step(console, visit, entry, "Đã gửi đề nghị rút, chờ người khác duyệt.", entries.leave)

    @router.post("/faq/{entry}/restore")
    def restore(visit: Editor, entry: str) -> Response:
        number = visit.text("revision", 9)

        def work(session: Session, identity: str, version: int, who: str) -> StoredEntry:
            return entries.restore(session, identity, version, int(number) if number.isdecimal() else 0, who)

        return _step(console, visit, entry, f"Đã lấy lại phiên bản {number} làm bản nháp.", work)

    @router.post("/faq/{entry}/confirm")
    def confirm(visit: Reviewer, entry: str) -> Response:
        """What was marked for review still holds."""

        def work(session: Session, identity: str, version: int, who: str) -> StoredEntry:
            confirm_marks(session, identity, who)
            audit(session, who, "faq.confirm", identity)
            return read_entry(session, identity)

        return _step(console, visit, entry, "Đã xác nhận nội dung vẫn đúng; có hiệu lực từ lần công bố tới.", work)

    @router.post("/faq/{entry}/approve")
    def approve(visit: Reviewer, entry: str) -> Response:
        one_person = console.settings.bot.staff.one_person

        def work(session: Session, identity: str, version: int, who: str) -> StoredEntry:
            return entries.approve(session, identity, version, who, one_person)

        return _step(console, visit, entry, "Đã duyệt. Người hỏi thấy nội dung mới sau khi công bố.", work)

    @router.post("/faq/{entry}/back")
    def back(visit: Reviewer, entry: str) -> Response:
        def work(session: Session, identity: str, version: int, who: str) -> StoredEntry:
            return entries.send_back(session, identity, version, who, visit.text("note", 500))

        return _step(console, visit, entry, "Đã trả lại cho người viết.", work)

    @router.post("/faq/{entry}/take-back")
    def take_back(visit: Reviewer, entry: str) -> Response:
        def work(session: Session, identity: str, version: int, who: str) -> StoredEntry:
            published = read_publication(session).corpus if current_number(session) else None
            return entries.take_back(session, identity, version, who, published)

        return _step(console, visit, entry, "Mục đã thành bản nháp; lần công bố tới không có phần sửa này.", work)

    @router.get("/faq/{entry}/revisions/{version}")
    def revision(visit: Viewer, entry: str, version: int) -> Response:
        with console.database.session() as session:
            try:
                stored, chosen = read_entry(session, entry), read_revision(session, entry, version)
            except UnknownId as error:
                return console.draw(visit, "missing.html", 404, words=str(error))
            earlier = next((one for one in list_revisions(session, entry) if one.version < version), None)
        return console.draw(
            visit,
            "revision.html",
            entry=stored,
            chosen=chosen,
            steps=STEPS,
            since=differences(earlier.content, chosen.content) if earlier else (),
            now=differences(chosen.content, stored.shown),
        )

    return router


class StaleEntries:
    """Entries that are given as today's answer and rest on a provision that is not in force today; found once a publication and day."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._found: tuple[tuple[int, date], frozenset[str]] | None = None

    def ids(self) -> frozenset[str]:
        served = self._console.served()
        if served is None:
            return frozenset()
        key = served.number, self._console.settings.today()
        if self._found is None or self._found[0] != key:
            self._found = key, stale_entries(served.answerer.corpus, key[1])
        return self._found[1]


def _shown(console: Console, session: Session, stored: StoredEntry) -> dict[str, Any]:
    record = stored.shown
    cited = name_provisions(read_documents(session), record.get("citations") or [], console.settings.today())
    return {
        "fields": form_fields(record),
        "citations": cited,
        "changes": differences(stored.content, stored.draft) if stored.content and stored.draft else (),
        "revisions": list_revisions(session, stored.id)[:30],
        "marks": [one for one in list_marks(session) if one.kind is MarkedKind.FAQ and one.item == stored.id],
        "looks": looks(record, [one.label for one in cited]),
        "one_person": console.settings.bot.staff.one_person,
    }


def looks(record: Mapping[str, Any], labels: list[str]) -> list[tuple[str, str, Any]]:
    """How the answer looks in each channel: name of its style, title, text."""
    answer = str(record.get("answer") or "")
    whole = plain_text(answer, labels, (), "vi")
    return [
        ("web", "Trang chat", draw(answer)),
        ("telegram", "Telegram", draw_inline(whole)),
        ("zalo", "Zalo", plain(whole)),
    ]


def _editor(console: Console, visit: Visit, typed: Typed, status: int = 200) -> Response:
    today = console.settings.today()
    chosen = [one for one in typed.fields["citations"] if _is_provision(one)]
    with console.database.session() as session:
        documents = read_documents(session)
        known = [name for name, _ in topics(session)]
    named = name_provisions(documents, chosen, today)
    found = [one for one in find_provisions(documents, typed.search, today) if one.id not in chosen]
    conflict = typed.conflict
    return console.draw(
        visit,
        "editor.html",
        status,
        fields=typed.fields,
        entry=typed.entry,
        version=typed.entry.version if typed.entry else 0,
        problem=typed.problem,
        search=typed.search,
        named=named,
        found=found,
        topics=known,
        kinds=KINDS,
        confidences=CONFIDENCES,
        conflict=conflict,
        theirs=differences(conflict.shown, _comparable(typed.fields, conflict)) if conflict else (),
        looks=looks(typed.fields, [one.label for one in named]) if typed.preview else (),
    )


def _pressed(
    visit: Visit, record: dict[str, Any], stored: StoredEntry | None, version: int = 0, problem: str = ""
) -> Typed:
    """The form again, with what a button other than saving asks for; the version is the one that the person has seen."""
    search = visit.text("search", 200)
    preview = visit.text("do", 20) == "preview"
    if stored is not None and version != stored.version:
        stored = StoredEntry(
            stored.id, stored.state, stored.leaving, version, stored.content, stored.draft, stored.author,
            stored.edited_at,
        )  # fmt: skip
    return Typed(form_fields(record), stored, problem, search, preview)


def _comparable(fields: Mapping[str, Any], stored: StoredEntry) -> dict[str, Any]:
    """The typed fields in the form of a record, as far as they are filled in either."""
    record = {name: value.split("\n") if name in ("variants", "facts", "choices", "follow_ups") else value
              for name, value in fields.items() if value and not name.startswith("en_")}  # fmt: skip
    if fields["en_question"] or fields["en_answer"]:
        record["en"] = {
            "question": fields["en_question"],
            "variants": fields["en_variants"].split("\n") if fields["en_variants"] else [],
            "answer": fields["en_answer"],
        }
    return {"id": stored.id, **record}


def _step(console: Console, visit: Visit, entry: str, words: str, work: Any) -> Response:
    """One step of an entry; what stands in its way is told on the entry's page."""
    try:
        with console.database.session() as session:
            work(session, entry, _version(visit), visit.login)
    except UnknownId as error:
        return console.draw(visit, "missing.html", 404, words=str(error))
    except EditConflict as error:
        words = f"{error} Chưa làm gì; hãy xem lại rồi làm tiếp."
    except EditRefused as error:
        words = str(error)
    return visit.go(f"{FAQ}/{entry}", words)


def _version(visit: Visit) -> int:
    text = visit.text("version", 9)
    return int(text) if text.isdecimal() else 0


def _is_provision(text: str) -> bool:
    try:
        ProvisionId.parse(text)
    except ContentError:
        return False
    return True

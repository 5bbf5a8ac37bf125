"""An entry's way: draft → review by a second person → approved → published → withdrawn. Every step keeps a revision and an audit row.

Each step names the version that the person has seen; where somebody else was faster, nothing is written (EditConflict).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knowledge.audit import record as audit
from knowledge.corpus import Corpus
from knowledge.database import FaqRow, faq_words, plain_record, utc
from knowledge.editing.checking import check_not_needed, checked_record, new_id
from knowledge.editing.revisions import APPROVED, authors_since_approval, keep_revision, read_revision
from knowledge.errors import EditConflict, EditRefused, UnknownId
from knowledge.faq import FaqState
from knowledge.files import faq_record

LOADED = "loaded"
OWN_WORK = "Người viết không tự duyệt bài của mình; hãy nhờ một người duyệt khác."
_EDITABLE = frozenset(FaqState)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """`content` is what is or will be in service, `draft` what is being written; `edited_at` is UTC, None where it never was."""

    id: str
    state: FaqState
    leaving: bool
    version: int
    content: Mapping[str, Any] | None
    draft: Mapping[str, Any] | None
    author: str
    edited_at: datetime | None

    @property
    def shown(self) -> Mapping[str, Any]:
        return self.draft or self.content or {}


def read_entry(session: Session, entry: str) -> StoredEntry:
    """Raises UnknownId."""
    row = session.get(FaqRow, entry, populate_existing=True)
    if row is None:
        raise UnknownId(f"Không có mục {entry}.")
    return StoredEntry(
        row.id,
        FaqState(row.state),
        row.leaving,
        row.version,
        row.content,
        row.draft,
        row.author,
        row.edited_at and utc(row.edited_at),
    )


def create(session: Session, record: Mapping[str, Any], who: str, what: str = "create") -> StoredEntry:
    """A draft of a new entry; its id is made from topic and question where it has none. Raises EditRefused."""
    identity = record.get("id") or new_id(session, str(record.get("topic", "")), str(record.get("question", "")))
    kept = checked_record(session, {**record, "id": identity})
    if session.get(FaqRow, identity) is not None:
        raise EditRefused(f"Mã {identity} đã có; hãy sửa mục đó hoặc chọn mã khác.")
    session.add(
        FaqRow(
            id=identity,
            position=(session.scalar(select(func.max(FaqRow.position))) or 0) + 1,
            topic=kept["topic"],
            content=None,
            draft=kept,
            state=str(FaqState.DRAFT),
            leaving=False,
            version=1,
            words=faq_words(kept),
            cited=bool(kept.get("citations")),
            author=who,
            edited_at=datetime.now(UTC),
        )
    )
    session.flush()
    keep_revision(session, identity, 1, who, what, kept)
    audit(session, who, f"faq.{what}", identity, after=kept)
    return read_entry(session, identity)


def save(
    session: Session, entry: str, version: int, record: Mapping[str, Any], who: str, what: str = "save", note: str = ""
) -> StoredEntry:
    """Write a draft; what is in service stays in service. Raises EditRefused, EditConflict, UnknownId."""
    before = read_entry(session, entry)
    kept = checked_record(session, {**record, "id": entry})
    if before.state is FaqState.PUBLISHED and before.content == kept:
        return before
    values = {
        "draft": kept,
        "state": str(FaqState.DRAFT),
        "leaving": False,
        "topic": kept["topic"],
        "words": faq_words(kept),
        "cited": bool(kept.get("citations")),
    }
    return _step(session, before, version, who, what, _EDITABLE, values, kept, note)


def restore(session: Session, entry: str, version: int, revision: int, who: str) -> StoredEntry:
    """An earlier revision as a draft. Raises as `save` does."""
    content = read_revision(session, entry, revision).content
    return save(session, entry, version, content, who, "restore", f"phiên bản {revision}")


def submit(session: Session, entry: str, version: int, who: str) -> StoredEntry:
    """Ask a second person to look at the draft."""
    before = read_entry(session, entry)
    checked_record(session, before.shown)
    values = {"state": str(FaqState.REVIEW)}
    return _step(session, before, version, who, "submit", {FaqState.DRAFT}, values, before.shown)


def leave(session: Session, entry: str, version: int, who: str) -> StoredEntry:
    """Ask a second person to withdraw an entry that is in service. Raises EditRefused where others lead to it."""
    before = read_entry(session, entry)
    if before.content is None:
        raise EditRefused("Mục này chưa được dùng, không có gì để rút.")
    check_not_needed(session, entry)
    values = {"state": str(FaqState.REVIEW), "leaving": True, "draft": dict(before.content)}
    states = {FaqState.PUBLISHED, FaqState.DRAFT}
    return _step(session, before, version, who, "leave", states, values, before.content)


def send_back(session: Session, entry: str, version: int, who: str, note: str) -> StoredEntry:
    """The reviewer asks for something else."""
    before = read_entry(session, entry)
    if not note:
        raise EditRefused("Hãy ghi cần sửa gì, để người viết biết.")
    back: dict[str, Any] = {"state": str(FaqState.DRAFT), "leaving": False}
    if before.leaving:
        back |= {"state": str(FaqState.PUBLISHED), "draft": None}
    return _step(session, before, version, who, "send_back", {FaqState.REVIEW}, back, before.shown, note)


def approve(session: Session, entry: str, version: int, who: str, one_person: bool = False) -> StoredEntry:
    """The next publication takes it. Raises EditRefused for one's own work, unless the office has one person."""
    before = read_entry(session, entry)
    own = who in authors_since_approval(session, entry)
    if own and not one_person:
        raise EditRefused(OWN_WORK)
    note = "một người viết và duyệt" if own else ""
    if before.leaving:
        check_not_needed(session, entry)
        values = {"state": str(FaqState.WITHDRAWN), "leaving": False, "content": None}
        return _step(session, before, version, who, "withdraw", {FaqState.REVIEW}, values, before.shown, note)
    kept = checked_record(session, before.shown)
    values = {"state": str(FaqState.APPROVED), "content": kept, "draft": None}
    return _step(session, before, version, who, APPROVED, {FaqState.REVIEW}, values, kept, note)


def take_back(session: Session, entry: str, version: int, who: str, published: Corpus | None) -> StoredEntry:
    """What was approved and is not published yet becomes a draft again; `published` is the content that is in service."""
    before = read_entry(session, entry)
    served = {one.id: one for one in published.faq} if published else {}
    content = plain_record(faq_record(served[entry])) if entry in served else None
    values = {"state": str(FaqState.DRAFT), "draft": dict(before.shown), "content": content}
    return _step(session, before, version, who, "take_back", {FaqState.APPROVED}, values, before.shown)


def mark_published(session: Session, corpus: Corpus) -> None:
    """Approved entries whose text is in the publication are in service now."""
    texts = {one.id: one for one in corpus.faq}
    for row in session.scalars(select(FaqRow).where(FaqRow.state == str(FaqState.APPROVED))):
        if row.id in texts and plain_record(faq_record(texts[row.id])) == row.content:
            row.state = str(FaqState.PUBLISHED)


def _step(
    session: Session,
    before: StoredEntry,
    version: int,
    who: str,
    what: str,
    states: Collection[FaqState],
    values: Mapping[str, Any],
    content: Mapping[str, Any],
    note: str = "",
) -> StoredEntry:
    changed = session.execute(
        update(FaqRow)
        .where(FaqRow.id == before.id, FaqRow.version == version, FaqRow.version == before.version)
        .values(version=version + 1, author=who, edited_at=datetime.now(UTC), **values)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise EditConflict(f"Mục {before.id} vừa được {before.author or 'người khác'} thay đổi.")
    if before.state not in states:
        raise EditRefused("Mục không còn ở bước này; hãy tải lại trang.")
    if before.edited_at is None and before.content is not None:
        keep_revision(session, before.id, version, "", LOADED, before.content)
    keep_revision(session, before.id, version + 1, who, what, content, note)
    audit(session, who, f"faq.{what}", before.id, note, before=before.shown or None, after=content)
    return read_entry(session, before.id)

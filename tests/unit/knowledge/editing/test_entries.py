"""An entry's way from draft to service: who may do what, what is kept, what is never overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.audit import search, verify
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content, replace_content
from knowledge.editing import entries
from knowledge.editing.differences import word_difference
from knowledge.editing.entries import read_entry
from knowledge.editing.listing import Filter, list_entries, state_counts, topics
from knowledge.editing.revisions import list_revisions
from knowledge.errors import EditConflict, EditRefused, UnknownId
from knowledge.faq import FaqState
from small_corpus import small_corpus

RECORD: dict[str, Any] = {
    "topic": "hồ sơ",
    "kind": "answer",
    "question": "Nộp qua bưu điện được không?",
    "answer": "Được.",
    "citations": ["ND37-2026:59.1"],
    "variants": ["gui buu dien dc ko"],
}


@pytest.fixture
def content(database: Database) -> Database:
    with database.session() as session:
        replace_content(session, small_corpus())
    return database


def _served(database: Database) -> dict[str, str]:
    with database.session() as session:
        return {one.id: one.vietnamese.answer for one in read_content(session).faq}


def test_the_whole_way_of_a_new_entry(content: Database) -> None:
    with content.session() as session:
        made = entries.create(session, RECORD, "lan")
        assert (made.id, made.state) == ("ho-so-nop-qua-buu-dien-duoc-khong", FaqState.DRAFT)
        with pytest.raises(EditRefused, match="không còn ở bước"), session.begin_nested():
            entries.approve(session, made.id, made.version, "minh")
        sent = entries.submit(session, made.id, made.version, "lan")
    assert made.id not in _served(content), "nothing that was not approved is published"
    with content.session() as session:
        back = entries.send_back(session, made.id, sent.version, "minh", "thêm nguồn")
        again = entries.save(session, made.id, back.version, {**RECORD, "answer": "Được, gửi về Sở."}, "lan")
        sent = entries.submit(session, made.id, again.version, "lan")
        with pytest.raises(EditRefused, match="không tự duyệt"), session.begin_nested():
            entries.approve(session, made.id, sent.version, "lan")
        done = entries.approve(session, made.id, sent.version, "minh")
        assert done.state is FaqState.APPROVED
        entries.mark_published(session, read_content(session))
        assert read_entry(session, made.id).state is FaqState.PUBLISHED
        kept = [(one.what, one.author, one.note) for one in list_revisions(session, made.id)]
        assert kept[0] == ("approve", "minh", "") and kept[3] == ("send_back", "minh", "thêm nguồn")
        assert search(session, made.id)[0].what == "faq.approve"
        assert verify(session).problems == ()
    assert _served(content)[made.id] == "Được, gửi về Sở."


def test_who_helped_to_write_does_not_approve_either(content: Database) -> None:
    with content.session() as session:
        made = entries.create(session, RECORD, "lan")
        by_minh = entries.save(session, made.id, made.version, {**RECORD, "answer": "Có."}, "minh")
        by_lan = entries.save(session, made.id, by_minh.version, {**RECORD, "answer": "Có chứ."}, "lan")
        sent = entries.submit(session, made.id, by_lan.version, "lan")
        with pytest.raises(EditRefused, match="không tự duyệt"):
            entries.approve(session, made.id, sent.version, "minh")


def test_an_office_of_one_person_may_and_the_audit_says_so(content: Database) -> None:
    with content.session() as session:
        made = entries.create(session, RECORD, "lan")
        sent = entries.submit(session, made.id, made.version, "lan")
        entries.approve(session, made.id, sent.version, "lan", one_person=True)
        assert search(session, made.id)[0].words == "một người viết và duyệt"


def test_an_edit_of_an_entry_in_service_changes_nothing_until_it_is_approved(content: Database) -> None:
    with content.session() as session:
        before = read_entry(session, "mau-don")
        assert before.content is not None
        same = entries.save(session, "mau-don", before.version, before.content, "lan")
        assert same.version == before.version, "nothing was changed"
        draft = entries.save(session, "mau-don", before.version, {**before.content, "answer": "Đã có mẫu."}, "lan")
        assert [one.what for one in list_revisions(session, "mau-don")] == ["save", "loaded"]
    assert _served(content)["mau-don"] != "Đã có mẫu."
    with content.session() as session:
        replace_content(session, small_corpus())
        assert read_entry(session, "mau-don").draft == draft.draft, "loading files keeps what is being written"


def test_two_people_at_the_same_entry_never_overwrite_each_other(content: Database) -> None:
    with content.session() as session:
        seen = read_entry(session, "mau-don")
        assert seen.content is not None
        entries.save(session, "mau-don", seen.version, {**seen.content, "answer": "Của Lan."}, "lan")
    with pytest.raises(EditConflict, match="lan"), content.session() as session:
        entries.save(session, "mau-don", seen.version, {**seen.content, "answer": "Của Minh."}, "minh")
    with content.session() as session:
        assert read_entry(session, "mau-don").shown["answer"] == "Của Lan."


def test_an_earlier_revision_can_be_had_back(content: Database) -> None:
    with content.session() as session:
        one = entries.create(session, RECORD, "lan")
        two = entries.save(session, one.id, one.version, {**RECORD, "answer": "Không."}, "lan")
        three = entries.restore(session, one.id, two.version, 1, "minh")
        assert three.shown["answer"] == "Được." and three.state is FaqState.DRAFT
        with pytest.raises(UnknownId):
            entries.restore(session, one.id, three.version, 99, "minh")


def test_withdrawing_needs_two_people_and_nobody_who_leads_there(content: Database) -> None:
    with content.session() as session:
        asked = read_entry(session, "mau-don")
        with pytest.raises(EditRefused, match="dieu-kien-36-thang"), session.begin_nested():
            entries.leave(session, "mau-don", asked.version, "lan")
        iso = read_entry(session, "iso")
        leaving = entries.leave(session, "iso", iso.version, "lan")
    assert "iso" in _served(content)
    with content.session() as session:
        with pytest.raises(EditRefused, match="không tự duyệt"), session.begin_nested():
            entries.approve(session, "iso", leaving.version, "lan")
        gone = entries.approve(session, "iso", leaving.version, "minh")
        assert gone.state is FaqState.WITHDRAWN and gone.shown["question"]
    assert "iso" not in _served(content)
    with content.session() as session:
        back = entries.save(session, "iso", gone.version, gone.shown, "lan")
        assert back.state is FaqState.DRAFT, "what was withdrawn can be written anew"


def test_what_is_approved_can_be_taken_back_before_it_is_published(content: Database) -> None:
    published = small_corpus()
    with content.session() as session:
        seen = read_entry(session, "mau-don")
        assert seen.content is not None
        draft = entries.save(session, "mau-don", seen.version, {**seen.content, "answer": "Sai."}, "lan")
        sent = entries.submit(session, "mau-don", draft.version, "lan")
        approved = entries.approve(session, "mau-don", sent.version, "minh")
        entries.mark_published(session, published)
        assert read_entry(session, "mau-don").state is FaqState.APPROVED, "another text is in service"
        entries.take_back(session, "mau-don", approved.version, "minh", published)
    with content.session() as session:
        assert read_content(session).digest == Corpus(*vars_of(published)).digest


def vars_of(corpus: Corpus) -> tuple[Any, ...]:
    return corpus.documents, corpus.guidance, corpus.faq, corpus.marks


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"question": ""}, "Câu hỏi: chưa có"),
        ({"answer": " "}, "Câu trả lời: chưa có"),
        ({"topic": ""}, "Chủ đề: chưa có"),
        ({"kind": "lạ"}, "Loại: giá trị"),
        ({"citations": ["ND99-2030:1"]}, "không có văn bản"),
        ({"citations": ["ND37-2026:999"]}, "không có chỗ này"),
        ({"citations": ["lung tung"]}, "Căn cứ"),
        ({"follow_ups": ["khong-co"]}, "khong-co"),
        ({"valid_from": "2026-02-30"}, "ngày có thật"),
        ({"valid_from": "2026-05-01", "valid_to": "2026-01-01"}, "nằm sau"),
        ({"kind": "clarify", "choices": ["iso"]}, "ít nhất hai"),
        ({"answer": "a" * 4_001}, "dài nhất"),
        ({"answer": "a\u202eb"}, "ẩn"),
        ({"id": "Có Dấu"}, "Mã gồm"),
        ({"id": "iso"}, "đã có"),
    ],
)
def test_what_can_be_no_entry_is_refused_with_the_field(content: Database, change: dict[str, Any], words: str) -> None:
    with pytest.raises(EditRefused, match=words), content.session() as session:
        entries.create(session, {**RECORD, **change}, "lan")


def test_the_list_is_searched_without_accents_filtered_and_paged(content: Database) -> None:
    with content.session() as session:
        entries.create(session, {**RECORD, "citations": [], "question": "Phí 50% là bao nhiêu?"}, "lan")
        found = list_entries(session, Filter("phi 50%"))
        assert [one.question for one in found.lines] == ["Phí 50% là bao nhiêu?"]
        assert not found.lines[0].cited and found.lines[0].author == "lan"
        assert [one.id for one in list_entries(session, Filter("THANG", topic="điều kiện")).lines] == [
            "dieu-kien-36-thang"
        ]
        assert {one.id for one in list_entries(session, Filter(uncited=True, state="published")).lines} == {
            "mau-don",
            "diem",
            "iso",
        }
        pages = [list_entries(session, Filter(), number, 4) for number in (1, 2, 99)]
        assert [len(one.lines) for one in pages] == [4, 2, 2] and pages[2].number == 2 and pages[0].total == 6
        assert list_entries(session, Filter(ids=frozenset({"iso"}))).total == 1
        assert list_entries(session, Filter(marked=True)).total == 0
        assert dict(topics(session))["hồ sơ"] == 2
        assert state_counts(session)[FaqState.DRAFT] == 1


@given(st.text("ab ,.\n", max_size=40), st.text("ab ,.\n", max_size=40))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    pieces = word_difference(before, after)
    assert "".join(one.text for one in pieces if one.mark != "+") == before
    assert "".join(one.text for one in pieces if one.mark != "-") == after

"""Proposals in the database, and accepting one: all in one transaction, once, with what must be reviewed since."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from accepting import decree, sample
from knowledge.acceptance import Choices, Dependent, accept_proposal, preview_acceptance
from knowledge.corpus import Corpus
from knowledge.database import Database, DocumentRow, read_content, replace_content
from knowledge.errors import AcceptanceRefused, ImportStateError, UnknownId
from knowledge.faq import FaqEntry
from knowledge.importing import ImportProposal
from knowledge.marks import MarkedKind
from knowledge.proposals import (
    ProposalState,
    discard_proposal,
    list_proposals,
    read_proposal,
    store_proposal,
    stored_proposal,
)
from knowledge.review import confirm_marks, list_marks
from small_corpus import entry, pid, small_corpus

TRIAL = Choices(trial=True)
FIRST = date(2099, 2, 1)
BASE, AMENDING = sample("giai-mau.txt"), sample("sua-doi.txt")


def _store(database: Database, proposal: ImportProposal, document: str = "") -> int:
    with database.session() as session:
        return store_proposal(session, proposal, "Lan", document).stored.number


def _accept(database: Database, number: int, choices: Choices = TRIAL, again: bool = False) -> list[str]:
    """What is marked by it, as «kind item»."""
    with database.session() as session:
        marks = accept_proposal(session, number, "Lan", choices, again=again).marks
    return [f"{one.kind} {one.item}" for one in marks]


def _content(database: Database) -> Corpus:
    with database.session() as session:
        return read_content(session)


def _cites(identity: str, *citations: str, **more: object) -> FaqEntry:
    return entry(identity, f"Hỏi {identity}?", "Đáp.", citations=tuple(map(pid, citations)), **more)


@pytest.fixture
def loaded(database: Database) -> Database:
    """The sample decree with entries on it, beside the small corpus."""
    small = small_corpus()
    with database.session() as session:
        replace_content(session, small)
    _accept(database, _store(database, BASE))
    entries = (
        _cites("truc-tiep", "ND0001-2099:4.2"),
        _cites("dieu", "ND0001-2099:4"),
        _cites("diem", "ND0001-2099:6.2"),
        _cites("ca-van-ban", "ND0001-2099"),
        _cites("hieu-luc", "ND0001-2099:7.1"),
        _cites("khoan-khac", "ND0001-2099:6.1"),
        _cites("van-ban-khac", "ND37-2026:59"),
    )
    content = _content(database)
    guide = replace(small.guidance[0], citations=(pid("ND0001-2099:3"),))
    with database.session() as session:
        replace_content(session, Corpus(content.documents, (guide,), (*small.faq[:3], *entries)))
    return database


def test_the_same_file_is_the_same_proposal(database: Database) -> None:
    with database.session() as session:
        first, second = store_proposal(session, BASE, "Lan"), store_proposal(session, BASE, "Minh")
        other = store_proposal(session, BASE, "Minh", "ND0002-2099")
    assert (first.new, second.new, other.new) == (True, False, True)
    assert first.stored == second.stored
    assert first.stored.by == "Lan"
    assert [one.number for one in (first.stored, other.stored)] == [1, 2]


def test_a_proposal_is_kept_whole_with_its_report(database: Database) -> None:
    number = _store(database, BASE)
    with database.session() as session:
        assert read_proposal(session, number) == BASE
        (stored,) = list_proposals(session, "ND0001-2099")
        assert list_proposals(session, "ND37-2026") == []
    assert (stored.number, stored.document, stored.format) == (number, "ND0001-2099", "text")
    assert stored.digest == BASE.sha256
    assert stored.report == BASE.report
    assert (stored.state, stored.settled_at, stored.acceptance) == (ProposalState.PROPOSED, None, None)
    assert stored.at.tzinfo is not None


def test_storing_changes_no_content(database: Database) -> None:
    with database.session() as session:
        replace_content(session, small_corpus())
    _store(database, AMENDING)
    assert _content(database) == small_corpus()


def test_a_discarded_proposal_comes_back_with_its_file(database: Database) -> None:
    number = _store(database, BASE)
    with database.session() as session:
        discarded = discard_proposal(session, number, "Lan")
    assert (discarded.state, discarded.settled_by) == (ProposalState.DISCARDED, "Lan")
    with database.session() as session, pytest.raises(ImportStateError, match="đã được bỏ ngày"):
        accept_proposal(session, number, "Lan")
    with database.session() as session:
        again = store_proposal(session, BASE, "Minh")
    assert (again.new, again.stored.number, again.stored.state) == (False, number, ProposalState.PROPOSED)
    _accept(database, number)


def test_accepting_keeps_what_it_did(loaded: Database) -> None:
    number = _store(loaded, AMENDING)
    marked = _accept(loaded, number)
    with loaded.session() as session:
        stored = stored_proposal(session, number)
    assert (stored.state, stored.settled_by) == (ProposalState.ACCEPTED, "Lan")
    assert stored.acceptance is not None
    assert stored.acceptance["created"] is True
    assert len(stored.acceptance["changes"]) == 7
    assert len(stored.acceptance["marks"]) == len(marked)
    assert _content(loaded).document("ND0099-2099").fictional


def test_a_proposal_is_accepted_once(loaded: Database) -> None:
    number = _store(loaded, AMENDING)
    _accept(loaded, number)
    before = _content(loaded)
    with loaded.session() as session, pytest.raises(ImportStateError, match="đã được nhận ngày"):
        accept_proposal(session, number, "Lan", TRIAL)
    with loaded.session() as session, pytest.raises(ImportStateError):
        discard_proposal(session, number, "Lan")
    assert _accept(loaded, number, again=True) == []
    assert _content(loaded) == before


def test_there_is_no_proposal_of_that_number(database: Database) -> None:
    with database.session() as session, pytest.raises(UnknownId, match="no import proposal 9"):
        accept_proposal(session, 9)


def test_everything_that_cites_what_changes_is_marked(loaded: Database) -> None:
    marked = _accept(loaded, _store(loaded, AMENDING))
    items = {one.split()[1] for one in marked if one.startswith("faq")}
    assert items == {"truc-tiep", "dieu", "diem"}
    assert "guidance now.a" in marked
    with loaded.session() as session:
        direct = [one for one in list_marks(session) if one.item == "truc-tiep"]
    assert [(str(one.provision), str(one.cause), one.day) for one in direct] == [
        ("ND0001-2099:4.2", "ND0099-2099:1.3.a", date(2099, 5, 1))
    ]
    assert _content(loaded).open_marks(MarkedKind.FAQ, "truc-tiep") == tuple(direct)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("khoản 1 Điều 7", "1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2099."),
        ("Điều 7", "Điều 7. Hiệu lực\nNghị định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2099."),
    ],
)
def test_who_cites_a_whole_document_is_marked_when_its_time_changes(loaded: Database, place: str, words: str) -> None:
    number = _store(loaded, _amendment("0052/2099/NĐ-CP", place, words))
    assert {"faq ca-van-ban", "faq hieu-luc"} <= set(_accept(loaded, number))


def test_who_cites_a_whole_document_is_marked_when_it_ends(loaded: Database) -> None:
    ending = decree(
        "0053/2099/NĐ-CP",
        "05/03/2099",
        "Quy định về Giải khác",
        "Điều 1. Hiệu lực",
        "1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 5 năm 2099.",
        "2. Nghị định số 0001/2099/NĐ-CP ngày 10 tháng 01 năm 2099 của Chính phủ hết hiệu lực kể từ ngày Nghị định này có hiệu lực.",
    )
    marked = set(_accept(loaded, _store(loaded, ending)))
    assert {"faq ca-van-ban", "faq truc-tiep", "faq hieu-luc"} <= marked
    assert "faq van-ban-khac" not in marked


def test_an_entry_about_a_time_before_the_change_is_not_marked(loaded: Database) -> None:
    content = _content(loaded)
    past = _cites("truoc-do", "ND0001-2099:4.2", valid=replace(content.documents[0].valid, end=date(2099, 4, 30)))
    with loaded.session() as session:
        replace_content(session, replace(content, faq=(*content.faq, past)))
    assert "faq truoc-do" not in _accept(loaded, _store(loaded, AMENDING))


def test_a_rule_of_the_eligibility_check_and_a_golden_answer_are_marked(database: Database) -> None:
    with database.session() as session:
        replace_content(session, small_corpus())
    title = "Sửa đổi khoản 1 Điều 59 Nghị định số 37/2026/NĐ-CP ngày 23 tháng 01 năm 2026 của Chính phủ"
    proposal = decree(
        "0098/2099/NĐ-CP",
        "05/03/2099",
        title,
        "Điều 1. Sửa đổi Nghị định số 37/2026/NĐ-CP",
        "1. Sửa đổi khoản 1 Điều 59 như sau:",
        "“1. Hoạt động ít nhất 1 tháng.”",
        "Điều 2. Hiệu lực",
        "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 5 năm 2099.",
    )
    golden = Dependent(MarkedKind.GOLDEN, "gq-7", (pid("ND37-2026:59"),))
    number = _store(database, proposal)
    with database.session() as session:
        marks = accept_proposal(session, number, "Lan", golden=[golden]).marks
    items = {(str(one.kind), one.item) for one in marks}
    assert {("eligibility", "nd37-hoat-dong"), ("golden", "gq-7"), ("summary", "ND37-2026:59")} <= items
    assert ("eligibility", "nd37-chap-hanh") not in items


def test_a_confirmed_entry_is_not_marked_again_for_the_same_reason(loaded: Database) -> None:
    _accept(loaded, _store(loaded, AMENDING))
    with loaded.session() as session:
        confirm_marks(session, "truc-tiep", "Lan")
    copy = replace(AMENDING, sha256="0" * 64, filename="ban-sao.txt")
    assert _accept(loaded, _store(loaded, copy)) == []
    assert _content(loaded).open_marks(MarkedKind.FAQ, "truc-tiep") == ()


def test_a_preview_tells_the_same_and_stores_nothing(loaded: Database) -> None:
    number = _store(loaded, AMENDING)
    before = _content(loaded)
    with loaded.session() as session:
        told = preview_acceptance(session, number, TRIAL)
    assert _content(loaded) == before
    with loaded.session() as session:
        assert stored_proposal(session, number).state is ProposalState.PROPOSED
        done = accept_proposal(session, number, "Lan", TRIAL)
    assert (told.changes, told.findings, told.texts) == (done.changes, done.findings, done.texts)
    assert [one.reason for one in told.marks] == [one.reason for one in done.marks]


def test_a_refusal_leaves_everything_as_it_was(loaded: Database) -> None:
    number = _store(loaded, AMENDING)
    before = _content(loaded)
    with pytest.raises(AcceptanceRefused), loaded.session() as session:
        accept_proposal(session, number, "Lan")
    with pytest.raises(RuntimeError), loaded.session() as session:
        accept_proposal(session, number, "Lan", TRIAL)
        raise RuntimeError("half way")
    assert _content(loaded) == before
    with loaded.session() as session:
        assert stored_proposal(session, number).state is ProposalState.PROPOSED
        assert list_marks(session, include_confirmed=True) == []


def test_a_new_document_stands_at_the_end(loaded: Database) -> None:
    _accept(loaded, _store(loaded, AMENDING))
    with loaded.session() as session:
        rows = session.execute(select(DocumentRow.id, DocumentRow.position).order_by(DocumentRow.position)).all()
    assert [tuple(row) for row in rows] == [("ND37-2026", 0), ("ND132-2008", 1), ("ND0001-2099", 2), ("ND0099-2099", 3)]


def test_two_persons_accept_one_proposal_once(loaded: Database) -> None:
    number = _store(loaded, AMENDING)
    ended: list[str] = []

    def accept() -> None:
        try:
            _accept(loaded, number)
            ended.append("accepted")
        except ImportStateError:
            ended.append("too late")

    threads = [threading.Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ended) == ["accepted", "too late", "too late", "too late"]
    _content(loaded).check()


def test_two_amendments_accepted_at_once_are_both_there(loaded: Database) -> None:
    """Each rewrites the same document's row: neither may be lost."""
    numbers = [
        _store(loaded, _amendment(f"00{which}/2099/NĐ-CP", f"khoản {which - 50} Điều 3", f"{which - 50}. Mới."))
        for which in (51, 52)
    ]
    threads = [threading.Thread(target=_accept, args=(loaded, number)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    content = _content(loaded)
    content.check()
    for clause in ("ND0001-2099:3.1", "ND0001-2099:3.2"):
        assert len(content.versions(pid(clause))) == 2


def _amendment(number: str, place: str, words: str) -> ImportProposal:
    title = "Sửa đổi một số điều của Nghị định số 0001/2099/NĐ-CP ngày 10 tháng 01 năm 2099 của Chính phủ"
    return decree(
        number,
        "05/03/2099",
        title,
        "Điều 1. Sửa đổi một số điều của Nghị định số 0001/2099/NĐ-CP",
        f"1. Sửa đổi {place} như sau:",
        f"“{words}”",
        "Điều 2. Hiệu lực",
        "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 5 năm 2099.",
    )

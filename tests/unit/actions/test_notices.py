"""An answer says that the law under it will change, and that it waits for review because the law has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from actions.answer import Answer, AnswerStatus, Language, Query, Thresholds
from actions.answering import Answerer
from actions.composing import Composer
from actions.notices import with_notices
from fake_encoder import HashEncoder, plain_ranker
from index.build import build_index
from index.hybrid import HybridRetriever
from index.logistic import Logistic
from index.scope import NAMES, ScopeModel
from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.marks import MarkedKind, ReviewMark
from small_corpus import NEW, document, pid, small_corpus

TODAY = date(2026, 11, 22)
CAUSE = pid("ND5-2027:1.1")
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
CHANGES = "Quy định này sẽ thay đổi từ 01/01/2027 theo khoản 1 Điều 1 Nghị định 5/2027/NĐ-CP."
REVIEWED = (
    "Câu trả lời này đang được rà soát vì khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP thay đổi từ 01/01/2027 "
    "theo khoản 1 Điều 1 Nghị định 5/2027/NĐ-CP."
)


def _amended(*marks: ReviewMark, ends: bool = False) -> Corpus:
    """The small corpus with clause 59.1 replaced (or ended) from 1 January 2027."""
    small = small_corpus()
    decree = small.documents[0]
    old = replace(decree.provisions[1], valid=Period(NEW.start, LAST), ended_by=CAUSE)
    new = Provision(old.id, Period(FIRST), "", official_text="1. Đã hoạt động 24 tháng.", made_by=CAUSE)
    versions = (old,) if ends else (old, new)
    decree = replace(decree, provisions=(decree.provisions[0], *versions, decree.provisions[2]))
    amending = document("ND5-2027", "5/2027/NĐ-CP", Period(FIRST), Provision(CAUSE, Period(FIRST), "Sửa khoản 1."))
    return Corpus((decree, small.documents[1], amending), small.guidance, small.faq, marks)


def _mark(kind: MarkedKind, item: str, confirmed: bool = False) -> ReviewMark:
    done = datetime(2026, 11, 21, tzinfo=UTC) if confirmed else None
    return ReviewMark(1, kind, item, pid("ND37-2026:59.1"), CAUSE, FIRST, 7, AT, confirmed_at=done)


def _answer(corpus: Corpus, *cited: str, as_of: date = TODAY, entry: str | None = None) -> Answer:
    citations = Composer(corpus).cite_all(map(pid, cited), as_of, TODAY)
    return Answer(AnswerStatus.ANSWERED, "x", as_of, citations=citations, entry=entry)


def _notices(corpus: Corpus, *cited: str, as_of: date = TODAY, entry: str | None = None) -> tuple[str, ...]:
    return with_notices(corpus, _answer(corpus, *cited, as_of=as_of, entry=entry), TODAY).notices


def test_a_coming_change_is_announced_with_its_day_and_clause() -> None:
    assert _notices(_amended(), "ND37-2026:59.1") == (CHANGES,)
    assert _notices(_amended(), "ND37-2026:59") == (CHANGES,)
    assert _notices(_amended(), "ND37-2026:59.1.đ") == ()
    assert _notices(small_corpus(), "ND37-2026:59.1") == ()


def test_among_several_citations_the_changing_ones_are_named() -> None:
    notice = CHANGES.replace("Quy định này", "Khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP")
    assert _notices(_amended(), "ND37-2026:59.1.đ", "ND37-2026:59.1") == (notice,)


def test_an_end_is_announced_as_an_end() -> None:
    assert _notices(_amended(ends=True), "ND37-2026:59.1") == (CHANGES.replace("thay đổi", "hết hiệu lực"),)


@pytest.mark.parametrize("as_of", [FIRST, date(2030, 1, 1), date(2020, 1, 1)])
def test_nothing_is_announced_for_a_day_after_the_change_or_before_the_rule(as_of: date) -> None:
    assert _notices(_amended(), "ND37-2026:59.1", as_of=as_of) == ()


def test_a_day_long_ago_does_not_hide_what_is_coming() -> None:
    assert _notices(_amended(), "ND37-2026:59.1", as_of=date(2026, 3, 1)) == (CHANGES,)


def test_it_is_said_in_english_too() -> None:
    answer = replace(_answer(_amended(), "ND37-2026:59.1"), language=Language.ENGLISH)
    (notice,) = with_notices(_amended(), answer, TODAY).notices
    assert notice.startswith("This provision will change on 01/01/2027 under ")


@pytest.mark.parametrize(
    ("kind", "item", "entry"),
    [
        (MarkedKind.FAQ, "dieu-kien-36-thang", "dieu-kien-36-thang"),
        (MarkedKind.GUIDANCE, "now.a", "now.a"),
        (MarkedKind.ELIGIBILITY, "nd37-hoat-dong", "eligibility"),
    ],
)
def test_a_marked_entry_says_that_it_is_reviewed_until_it_is_confirmed(kind: MarkedKind, item: str, entry: str) -> None:
    assert REVIEWED in _notices(_amended(_mark(kind, item)), "ND37-2026:59.1.đ", entry=entry)
    assert REVIEWED not in _notices(_amended(_mark(kind, item, confirmed=True)), "ND37-2026:59.1.đ", entry=entry)
    assert REVIEWED not in _notices(_amended(_mark(kind, item)), "ND37-2026:59.1.đ", entry="another")
    assert REVIEWED not in _notices(_amended(_mark(MarkedKind.GOLDEN, item)), "ND37-2026:59.1.đ", entry=entry)


def _answerer(folder: Path, corpus: Corpus) -> Answerer:
    build_index(corpus, HashEncoder(), folder)
    everything_ours = ScopeModel(Logistic(NAMES, np.zeros(len(NAMES)), 20.0))
    retriever = HybridRetriever(folder, corpus, HashEncoder(), plain_ranker())
    return Answerer(corpus, retriever, everything_ours, Thresholds(answer=0.9, offer=0.3, scope=0.5))


def test_a_question_gets_both_notices(tmp_path: Path) -> None:
    corpus = _amended(_mark(MarkedKind.FAQ, "dieu-kien-36-thang"))
    question = "Doanh nghiệp phải hoạt động bao lâu thì được dự giải?"
    answer = _answerer(tmp_path / "index", corpus).answer(Query(question, TODAY))
    assert answer.notices == (CHANGES, "Câu trả lời này đang được rà soát theo thay đổi đó.")
    assert [one.period for one in answer.citations] == ["23/01/2026 – 31/12/2026"]


def test_a_clause_asked_for_is_given_as_it_is_on_the_day(tmp_path: Path) -> None:
    answerer = _answerer(tmp_path / "index", _amended())
    now = answerer.answer(Query("khoản 1 điều 59", TODAY))
    later = answerer.answer(Query("khoản 1 điều 59", date(2027, 2, 1)))
    assert (now.text.splitlines()[1], now.notices) == (
        "Được thành lập hợp pháp và hoạt động ít nhất 36 tháng.",
        (CHANGES,),
    )
    assert (later.notices, later.citations[0].period) == ((), "từ 01/01/2027")
    assert "24 tháng" in later.text
    assert "36 tháng." not in later.text.splitlines()[1]


def test_a_clause_that_is_not_yet_in_force_is_given_as_such(tmp_path: Path) -> None:
    small = small_corpus()
    added = Provision(pid("ND37-2026:59a"), Period(FIRST), "", official_text="Điều 59a. Mới", made_by=CAUSE)
    amending = document("ND5-2027", "5/2027/NĐ-CP", Period(FIRST))
    decree = replace(small.documents[0], provisions=(*small.documents[0].provisions, added))
    corpus = Corpus((decree, small.documents[1], amending), small.guidance, small.faq)
    answer = _answerer(tmp_path / "index", corpus).answer(Query("điều 59a nghị định 37 nói gì", TODAY))
    assert answer.text == (
        "Theo quy định áp dụng tại ngày 01/01/2027 (hôm nay chưa có hiệu lực):\n"
        "Điều 59a Nghị định 37/2026/NĐ-CP, nguyên văn:\n“Điều 59a. Mới”"
    )
    assert answer.citations[0].quote == "Điều 59a. Mới"

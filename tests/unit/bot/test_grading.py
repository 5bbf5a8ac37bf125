"""The rules by which one answer is held against one gold question."""

from __future__ import annotations

import pytest

from actions.answer import AnswerStatus
from bot.grading import GoldQuestion, Grade, Said, cites, grade, normal


def gold(**keys: object) -> GoldQuestion:
    return GoldQuestion.from_json({"id": "q", "question": "?", "expect": "answer"} | keys)


def graded(question: GoldQuestion, status: AnswerStatus, text: str = "", *buttons: str) -> Grade:
    return grade(question, Said(status, text, buttons))


@pytest.mark.parametrize(
    ("given", "wanted", "fits"),
    [
        ("ND37-2026:59", "ND37-2026:59.1", True),
        ("ND37-2026:59.1.a", "ND37-2026:59.1", True),
        ("nd37-2026:61.1.Đ", "ND37-2026:61.1.đ", True),
        ("ND37-2026:59.2", "ND37-2026:59.1", False),
        ("ND37-2026", "ND37-2026:59", False),
        ("TT27-2019:4", "TT27-2019", True),
        ("TT27-2019", "TT27-2019", True),
        ("TT27-2019:4", "TT17-2011:4", False),
        ("ND37-2026:5", "ND37-2026:59", False),
    ],
)
def test_citations_fit_by_prefix(given: str, wanted: str, fits: bool) -> None:
    assert cites(given, wanted) is fits


def test_text_is_made_plain() -> None:
    assert normal("## Từ\u00a0**600**\u2013700 `điểm`") == "Từ 600-700 điểm"
    assert normal("quô\u0301c gia") == "quốc gia"


@pytest.mark.parametrize(
    ("expect", "status", "met"),
    [
        ("answer", AnswerStatus.PARTIAL, True),
        ("answer", AnswerStatus.UNKNOWN, False),
        ("refuse", AnswerStatus.REFUSED, True),
        ("refuse", AnswerStatus.ANSWERED, False),
        ("unknown", AnswerStatus.HANDOFF, True),
        ("unknown", AnswerStatus.OUT_OF_SCOPE, False),
        ("clarify", AnswerStatus.FORM, True),
        ("handoff", AnswerStatus.ANSWERED, False),
    ],
)
def test_the_status_has_to_fit_the_expectation(expect: str, status: AnswerStatus, met: bool) -> None:
    assert graded(gold(expect=expect), status).expect_met is met


def test_further_statuses_may_be_right() -> None:
    assert graded(gold(expect="refuse", accept=["answered"]), AnswerStatus.ANSWERED).passed


def test_an_answer_that_admits_to_know_nothing_counts_as_unknown() -> None:
    assert graded(gold(expect="unknown"), AnswerStatus.ANSWERED, "Lịch năm nay chưa công bố.").passed
    assert not graded(gold(expect="unknown"), AnswerStatus.ANSWERED, "Hạn là 30/4.").passed


def test_every_group_has_to_be_found_and_nothing_forbidden() -> None:
    question = gold(must=[["36 tháng", r"3\s*năm"], ["liên tục"]], must_not=["24 tháng"])
    assert graded(question, AnswerStatus.ANSWERED, "Hoạt động liên tục từ 36 Tháng").passed
    short = graded(question, AnswerStatus.ANSWERED, "Từ 3 năm")
    assert short.missing == ("liên tục",) and not short.passed
    assert graded(question, AnswerStatus.ANSWERED, "36 tháng liên tục, trước là 24 tháng").forbidden == ("24 tháng",)


def test_choices_may_be_buttons_or_named_in_the_answer() -> None:
    question = gold(expect="clarify", must=[["Giải Vàng"]])
    assert graded(question, AnswerStatus.CLARIFY, "Bạn hỏi giải nào?").passed
    assert graded(question, AnswerStatus.ANSWERED, "Tùy giải.", "Giải Vàng").passed
    assert not graded(question, AnswerStatus.ANSWERED, "Tùy giải.").passed
    assert not graded(gold(expect="clarify"), AnswerStatus.ANSWERED, "Tùy giải.").passed


def test_buttons_do_not_hold_the_fact_of_an_answer() -> None:
    assert not graded(gold(must=[["600"]]), AnswerStatus.ANSWERED, "Tùy.", "Từ 600 điểm?").passed


def test_who_declines_owes_no_fact() -> None:
    assert graded(gold(expect="refuse", must=[["Cục Thuế"]]), AnswerStatus.OUT_OF_SCOPE).passed


def test_an_error_is_never_right() -> None:
    assert not graded(gold(expect="refuse", accept=["error"]), AnswerStatus.ERROR).passed


def test_citations_are_counted_apart() -> None:
    question = gold(citations=[["ND37-2026:59.1"], ["ND37-2026:60"]])
    right = grade(question, Said(AnswerStatus.ANSWERED, "", citations=("ND37-2026:60.1",)))
    wrong = grade(question, Said(AnswerStatus.ANSWERED, "", citations=("ND37-2026:61",)))
    assert (right.cited, wrong.cited, wrong.passed) == (True, False, True)
    assert graded(gold(), AnswerStatus.ANSWERED).cited is None


def test_an_unknown_expectation_is_refused() -> None:
    with pytest.raises(ValueError, match="hope"):
        gold(expect="hope")

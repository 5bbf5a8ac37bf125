"""Questions about dates, with and without dates in the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.answer import Answer, AnswerStatus, Language
from actions.season import asks_for_dates, with_dates
from knowledge.calendar import EventKind, EventState, SeasonEvent
from knowledge.corpus import Corpus
from season_events import NOW, event
from shipped import TODAY

DOSSIER = event("a", modified=NOW, state=EventState.CONFIRMED, province="Tây Ninh")
CEREMONY = event("b", kind=EventKind.CEREMONY, title="Lễ trao giải", start=date(2027, 10, 10), modified=NOW)
OVER = event("c", start=date(2025, 3, 25), season=2025, title="Mùa cũ")


def _answer(corpus: Corpus, identity: str, question: str | None = None, **changes: Any) -> Answer:
    entry = corpus.entry(identity)
    answer = Answer(AnswerStatus.UNKNOWN, entry.vietnamese.answer, TODAY, entry=identity, question=question)
    return replace(answer, **changes)


def _dated(corpus: Corpus, identity: str, question: str, *many: SeasonEvent, **changes: Any) -> Answer:
    return with_dates(_answer(corpus, identity, question, **changes), corpus.entry(identity), many, TODAY)


def test_which_entries_ask_for_dates(corpus: Corpus) -> None:
    asking = {entry.id for entry in corpus.faq if asks_for_dates(entry)}
    assert {"thoi-gian-lich-2026", "thoi-gian-han-nop-2026", "thoi-gian-khi-nao-dang-ky"} <= asking
    assert all(identity.startswith("thoi-gian-") for identity in asking)
    assert not asking & {"thoi-gian-2025", "thoi-gian-han-co-dinh"}


def test_without_dates_the_entry_stays_and_a_notice_is_offered(corpus: Corpus) -> None:
    before = _answer(corpus, "thoi-gian-han-nop-2026", "hạn nộp hồ sơ năm nay")
    after = _dated(corpus, "thoi-gian-han-nop-2026", "hạn nộp hồ sơ năm nay", OVER)
    assert (after.text, after.status) == (before.text, AnswerStatus.UNKNOWN)
    assert after.suggestions[-1].payload == "Nhắc tôi khi có lịch"
    assert after.attachments == ()


def test_dates_come_first_and_the_rule_stays(corpus: Corpus) -> None:
    answer = _dated(corpus, "thoi-gian-han-nop-2026", "hạn nộp hồ sơ là khi nào", DOSSIER, CEREMONY, OVER)
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.text.startswith(
        "Theo lịch cập nhật đến ngày 22/11/2026:\n- Hạn nộp hồ sơ: 10/03/2027 (Tây Ninh; đã xác nhận)"
    )
    assert "Chưa có" not in answer.text
    assert "Đừng lấy hạn của các năm trước" in answer.text
    assert "Lễ trao giải" not in answer.text and "Mùa cũ" not in answer.text
    assert [one.url for one in answer.attachments] == ["/lich/gtclqg.ics"]


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("lịch giải thế nào", {"Hạn nộp hồ sơ", "Lễ trao giải"}),
        ("lịch giải năm 2027", {"Hạn nộp hồ sơ", "Lễ trao giải"}),
        ("sang năm khi nào trao giải", {"Lễ trao giải"}),
        ("khi nào đăng ký", {"Hạn nộp hồ sơ", "Lễ trao giải"}),  # no such date: what there is
        ("lịch năm nay", set()),
        ("lịch giải năm 2028", set()),
    ],
)
def test_the_year_and_the_kind_that_are_asked_for(corpus: Corpus, question: str, dates: set[str]) -> None:
    answer = _dated(corpus, "thoi-gian-lich-2026", question, DOSSIER, CEREMONY)
    assert {one.title for one in (DOSSIER, CEREMONY) if one.title in answer.text} == dates


def test_an_entry_that_says_more_than_not_known_keeps_all_of_it(corpus: Corpus) -> None:
    text = corpus.entry("thoi-gian-nop-tre").vietnamese.answer
    answer = _dated(corpus, "thoi-gian-nop-tre", "nộp trễ có được không", DOSSIER)
    assert answer.text.startswith(text) and "10/03/2027" in answer.text
    assert answer.status is AnswerStatus.UNKNOWN


def test_moved_and_cancelled_dates_are_said_to_be_so(corpus: Corpus) -> None:
    moved = replace(DOSSIER, state=EventState.MOVED, moved_from=date(2027, 3, 1))
    cancelled = replace(CEREMONY, state=EventState.CANCELLED)
    text = _dated(corpus, "thoi-gian-lich-2026", "lịch giải", moved, cancelled).text
    assert "đã dời ngày, trước là 01/03/2027" in text and "Lễ trao giải: 10/10/2027 (toàn quốc; đã huỷ)" in text


def test_english(corpus: Corpus) -> None:
    english = corpus.entry("thoi-gian-han-nop-2026").english
    assert english is not None
    changes = {"text": english.answer, "language": Language.ENGLISH}
    answer = _dated(corpus, "thoi-gian-han-nop-2026", "deadline for submitting", DOSSIER, **changes)
    assert answer.text.startswith("The calendar as of 22/11/2026:\n- Hạn nộp hồ sơ: 10/03/2027 (Tây Ninh; confirmed)")
    assert "no verified official deadline" not in answer.text

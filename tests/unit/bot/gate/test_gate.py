"""The publish gate: bad edits are caught, good ones pass, nothing becomes current by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.answer import AnswerStatus, Query
from bot.conversations import Conversations, Turn
from bot.gate.gate import Gate
from bot.gate.runs import RunState, begin_run, list_runs, read_run
from bot.messages import AnswerMessage
from bot.publishing import Publisher
from bot.settings import IndexSettings, KnowledgeSettings, Settings, VerificationSettings
from fake_encoder import HashEncoder, plain_ranker
from index.ranker import Ranker
from knowledge.audit import search
from knowledge.corpus import Corpus
from knowledge.database import Database, replace_content
from knowledge.documents import Period
from knowledge.editing import entries
from knowledge.editing.entries import read_entry
from knowledge.errors import EditRefused, PublicationError
from knowledge.faq import FaqEntry, FaqState
from knowledge.publications import current_number, read_publication
from small_corpus import entry, pid, small_corpus

GOLDEN = [
    {"id": "36", "question": "Doanh nghiệp phải hoạt động bao lâu thì được dự giải?", "must": [["36 tháng"]]},
    {"id": "mau", "question": "Mẫu đơn đăng ký lấy ở đâu?", "expect": "unknown"},
]
Change = Callable[[tuple[FaqEntry, ...]], Iterable[FaqEntry]]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    golden = tmp_path / "golden.jsonl"
    golden.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in GOLDEN), encoding="utf-8")
    monkeypatch.setattr(Ranker, "load", plain_ranker)
    index = IndexSettings(encoder="hash", verification=VerificationSettings(own_questions=0, golden=0, kept=0))
    today = date(2026, 11, 22)
    return Settings(root=tmp_path, index=index, knowledge=KnowledgeSettings(golden="golden.jsonl"), today_fixed=today)


@pytest.fixture
def gate(settings: Settings, sqlite: Database) -> Gate:
    """With the small corpus in service."""
    with sqlite.session() as session:
        replace_content(session, small_corpus())
    Publisher(settings, sqlite, encoder=HashEncoder("hash")).publish("test")
    return Gate(settings, sqlite, HashEncoder("hash"))


def put(database: Database, change: Change) -> None:
    small = small_corpus()
    with database.session() as session:
        replace_content(session, Corpus(small.documents, small.guidance, tuple(change(small.faq))))


def run(gate: Gate, database: Database) -> tuple[RunState, dict[str, Any], int]:
    with database.session() as session:
        number = begin_run(session, "minh")
    state = gate.run(number)
    with database.session() as session:
        return state, dict(read_run(session, number).report or {}), number


def asked_by_people(database: Database, *questions: str) -> None:
    conversations = Conversations(database, 30)
    answer = AnswerMessage(status=AnswerStatus.ANSWERED, text="x", as_of="2026-11-22")
    for text in questions:
        asked = Query(text, date(2026, 11, 22))
        conversations.record(Turn("rest:a", "rest", text, answer, 1, 5, asked=asked))


def edited(which: int, **wording: Any) -> Change:
    return lambda faq: (
        *faq[:which],
        replace(faq[which], vietnamese=replace(faq[which].vietnamese, **wording)),
        *faq[which + 1 :],
    )


def effects(report: dict[str, Any]) -> set[str]:
    return {one["effect"] for one in report["differences"]}


def kinds(report: dict[str, Any]) -> set[str]:
    return {one["kind"] for one in report["findings"]}


def test_a_good_edit_passes_and_is_published_by_a_person_only(gate: Gate, sqlite: Database) -> None:
    put(sqlite, edited(0, answer="Ít nhất 36 tháng, tính đến ngày đăng ký tham dự."))
    state, report, number = run(gate, sqlite)
    assert (state, effects(report), report["findings"]) == (RunState.PASSED, {"changed"}, [])
    assert report["counts"]["worse"] == 0 and report["asked"] >= 4
    with sqlite.session() as session:
        assert current_number(session) == 1, "looking changes nothing"
    gate.publish(number, "minh")
    with sqlite.session() as session:
        assert read_publication(session).corpus.faq[0].vietnamese.answer.endswith("tham dự.")
        assert search(session, what=["publish"])[0].who == "minh"
        assert read_run(session, number).state is RunState.PUBLISHED
    with pytest.raises(EditRefused):
        gate.publish(number, "minh")


def test_nothing_new_is_nothing(gate: Gate, sqlite: Database) -> None:
    assert run(gate, sqlite)[0] is RunState.NOTHING


def test_a_wrong_figure_is_caught(gate: Gate, sqlite: Database) -> None:
    put(sqlite, edited(0, answer="Ít nhất 24 tháng tính đến ngày đăng ký."))
    state, report, number = run(gate, sqlite)
    assert state is RunState.BLOCKED
    assert "golden_lost" in effects(report) and "figure" in kinds(report)
    assert "24" in report["findings"][0]["words"]
    with pytest.raises(EditRefused, match="lý do"):
        gate.publish(number, "minh", "vì thế")
    with sqlite.session() as session:
        assert current_number(session) == 1
    gate.publish(number, "minh", "Nghị định mới đã đổi con số này")
    with sqlite.session() as session:
        (told,) = search(session, what=["publish.override"])
        assert told.who == "minh" and "Nghị định mới" in told.words


def test_an_entry_that_people_rely_on_and_is_gone_is_caught(gate: Gate, sqlite: Database) -> None:
    asked_by_people(sqlite, "bay tieu chi cham diem 2020")
    put(sqlite, lambda faq: (faq[0], *faq[2:]))
    state, report, _ = run(gate, sqlite)
    worse = {one["question"] for one in report["differences"] if one["effect"] in ("lost", "moved")}
    assert state is RunState.BLOCKED and worse == {"bay tieu chi cham diem 2020"}


def test_wordings_that_take_the_questions_of_another_entry_are_caught(gate: Gate, sqlite: Database) -> None:
    asked_by_people(sqlite, "cty mở bao lâu thì dc dự giải")
    stolen = ("cty mở bao lâu thì dc dự giải", "Doanh nghiệp phải hoạt động bao lâu thì được dự giải?")
    put(sqlite, edited(4, variants=stolen))
    state, report, _ = run(gate, sqlite)
    assert state is RunState.BLOCKED and "twice" in kinds(report)
    assert any("dieu-kien-36-thang" in one["words"] for one in report["findings"])


def test_a_former_rule_given_as_todays_is_caught(gate: Gate, sqlite: Database) -> None:
    put(sqlite, lambda faq: (faq[0], replace(faq[1], valid=Period()), *faq[2:]))
    state, report, _ = run(gate, sqlite)
    assert state is RunState.BLOCKED
    assert [one["entry"] for one in report["findings"] if one["kind"] == "former"] == ["tieu-chi-cu"]


def test_a_lost_citation_is_caught(gate: Gate, sqlite: Database) -> None:
    put(sqlite, lambda faq: (replace(faq[0], citations=()), *faq[1:]))
    assert "uncited" in effects(run(gate, sqlite)[1])


def test_a_new_answer_is_told_as_better(gate: Gate, sqlite: Database) -> None:
    new = entry("phi", "Lệ phí dự giải bao nhiêu tiền?", "Chưa thu.", citations=(pid("ND37-2026:59"),))
    put(sqlite, lambda faq: (*faq, new))
    state, report, _ = run(gate, sqlite)
    assert state is RunState.PASSED, report
    assert report["changes"]["faq"]["added"] == ["phi"] and report["counts"]["better"] >= 1


def test_questions_of_people_are_asked_once_and_without_what_leans_on_another(gate: Gate, sqlite: Database) -> None:
    asked_by_people(sqlite, "Có mất phí không?", "co mat phi khong?", "hỏi gì đó khác hẳn")
    put(sqlite, edited(0, answer="Ít nhất 36 tháng."))
    first = run(gate, sqlite)[1]["asked"]
    asked_by_people(sqlite, "một câu mới tinh")
    gate.drop(1, "minh")
    assert run(gate, sqlite)[1]["asked"] == first + 1


def test_two_runs_do_not_stand_in_each_others_way(gate: Gate, sqlite: Database) -> None:
    put(sqlite, edited(0, answer="Ít nhất 36 tháng."))
    one = run(gate, sqlite)[2]
    with sqlite.session() as session:
        begin_run(session, "minh")
    with pytest.raises(EditRefused, match="đang chạy"), sqlite.session() as session:
        begin_run(session, "lan")
    put(sqlite, edited(0, answer="Từ 36 tháng."))
    Publisher(gate._settings, sqlite, encoder=HashEncoder("hash")).publish("other")
    with pytest.raises(PublicationError):
        gate.publish(one, "minh")
    with sqlite.session() as session:
        assert read_run(session, one).open


def test_a_run_that_fails_says_so(gate: Gate, sqlite: Database, settings: Settings) -> None:
    put(sqlite, edited(0, answer="Ít nhất 36 tháng.", variants=("câu hoàn toàn mới về thời gian",)))
    with sqlite.session() as session:
        number = begin_run(session, "minh")
    assert Gate(settings, sqlite, HashEncoder("hash", fail_at=1)).run(number) is RunState.FAILED
    with sqlite.session() as session:
        failed = list_runs(session)[0]
        assert failed.report and "Lỗi của hệ thống" in failed.report["error"]
        assert current_number(session) == 1


def test_approved_entries_are_in_service_after_publishing(gate: Gate, sqlite: Database) -> None:
    with sqlite.session() as session:
        record = {"topic": "phí", "kind": "answer", "question": "Lệ phí dự giải bao nhiêu?", "answer": "Chưa thu."}
        made = entries.create(session, record, "lan")
        sent = entries.submit(session, made.id, 1, "lan")
        entries.approve(session, made.id, sent.version, "minh")
    state, report, number = run(gate, sqlite)
    gate.publish(number, "minh", "đã xem kỹ từng câu" if state is RunState.BLOCKED else "")
    with sqlite.session() as session:
        assert read_entry(session, made.id).state is FaqState.PUBLISHED

"""A whole question set, asked of a stub."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from actions.answer import Answer, AnswerStatus, CitedProvision, Query, Suggestion
from bot.evaluation import QuestionSetError, Report, evaluate_questions, print_report, read_questions

TODAY = date(2026, 11, 22)
QUESTIONS = [
    {"id": "1", "question": "bạc?", "style": "standard", "topic": "điểm", "lang": "vi", "expect": "answer", "must": [["600"]],
     "citations": [["ND37-2026:58.2"]]},
    {"id": "2", "question": "vang?", "style": "teencode", "topic": "điểm", "lang": "vi", "expect": "answer", "must": [["800"]],
     "citations": [["ND37-2026:58.1"]]},
    {"id": "3", "question": "thuế?", "style": "out_of_scope", "topic": "-", "lang": "vi", "expect": "refuse"},
    {"id": "4", "question": "thue?", "style": "out_of_scope", "topic": "-", "lang": "vi", "expect": "refuse"},
    {"id": "5", "question": "lịch?", "style": "unknown", "topic": "lịch", "lang": "vi", "expect": "unknown"},
    {"id": "6", "question": "mail?", "style": "unknown", "topic": "lịch", "lang": "vi", "expect": "refuse", "accept": ["answered"]},
]  # fmt: skip
_CLAUSE = CitedProvision("ND37-2026:58.2", "khoản 2 Điều 58", "", "summary", "", None)


class Stub:
    """Says the same to everybody, but knows a tax question with accents; the fact is in a notice."""

    def answer(self, query: Query) -> Answer:
        if query.text == "thuế?":
            return Answer(AnswerStatus.OUT_OF_SCOPE, "Mình chỉ trả lời về giải thưởng.", query.today)
        shown = (Suggestion("Từ 800 điểm?", "Từ 800 điểm?"),)
        return Answer(
            AnswerStatus.ANSWERED, "Đủ điểm.\n" + "x" * 300, query.today, (_CLAUSE,), shown, ("Từ 600 điểm.",)
        )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in QUESTIONS) + "\n\n", encoding="utf-8")
    return file


@pytest.fixture
def report(path: Path) -> Report:
    return evaluate_questions(path, Stub(), TODAY)


def test_the_figures(report: Report) -> None:
    assert report.accuracy == 3 / 6  # 1, 3 and 6
    assert report.citation_accuracy == 1 / 2
    assert [one.gold.id for one in report.failures] == ["2", "4", "5"]
    assert {name: len(heap) for name, heap in report.by("style").items()} == {
        "out_of_scope": 2,
        "standard": 1,
        "teencode": 1,
        "unknown": 2,
    }
    assert report.overall.low < 0.5 < report.overall.high
    assert 0 <= report.latency(0.5) <= report.latency(0.95)


def test_the_matrix_counts_an_accepted_answer_as_no_mistake(report: Report) -> None:
    matrix = report.matrix
    assert (matrix.in_scope_answered, matrix.in_scope_declined, matrix.in_scope_other) == (3, 0, 0)
    assert (matrix.out_of_scope_answered, matrix.out_of_scope_declined) == (1, 2)
    assert (matrix.declined_share, matrix.answered_share) == (0.0, 1 / 3)


def test_the_printed_report(report: Report) -> None:
    lines: list[str] = []
    print_report(report, show=1, say=lines.append)
    text = "\n".join(lines)
    assert "all questions" in lines[1] and "50.0 [" in lines[1]
    assert "3 failed, 0 right but wrongly cited" in text
    assert "✗ [2] teencode: vang?" in text and "✗ [4]" not in text
    assert "expected answer, got answered; missing 800" in text
    assert max(len(line) for line in lines if line.startswith("    >")) <= 206


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "1", "question": "?"}\n{"id": "2"}\n', encoding="utf-8")
    with pytest.raises(QuestionSetError, match="line 2"):
        read_questions(file)
    with pytest.raises(QuestionSetError, match="read"):
        read_questions(tmp_path / "missing.jsonl")


def test_an_empty_set_has_no_accuracy_to_print(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("", encoding="utf-8")
    report = evaluate_questions(file, Stub(), TODAY)
    lines: list[str] = []
    print_report(report, 5, lines.append)
    assert report.accuracy == 0.0 and "0 failed" in "\n".join(lines)

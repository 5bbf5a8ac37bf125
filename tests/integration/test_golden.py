"""How many questions are answered rightly: one number for each set, with a floor. The misses are printed.

The golden set is our own and was written apart from the content; the development set is the project's, and its test is skipped
where that does not lie beside the checkout.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.answering import Answerer
from bot.evaluation import Report, evaluate_questions, print_report
from shipped import ROOT, TODAY, shared_file

ACCURACY = 0.88
SETS = ("golden", "development")
# Of the questions out of scope. Measured: 1 of 34 and 0 of 15; our own set is full of near misses.
ANSWERED_OUTSIDE = {"golden": 2 / 34, "development": 0.0}
DECLINED_INSIDE = 0.04  # of the questions in scope


@pytest.fixture(scope="module", params=SETS)
def report(request: pytest.FixtureRequest, answerer: Answerer) -> Report:
    golden = ROOT / "tests" / "golden" / "questions.jsonl"
    path: Path = golden if request.param == "golden" else shared_file("eval", "award_dev.jsonl")
    measured = evaluate_questions(path, answerer, TODAY)
    print_report(measured, 40, print)
    # Greetings and requests for a person are the dialogue server's; tests/integration/test_turn.py asks it.
    return Report(
        tuple(one for one in measured.graded if one.gold.style != "small_talk" and one.gold.expect != "handoff")
    )


def test_accuracy(report: Report) -> None:
    assert len(report.graded) > 70
    assert report.accuracy >= ACCURACY


def test_what_is_not_ours_is_not_answered(report: Report, request: pytest.FixtureRequest) -> None:
    assert report.matrix.answered_share <= ANSWERED_OUTSIDE[request.node.callspec.params["report"]]


def test_what_is_ours_is_not_declined(report: Report) -> None:
    assert report.matrix.declined_share <= DECLINED_INSIDE


def test_nothing_that_only_a_wrong_answer_says_is_said_of_former_rules(report: Report) -> None:
    """`must_not` of the questions with a false premise or a date: a former rule as today's, today's as a former one."""
    said = [one for one in report.graded if one.gold.style in ("false_premise", "dated") and one.grade.forbidden]
    assert [(one.gold.id, one.said.text[:200]) for one in said] == []

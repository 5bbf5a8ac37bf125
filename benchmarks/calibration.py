"""How far the evidence can be believed, and the curve on which the thresholds of scope were chosen: docs/images/calibration.svg.

.venv/bin/python -m benchmarks.calibration

The questions are the project's own golden set (tests/golden/questions.jsonl); greetings and requests for a person are the dialogue
server's and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from matplotlib.figure import Figure

from actions.answer import AnswerStatus, Query
from actions.answering import Answerer
from bot.evaluation import read_questions
from bot.grading import GoldQuestion, Said, grade
from bot.publication import open_publication
from bot.settings import ROOT, load_settings
from index.encoder import open_encoder
from index.hybrid import Hit
from knowledge.database import Database
from knowledge.faq import FaqKind

GOLDEN = ROOT / "tests/golden/questions.jsonl"
PICTURE = ROOT / "docs/images/calibration.svg"
TODAY = date(2026, 11, 22)  # the day that the set is written for
BINS = 5
STEPS = np.linspace(0.2, 1.0, 33)


@dataclass(frozen=True, slots=True)
class Measured:
    """One question: is it ours, how sure its subject is, how well the best wording fits, what was said and whether that was right."""

    ours: bool
    scope: float
    fits: float
    evidence: float
    answered: bool
    right: bool


def measure(answerer: Answerer, question: GoldQuestion) -> Measured:
    """Ask one question, and look at what decides before the thresholds do."""
    retrieval = answerer.retriever.retrieve(question.question, None, top_k=30)
    answer = answerer.answer(Query(question.question, TODAY))
    return Measured(
        question.expect != "refuse",
        answerer.scope_of(retrieval),
        _fit(retrieval.hits[:1]),
        answer.evidence,
        answer.status in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.UNKNOWN) and answer.evidence > 0,
        grade(question, Said.of(answer)).passed,
    )


def _fit(best: Sequence[Hit]) -> float:
    return max((hit.evidence for hit in best if hit.passage.faq_kind is not FaqKind.OUT_OF_SCOPE), default=0.0)


def reliability(measured: Sequence[Measured]) -> list[tuple[float, float, int]]:
    """For bins of equal size by evidence: its mean, the share of right answers, how many."""
    given = sorted((one for one in measured if one.answered), key=lambda one: one.evidence)
    parts = [part.tolist() for part in np.array_split(np.arange(len(given)), BINS)]
    return [
        (
            float(np.mean([given[n].evidence for n in part])),
            float(np.mean([given[n].right for n in part])),
            len(part),
        )
        for part in parts
    ]


def shares(measured: Sequence[Measured], scope: float, sure: float, doubt: float) -> tuple[float, float]:
    """Share of our questions that these thresholds decline, and of the others that they let pass (see Answerer)."""
    declined = np.array([(one.scope < scope and one.fits < sure) or one.scope + one.fits < doubt for one in measured])
    ours = np.array([one.ours for one in measured])
    return float(declined[ours].mean()), float((~declined[~ours]).mean())


def draw(measured: Sequence[Measured], scope: float, sure: float, doubt: float) -> Figure:
    """Reliability on the left, the curve of `sure` with the chosen point on the right."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    believed, true, counts = zip(*reliability(measured), strict=True)
    left.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    left.plot(believed, true, "o-", color="#1c5fa8")
    for x, y, count in zip(believed, true, counts, strict=True):
        left.annotate(str(count), (x, y), xytext=(4, -12), textcoords="offset points", fontsize=8)
    left.set(xlabel="evidence of the answer", ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1.05))
    curve = [shares(measured, scope, float(step), doubt) for step in STEPS]
    right.plot([100 * x for x, _ in curve], [100 * y for _, y in curve], ".-", color="#1c5fa8")
    chosen = shares(measured, scope, sure, doubt)
    right.plot(
        100 * chosen[0],
        100 * chosen[1],
        "o",
        color="#b3261e",
        label=f"chosen: scope {scope}, sure {sure}, doubt {doubt}",
    )
    right.set(xlabel="our questions declined, %", ylabel="other questions let pass, %", xlim=(0, 20))
    right.legend(fontsize=8)
    return figure


def main() -> None:
    settings = load_settings()
    database = Database(settings.database_url)
    answerer = open_publication(settings, database, open_encoder(settings.encoder)).answerer
    kept = [
        one
        for one in read_questions(GOLDEN)
        if one.style not in ("small_talk", "abuse", "injection") and one.expect != "handoff"
    ]
    measured = [measure(answerer, one) for one in kept]
    chosen = settings.thresholds
    for believed, true, count in reliability(measured):
        print(f"evidence {believed:.2f}: {true:.0%} of {count} right")
    for sure in (0.3, 0.5, 0.65, chosen.sure, 0.9):
        declined, passed = shares(measured, chosen.scope, sure, chosen.doubt)
        print(f"sure {sure:.2f}: {declined:.1%} of ours declined, {passed:.1%} of others let pass")
    draw(measured, chosen.scope, chosen.sure, chosen.doubt).savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()

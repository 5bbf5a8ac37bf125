"""`award eval FILE`: asks every question of a gold set and says how many answers are right, where they go wrong,
and how sure that is.

The answerer is asked directly, without the dialogue server, so forms, handing over and small talk are not measured
here; what is graded is the text that the REST channel would send.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from actions.answer import Answer, Query
from bot.errors import BotError
from bot.grading import ANSWERED, DECLINED, GoldQuestion, Grade, Said, grade
from index.intervals import Estimate, estimate, percentile

ANSWER_SHOWN = 200  # characters of a wrong answer
Say = Callable[[str], None]


class QuestionSetError(BotError):
    """The file is no question set."""


class Answers(Protocol):
    """Anything that answers a query."""

    def answer(self, query: Query) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Graded:
    """A question, what was said, and what it was worth."""

    gold: GoldQuestion
    said: Said
    grade: Grade
    seconds: float

    @property
    def declined(self) -> bool:
        return self.said.status in DECLINED

    @property
    def answered(self) -> bool:
        return self.said.status in ANSWERED


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts of what was answered, declined or neither (asked back, unknown …), for questions that are ours or not."""

    in_scope_answered: int
    in_scope_declined: int
    in_scope_other: int
    out_of_scope_answered: int
    out_of_scope_declined: int
    out_of_scope_other: int

    @classmethod
    def count(cls, graded: Iterable[Graded]) -> Matrix:
        """An out-of-scope question that may also be answered, and was answered rightly, counts as declined."""
        counts = Counter((one.gold.expect != "refuse", _column(one)) for one in graded)
        return cls(*(counts[ours, column] for ours in (True, False) for column in ("answered", "declined", "other")))

    @property
    def declined_share(self) -> float:
        """Share of the questions in scope that were declined."""
        return _share(self.in_scope_declined, self.in_scope_answered + self.in_scope_declined + self.in_scope_other)

    @property
    def answered_share(self) -> float:
        """Share of the questions out of scope that were answered."""
        return _share(
            self.out_of_scope_answered,
            self.out_of_scope_answered + self.out_of_scope_declined + self.out_of_scope_other,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All graded questions of one set; every figure is read off them."""

    graded: tuple[Graded, ...]

    @property
    def accuracy(self) -> float:
        return self.overall.mean

    @property
    def overall(self) -> Estimate:
        return right(self.graded)

    @property
    def citation_accuracy(self) -> float:
        return cited(self.graded).mean

    @property
    def matrix(self) -> Matrix:
        return Matrix.count(self.graded)

    @property
    def failures(self) -> list[Graded]:
        return [one for one in self.graded if not one.grade.passed]

    @property
    def uncited(self) -> list[Graded]:
        """Right answers whose citation is missing or wrong."""
        return [one for one in self.graded if one.grade.passed and one.grade.cited is False]

    def latency(self, rank: float) -> float:
        """Seconds at a percentile (0 to 1)."""
        return percentile([one.seconds for one in self.graded], rank)

    def by(self, key: str) -> dict[str, list[Graded]]:
        """The questions by their `style`, `topic`, `lang` or `expect`."""
        heaps: dict[str, list[Graded]] = {}
        for one in self.graded:
            heaps.setdefault(str(getattr(one.gold, key)), []).append(one)
        return dict(sorted(heaps.items()))


def right(graded: Sequence[Graded]) -> Estimate:
    """Share of right answers."""
    return estimate([one.grade.passed for one in graded])


def cited(graded: Sequence[Graded]) -> Estimate:
    """Share of right citations among the questions that ask for one."""
    return estimate([one.grade.cited for one in graded if one.grade.cited is not None])


def evaluate_questions(path: Path, answerer: Answers, today: date) -> Report:
    """Ask and grade every question of the file. Raises QuestionSetError where it is no question set."""
    return Report(tuple(_ask(question, answerer, today) for question in read_questions(path)))


def read_questions(path: Path) -> list[GoldQuestion]:
    """Raises QuestionSetError with the line that can't be read."""
    questions = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise QuestionSetError(f"{path} can't be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        try:
            questions += [GoldQuestion.from_json(json.loads(line))] if line.strip() else []
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionSetError(
                f"{path}, line {number} is no gold question ({error}); see shared/eval/README.md"
            ) from error
    return questions


def _ask(question: GoldQuestion, answerer: Answers, today: date) -> Graded:
    started = time.perf_counter()
    answer = answerer.answer(Query(question.question, today))
    seconds = time.perf_counter() - started
    said = Said.of(answer)
    return Graded(question, said, grade(question, said), seconds)


def print_report(report: Report, show: int, say: Say) -> None:
    """The figures, then the first `show` failures."""
    say(f"{'':30}{'n':>5}  {'right % [95 %]':<22}{'cited % [95 %]':<22}")
    say(_row("all questions", report.graded))
    for heading, key in (("style", "style"), ("expectation", "expect"), ("language", "lang"), ("topic", "topic")):
        say(f"by {heading}")
        for name, heap in report.by(key).items():
            say(_row(f"  {name}", heap))
    _print_matrix(report.matrix, say)
    say(f"latency: p50 {1000 * report.latency(0.5):.1f} ms, p95 {1000 * report.latency(0.95):.1f} ms")
    _print_failures(report, show, say)


def _row(name: str, graded: Sequence[Graded]) -> str:
    return f"{name[:30]:30}{len(graded):5}  {right(graded).percent:<22}{cited(graded).percent:<22}".rstrip()


def _print_matrix(matrix: Matrix, say: Say) -> None:
    ours = (matrix.in_scope_answered, matrix.in_scope_declined, matrix.in_scope_other)
    others = (matrix.out_of_scope_answered, matrix.out_of_scope_declined, matrix.out_of_scope_other)
    say(f"{'':15}" + "".join(f"{heading:>10}" for heading in ("answered", "declined", "other")))
    for name, counts in (("in scope", ours), ("out of scope", others)):
        say(f"{name:15}" + "".join(f"{count:10}" for count in counts))
    say(f"in scope but declined {matrix.declined_share:.1%}, out of scope but answered {matrix.answered_share:.1%}")


def _print_failures(report: Report, show: int, say: Say) -> None:
    say(f"{len(report.failures)} failed, {len(report.uncited)} right but wrongly cited")
    for one in report.failures[:show]:
        say(f"✗ [{one.gold.id}] {one.gold.style}: {one.gold.question}")
        say(f"    {'; '.join(_reasons(one))}")
        say(f"    > {' '.join(one.said.text[:ANSWER_SHOWN].split())}")
    for one in report.uncited[: max(0, show - len(report.failures))]:
        wanted = ", ".join(identity for group in one.gold.citations for identity in group)
        say(f"✗ [{one.gold.id}] cites {', '.join(one.said.citations) or 'nothing'}, not {wanted}: {one.gold.question}")


def _reasons(one: Graded) -> list[str]:
    reasons = [f"expected {one.gold.expect}, got {one.said.status}"]
    reasons += [f"missing {expression[:90]}" for expression in one.grade.missing]
    return reasons + [f"forbidden {expression[:90]}" for expression in one.grade.forbidden]


def _column(one: Graded) -> str:
    if one.declined:
        return "declined"
    if not one.answered:
        return "other"
    return "declined" if one.gold.expect == "refuse" and one.grade.expect_met else "answered"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0

"""Whether a publication may become current: its index is asked before anybody else asks it.

Every FAQ entry must be found by its own question, and questions on the award's main facts must get their answers
(knowledge/data/golden.jsonl, written apart from the content). A share may fail, because two entries can ask nearly the same; below
the floor, or where the content has shrunk as only an accident shrinks it, the publication is refused.

A question that is word for word a stored wording gets its entry for certain (index/hybrid.py), so it can lose only to a passage that
has the same wording. So of a large content those are asked whose wording another passage has too, those that are new or changed, and
a sample of the rest, which shows that the index as such answers (docs/decisions/0007-publishing-fast.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from actions.answering import Answerer
from bot.evaluation import evaluate_questions, read_questions
from bot.settings import VerificationSettings
from index.passages import PassageKind
from knowledge.acceptance import Dependent
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.faq import FaqEntry
from knowledge.marks import MarkedKind

RANKED = 10  # places looked at
SAMPLE = 100  # entries asked for at least that nothing speaks against
SHOWN = 8  # of a list, in a message for people


@dataclass(frozen=True, slots=True)
class Loser:
    """An entry that its own question does not find first: its place (None: not among the first ten), and what is first instead."""

    entry: str
    place: int | None
    first: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was asked and found; `problems` are the reasons for a refusal, in words."""

    entries: int
    asked: int  # entries that were asked for; the others can't lose
    losers: tuple[Loser, ...]
    golden: int
    missed: tuple[str, ...]  # golden questions, in words
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Verification:
        """From what `to_json` gave, as the database keeps it."""
        return cls(
            record["entries"],
            record.get("asked", record["entries"]),  # reports of earlier versions, which asked for all
            tuple(Loser(**one) for one in record["losers"]),
            record["golden"],
            tuple(record["missed"]),
            tuple(record["problems"]),
        )

    def text(self) -> str:
        """The report for people, a few lines."""
        lines = [
            f"{self.entries - len(self.losers)} of {self.entries} entries are found first by their own question "
            f"({self.asked} asked), {self.golden - len(self.missed)} of {self.golden} golden questions are answered"
        ]
        lines += _shown("not found first", [_words(one) for one in self.losers])
        lines += _shown("golden question missed", self.missed)
        lines += [f"  below the floor: {problem}" for problem in self.problems]
        return "\n".join(lines)


def verify(
    answerer: Answerer, before: Corpus | None, golden: Path, floors: VerificationSettings, today: date
) -> Verification:
    """Ask the answerer of a publication; `before` is the content that is current now. A missing golden file asks nothing."""
    corpus = answerer.corpus
    doubtful = entries_to_ask(answerer, before)
    losers = find_losers(answerer, doubtful)
    questions, missed = _golden(answerer, golden, today)
    return Verification(
        len(corpus.faq),
        len(doubtful),
        losers,
        questions,
        missed,
        (
            *_below(
                "FAQ entries found first by their own question", len(corpus.faq), len(losers), floors.own_questions
            ),
            *_below("golden questions answered", questions, len(missed), floors.golden),
            *_shrunk(before, corpus, floors.kept),
        ),
    )


def golden_answers(path: Path) -> tuple[Dependent, ...]:
    """What the golden questions rest on, for the list of what an import touches; none where there is no such file."""
    questions = read_questions(path) if path.is_file() else ()
    return tuple(
        Dependent(
            MarkedKind.GOLDEN, one.id, tuple(ProvisionId.parse(text) for group in one.citations for text in group)
        )
        for one in questions
    )


def entries_to_ask(answerer: Answerer, before: Corpus | None) -> tuple[FaqEntry, ...]:
    """The entries that could lose their own question, and a sample; all where there is no content before."""
    entries = answerer.corpus.faq
    if before is None:
        return entries
    known = {one.id: one for one in before.faq}
    sharing = answerer.retriever.sharing_wordings()
    shared = {one.key for number, one in enumerate(answerer.retriever.passages) if number in sharing}
    step = max(1, len(entries) // SAMPLE)
    return tuple(
        one for at, one in enumerate(entries) if at % step == 0 or one.id in shared or one != known.get(one.id)
    )


def find_losers(answerer: Answerer, entries: Iterable[FaqEntry]) -> tuple[Loser, ...]:
    """Those that another passage beats on their own question."""
    losers = []
    for entry in entries:
        hits = answerer.retriever.retrieve(entry.vietnamese.question, None, RANKED).hits
        keys = [hit.passage.key if hit.passage.kind is PassageKind.FAQ else "" for hit in hits]
        if not keys or keys[0] != entry.id:
            place = keys.index(entry.id) + 1 if entry.id in keys else None
            losers.append(Loser(entry.id, place, hits[0].passage.key if hits else ""))
    return tuple(losers)


def _golden(answerer: Answerer, path: Path, today: date) -> tuple[int, tuple[str, ...]]:
    if not path.is_file():
        return 0, ()
    report = evaluate_questions(path, answerer, today)
    return len(report.graded), tuple(one.gold.question for one in report.failures)


def _below(what: str, asked: int, failed: int, floor: float) -> list[str]:
    share = 1 - failed / asked if asked else 1.0
    return [f"only {share:.1%} of the {what}, at least {floor:.1%} are needed"] if share < floor else []


def _shrunk(before: Corpus | None, after: Corpus, kept: float) -> list[str]:
    """Content that is mostly gone was deleted by an accident, or on purpose and then somebody says so."""
    problems = []
    for what, old, new in (
        ("FAQ entries", len(before.faq) if before else 0, len(after.faq)),
        ("regulations", len(before.documents) if before else 0, len(after.documents)),
    ):
        if new < kept * old:
            problems.append(f"only {new} of {old} {what} are left")
    return problems


def _shown(what: str, items: Sequence[str]) -> list[str]:
    shown = [f"  {what}: {item}" for item in items[:SHOWN]]
    return [*shown, f"  … and {len(items) - SHOWN} more"] if len(items) > SHOWN else shown


def _words(loser: Loser) -> str:
    return f"{loser.entry} (place {loser.place or f'past {RANKED}'}; first is {loser.first})"

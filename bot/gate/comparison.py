"""What becomes of a question when the content changes, and whether that is worse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from actions.answer import Answer
from bot.grading import ANSWERED, GoldQuestion, Said, grade
from knowledge.corpus import Corpus
from knowledge.vietnamese import fold

SURE = 0.65  # evidence from which the answer before is taken to be the right one (docs/decisions/0004)
MOST_TEXT = 1_500  # characters of an answer that a report keeps


class Source(StrEnum):
    """Where a question comes from: the golden set, people, or the wordings of the entries that change."""

    GOLDEN = "golden"
    PEOPLE = "people"
    OWN = "own"


class Effect(StrEnum):
    """Worse: facts of a golden question are gone, there is no answer any more, another entry answers, the citation is gone.
    Better: there is an answer now. The rest is what was wanted: the entry's new text.
    """

    GOLDEN_LOST = "golden_lost"
    LOST = "lost"
    MOVED = "moved"
    UNCITED = "uncited"
    GOLDEN_GAINED = "golden_gained"
    GAINED = "gained"
    CHANGED = "changed"


WORSE = frozenset({Effect.GOLDEN_LOST, Effect.LOST, Effect.MOVED, Effect.UNCITED})
BETTER = frozenset({Effect.GOLDEN_GAINED, Effect.GAINED})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to ask of both; `entry` is whose wording it is, for questions of an entry's own."""

    text: str
    source: Source
    gold: GoldQuestion | None = None
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the report shows it."""

    status: str
    text: str
    entry: str
    citations: tuple[str, ...]

    @classmethod
    def of(cls, answer: Answer) -> Shown:
        labels = tuple(one.label for one in answer.citations)
        return cls(str(answer.status), answer.text[:MOST_TEXT], answer.entry or "", labels)


@dataclass(frozen=True, slots=True)
class Difference:
    """One question whose answer changes."""

    question: str
    source: Source
    effect: Effect
    before: Shown
    after: Shown

    @property
    def worse(self) -> bool:
        return self.effect in WORSE

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Judge:
    """Knows which entries change from one content to the other."""

    def __init__(self, before: Corpus, after: Corpus) -> None:
        self._before = {one.id: one for one in before.faq}
        self._after = {one.id: one for one in after.faq}
        self._wordings = {one.id: {fold(text) for text in _wordings(one.id, self._after)} for one in after.faq}

    def difference(self, asked: Asked, before: Answer, after: Answer) -> Difference | None:
        """None where nothing that matters to a person changes."""
        effect = self._effect(asked, before, after)
        if effect is None:
            return None
        return Difference(asked.text, asked.source, effect, Shown.of(before), Shown.of(after))

    def _effect(self, asked: Asked, before: Answer, after: Answer) -> Effect | None:
        graded = _golden(asked, before, after)
        if graded is not None:
            return graded
        answered, answers = before.status in ANSWERED, after.status in ANSWERED
        if answered and not answers:
            return Effect.CHANGED if self._withdrawn(asked, before) else Effect.LOST
        if answers and not answered:
            return Effect.GAINED
        if answers and before.entry != after.entry:
            return Effect.MOVED if self._taken(asked, before, after) else Effect.CHANGED
        if answers and before.citations and not after.citations:
            return Effect.UNCITED
        same = before.status == after.status and before.text == after.text
        same_ground = [one.id for one in before.citations] == [one.id for one in after.citations]
        return None if same and same_ground else Effect.CHANGED

    def _withdrawn(self, asked: Asked, before: Answer) -> bool:
        """Two people have agreed to withdraw the entry: that its own question has no answer then is what they wanted."""
        return asked.source is Source.OWN and asked.entry == before.entry and before.entry not in self._after

    def _taken(self, asked: Asked, before: Answer, after: Answer) -> bool:
        """An entry that is as good as it was does not answer any more; not counted where the question is the new entry's very own and
        the answer before was a guess.
        """
        entry = before.entry or ""
        unchanged = entry not in self._before or self._before.get(entry) == self._after.get(entry)
        own = fold(asked.text) in self._wordings.get(after.entry or "", set())
        return unchanged and not (own and before.evidence < SURE)


def count_effects(differences: Iterable[Difference]) -> dict[str, int]:
    """How many are worse, better, or as wanted."""
    counts = {"worse": 0, "better": 0, "changed": 0}
    for one in differences:
        counts["worse" if one.worse else "better" if one.effect in BETTER else "changed"] += 1
    return counts


def _golden(asked: Asked, before: Answer, after: Answer) -> Effect | None:
    if asked.gold is None:
        return None
    was, is_now = (grade(asked.gold, Said.of(one)).passed for one in (before, after))
    if was == is_now:
        return None
    return Effect.GOLDEN_LOST if was else Effect.GOLDEN_GAINED


def _wordings(entry: str, entries: dict[str, Any]) -> Iterable[str]:
    one = entries[entry]
    return (*one.vietnamese.all_questions, *(one.english.all_questions if one.english else ()))

"""What an answer must say about its own footing: the law under it will change, or it waits for review because the law has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from actions import sentences as say
from actions.answer import Answer, Language
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.history import ComingChange, coming_change
from knowledge.marks import MarkedKind, ReviewMark


def with_notices(corpus: Corpus, answer: Answer, today: date) -> Answer:
    """The answer with what its citations and its own review marks ask to be said."""
    changes = _coming(corpus, answer, today)
    found = (
        *(_change_sentence(corpus, change, identities, answer) for change, identities in changes.items()),
        *_of_marks(corpus, answer, frozenset((change.day, change.by) for change in changes)),
    )
    return replace(answer, notices=tuple(dict.fromkeys((*answer.notices, *found)))) if found else answer


def _coming(corpus: Corpus, answer: Answer, today: date) -> dict[ComingChange, list[ProvisionId]]:
    """Each coming change once, with the citations that it touches."""
    touched: dict[ComingChange, list[ProvisionId]] = {}
    for identity in _cited(answer):
        change = _change_of(corpus, identity, answer.as_of, today)
        if change is not None:
            touched.setdefault(change, []).append(identity)
    return touched


def _change_of(corpus: Corpus, identity: ProvisionId, as_of: date, today: date) -> ComingChange | None:
    """A change after today of what was cited; none for a former wording, which is said to be former elsewhere."""
    day = max(as_of, today)
    version = corpus.provision(identity, as_of)
    return coming_change(corpus, identity, day) if version is corpus.provision(identity, day) else None


def _change_sentence(corpus: Corpus, change: ComingChange, identities: list[ProvisionId], answer: Answer) -> str:
    named = "; ".join(map(corpus.label, identities))
    what = say.THIS_RULE[answer.language] if len(answer.citations) == 1 else named[:1].upper() + named[1:]
    sentence = (say.WILL_END if change.ends else say.WILL_CHANGE)[answer.language]
    return sentence.format(what=what, day=f"{change.day:%d/%m/%Y}", by=_by(corpus, change.by, answer.language))


def _of_marks(corpus: Corpus, answer: Answer, told: frozenset[tuple[date, ProvisionId | None]]) -> Iterator[str]:
    """A change that was `told` of already (its day and clause) is not told a second time."""
    for mark in _marks_of(corpus, answer):
        if (mark.day, mark.cause) in told:
            yield say.REVIEWED_FOR_IT[answer.language]
            continue
        yield say.UNDER_REVIEW[answer.language].format(
            what=corpus.label(mark.provision),
            day=f"{mark.day:%d/%m/%Y}",
            by=_by(corpus, mark.cause, answer.language),
        )


def _marks_of(corpus: Corpus, answer: Answer) -> Iterable[ReviewMark]:
    if answer.entry == "eligibility":  # built on rules, which are marked by the clauses that they cite
        cited = _cited(answer)
        marks = corpus.open_marks(MarkedKind.ELIGIBILITY)
        return [one for one in marks if any(one.provision.within(it) or it.within(one.provision) for it in cited)]
    kinds = (MarkedKind.FAQ, MarkedKind.GUIDANCE, MarkedKind.SUMMARY)
    return [mark for kind in kinds if answer.entry for mark in corpus.open_marks(kind, answer.entry)]


def _cited(answer: Answer) -> list[ProvisionId]:
    return [ProvisionId.parse(one.id) for one in answer.citations]


def _by(corpus: Corpus, cause: ProvisionId | None, language: Language) -> str:
    return say.UNDER[language].format(cause=corpus.label(cause)) if cause else ""

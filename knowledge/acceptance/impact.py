"""What rests on the provisions that an import changes, and so has to be looked at by a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from knowledge.acceptance.amending import Change, Effect
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Period
from knowledge.eligibility import RuleSet
from knowledge.marks import MarkedKind, ReviewMark
from knowledge.vietnamese import fold

_OF_DOCUMENT = re.compile("hieu luc|dieu khoan thi hanh|pham vi dieu chinh")  # in titles of articles, folded


@dataclass(frozen=True, slots=True)
class Dependent:
    """One item with what it cites and, where it speaks of a time, that time."""

    kind: MarkedKind
    item: str
    citations: tuple[ProvisionId, ...]
    valid: Period = field(default_factory=Period)

    def touched_by(self, change: Change, of_document: bool = False) -> bool:
        """The change is of what is cited, of a part of it, or of what it is a part of; not after the time spoken of.

        Who cites a whole document says that it exists, what it is about and since when: one of its clauses touches that only where
        the change is `of_document` (docs/decisions/0006-review-marks.md).
        """
        over = self.valid.end is not None and self.valid.end < change.day
        return not over and any(
            one.within(change.provision) or (change.provision.within(one) and (bool(one.article) or of_document))
            for one in self.citations
        )


def dependents(corpus: Corpus, rules: Iterable[RuleSet], golden: Iterable[Dependent] = ()) -> Iterator[Dependent]:
    """FAQ entries, guidance, conditions of the eligibility check, and golden answers."""
    for entry in corpus.faq:
        yield Dependent(MarkedKind.FAQ, entry.id, entry.citations, entry.valid)
    for item in corpus.guidance:
        yield Dependent(MarkedKind.GUIDANCE, item.id, item.citations, item.valid)
    for one in rules:
        for rule in one.rules:
            yield Dependent(MarkedKind.ELIGIBILITY, rule.id, (rule.clause,), one.valid)
    yield from golden


def marks_for(
    corpus: Corpus, changes: Iterable[Change], items: Iterable[Dependent], import_number: int, at: datetime
) -> list[ReviewMark]:
    """One mark for each item and each change that touches it; numbers are given when they are kept."""
    held = list(items)
    return [
        ReviewMark(0, kind, item, change.provision, change.cause, change.day, import_number, at)
        for change in changes
        for of_document in (_is_of_document(corpus, change.provision),)
        for kind, item in (
            *((one.kind, one.item) for one in held if one.touched_by(change, of_document)),
            *((MarkedKind.SUMMARY, str(one)) for one in _outdated_summaries(corpus, change)),
        )
    ]


def _is_of_document(corpus: Corpus, changed: ProvisionId) -> bool:
    """True for a whole document and for its articles on what it governs and from when it applies."""
    titles = (one.title or "" for one in corpus.versions(ProvisionId(changed.document, changed.article)))
    return not changed.article or any(_OF_DOCUMENT.search(fold(title)) for title in titles)


def _outdated_summaries(corpus: Corpus, change: Change) -> Iterator[ProvisionId]:
    """The summary of an article tells what its clauses say, and no longer does when one of them changes."""
    above = change.provision.parent() if change.effect is not Effect.CORRECTED else None
    while above is not None and above.article:
        version = corpus.provision(above, change.day)
        if version is not None and version.summary:
            yield above
        above = above.parent()

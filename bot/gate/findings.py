"""What can be seen in the changed entries themselves, without asking: a figure that its provision does not name, a former rule given as
today's, a wording that another entry has, an entry that its own question does not find any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.verification import Loser
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.editing.staleness import stale_entries
from knowledge.faq import FaqEntry
from knowledge.vietnamese import fold

_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")


class Kind(StrEnum):
    FIGURE = "figure"
    FORMER = "former"
    TWICE = "twice"
    HIDDEN = "hidden"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the entry it is about (empty: all of it), and what is to be seen, in words for staff."""

    kind: Kind
    entry: str
    words: str


def find_problems(before: Corpus, after: Corpus, today: date, losers: Sequence[Loser]) -> tuple[Finding, ...]:
    """All findings, kind by kind; `losers` are entries that do not find themselves any more."""
    was = {one.id: one for one in before.faq}
    changed = [one for one in after.faq if was.get(one.id) != one]
    return (
        *(found for one in changed for found in _figures(after, was.get(one.id), one)),
        *_former(before, after, today),
        *_twice(after, was, changed),
        *_hidden(losers),
    )


def _figures(corpus: Corpus, before: FaqEntry | None, after: FaqEntry) -> list[Finding]:
    """Only of entries that cite: an answer that cites nothing has nothing that it could be held against."""
    if not after.citations:
        return []
    known = set(_figures_of(_ground(corpus, after.citations), after.vietnamese.question))
    if before is not None:
        known |= set(_figures_of(before.vietnamese.answer))
    new = [one for one in dict.fromkeys(_figures_of(after.vietnamese.answer)) if one not in known]
    if not new:
        return []
    return [Finding(Kind.FIGURE, after.id, f"Con số {', '.join(new)} không có trong các căn cứ đã dẫn.")]


def _ground(corpus: Corpus, citations: Iterable[ProvisionId]) -> str:
    """The texts of the cited places, of what stands below them, and how they are cited."""
    words = []
    for citation in citations:
        words.append(corpus.label(citation))
        for _, provision in corpus.provisions():
            if provision.id.within(citation) or citation.within(provision.id):
                words += [
                    provision.title or "",
                    provision.summary,
                    provision.official_text or "",
                    provision.valid.words(),
                ]
        document = corpus.document(citation.document)
        words += [document.number, document.valid.words(), f"{document.signed:%d/%m/%Y}" if document.signed else ""]
    return "\n".join(words)


def _figures_of(*texts: str) -> list[str]:
    """«1.000», «36»; leading zeros of a day or month do not count."""
    plain = _ADDRESS.sub(" ", "\n".join(texts))
    found: list[str] = []
    for figure in _FIGURE.findall(plain):
        parts = figure.split("/")
        found += (
            ["/".join(part.lstrip("0") or "0" for part in parts)] if len(parts) > 1 else [figure.lstrip("0") or "0"]
        )
    return found


def _former(before: Corpus, after: Corpus, today: date) -> list[Finding]:
    new = stale_entries(after, today) - stale_entries(before, today)
    words = "Được trả lời như quy định hiện nay, nhưng dựa vào quy định không còn (hoặc chưa) có hiệu lực."
    return [Finding(Kind.FORMER, one, words) for one in sorted(new)]


def _twice(after: Corpus, was: dict[str, FaqEntry], changed: Sequence[FaqEntry]) -> list[Finding]:
    owners: dict[str, list[str]] = {}
    for entry in after.faq:
        for wording in {fold(text) for text in entry.vietnamese.all_questions}:
            owners.setdefault(wording, []).append(entry.id)
    found = []
    for entry in changed:
        known = {fold(one) for one in was[entry.id].vietnamese.all_questions} if entry.id in was else set()
        for wording in entry.vietnamese.all_questions:
            others = [one for one in owners[fold(wording)] if one != entry.id]
            if others and fold(wording) not in known:
                found.append(Finding(Kind.TWICE, entry.id, f"Cách hỏi «{wording}» cũng là của mục {others[0]}."))
    return found


def _hidden(losers: Sequence[Loser]) -> list[Finding]:
    return [
        Finding(Kind.HIDDEN, one.entry, f"Hỏi đúng câu hỏi của mục này thì mục {one.first or 'khác'} trả lời thay.")
        for one in losers
    ]

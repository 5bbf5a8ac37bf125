"""What a provision said on a day, and what made and ended each wording.

An article is stored in pieces, each clause and point with versions of its own. Its words on a day are those of all pieces in
force on it; its history has a new entry on every day on which one of them changes. Official text and summary are never mixed: the
official text is given where all of it is loaded, else the summary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.errors import UnknownId


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a provision on a day; `official` where they are the regulation's own, else a summary in ours."""

    text: str
    official: bool


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A time during which a provision, with everything below it, said the same.

    `made_by` and `ended_by` are the amending clauses, several where pieces changed on one day by different clauses; empty where
    the text stands so from the beginning, or where nobody knows.
    """

    valid: Period
    title: str | None
    wording: Wording
    made_by: tuple[ProvisionId, ...]
    ended_by: tuple[ProvisionId, ...]


@dataclass(frozen=True, slots=True)
class ComingChange:
    """A change that is stored and not yet in force: `day` is its first day; `ends` where nothing follows."""

    day: date
    by: ProvisionId | None
    ends: bool


def wording_on(corpus: Corpus, identity: ProvisionId, day: date) -> Wording | None:
    """What the provision said on that day with everything below it; None where it was not in force."""
    version = corpus.provision(identity, day)
    if version is None:
        return None
    whole = official_text_on(corpus, identity, day)
    if whole is not None:
        return Wording(whole, True)
    if version.summary:
        return Wording(version.summary, False)
    return Wording("\n".join(filter(None, (version.official_text, version.official_closing))), True)


def official_text_on(corpus: Corpus, identity: ProvisionId, day: date) -> str | None:
    """The official words of that day, one line a paragraph; None where any part is not loaded or the provision not in force."""
    version = corpus.provision(identity, day)
    if version is None or version.official_text is None:
        return None
    parts = [version.official_text]
    for child in corpus.below(identity):
        if corpus.provision(child, day) is not None:
            text = official_text_on(corpus, child, day)
            if text is None:
                return None
            parts.append(text)
    return "\n".join((*parts, version.official_closing) if version.official_closing else parts)


def history(corpus: Corpus, identity: ProvisionId) -> tuple[HistoryEntry, ...]:
    """All wordings, oldest first. Raises UnknownId where the provision is not held."""
    versions = corpus.versions(identity)
    if not versions:
        raise UnknownId(f"there is no provision {identity}")
    pieces = tuple(_pieces(corpus, identity))
    parts = (*versions, *pieces)
    return tuple(_entry(corpus, one, parts, valid) for one in versions for valid in _periods(one.valid, pieces))


def coming_change(corpus: Corpus, identity: ProvisionId, day: date) -> ComingChange | None:
    """The next stored change of what the provision, or anything below it, says on that day; None where none is known."""
    version = corpus.provision(identity, day)
    if version is None:
        return None
    pieces = tuple(_pieces(corpus, identity))
    now = next(one for one in _periods(version.valid, pieces) if one.contains(day))
    if now.end is None:
        return None
    first = now.end + timedelta(days=1)
    by = next(iter(_causes((*corpus.versions(identity), *pieces), first)), None)
    return ComingChange(first, by, corpus.provision(identity, first) is None)


def _pieces(corpus: Corpus, identity: ProvisionId) -> Iterator[Provision]:
    """Every version of everything below a provision."""
    for child in corpus.below(identity):
        yield from corpus.versions(child)
        yield from _pieces(corpus, child)


def _periods(whole: Period, pieces: tuple[Provision, ...]) -> Iterator[Period]:
    """The period cut at each day on which a piece begins or has ended."""
    starts = {one.valid.start for one in pieces} | {
        one.valid.end and one.valid.end + timedelta(days=1) for one in pieces
    }
    cuts = sorted(day for day in starts if day and whole.contains(day) and day != whole.start)
    beginnings = [whole.start, *cuts]
    ends = [*(day - timedelta(days=1) for day in cuts), whole.end]
    return (Period(start, end) for start, end in zip(beginnings, ends, strict=True))


def _entry(corpus: Corpus, version: Provision, parts: tuple[Provision, ...], valid: Period) -> HistoryEntry:
    wording = wording_on(corpus, version.id, valid.start or valid.end or date.min) or Wording(version.summary, False)
    made = _causes(parts, valid.start) if valid.start else ()
    ended = _causes(parts, valid.end + timedelta(days=1)) if valid.end else ()
    return HistoryEntry(valid, version.title, wording, made, ended)


def _causes(parts: tuple[Provision, ...], first: date) -> tuple[ProvisionId, ...]:
    """The clauses that changed any of the parts on that day, by opening a version or by ending the one of the day before."""
    before = first - timedelta(days=1)
    made = [one.made_by for one in parts if one.valid.start == first]
    ended = [one.ended_by for one in parts if one.valid.end == before]
    return tuple(dict.fromkeys(one for one in (*made, *ended) if one is not None))

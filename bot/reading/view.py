"""What a reading page shows of a document on a day: a tree of parts, each with its text, its standing and its history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from actions.addresses import reading_address
from actions.answer import Language
from actions.sentences import CONFIDENCE
from bot.reading.spans import Line, Span, Typesetter
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Confidence, Document, Period, Provision
from knowledge.history import HistoryEntry, coming_change, history
from knowledge.importing.markers import POINT_LETTERS

_CONFIDENCE = CONFIDENCE[Language.VIETNAMESE]
MOST_MILESTONES = 8
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ])")


class Standing(StrEnum):
    """What a text is on a day; unknown where nobody knows when it began and when it ends."""

    CURRENT = "current"
    FORMER = "former"
    COMING = "coming"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a text is: the regulation's own words or a summary, and how well that is founded where it is not read there."""

    official: bool
    doubt: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they are shown."""

    lines: tuple[Line, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class PastWording:
    """One entry of a provision's history; the causes are links to the clauses that made or ended it."""

    period: str
    text: Text
    made_by: tuple[Span, ...]
    ended_by: tuple[Span, ...]
    shown: bool
    href: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change that is known and not yet in force on the page's day."""

    day: date
    by: Span | None
    ends: bool
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    """An article, clause or point; `quiet` where its mark need not be shown, because the article around it says it for all."""

    anchor: str
    name: str  # «Khoản 1»
    short: str  # «khoản 1 Điều 59»
    label: str  # with the document
    title: str
    text: Text | None
    closing: Text | None
    mark: Mark | None
    quiet: bool
    standing: Standing
    period: str
    change: Change | None
    history: tuple[PastWording, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A document on a day. `chosen` is True where the reader named the day, which may be one on which it was not in force."""

    document: Document
    day: date
    today: date
    chosen: bool
    valid: Period
    standing: Standing
    standing_today: Standing
    note: tuple[Line, ...]
    short_note: str
    checked: tuple[Line, ...]
    ended_by: Span | None
    milestones: tuple[tuple[date, str], ...]
    articles: tuple[Part, ...]


def in_force(document: Document) -> Period:
    """The document's period; where nobody says when it ends, it ends with the last of its provisions, if all of them end."""
    valid = document.valid
    ends = [one.valid.end for one in document.provisions]
    if valid.start is None or valid.end is not None or not ends or None in ends:
        return valid
    return Period(valid.start, max(end for end in ends if end is not None))


def standing(valid: Period, day: date) -> Standing:
    """What a text with that period is on the day."""
    if valid.start is None and valid.end is None:
        return Standing.UNKNOWN
    if valid.end is not None and valid.end < day:
        return Standing.FORMER
    return Standing.COMING if valid.start is not None and day < valid.start else Standing.CURRENT


def reading_day(valid: Period, today: date) -> date:
    """The day whose text is shown where the reader has named none: today, or the nearest day on which the document is in force."""
    if valid.end is not None and valid.end < today:
        return valid.end
    return valid.start if valid.start is not None and today < valid.start else today


def page_of(corpus: Corpus, typesetter: Typesetter, identity: str, today: date) -> Page:
    """The page of a document on the typesetter's day. Raises UnknownId."""
    document = corpus.document(identity)
    valid = in_force(document)
    day = typesetter.day or reading_day(valid, today)
    here = ProvisionId(document.id)
    return Page(
        document=document,
        day=day,
        today=today,
        chosen=typesetter.day is not None,
        valid=valid,
        standing=standing(valid, day),
        standing_today=standing(valid, today),
        note=typesetter.lines(document.status_note, here) if document.status_note else (),
        short_note=first_sentence(document.status_note or ""),
        checked=typesetter.lines(document.checked_against, here) if document.checked_against else (),
        ended_by=_cause(corpus, typesetter, document.ended_by, here) if document.ended_by else None,
        milestones=tuple((one, reading_address(here, one)) for one in _milestones(document)),
        articles=_Reader(corpus, typesetter, document, day).articles(),
    )


class _Reader:
    """Draws the parts of one document."""

    def __init__(self, corpus: Corpus, typesetter: Typesetter, document: Document, day: date) -> None:
        self._corpus, self._typesetter, self._document, self._day = corpus, typesetter, document, day
        self._valid = in_force(document)
        self._below: dict[ProvisionId, set[ProvisionId]] = {}
        for provision in document.provisions:
            self._place(provision.id)

    def articles(self) -> tuple[Part, ...]:
        return tuple(_marked_once(self._part(one)) for one in self._children(ProvisionId(self._document.id)))

    def _place(self, identity: ProvisionId) -> None:
        """A clause has its place even where its article is not held itself."""
        parent = identity.parent()
        if parent is not None and identity not in self._below.setdefault(parent, set()):
            self._below[parent].add(identity)
            self._place(parent)

    def _children(self, identity: ProvisionId) -> list[ProvisionId]:
        return sorted(self._below.get(identity, ()), key=_order)

    def _part(self, identity: ProvisionId) -> Part:
        versions = self._corpus.versions(identity)
        shown = _nearest(versions, self._day)
        text = self._text(shown, shown.official_text or shown.summary) if shown else None
        own_title, text = _title_of(shown, text, identity)
        return Part(
            anchor=str(identity).partition(":")[2],
            name=_name(identity),
            short=identity.label("").strip(),
            label=identity.label(self._document.name),
            title=own_title,
            text=text,
            closing=self._text(shown, shown.official_closing) if shown and shown.official_closing else None,
            mark=_mark(shown) if shown and (text or own_title) else None,
            quiet=False,
            standing=standing(shown.valid, self._day) if shown else Standing.UNKNOWN,
            period=shown.valid.words() if shown else "",
            change=self._change(identity, shown),
            history=self._history(identity, shown) if shown else (),
            parts=tuple(map(self._part, self._children(identity))),
        )

    def _text(self, provision: Provision, words: str) -> Text:
        return Text(self._typesetter.lines(words, provision.id), _mark(provision))

    def _change(self, identity: ProvisionId, shown: Provision | None) -> Change | None:
        """Of a clause or point its own; an article is announced by its clauses unless its own words change."""
        if shown is None or shown.valid.end is None or not shown.valid.contains(self._day):
            return None
        if shown.valid.end == self._valid.end:
            return None  # the banner of the page says it
        change = coming_change(self._corpus, identity, shown.valid.end)
        if change is None:
            return None
        by = _cause(self._corpus, self._typesetter, change.by, identity) if change.by else None
        return Change(change.day, by, change.ends, reading_address(identity, change.day))

    def _history(self, identity: ProvisionId, shown: Provision) -> tuple[PastWording, ...]:
        """All wordings, where there is more to say than that it has stood since the document began."""
        entries = history(self._corpus, identity)
        if len(entries) == 1 and not (entries[0].made_by or entries[0].ended_by):
            return ()
        day = self._day if shown.valid.contains(self._day) else shown.valid.end or shown.valid.start
        return tuple(self._past(identity, one, day) for one in entries)

    def _past(self, identity: ProvisionId, entry: HistoryEntry, day: date | None) -> PastWording:
        def causes(identities: Iterable[ProvisionId]) -> tuple[Span, ...]:
            return tuple(_cause(self._corpus, self._typesetter, one, identity) for one in identities)

        return PastWording(
            period=entry.valid.words(),
            text=Text(self._typesetter.lines(entry.wording.text, identity), Mark(entry.wording.official, "")),
            made_by=causes(entry.made_by),
            ended_by=causes(entry.ended_by),
            shown=day is not None and entry.valid.contains(day),
            href=reading_address(identity, entry.valid.start or entry.valid.end),
        )


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence."""
    return _SENTENCE.split(text, maxsplit=1)[0]


def _nearest(versions: list[Provision], day: date) -> Provision | None:
    """The version of that day, else the last one before it, else the first one after it."""
    before = [one for one in versions if standing(one.valid, day) is not Standing.COMING]
    return before[-1] if before else next(iter(versions), None)


def _mark(provision: Provision) -> Mark:
    official = provision.official_text is not None
    return Mark(official, "" if official else _CONFIDENCE[provision.confidence or Confidence.OFFICIAL_TEXT])


def _title_of(shown: Provision | None, text: Text | None, identity: ProvisionId) -> tuple[str, Text | None]:
    """The heading of an article; its official text begins with it, and it is not shown twice."""
    if identity.clause or shown is None:
        return "", text
    if text is None or not text.mark.official:
        return shown.title or "", text
    heading = "".join(span.text for span in text.lines[0])
    begins = f"Điều {identity.article}."
    if not heading.startswith(begins):
        return shown.title or "", text
    rest = text.lines[1:]
    return heading.removeprefix(begins).strip(), Text(rest, text.mark) if rest else None


def _marked_once(article: Part) -> Part:
    """Where all parts of an article are marked alike, the article says it for them."""
    marks = {one.mark for one in _all_parts(article) if one.mark is not None}
    if len(marks) != 1:
        return article
    (mark,) = marks
    return replace(article, mark=mark, parts=tuple(map(_quiet, article.parts)))


def _quiet(part: Part) -> Part:
    return replace(part, quiet=True, parts=tuple(map(_quiet, part.parts)))


def _all_parts(part: Part) -> Iterator[Part]:
    yield part
    for one in part.parts:
        yield from _all_parts(one)


def _cause(corpus: Corpus, typesetter: Typesetter, identity: ProvisionId, at: ProvisionId) -> Span:
    return Span(corpus.label(identity), typesetter.address(identity, at) if _held(corpus, identity) else "")


def _held(corpus: Corpus, identity: ProvisionId) -> bool:
    return not identity.article or bool(corpus.versions(identity))


def _milestones(document: Document) -> list[date]:
    """The days on which a text of the document began; the last ones where there are many, none where there is only one."""
    days = sorted({one.valid.start for one in document.provisions if one.valid.start})
    return days[-MOST_MILESTONES:] if len(days) > 1 else []


def _name(identity: ProvisionId) -> str:
    if identity.point:
        return f"Điểm {identity.point}"
    return f"Khoản {identity.clause}" if identity.clause else f"Điều {identity.article}"


def _order(identity: ProvisionId) -> tuple[int, int, int, int, int]:
    """6 before 6a before 6đ before 7; đ after d."""
    return (*_number(identity.article), *_number(identity.clause), POINT_LETTERS.find(identity.point))


def _number(text: str) -> tuple[int, int]:
    digits = text.rstrip(POINT_LETTERS)
    return int(digits or 0), POINT_LETTERS.find(text[len(digits) :]) if len(digits) < len(text) else -1

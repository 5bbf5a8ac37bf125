"""One regulation while changes are put into it.

Versions of a provision follow one another: every step here keeps them apart by day, so that never two are in force at once. A step
answers whether it changed what is in force on any day; setting down the cause of a change that was known already is none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Document, Period, Provision
from knowledge.importing.markers import POINT_LETTERS

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Words:
    """The official words of one provision without those below it."""

    title: str | None
    official_text: str | None
    official_closing: str | None = None


class Consolidation:
    """The versions of one document, by provision in the order of the text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._versions: dict[ProvisionId, list[Provision]] = {}
        for provision in document.provisions:
            self._versions.setdefault(provision.id, []).append(provision)

    def frozen(self) -> Document:
        """The document as it stands now, each provision's versions oldest first."""
        provisions = tuple(
            one
            for versions in self._versions.values()
            for one in sorted(versions, key=lambda one: one.valid.start or date.min)
        )
        return replace(self.document, provisions=provisions)

    def versions(self, identity: ProvisionId) -> list[Provision]:
        """All versions, oldest first."""
        return sorted(self._versions.get(identity, ()), key=lambda one: one.valid.start or date.min)

    def on(self, identity: ProvisionId, day: date) -> Provision | None:
        """The version in force on that day."""
        return next((one for one in self._versions.get(identity, ()) if one.valid.contains(day)), None)

    def tree(self, identity: ProvisionId) -> list[ProvisionId]:
        """The provision and all below it that are held, in the order of the text; everything for the bare document."""
        return [one for one in self._versions if one.within(identity)]

    def later(self, identity: ProvisionId, day: date) -> list[Provision]:
        """Versions of the provision and of all below it that begin after that day."""
        return [
            one
            for each in self.tree(identity)
            for one in self.versions(each)
            if one.valid.start and one.valid.start > day
        ]

    def taken(self, identity: ProvisionId, day: date, by: ProvisionId) -> Provision | None:
        """A version that another document has made for the same first day: two laws for one day are a person's to decide on."""
        version = self.on(identity, day)
        other = version is not None and version.made_by is not None and version.made_by.document != by.document
        return version if version is not None and other and version.valid.start == day else None

    def begins_then(self, identity: ProvisionId, day: date) -> bool:
        """True where the first text of the provision begins on that day: it can't have ended before it began."""
        version = self.on(identity, day)
        first = version is not None and (version.made_by is None or day == self.document.valid.start)
        return version is not None and version.valid.start == day and first

    def end(self, identity: ProvisionId, day: date, by: ProvisionId) -> bool:
        """`day` is the first day without it. What an amendment would have opened on that day is dropped; see `begins_then`."""
        version = self.on(identity, day)
        if version is None or self.begins_then(identity, day):
            self._explain_end(identity, day, by)
            return False
        if version.valid.start == day:
            self._versions[identity].remove(version)
            self._explain_end(identity, day, by)
        else:
            self._swap(version, replace(version, valid=Period(version.valid.start, day - ONE_DAY), ended_by=by))
        return True

    def revise(self, version: Provision, day: date, by: ProvisionId, words: Words, summary: str) -> bool:
        """Other words from that day on for a version that is in force on it."""
        if _same_words(version, words):
            self._explain_start(version, day, by)
            return False
        changed: dict[str, Any] = {
            "title": words.title,
            "official_text": words.official_text,
            "official_closing": words.official_closing,
            "summary": summary,
            "confidence": version.confidence if summary else Confidence.OFFICIAL_TEXT,
        }
        known_by_summary = (
            version.official_text is None and version.made_by is None and day != self.document.valid.start
        )
        if version.valid.start == day and known_by_summary:
            self._explain_start(
                version, day, by, changed | {"summary": version.summary, "confidence": version.confidence}
            )
            return False
        if version.valid.start == day:
            self._explain_start(version, day, by, changed)
            return True
        self._swap(version, replace(version, valid=Period(version.valid.start, day - ONE_DAY), ended_by=by))
        self._place(replace(version, valid=Period(day, version.valid.end), made_by=by, **changed))
        return True

    def add(self, identity: ProvisionId, day: date, by: ProvisionId | None, words: Words) -> None:
        """A provision that was not in force on that day: until its next version, else as long as what it stands in."""
        following = next((one for one in self.versions(identity) if one.valid.start and one.valid.start > day), None)
        end, ended_by = self._around(identity, day)
        if following is not None and following.valid.start is not None:
            end, ended_by = following.valid.start - ONE_DAY, following.made_by
        new = Provision(
            id=identity,
            valid=Period(day, end),
            summary="",
            title=words.title,
            official_text=words.official_text,
            official_closing=words.official_closing,
            made_by=by,
            ended_by=ended_by,
        )
        self._explain_end(identity, day, by)
        self._place(new)

    def add_text(self, version: Provision, words: Words) -> None:
        """The official words beside the summary of a version."""
        self._swap(
            version,
            replace(
                version,
                title=words.title or version.title,
                official_text=words.official_text,
                official_closing=words.official_closing,
            ),
        )

    def shorten(self, version: Provision, last: date) -> None:
        """A version that is known to have ended, by nobody knows what."""
        self._swap(version, replace(version, valid=Period(version.valid.start, last), ended_by=None))

    def end_document(self, day: date, by: ProvisionId) -> tuple[bool, list[Provision]]:
        """`day` is the first day without it; also the versions that would have begun later and never will."""
        last = day - ONE_DAY
        ended = self.document.valid.end
        if ended is not None and ended < last:
            return False, []
        if ended == last and self.document.ended_by is None:
            self.document = replace(self.document, ended_by=by)
        dropped = [
            one for each in self._versions.values() for one in each if one.valid.start and one.valid.start >= day
        ]
        for one in dropped:
            self._versions[one.id].remove(one)
        for version in [one for each in self._versions.values() for one in each]:
            if version.valid.end is None or version.valid.end > last:
                self._swap(version, replace(version, valid=Period(version.valid.start, last), ended_by=by))
            elif version.valid.end == last and version.ended_by is None:
                self._swap(version, replace(version, ended_by=by))
        if ended == last:
            return False, dropped
        self.document = replace(self.document, valid=Period(self.document.valid.start, last), ended_by=by)
        return True, dropped

    def begin(self, start: date) -> None:
        """Set the document's first day, also for its provisions that began with it."""
        before = self.document.valid.start
        if before == start:
            return
        self.document = replace(self.document, valid=Period(start, self.document.valid.end))
        for version in [one for each in self._versions.values() for one in each]:
            if version.valid.start in (before, None):
                self._swap(version, replace(version, valid=Period(start, version.valid.end)))

    def _around(self, identity: ProvisionId, day: date) -> tuple[date | None, ProvisionId | None]:
        """The last day, and its cause, of what a new provision stands in.

        A document of which every article has ended counts as ended, whatever its own last day says.
        """
        parent = identity.parent()
        while parent is not None and parent.article:
            version = self.on(parent, day)
            if version is not None:
                return version.valid.end, version.ended_by
            parent = parent.parent()
        articles = [one for each in self._versions.values() for one in each if not one.id.clause]
        ends = [
            one.valid.end for one in articles if one.made_by is None and one.valid.start == self.document.valid.start
        ]
        last = [end for end in ends if end is not None]
        if self.document.valid.end is None and last and len(last) == len(ends):
            return max(last), None
        return self.document.valid.end, self.document.ended_by

    def _explain_start(
        self, version: Provision, day: date, by: ProvisionId, changed: dict[str, Any] | None = None
    ) -> None:
        """Set down who made a version that begins on that day, and so ended the one before."""
        if version.valid.start != day:
            return
        original = day == self.document.valid.start and version.made_by is None and changed is None
        made_by = version.made_by if original else version.made_by or by
        self._swap(version, replace(version, made_by=made_by, **(changed or {})))
        self._explain_end(version.id, day, by)

    def _explain_end(self, identity: ProvisionId, day: date, by: ProvisionId | None) -> None:
        for one in self._versions.get(identity, ()):
            if one.valid.end == day - ONE_DAY and one.ended_by is None:
                self._swap(one, replace(one, ended_by=by))
                return

    def _place(self, version: Provision) -> None:
        if version.id not in self._versions:
            self._versions = dict(self._with_place_for(version.id))
        self._versions[version.id].append(version)

    def _with_place_for(self, identity: ProvisionId) -> Iterator[tuple[ProvisionId, list[Provision]]]:
        """The order of the text with a new provision in it."""
        waiting = True
        for one, versions in self._versions.items():
            if waiting and place_in_text(one) > place_in_text(identity):
                yield identity, []
                waiting = False
            yield one, versions
        if waiting:
            yield identity, []

    def _swap(self, old: Provision, new: Provision) -> None:
        versions = self._versions[old.id]
        versions[versions.index(old)] = new


def place_in_text(identity: ProvisionId) -> tuple[tuple[int, int], tuple[int, int], int]:
    """A key that sorts provisions as a text has them: Điều 6, Điều 6a, Điều 7; điểm d, điểm đ, điểm e."""
    return (
        _number(identity.article),
        _number(identity.clause),
        POINT_LETTERS.find(identity.point) if identity.point else -1,
    )


def same_text(one: str | None, other: str | None) -> bool:
    """True for the same words, however they are spaced and encoded."""
    return _folded(one) == _folded(other)


def _same_words(version: Provision, words: Words) -> bool:
    return (
        same_text(version.official_text, words.official_text)
        and same_text(version.official_closing, words.official_closing)
        and (words.title is None or same_text(version.title, words.title))
    )


def _folded(text: str | None) -> list[str]:
    return unicodedata.normalize("NFC", text or "").split()


def _number(label: str) -> tuple[int, int]:
    digits = label.rstrip(_LETTERS)
    return int(digits) if digits else 0, _LETTERS.find(label[len(digits) :]) + 1 if label[len(digits) :] else 0


_LETTERS = "abcdđefghijklmnopqrstuvwxyz"

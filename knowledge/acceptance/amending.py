"""Puts what an amending document orders into the documents that it names.

What can't be applied as it stands is never guessed at: it becomes a sentence for the person who accepts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.acceptance.consolidation import Consolidation, Words, same_text
from knowledge.citations import ProvisionId
from knowledge.documents import Provision
from knowledge.importing.proposal import Amendment, ChangeKind, ChangePart, ProposedProvision


class Effect(StrEnum):
    """What happened to a provision."""

    AMENDED = "amended"
    ADDED = "added"
    ENDED = "ended"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Change:
    """The provision (or, as a bare document, all of it) is another from that day on, by that clause."""

    effect: Effect
    provision: ProvisionId
    day: date
    cause: ProvisionId


@dataclass(slots=True)
class Log:
    """What was changed, and what a person must know, in Vietnamese."""

    changes: list[Change] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def change(self, effect: Effect, provision: ProvisionId, day: date, cause: ProvisionId) -> None:
        self.changes.append(Change(effect, provision, day, cause))


class Amender:
    """Applies one amendment to one document from its first day on."""

    def __init__(self, target: Consolidation, amendment: Amendment, day: date, source: ProvisionId, log: Log) -> None:
        self._target, self._amendment, self._day, self._source, self._log = target, amendment, day, source, log

    def apply(self) -> None:
        """Change the target, and log the changes or why there are none."""
        kind, part = self._amendment.kind, self._amendment.part
        last = self._target.document.valid.end
        if last is not None and last < self._day:
            self._say(f"văn bản đã hết hiệu lực sau ngày {last:%d/%m/%Y}, nên không có gì để sửa")
        elif kind is ChangeKind.REPEAL:
            self._repeal()
        elif kind is ChangeKind.REPLACE_PHRASE:
            self._replace_phrase()
        elif part is ChangePart.WHOLE:
            self._replace_whole()
        else:
            self._replace_part(part)

    @property
    def _place(self) -> ProvisionId:
        return self._amendment.target

    def _repeal(self) -> None:
        if self._conflicts([*self._target.tree(self._place)]):
            return
        held = self._target.tree(self._place)
        if any(self._end_all(held)):
            self._log.change(Effect.ENDED, self._place, self._day, self._source)
        elif not held:
            self._say("không có trong kho, nên không có gì để chấm dứt")
        later = self._target.later(self._place, self._day)
        if later and later[0].valid.start:
            self._say(f"còn bản có hiệu lực từ {later[0].valid.start:%d/%m/%Y}: hãy kiểm tra có còn áp dụng không")

    def _end_all(self, identities: list[ProvisionId]) -> list[bool]:
        if any(self._target.begins_then(one, self._day) for one in identities):
            self._say(
                f"bắt đầu có hiệu lực cùng ngày {self._day:%d/%m/%Y}, nên chưa chấm dứt: người nhập phải quyết định"
            )
        return [self._target.end(one, self._day, self._source) for one in identities]

    def _replace_whole(self) -> None:
        pieces = self._amendment.provisions
        new = {one.id for one in pieces}
        held = self._target.tree(self._place)
        if self._conflicts([*held, *new]):
            return
        if not self._amendment.complete or len(new) != len(pieces):
            self._replace_by_unknown(held)
            return
        known = self._target.on(self._place, self._day) is not None
        ended = self._end_all([one for one in held if one not in new])
        put = [self._put(one) for one in pieces]
        if any(ended) or any(put):
            adds = self._amendment.kind is ChangeKind.ADD
            if adds and known:
                self._say("đã có trong kho, nên coi như sửa đổi")
            self._log.change(
                Effect.ADDED if adds and not known else Effect.AMENDED, self._place, self._day, self._source
            )

    def _replace_by_unknown(self, held: list[ProvisionId]) -> None:
        """The old text has ended; the new one is not wholly known, so nothing stands in its place."""
        self._say("nội dung mới không trọn vẹn trong tệp, nên chỉ ghi ngày hết hiệu lực của bản cũ, chưa có bản mới")
        if self._amendment.kind is ChangeKind.AMEND and any(self._end_all(held)):
            self._log.change(Effect.ENDED, self._place, self._day, self._source)

    def _put(self, piece: ProposedProvision) -> bool:
        words = words_of(piece)
        version = self._target.on(piece.id, self._day)
        if version is None:
            self._target.add(piece.id, self._day, self._source, words)
            return True
        carried = version.summary if same_text(version.official_text, words.official_text) else ""
        return self._target.revise(version, self._day, self._source, words, carried)

    def _replace_part(self, part: ChangePart) -> None:
        version = self._target.on(self._place, self._day)
        if version is None:
            self._say("không có trong kho, nên chưa sửa được tên hoặc đoạn mở đầu")
        elif not self._amendment.complete:
            self._say("nội dung mới không trọn vẹn trong tệp, nên chưa sửa được tên hoặc đoạn mở đầu")
        elif not self._conflicts([self._place]):
            words = self._with_title(version) if part is ChangePart.TITLE else self._with_opening(version)
            summary = version.summary if part is ChangePart.TITLE else ""
            if self._target.revise(version, self._day, self._source, words, summary):
                self._log.change(Effect.AMENDED, self._place, self._day, self._source)

    def _with_title(self, version: Provision) -> Words:
        """The first line of an article is its number and title."""
        new = " ".join(self._amendment.official_text.split())
        match = re.match(r"Điều \d+[a-zđ]?\s?[.:]\s?", new)
        title = new[match.end() :] if match else new
        if version.official_text is None:
            return Words(title, None, version.official_closing)
        rest = version.official_text.split("\n")[1:]
        return Words(title, "\n".join((f"Điều {self._place.article}. {title}", *rest)), version.official_closing)

    def _with_opening(self, version: Provision) -> Words:
        new = self._amendment.official_text
        if not self._place.clause and not self._place.point and not new.startswith("Điều"):
            heading = (version.official_text or f"Điều {self._place.article}. {version.title or ''}").split("\n")[0]
            new = f"{heading.strip()}\n{new}"
        return Words(version.title, new, version.official_closing)

    def _replace_phrase(self) -> None:
        """In everything below the target that is in force on the day and whose official text is loaded."""
        if not self._target.tree(self._place):
            self._say("không có trong kho, nên chưa thay được cụm từ")
            return
        versions = [one for each in self._target.tree(self._place) if (one := self._target.on(each, self._day))]
        loaded = [one for one in versions if one.official_text is not None]
        if len(loaded) < len(versions):
            self._say(f"chưa nạp đủ nguyên văn, nên chưa thay được hết cụm từ «{self._amendment.old_phrase}»")
        found = [one for one in loaded if self._holds_phrase(one)]
        if loaded and not found and not self._done_before():
            self._say(f"không thấy cụm từ «{self._amendment.old_phrase}» trong nguyên văn")
        for version in found:
            if not self._conflicts([version.id]) and self._target.revise(
                version, self._day, self._source, self._exchanged(version), version.summary
            ):
                self._log.change(Effect.AMENDED, version.id, self._day, self._source)

    def _holds_phrase(self, version: Provision) -> bool:
        texts = (version.official_text, version.official_closing)
        return any(self._pattern.search(_nfc(text)) for text in texts if text) and not self._made_here(version)

    def _made_here(self, version: Provision) -> bool:
        """A phrase that holds the old one («x y» for «x») is found again where it was put: not a second time."""
        grown = self._amendment.old_phrase in self._amendment.new_phrase
        return grown and version.valid.start == self._day and version.made_by == self._source

    def _done_before(self) -> bool:
        return any(
            one.valid.start == self._day and one.made_by is not None and one.made_by.document == self._source.document
            for each in self._target.tree(self._place)
            for one in self._target.versions(each)
        )

    def _exchanged(self, version: Provision) -> Words:
        def exchanged(text: str) -> str:
            new = self._amendment.new_phrase
            return self._pattern.sub(lambda _: new, _nfc(text)) if new else _without(self._pattern, _nfc(text))

        closing = version.official_closing and exchanged(version.official_closing)
        title = " ".join(exchanged(version.title).split()) if version.title else None
        return Words(title or None, exchanged(version.official_text or ""), closing)

    @property
    def _pattern(self) -> re.Pattern[str]:
        words = map(re.escape, _nfc(self._amendment.old_phrase).split())
        return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)")

    def _conflicts(self, identities: list[ProvisionId]) -> bool:
        for one in dict.fromkeys(identities):
            taken = self._target.taken(one, self._day, self._source)
            if taken is not None:
                self._say(
                    f"đã có bản khác từ cùng ngày {self._day:%d/%m/%Y} theo {taken.made_by}: người nhập phải quyết định"
                )
                return True
        return False

    def _say(self, what: str) -> None:
        label = self._place.label(self._target.document.name)
        self._log.findings.append(f"{label[:1].upper()}{label[1:]} ({self._source}): {what}.")


def words_of(piece: ProposedProvision) -> Words:
    """The official words of a proposed provision; a title that was left out is none."""
    title = " ".join(piece.title.split())
    return Words(
        title if title and not title.startswith("[") else None, piece.official_text, piece.closing_official_text or None
    )


def end_document(target: Consolidation, day: date, source: ProvisionId, log: Log) -> None:
    """End a whole document, and say which of its coming versions never come."""
    begins = target.document.valid.start
    if begins is not None and day <= begins:
        log.findings.append(
            f"{target.document.name} ({source}): chưa bắt đầu có hiệu lực đã bị bãi bỏ: người nhập phải quyết định."
        )
        return
    changed, dropped = target.end_document(day, source)
    if changed:
        log.change(Effect.ENDED, ProvisionId(target.document.id), day, source)
    for one in dropped:
        log.findings.append(
            f"{one.id}: bản từ {one.valid.start:%d/%m/%Y} bị bỏ vì {target.document.name} hết hiệu lực trước đó."
        )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _without(pattern: re.Pattern[str], text: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", re.sub(r"\s+([,.;:])", r"\1", pattern.sub("", text)))

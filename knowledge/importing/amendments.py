"""What a document changes in others: the new text that it quotes, the phrases that it exchanges, the provisions that it ends.

An instruction says its verb and, often in pieces over three levels, its target: the article of the amending decree names the
decree, its clause the article, its point the clause. So each level hands what it names to those below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.citations import ProvisionId
from knowledge.importing.in_force import effective_day
from knowledge.importing.numbering import label
from knowledge.importing.proposal import (
    Amendment,
    ChangeKind,
    ChangePart,
    Header,
    InForceClause,
    ProposedProvision,
    Reference,
    paragraphs_below,
)
from knowledge.importing.quotations import Quotation
from knowledge.importing.references import Place, ReferenceReader
from knowledge.importing.report import Code, Finding, Severity
from knowledge.importing.structure import Draft, Structure, build

_VERB = re.compile(r"sửa đổi|bổ sung|thay thế|bãi bỏ|bỏ cụm từ", re.IGNORECASE)
_ADDS = re.compile(r"^(?:[a-zđ]\)|\d{1,3}[a-zđ]?\.|Điều \d{1,4}[a-zđ]?\.)?\s?Bổ sung\b|được bổ sung\b", re.IGNORECASE)
_AMENDS = re.compile(r"sửa đổi|thay thế", re.IGNORECASE)
_PLACE_OF_ADDITION = re.compile(r"\s(?:vào sau|vào trước|vào|sau)\s")
_TITLE = re.compile(r"\b(?:tên|tiêu đề)\s(?:của\s)?(?:Điều|khoản|điểm|chương|mục)", re.IGNORECASE)
_OPENING = re.compile(r"\b(?:đoạn mở đầu|đoạn đầu|câu dẫn|đoạn dẫn|phần mở đầu)\b", re.IGNORECASE)
_QUOTED = r"[“\"«](?P<{}>[^”\"»]{{1,500}})[”\"»]"
_EXCHANGE = re.compile(
    r"(?:thay thế|thay|sửa đổi|sửa)\s(?:các\s)?(?:cụm\s)?từ\s" + _QUOTED.format("old") + r"\s(?:bằng|thành)\s(?:các\s)?(?:cụm\s)?(?:từ\s)?"
    + _QUOTED.format("new"),
    re.IGNORECASE,
)  # fmt: skip
_DELETION = re.compile(r"(?:bãi bỏ|bỏ)\s(?:các\s)?(?:cụm\s)?từ\s" + _QUOTED.format("old"), re.IGNORECASE)
_INSERTION = re.compile(
    r"bổ sung\s(?:cụm\s)?từ\s"
    + _QUOTED.format("new")
    + r"\s(?:vào\s)?(?P<side>sau|trước)\s(?:cụm\s)?từ\s"
    + _QUOTED.format("old"),
    re.IGNORECASE,
)
_INSTRUCTS = re.compile(
    r"(?:Sửa đổi|Bổ sung|Thay thế|Thay|Bãi bỏ|Bỏ|Hủy bỏ)\b|(?:Khoản|Điều|Điểm)\s[^.:]{1,80}?\sđược (?:sửa|bổ)"
)
_ANNOUNCES = re.compile(r"(?:sửa đổi|bổ sung|thay thế)[^\n]*như sau\s?:$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes in the order of the text, and what a person must look at."""

    amendments: tuple[Amendment, ...]
    findings: tuple[Finding, ...]


class AmendmentReader:
    """Reads the changes of one document."""

    def __init__(
        self, structure: Structure, header: Header, clauses: list[InForceClause], reader: ReferenceReader
    ) -> None:
        self._structure, self._header, self._clauses, self._reader = structure, header, clauses, reader
        self._findings: list[Finding] = []
        self._amended = amended_document(header, reader)

    def read(self) -> Changes:
        """All changes that the document quotes or orders in a sentence."""
        found: list[Amendment] = []
        holders = {id(one.parent) for one in self._structure.drafts if one.parent}
        for draft in self._structure.drafts:
            for quotation in draft.quotations:
                found += self._of_quotation(draft, quotation)
            found += self._of_phrases(draft)
            if not draft.quotations and id(draft) not in holders and self._announces(draft):
                self._unclear(draft, "câu dẫn nói «như sau:» nhưng không thấy nội dung mới trong ngoặc kép")
        return Changes(tuple(found), tuple(self._findings))

    def meant(self) -> dict[str, ProvisionId]:
        """What a number without a document is in each provision that gives an instruction: one of the amended document."""
        found: dict[str, ProvisionId] = {}
        for draft in self._structure.drafts:
            if self._amended and _INSTRUCTS.match(_first(draft).removeprefix(draft.marker).strip()):
                found[draft.key] = self._above(draft).meant
        return found

    def _announces(self, draft: Draft) -> bool:
        return bool(draft.opening) and bool(_ANNOUNCES.search(draft.opening[-1].text))

    def _above(self, draft: Draft) -> Place:
        """What the provisions around an instruction have named: document, article, clause."""
        if draft.parent:
            return Place(draft.id, self._context(draft.parent).meant)
        return Place(draft.id, ProvisionId(self._amended))

    def _context(self, draft: Draft) -> Place:
        """What an instruction and those around it have named."""
        outer = self._above(draft)
        named = [one for one in self._instructing(draft, outer) if one.targets]
        return Place(draft.id, named[0].targets[0]) if named else outer

    def _instructing(self, draft: Draft, outer: Place) -> list[Reference]:
        texts = [one.text for one in draft.opening if _VERB.search(one.text)]
        return list(self._reader.read(texts[0], outer, skip=len(draft.marker))) if texts else []

    def _of_quotation(self, draft: Draft, quotation: Quotation) -> Iterator[Amendment]:
        instruction = quotation.instruction or quotation.introduction
        context = self._context(draft) if instruction != _first(draft) else self._above(draft)
        named, after = self._targets(instruction, context, draft)
        place = _place_of(named, after, context)
        if not place.document:
            self._unclear(draft, "không rõ văn bản được sửa")
            return
        inner = build(list(quotation.blocks), place.document, place.article, place.clause)
        provisions = tuple(one.freeze() for one in inner.drafts)
        if inner.tables:
            self._unclear(draft, "nội dung mới có bảng, chưa nhập được bảng đó")
        yield from self._changes(draft, quotation, instruction, named, after, provisions, bool(inner.tables))

    def _targets(self, instruction: str, context: Place, draft: Draft) -> tuple[list[ProvisionId], ProvisionId | None]:
        """What an instruction changes, and the provision after which it adds."""
        skip = len(draft.marker) if instruction.startswith(draft.marker) else 0
        adds = bool(_ADDS.search(instruction)) and not _AMENDS.search(instruction)
        cut = _PLACE_OF_ADDITION.search(instruction) if adds else None
        references = list(self._reader.read(instruction, context, skip=skip))
        after = next((one for one in references if cut and one.start >= cut.end() - 1 and one.targets), None)
        if after is None or cut is None:
            return [target for one in references for target in one.targets if target.article], None
        anchor = after.targets[0]
        before = self._reader.read(instruction[: cut.start()], Place(draft.id, anchor), skip=skip)
        named = [target for one in before for target in one.targets if target.article]
        return named, anchor if "sau" in cut[0] else None

    def _changes(
        self,
        draft: Draft,
        quotation: Quotation,
        instruction: str,
        named: list[ProvisionId],
        after: ProvisionId | None,
        provisions: tuple[ProposedProvision, ...],
        tables: bool,
    ) -> Iterator[Amendment]:
        tops = [one for one in provisions if not one.parent]
        new = [one.id for one in tops]
        part = _part(instruction)
        targets = [one for one in dict.fromkeys(named) if part != ChangePart.WHOLE or one in new] or new
        if part != ChangePart.WHOLE and named:
            targets = named[:1]
        elif named and set(named) != set(new):
            words = ", ".join(map(str, named))
            self._unclear(
                draft, f"câu dẫn nói {words}, nội dung mới lại là {', '.join(map(str, new)) or 'đoạn không đánh số'}"
            )
        for target in targets:
            mine = provisions if part != ChangePart.WHOLE else _below(provisions, target)
            official, text = _text_of(mine)
            yield Amendment(
                kind=_kind(instruction),
                target=target,
                part=part,
                effective=self._effective(draft),
                evidence=instruction,
                source=draft.key,
                official_text=official,
                text=text,
                provisions=mine,
                references=tuple(one for each in mine for one in self._reader.of_provision(each)),
                after=after,
                complete=quotation.complete and not tables,
            )

    def _of_phrases(self, draft: Draft) -> Iterator[Amendment]:
        for paragraph in draft.opening:
            for match, old, new, tail in _phrases(paragraph.text):
                context = self._above(draft) if paragraph.text == _first(draft) else self._context(draft)
                named = [target for one in self._reader.read(tail, context) for target in one.targets]
                if not named and context.meant.document:
                    named = [context.meant]
                if not named:
                    self._unclear(draft, "không rõ cụm từ được thay ở đâu")
                evidence = match.strip()
                for target in dict.fromkeys(named):
                    yield Amendment(
                        ChangeKind.REPLACE_PHRASE, target, ChangePart.PHRASE, self._effective(draft), evidence, draft.key,
                        old_phrase=old, new_phrase=new,
                    )  # fmt: skip

    def _effective(self, draft: Draft) -> date | None:
        return effective_day(draft.id, self._header, self._clauses)

    def _unclear(self, draft: Draft, why: str) -> None:
        sentence = f"Nội dung sửa đổi chưa rõ ({why}): người nhập phải chọn."
        self._findings.append(Finding(Code.AMENDMENT_UNCLEAR, Severity.WARNING, label(draft), sentence))


def amended_document(header: Header, reader: ReferenceReader) -> str:
    """The document that the title of an amending document names; empty where it names none."""
    for named in header.amends:
        identity = named.split(":")[0]
        if re.fullmatch(r"[A-ZĐ]{1,3}\d{1,5}(-\d{4})?", identity):
            return identity
    verb = _VERB.search(header.title)
    if verb is None:
        return ""
    references = reader.read(header.title[verb.start() :], Place.of(ProvisionId(header.document)))
    return next(
        (target.document for one in references for target in one.targets if target.document != header.document), ""
    )


def _first(draft: Draft) -> str:
    return draft.opening[0].text if draft.opening else ""


def _place_of(named: list[ProvisionId], after: ProvisionId | None, context: Place) -> ProvisionId:
    """Where quoted text without headings belongs."""
    target = named[0] if named else after
    if target is None:
        return context.meant
    clause = target.clause if target.point or (named and target.clause) else ""
    return ProvisionId(target.document, target.article, clause)


def _kind(instruction: str) -> ChangeKind:
    return ChangeKind.ADD if _ADDS.search(instruction) and not _AMENDS.search(instruction) else ChangeKind.AMEND


def _part(instruction: str) -> ChangePart:
    if _TITLE.search(instruction):
        return ChangePart.TITLE
    return ChangePart.OPENING if _OPENING.search(instruction) else ChangePart.WHOLE


def _below(provisions: tuple[ProposedProvision, ...], target: ProvisionId) -> tuple[ProposedProvision, ...]:
    return tuple(one for one in provisions if target in (one.id, one.id.parent(), (one.id.parent() or one.id).parent()))


def _text_of(provisions: tuple[ProposedProvision, ...]) -> tuple[str, str]:
    keys = {one.key for one in provisions}
    pairs = [paragraphs_below(provisions, one) for one in provisions if one.parent not in keys]
    return "\n".join(official for official, _ in pairs), "\n".join(text for _, text in pairs)


def _phrases(text: str) -> list[tuple[str, str, str, str]]:
    """Each exchange of a phrase: its words, the old phrase, the new one, and what follows up to the next exchange."""
    matches = sorted(
        [match for pattern in (_EXCHANGE, _DELETION, _INSERTION) for match in pattern.finditer(text)],
        key=lambda match: match.start(),
    )
    found = []
    for place, match in enumerate(matches):
        end = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        tail = re.split(r"[;\n]|\.(?!\d)", text[match.end() : end])[0]
        old, new = match["old"], match.groupdict().get("new") or ""
        if match.re is _INSERTION:
            new = f"{old} {new}" if match["side"].lower() == "sau" else f"{new} {old}"
        found.append((text[match.start() : match.end()] + tail, old, new, tail))
    return found

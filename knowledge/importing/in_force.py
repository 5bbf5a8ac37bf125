"""From when a document applies, and what ends with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from knowledge.citations import ProvisionId
from knowledge.importing.numbers import (
    AMOUNT,
    DAY,
    day_of,
    months_later,
    read_amount,
    read_day,
)
from knowledge.importing.proposal import (
    Amendment,
    ChangeKind,
    ChangePart,
    DocumentRepeal,
    Header,
    InForceClause,
    InForceRule,
    ProposedProvision,
    Reference,
)
from knowledge.importing.references import Place, ReferenceReader

_KIND = r"(?:Bộ luật|Luật|Nghị định|Nghị quyết|Thông tư liên tịch|Thông tư|Quyết định|Pháp lệnh|Chỉ thị)"
_FROM = r"(?:kể\s)?từ\s"
_SIGNING = r"ngày\ský(?:\sban\shành)?"
_RULE = re.compile(
    rf"(?<!hết )\bcó hiệu lực(?: thi hành)?,?\s(?:{_FROM}(?:(?P<fixed>{DAY})|(?P<signing>{_SIGNING}))|"
    rf"sau\s(?P<amount>{AMOUNT})\s(?:\({AMOUNT}\)\s)?(?P<unit>ngày|tháng),?\s{_FROM}(?:(?P<signed>{_SIGNING})|"
    rf"ngày\s(?:được\s)?(?P<gazette>đăng|công bố)))",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"{_KIND}\snày(?:\s\([^)]{{1,40}}\))?\s*$")
_SENTENCE = re.compile(r"[^.;\n]*(?:\.(?=\d)[^.;\n]*)*[.;\n]?")
_ENDED = re.compile(r"\bhết hiệu lực(?: thi hành)?(?!\s(?:ghi|của))", re.IGNORECASE)
_ENDED_FROM = re.compile(
    rf"hết hiệu lực(?: thi hành)?,?\s{_FROM}(?:(?P<fixed>{DAY})|ngày\s{_KIND}\snày)", re.IGNORECASE
)
_ABOLISH = re.compile(r"(?:^|[.;]\s)(?:Bãi bỏ|Hủy bỏ|Huỷ bỏ)\s(?!cụm từ|từ)|(?:được|bị) bãi bỏ\s?(?:[.;]|$)")
_REPLACES = re.compile(rf"{_KIND}\snày\sthay thế\s")
_LIST_FOLLOWS = re.compile(r"(?:sau|sau đây|dưới đây|gồm)\b.*:$|:$", re.DOTALL)
_BEFORE_HEAD = re.compile(
    r"\s?(?:[a-zđ]\)\s)?(?:\d{1,2}\.\s)?(?:(?:Bãi bỏ|Hủy bỏ|Huỷ bỏ|thay thế|Các quy định tại|Quy định tại|Toàn bộ|các|và)\s)*",
    re.IGNORECASE,
)
_TITLE_WORDS = re.compile(r"sửa đổi|bổ sung|một số điều|thi hành|hướng dẫn|quy định chi tiết|của Luật", re.IGNORECASE)
_NAMED_WITHOUT_NUMBER = re.compile(
    rf"(?:^|[.;]\s)(?P<name>{_KIND}\s[A-ZĐÀ-Ỹ][^.;]{{3,200}}?|Các quy định [^.;]{{3,300}}?)\shết hiệu lực"
)


def in_force_clauses(
    provisions: tuple[ProposedProvision, ...], header: Header, reader: ReferenceReader
) -> list[InForceClause]:
    """All clauses about the first day in force, those of the whole document first."""
    found = [
        clause
        for one in provisions
        for text in (one.text, one.closing_text)
        for clause in _of_text(text, one, header, reader)
    ]
    return sorted(found, key=lambda clause: bool(clause.targets))


def _of_text(
    text: str, provision: ProposedProvision, header: Header, reader: ReferenceReader
) -> Iterator[InForceClause]:
    for match in _RULE.finditer(text):
        start = max(text.rfind(". ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
        subject = text[start : match.start()].strip()
        rule, day, note = _day_of_rule(match, header)
        evidence = _evidence(text, start, match.end())
        exception = re.compile(r",?\s?trừ\s").match(text, match.end())
        named = [target for one in reader.read(subject, Place.of(provision.id)) for target in one.targets]
        targets = tuple(one for one in named if one.document == provision.id.document and one.article)
        if _WHOLE.search(subject) and not targets:
            note = "; ".join(filter(None, (note, "có trường hợp trừ" if exception else "")))
            yield InForceClause(rule, day, (), evidence, provision.key, note)
        elif targets:
            yield InForceClause(rule, day, targets, evidence, provision.key, note)


def _day_of_rule(match: re.Match[str], header: Header) -> tuple[InForceRule, date | None, str]:
    if match["fixed"]:
        return InForceRule.FIXED, read_day(match["fixed"]), ""
    if match["signing"]:
        return InForceRule.ON_SIGNING, header.signed, "" if header.signed else "chưa rõ ngày ký"
    amount = read_amount(match["amount"])
    if match["gazette"]:
        return (
            InForceRule.AFTER_GAZETTE,
            None,
            f"tính sau {amount} {match['unit']} kể từ ngày đăng Công báo: cần ngày đăng",
        )
    return (
        InForceRule.AFTER_SIGNING,
        _later(header.signed, amount, match["unit"]),
        "" if header.signed else "chưa rõ ngày ký",
    )


def _later(day: date | None, amount: int, unit: str) -> date | None:
    if day is None:
        return None
    return months_later(day, amount) if unit == "tháng" else day + timedelta(days=min(amount, 1000))


def _evidence(text: str, start: int, end: int) -> str:
    stop = re.compile(r"[.;\n](?!\d)").search(text, end)
    return text[start : min(stop.start() + 1 if stop else len(text), end + 300)].strip()


def with_in_force(header: Header, clauses: list[InForceClause]) -> Header:
    """The header with the day that the text gives, where the front matter gave none; the rule and the evidence are the text's."""
    whole = next((clause for clause in clauses if not clause.targets), None)
    if whole is None:
        return header
    return replace(
        header,
        in_force_from=header.in_force_from or whole.start,
        in_force_rule=whole.rule,
        in_force_evidence=whole.evidence,
    )


@dataclass(frozen=True, slots=True)
class Endings:
    """What a document ends: whole documents, and provisions of others."""

    documents: tuple[DocumentRepeal, ...]
    provisions: tuple[Amendment, ...]


def endings(
    provisions: tuple[ProposedProvision, ...],
    header: Header,
    clauses: list[InForceClause],
    reader: ReferenceReader,
    meant: Mapping[str, ProvisionId],
) -> Endings:
    """Repeals, from «hết hiệu lực», «bãi bỏ» and «thay thế», in single sentences and in lists.

    `meant` says, by key, what a number without a document is in an instruction.
    """
    documents: list[DocumentRepeal] = []
    changes: list[Amendment] = []
    inherited: dict[str, date | None] = {}
    for one in provisions:
        for text in filter(None, (one.text.removeprefix(one.marker).strip(), one.closing_text)):
            start = effective_day(one.id, header, clauses)
            for sentence, effective in _ending_sentences(text, one, start, inherited):
                found = list(_heads(sentence, Place(one.id, meant.get(one.key, one.id)), reader))
                documents += _documents(found, sentence, effective, one)
                changes += _changes(found, sentence, effective, one)
    return Endings(_without_repeats(documents), tuple(changes))


def _ending_sentences(
    text: str, provision: ProposedProvision, start: date | None, inherited: dict[str, date | None]
) -> Iterator[tuple[str, date | None]]:
    """The sentences that end something, with the day; those of a list take the day of the words that announce it."""
    if provision.parent in inherited and not (_ENDED.search(text) or _ABOLISH.search(text)):
        yield from ((part.strip(), inherited[provision.parent]) for part in text.split(";") if part.strip())
        return
    for line in text.split("\n"):
        if not (_ENDED.search(line) or _ABOLISH.search(line) or _REPLACES.search(line)):
            continue
        effective = _ending_day(line, start)
        if _LIST_FOLLOWS.search(line):
            inherited[provision.key] = effective
            continue
        for sentence in map(str.strip, _SENTENCE.findall(line)):
            if _ENDED.search(sentence) or _ABOLISH.search(sentence) or _REPLACES.search(sentence):
                yield sentence, effective


def _ending_day(text: str, start: date | None) -> date | None:
    match = _ENDED_FROM.search(text)
    return day_of(match) if match and match["fixed"] else start


def _heads(sentence: str, place: Place, reader: ReferenceReader) -> Iterator[Reference]:
    """What the sentence ends, not what the titles of those documents name."""
    body = sentence
    ended = _ENDED.search(body)
    replaced = _REPLACES.search(body)
    if replaced:
        body = body[replaced.end() - len("thay thế ") :]
    elif ended:
        body = body[: ended.start()]
    found = list(reader.read(body, place))
    at = 0
    for reference in found:
        between = body[at : reference.start]
        if at == 0:
            if not _BEFORE_HEAD.fullmatch(between):
                return
        elif _TITLE_WORDS.search(between) or not re.search(r"(?:,|và|;|\s)\s?$", between):
            return
        yield reference
        at = reference.end


def _documents(
    found: list[Reference], sentence: str, effective: date | None, provision: ProposedProvision
) -> Iterator[DocumentRepeal]:
    for reference in found:
        whole = [target for target in reference.targets if not target.article]
        for target in whole:
            yield DocumentRepeal(target.document, reference.words, effective, sentence, provision.key)
        if not reference.targets and reference.note:
            yield DocumentRepeal("", reference.words, effective, sentence, provision.key)
    named = _NAMED_WITHOUT_NUMBER.search("" if found else sentence)
    if named:
        yield DocumentRepeal("", named["name"], effective, sentence, provision.key)


def _changes(
    found: list[Reference], sentence: str, effective: date | None, provision: ProposedProvision
) -> Iterator[Amendment]:
    for reference in found:
        for target in reference.targets:
            if target.article and target.document != provision.id.document:
                yield Amendment(ChangeKind.REPEAL, target, ChangePart.WHOLE, effective, sentence, provision.key)


def _without_repeats(documents: list[DocumentRepeal]) -> tuple[DocumentRepeal, ...]:
    seen: dict[tuple[str, str], DocumentRepeal] = {}
    for one in documents:
        seen.setdefault((one.document, one.document or one.name), one)
    return tuple(seen.values())


def mismatch(header: Header, clauses: list[InForceClause]) -> InForceClause | None:
    """The clause whose day is not that of the front matter, if there is one."""
    for clause in clauses:
        if not clause.targets and clause.start and header.in_force_from and clause.start != header.in_force_from:
            return clause
    return None


def effective_day(source: ProvisionId, header: Header, clauses: list[InForceClause]) -> date | None:
    """The first day of what a provision says: its own where a clause sets one, else that of the document."""
    for clause in clauses:
        if any(target in (source, source.parent(), (source.parent() or source).parent()) for target in clause.targets):
            return clause.start
    return header.in_force_from

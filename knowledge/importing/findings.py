"""What looks wrong, and what a person should at least have read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from knowledge.importing import limits, markers
from knowledge.importing.blocks import Block, Extraction, Paragraph, normal
from knowledge.importing.numbering import label, numbering_findings
from knowledge.importing.numbers import shares_its_number
from knowledge.importing.proposal import (
    Amendment,
    DocumentRepeal,
    Header,
    InForceClause,
    Level,
    ProposedProvision,
    Reference,
)
from knowledge.importing.report import Code, Finding, Severity
from knowledge.importing.spelling import spelling_findings
from knowledge.importing.structure import Structure

_SEVERITIES = {Severity.REFUSE: 0, Severity.WARNING: 1, Severity.INFO: 2}
_FICTIONAL = re.compile(r"MẪU THỬ|VĂN BẢN GIẢ ĐỊNH|[Vv]ăn bản giả định")
_SAMPLE = re.compile(r"mẫu thử|giả định|bản mẫu", re.IGNORECASE)
_COMBINING = re.compile("[\u0300-\u036f]")
_MOST_FINDINGS = 50  # of one kind; the rest is counted


@dataclass(frozen=True, slots=True)
class Found:
    """All that was understood of one file; the first `quoted` amendments are orders to change, the others only endings."""

    extraction: Extraction
    structure: Structure
    provisions: tuple[ProposedProvision, ...]
    pages: dict[int, list[str]]
    header: Header
    clauses: list[InForceClause]
    contradiction: InForceClause | None
    amendments: tuple[Amendment, ...]
    quoted: int
    unclear: tuple[Finding, ...]
    repeals: tuple[DocumentRepeal, ...]
    references: tuple[Reference, ...]


def all_findings(found: Found) -> list[Finding]:
    """Heaviest first, else in the order in which they were found; no more of one kind than a person reads."""
    labels = {draft.key: label(draft) for draft in found.structure.drafts}
    findings = chain(
        found.extraction.findings,
        _of_header(found),
        _of_days(found, labels),
        _of_text(found),
        numbering_findings(found.structure),
        _of_structure(found, labels),
        found.unclear,
        _of_changes(found),
        _of_references(found, labels),
    )
    return _ordered(findings)


def is_fictional(found: Found) -> bool:
    """True for a text that says itself, outside of its page furniture, that it is invented."""
    if found.extraction.front_matter.get("fictional") is True or found.structure.marker_lines:
        return True
    return bool(_FICTIONAL.search("\n".join(map(_words, found.structure.preamble))))


def _words(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else normal("\n".join(map(" ".join, block.rows)))


def _of_header(found: Found) -> Iterator[Finding]:
    header, extraction = found.header, found.extraction
    if not header.document:
        sentence = "Tệp không có số, ký hiệu văn bản: phải chọn văn bản khi nhận."
        yield Finding(Code.MISSING_HEADER, Severity.INFO, "", sentence)
    if header.number and shares_its_number(header.number):
        sentence = f"Mã {header.document} không ghi bộ ban hành, có thể trùng với thông tư của bộ khác: hãy kiểm tra."
        yield Finding(Code.SHARED_NUMBER, Severity.WARNING, "", sentence)
    if is_fictional(found):
        sentence = "Văn bản mẫu thử, không có thật: không bao giờ được công bố."
        yield Finding(Code.FICTIONAL, Severity.WARNING, "", sentence)
    elif any(_SAMPLE.search(text) for text in [*extraction.aside, extraction.page_title]):
        sentence = "Đầu trang hoặc phần ngoài văn bản ghi là bản mẫu: hãy lấy bản chính thức trước khi công bố."
        yield Finding(Code.SAMPLE_MARKER, Severity.WARNING, "", sentence)


def _of_days(found: Found, labels: dict[str, str]) -> Iterator[Finding]:
    header, wrong = found.header, found.contradiction
    if wrong and wrong.start and header.in_force_from:
        sentence = (
            f"Phần đầu tệp ghi có hiệu lực từ {header.in_force_from:%d/%m/%Y}, nội dung nói từ {wrong.start:%d/%m/%Y}: "
            "người nhập phải chọn."
        )
        yield Finding(Code.IN_FORCE_MISMATCH, Severity.REFUSE, labels.get(wrong.source, ""), sentence)
    for clause in found.clauses:
        if clause.start is None and (clause.targets or not header.in_force_from):
            sentence = f"Chưa rõ ngày có hiệu lực ({clause.note or 'ngày ghi trong văn bản không có thật'})."
            yield Finding(Code.IN_FORCE_UNKNOWN, Severity.WARNING, labels.get(clause.source, ""), sentence)


def _of_text(found: Found) -> Iterator[Finding]:
    extraction = found.extraction
    paragraphs = [block for block in extraction.blocks if isinstance(block, Paragraph)]
    composed = sum(bool(_COMBINING.search(one.official)) for one in paragraphs)
    if composed:
        sentence = f"Chữ tổ hợp ở {composed} đoạn đã được đưa về Unicode dựng sẵn (NFC)."
        yield Finding(Code.UNICODE_NORMALISED, Severity.WARNING, "", sentence)
    for one in paragraphs:
        if len(one.text) > limits.LONG_PARAGRAPH_CHARACTERS:
            where = f"trang {one.page}" if extraction.real_pages else one.text[:40]
            sentence = f"Đoạn dài bất thường, {len(one.text)} chữ cái."
            yield Finding(Code.PARAGRAPH_TOO_LONG, Severity.WARNING, where, sentence)
    yield from spelling_findings(found.pages, extraction.blocks)


def _of_structure(found: Found, labels: dict[str, str]) -> Iterator[Finding]:
    structure = found.structure
    left_out = _omissions(found)
    if left_out or found.header.complete is False:
        sentence = f"Văn bản không trọn vẹn: có dấu […] ở {left_out} chỗ."
        yield Finding(Code.OMISSION, Severity.WARNING, "", sentence)
    if not structure.of_level(Level.ARTICLE):
        sentence = "Không tìm thấy điều nào: hãy kiểm tra có đúng tệp không."
        yield Finding(Code.NO_ARTICLES, Severity.REFUSE, "", sentence)
    if structure.tables:
        sentence = f"Có {len(structure.tables)} bảng, giữ nguyên hàng và cột: hãy so với bản chính thức."
        yield Finding(Code.TABLE, Severity.WARNING, "", sentence)
    for key, words in structure.odd_numbers:
        sentence = f"«{words}» đánh số khác thường: giữ là đoạn không đánh số."
        yield Finding(Code.UNUSUAL_NUMBERING, Severity.WARNING, labels.get(key, ""), sentence)
    for key in structure.unclosed:
        sentence = "Nội dung trích trong ngoặc kép không có dấu đóng: chỗ kết thúc là suy đoán."
        yield Finding(Code.UNCLOSED_QUOTATION, Severity.WARNING, labels.get(key, ""), sentence)
    after = sum(isinstance(one, Paragraph) and markers.starts_article(one.text) for one in structure.tail)
    if after:
        sentence = (
            f"Sau phần ký hoặc trong phụ lục còn {after} điều: giữ là phụ lục, không nhập thành điều của văn bản."
        )
        yield Finding(Code.ARTICLES_AFTER_END, Severity.WARNING, "", sentence)


def _omissions(found: Found) -> int:
    texts = [one.text + one.closing_text for one in found.provisions]
    texts += [one.title for one in found.structure.headings]
    return found.structure.omissions + sum(bool(markers.OMISSION.search(text)) for text in texts)


def _of_changes(found: Found) -> Iterator[Finding]:
    ordered, ended = found.amendments[: found.quoted], found.amendments[found.quoted :]
    if ordered:
        targets = ", ".join(dict.fromkeys(str(one.target) for one in ordered))
        sentence = f"Văn bản sửa đổi văn bản khác: {len(ordered)} nội dung ({targets[:300]})."
        yield Finding(Code.AMENDS_OTHER, Severity.WARNING, "", sentence)
    if ended or found.repeals:
        names = [one.document or one.name for one in found.repeals] + [str(one.target) for one in ended]
        yield Finding(Code.ENDS_OTHER, Severity.INFO, "", f"Làm hết hiệu lực: {', '.join(names)[:400]}.")


def _of_references(found: Found, labels: dict[str, str]) -> Iterator[Finding]:
    for one in found.references:
        if not one.targets:
            sentence = f"Chưa rõ «{one.words}» là văn bản nào."
            yield Finding(Code.UNRESOLVED_REFERENCE, Severity.INFO, labels.get(one.owner, ""), sentence)


def _ordered(findings: Iterator[Finding]) -> list[Finding]:
    counts: dict[Code, int] = {}
    kept: list[Finding] = []
    for finding in dict.fromkeys(findings):
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] <= _MOST_FINDINGS:
            kept.append(finding)
    for code, count in counts.items():
        if count > _MOST_FINDINGS:
            severity = min((one.severity for one in kept if one.code == code), key=lambda one: _SEVERITIES[one])
            kept.append(Finding(code, severity, "", f"… và {count - _MOST_FINDINGS} chỗ khác."))
    return sorted(kept, key=lambda one: _SEVERITIES[one.severity])

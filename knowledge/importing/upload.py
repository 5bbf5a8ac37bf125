"""One uploaded file into one proposal: recognise the format, read it, find the regulation in it, say what looks wrong.

Pure: the bytes come in, the proposal goes out, and no file, address or process is touched. `isolation` runs this with limits,
which is what everything that takes files from people must call.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise

from knowledge.importing import limits, markers
from knowledge.importing.amendments import AmendmentReader
from knowledge.importing.blocks import Block, Extraction, Paragraph, Table, normal
from knowledge.importing.docx_reader import read_docx
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.headers import read_header
from knowledge.importing.html_reader import read_html
from knowledge.importing.in_force import (
    endings,
    in_force_clauses,
    mismatch,
    with_in_force,
)
from knowledge.importing.legacy import modernise, recognise
from knowledge.importing.numbering import label, numbering_findings
from knowledge.importing.numbers import shares_its_number
from knowledge.importing.pdf_reader import read_pdf
from knowledge.importing.proposal import (
    Amendment,
    Appendix,
    DocumentRepeal,
    Footnote,
    Format,
    HeadingKind,
    ImportProposal,
    InForceClause,
    Level,
    ProposedTable,
    Reference,
)
from knowledge.importing.references import ReferenceReader
from knowledge.importing.report import Code, Counts, Finding, ImportReport, Severity
from knowledge.importing.spelling import page_shares, page_words, spelling_findings
from knowledge.importing.structure import build, is_marker_line
from knowledge.importing.text_reader import read_markdown, read_text, refuse_markup

_FORMATS = {
    ".docx": Format.DOCX,
    ".docm": Format.DOCX,
    ".pdf": Format.PDF,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".txt": Format.TEXT,
}
_READERS: dict[Format, Callable[[bytes], Extraction]] = {
    Format.DOCX: read_docx,
    Format.PDF: read_pdf,
    Format.HTML: read_html,
    Format.MARKDOWN: read_markdown,
    Format.TEXT: read_text,
}
_SIGNATURES = (
    (b"PK\x03\x04", Format.DOCX),
    (b"PK\x05\x06", Format.DOCX),
    (b"%PDF-", Format.PDF),
    (b"\x89PNG", None),
    (b"\xff\xd8\xff", None),
    (b"GIF8", None),
    (b"\xd0\xcf\x11\xe0", None),
    (b"{\\rtf", None),
    (b"Rar!", None),
    (b"7z\xbc\xaf", None),
    (b"MZ", None),
    (b"\x7fELF", None),
)
_NO_DOCUMENT = "X0"  # the id under which provisions stand until a person says which document they are from
_SEVERITIES = {Severity.REFUSE: 0, Severity.WARNING: 1, Severity.INFO: 2}
_FICTIONAL = re.compile(r"MẪU THỬ|VĂN BẢN GIẢ ĐỊNH|[Vv]ăn bản giả định")
_SAMPLE = re.compile(r"mẫu thử|giả định|bản mẫu", re.IGNORECASE)
_MOST_FINDINGS = 50  # of one kind; the rest is counted


def parse_upload(data: bytes, filename: str, document: str = "") -> ImportProposal:
    """The proposal of one file; `document` is the id of the regulation where the file is an excerpt that does not name it.

    Raises ImportRefused, and nothing else, for a file that can't become a proposal.
    """
    limits.check_upload(len(data))
    file_format = recognise_format(data, filename)
    extraction = _READERS[file_format](data)
    _modernise(extraction)
    _check_blocks(extraction.blocks)
    return _Assembly(data, filename, file_format, extraction, document).proposal()


def recognise_format(data: bytes, filename: str) -> Format:
    """What the name says, if the first bytes agree. Raises ImportRefused where they do not, or where neither is known."""
    ending = re.search(r"\.[^./\\]{1,10}$", filename.lower())
    claimed = _FORMATS.get(ending[0]) if ending else None
    found = next(((kind,) for signature, kind in _SIGNATURES if data.startswith(signature)), None)
    if found is None and b"%PDF-" in data[:1024]:  # a PDF may begin with other bytes
        found = (Format.PDF,)
    if claimed is None:
        raise ImportRefused(Situation.UNSUPPORTED_FORMAT, ending[0] if ending else "tên tệp không có đuôi")
    if found is not None and found[0] != claimed:
        raise ImportRefused(Situation.WRONG_FORMAT, f"tên là {ending[0] if ending else ''}, nội dung thì khác")
    if found is None and claimed in (Format.DOCX, Format.PDF):
        raise ImportRefused(Situation.WRONG_FORMAT, f"nội dung không phải {claimed}")
    if claimed in (Format.MARKDOWN, Format.TEXT):
        refuse_markup(data[:500].decode("latin-1"))
    return claimed


def _modernise(extraction: Extraction) -> None:
    """Turn TCVN3 and VNI that reached us as Unicode letters into Vietnamese."""
    texts = [block.official for block in extraction.blocks if isinstance(block, Paragraph)]
    encoding = recognise(texts)
    if encoding is None:
        return
    extraction.blocks = [_modern(block, encoding) for block in extraction.blocks]
    extraction.encoding = encoding
    sentence = f"Chữ ở bảng mã cũ {encoding}: đã chuyển sang Unicode."
    extraction.findings.append(Finding(Code.LEGACY_ENCODING, Severity.WARNING, "", sentence))


def _modern(block: Block, encoding: str) -> Block:
    if isinstance(block, Table):
        return Table(tuple(tuple(modernise(cell, encoding) for cell in row) for row in block.rows), block.page)
    return Paragraph.of(modernise(block.official, encoding), block.page, block.heading, block.notes)


def _check_blocks(blocks: list[Block]) -> None:
    total = 0
    for block in blocks:
        cells = [block.official] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]
        for text in cells:
            limits.check_paragraph(len(text))
            total += len(text)
    limits.check_text(total)


class _Assembly:
    """Puts one proposal together, step by step."""

    def __init__(self, data: bytes, filename: str, file_format: Format, extraction: Extraction, given: str) -> None:
        self._data, self._filename, self._format = data, filename, file_format
        self._extraction = extraction
        self._reader = ReferenceReader()
        outline = build(extraction.blocks, _NO_DOCUMENT)
        self._header = read_header(
            outline.preamble or _all_before_articles(extraction.blocks),
            extraction.front_matter,
            extraction.page_title,
            outline.tail,
            given,
        )
        self._structure = build(extraction.blocks, self._header.document or _NO_DOCUMENT)
        self._provisions = tuple(draft.freeze() for draft in self._structure.drafts)
        self._pages = page_words(extraction.blocks, extraction.real_pages)

    def proposal(self) -> ImportProposal:
        """The proposal with its report."""
        for one in self._provisions:
            self._reader.learn(one.text)
        clauses = in_force_clauses(self._provisions, self._header, self._reader)
        contradiction = mismatch(self._header, clauses)
        self._header = with_in_force(self._header, clauses)
        reader = AmendmentReader(self._structure, self._header, clauses, self._reader)
        changes = reader.read()
        meant = reader.meant()
        ended = endings(self._provisions, self._header, clauses, self._reader, meant)
        amendments = changes.amendments + _not_in(ended.provisions, changes.amendments)
        references = tuple(
            one for each in self._provisions for one in self._reader.of_provision(each, meant.get(each.key))
        )
        findings = chain(
            self._extraction.findings,
            self._of_header(clauses, contradiction),
            self._of_text(),
            numbering_findings(self._structure),
            self._of_structure(),
            changes.findings,
            self._of_changes(changes.amendments, ended.provisions, ended.documents),
            self._of_references(references),
        )
        appendices, signature = _appendices(self._structure.tail)
        return ImportProposal(
            filename=self._filename,
            format=self._format,
            sha256=hashlib.sha256(self._data).hexdigest(),
            size=len(self._data),
            encoding=self._extraction.encoding,
            header=self._header,
            headings=tuple(self._structure.headings),
            provisions=self._provisions,
            tables=self._tables(),
            footnotes=self._footnotes(),
            references=references,
            amendments=amendments,
            repeals=ended.documents,
            in_force=tuple(clauses),
            appendices=appendices,
            preamble=_official(self._structure.preamble),
            signature=signature,
            fictional=self._fictional,
            report=self._report(findings, references, amendments, ended.documents, appendices),
        )

    @property
    def _fictional(self) -> bool:
        if self._extraction.front_matter.get("fictional") is True:
            return True
        return bool(self._structure.marker_lines) or bool(_FICTIONAL.search(_text(self._structure.preamble)))

    def _tables(self) -> tuple[ProposedTable, ...]:
        return tuple(
            ProposedTable(owner, table.rows, tuple(tuple(normal(cell) for cell in row) for row in table.rows))
            for owner, table in self._structure.tables
        )

    def _footnotes(self) -> tuple[Footnote, ...]:
        owners = {
            note: draft.key
            for draft in self._structure.drafts
            for part in draft.opening + draft.closing
            for note in part.notes
        }
        notes = self._extraction.footnotes
        return tuple(Footnote(mark, owners.get(mark, ""), text, normal(text)) for mark, text in notes.items())

    def _report(
        self,
        findings: Iterator[Finding],
        references: tuple[Reference, ...],
        amendments: tuple[Amendment, ...],
        repeals: tuple[DocumentRepeal, ...],
        appendices: tuple[Appendix, ...],
    ) -> ImportReport:
        structure, pages = self._structure, self._pages
        counts = Counts(
            pages=self._extraction.pages if self._extraction.real_pages else max(pages, default=0),
            chapters=sum(one.kind == HeadingKind.CHAPTER for one in structure.headings),
            sections=sum(one.kind == HeadingKind.SECTION for one in structure.headings),
            articles=len(structure.of_level(Level.ARTICLE)),
            clauses=len(structure.of_level(Level.CLAUSE)),
            points=len(structure.of_level(Level.POINT)),
            unnumbered=structure.unnumbered,
            tables=len(structure.tables),
            footnotes=len(self._extraction.footnotes),
            appendices=len(appendices),
            references=len(references),
            unresolved_references=sum(not one.targets for one in references),
            amendments=len(amendments),
            repeals=len(repeals),
            characters=sum(len(one.text) for one in self._extraction.blocks if isinstance(one, Paragraph)),
        )
        return ImportReport(counts, page_shares(pages), tuple(_ordered(findings)))

    def _of_header(self, clauses: list[InForceClause], contradiction: InForceClause | None) -> Iterator[Finding]:
        header = self._header
        if not header.document:
            sentence = "Tệp không có số, ký hiệu văn bản: phải chọn văn bản khi nhận."
            yield Finding(Code.MISSING_HEADER, Severity.INFO, "", sentence)
        if header.number and shares_its_number(header.number):
            sentence = f"Thông tư {header.number}: mã {header.document} không ghi bộ ban hành, có thể trùng với thông tư của bộ khác."
            yield Finding(Code.SHARED_NUMBER, Severity.WARNING, "", sentence)
        if contradiction and contradiction.start:
            sentence = (
                f"Phần đầu tệp ghi có hiệu lực từ {header.in_force_from:%d/%m/%Y}, nội dung nói từ {contradiction.start:%d/%m/%Y}: "
                "người nhập phải chọn."
            )
            yield Finding(Code.IN_FORCE_MISMATCH, Severity.REFUSE, contradiction.source, sentence)
        unknown = [one for one in clauses if one.start is None and not (one.targets == () and header.in_force_from)]
        for one in unknown:
            yield Finding(Code.IN_FORCE_UNKNOWN, Severity.WARNING, one.source, f"Chưa rõ ngày có hiệu lực: {one.note}.")
        if self._fictional:
            sentence = "Văn bản mẫu thử, không có thật: không bao giờ được công bố."
            yield Finding(Code.FICTIONAL, Severity.WARNING, "", sentence)
        elif any(_SAMPLE.search(text) for text in [*self._extraction.aside, self._extraction.page_title]):
            sentence = "Đầu trang hoặc phần ngoài văn bản ghi là bản mẫu: hãy lấy bản chính thức trước khi công bố."
            yield Finding(Code.SAMPLE_MARKER, Severity.WARNING, "", sentence)

    def _of_text(self) -> Iterator[Finding]:
        blocks = self._extraction.blocks
        officials = [block.official for block in blocks if isinstance(block, Paragraph)]
        composed = sum(bool(_COMBINING.search(text)) for text in officials)
        if composed:
            sentence = f"Chữ tổ hợp ở {composed} đoạn đã được đưa về Unicode dựng sẵn (NFC)."
            yield Finding(Code.UNICODE_NORMALISED, Severity.WARNING, "", sentence)
        long = [
            block
            for block in blocks
            if isinstance(block, Paragraph) and len(block.text) > limits.LONG_PARAGRAPH_CHARACTERS
        ]
        for block in long:
            where = f"trang {block.page}" if self._extraction.real_pages else block.text[:40]
            yield Finding(
                Code.PARAGRAPH_TOO_LONG, Severity.WARNING, where, f"Đoạn dài bất thường, {len(block.text)} chữ cái."
            )
        yield from spelling_findings(self._pages, blocks)

    def _of_structure(self) -> Iterator[Finding]:
        structure = self._structure
        left_out = structure.omissions + sum(
            bool(markers.OMISSION.search(one.text + one.closing_text)) for one in self._provisions
        )
        left_out += any(markers.OMISSION.search(one.title) for one in structure.headings)
        if left_out or self._header.complete is False:
            yield Finding(Code.OMISSION, Severity.WARNING, "", f"Văn bản không trọn vẹn: có dấu […] ở {left_out} chỗ.")
        if not structure.of_level(Level.ARTICLE):
            yield Finding(
                Code.NO_ARTICLES, Severity.REFUSE, "", "Không tìm thấy điều nào: hãy kiểm tra có đúng tệp không."
            )
        if structure.tables:
            sentence = f"Có {len(structure.tables)} bảng, giữ nguyên hàng và cột: hãy so với bản chính thức."
            yield Finding(Code.TABLE, Severity.WARNING, "", sentence)
        for key, words in structure.odd_numbers:
            sentence = f"«{words}» đánh số khác thường: giữ là đoạn không đánh số."
            yield Finding(Code.UNUSUAL_NUMBERING, Severity.WARNING, key, sentence)
        for key in structure.unclosed:
            sentence = "Nội dung trích trong ngoặc kép không có dấu đóng: chỗ kết thúc là suy đoán."
            yield Finding(Code.UNCLOSED_QUOTATION, Severity.WARNING, key, sentence)

    def _of_changes(
        self, amendments: tuple[Amendment, ...], ended: tuple[Amendment, ...], repeals: tuple[DocumentRepeal, ...]
    ) -> Iterator[Finding]:
        if amendments:
            targets = ", ".join(dict.fromkeys(str(one.target) for one in amendments))
            sentence = f"Văn bản sửa đổi văn bản khác: {len(amendments)} nội dung ({targets[:300]})."
            yield Finding(Code.AMENDS_OTHER, Severity.WARNING, "", sentence)
        if ended or repeals:
            names = ", ".join([one.document or one.name for one in repeals] + [str(one.target) for one in ended])
            yield Finding(Code.ENDS_OTHER, Severity.INFO, "", f"Làm hết hiệu lực: {names[:400]}.")

    def _of_references(self, references: tuple[Reference, ...]) -> Iterator[Finding]:
        labels = {draft.key: label(draft) for draft in self._structure.drafts}
        for one in references:
            if not one.targets:
                sentence = f"Chưa rõ «{one.words}» là văn bản nào."
                yield Finding(Code.UNRESOLVED_REFERENCE, Severity.INFO, labels.get(one.owner, one.owner), sentence)


_COMBINING = re.compile("[\u0300-\u036f]")


def _ordered(findings: Iterator[Finding]) -> list[Finding]:
    """Heaviest first, else in the order in which they were found; no more of one kind than a person reads."""
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


def _not_in(ended: tuple[Amendment, ...], found: tuple[Amendment, ...]) -> tuple[Amendment, ...]:
    known = {(one.kind, one.target, one.source) for one in found}
    return tuple(one for one in dict.fromkeys(ended) if (one.kind, one.target, one.source) not in known)


def _all_before_articles(blocks: list[Block]) -> list[Block]:
    return [] if any(isinstance(one, Paragraph) and markers.starts_article(one.text) for one in blocks) else blocks[:20]


def _text(blocks: list[Block]) -> str:
    return "\n".join(
        one.text if isinstance(one, Paragraph) else normal("\n".join(map(" ".join, one.rows))) for one in blocks
    )


def _official(blocks: list[Block]) -> str:
    return "\n".join(
        one.official if isinstance(one, Paragraph) else "\n".join("\t".join(row) for row in one.rows) for one in blocks
    )


def _appendices(tail: list[Block]) -> tuple[tuple[Appendix, ...], str]:
    """What stands after the articles, cut at each «PHỤ LỤC»; before the first one it is the signature."""
    starts = [
        place
        for place, one in enumerate(tail)
        if isinstance(one, Paragraph)
        and markers.APPENDIX.match(one.text)
        and not is_marker_line(one.text)
        and len(one.text) < 200
    ]
    signature = _official(tail[: starts[0]] if starts else tail)
    parts = [tail[start:end] for start, end in pairwise([*starts, len(tail)])]
    return tuple(Appendix(_text(part[:1]), _official(part), _text(part)) for part in parts), signature

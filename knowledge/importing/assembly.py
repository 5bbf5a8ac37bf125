"""Puts one proposal together out of what a reader extracted."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from knowledge.importing import markers
from knowledge.importing.amendments import AmendmentReader
from knowledge.importing.blocks import Block, Extraction, Paragraph, normal
from knowledge.importing.findings import Found, all_findings, is_fictional
from knowledge.importing.headers import read_header
from knowledge.importing.in_force import endings, in_force_clauses, mismatch, with_in_force
from knowledge.importing.proposal import (
    Amendment,
    Appendix,
    Footnote,
    Format,
    HeadingKind,
    ImportProposal,
    Level,
    ProposedTable,
)
from knowledge.importing.references import ReferenceReader
from knowledge.importing.report import Counts, ImportReport
from knowledge.importing.spelling import page_shares, page_words
from knowledge.importing.structure import build

_NO_DOCUMENT = "X0"  # the id under which provisions stand until a person says which document they are from


class Assembly:
    """One file on its way from blocks to a proposal; `given` is the document that a person says it is from."""

    def __init__(self, data: bytes, filename: str, file_format: Format, extraction: Extraction, given: str) -> None:
        self._data, self._filename, self._format = data, filename, file_format
        self._extraction = extraction
        self._reader = ReferenceReader()
        outline = build(extraction.blocks, _NO_DOCUMENT)
        first_page = outline.preamble if outline.drafts else extraction.blocks[:20]
        self._header = read_header(first_page, extraction.front_matter, extraction.page_title, outline.tail, given)
        self._structure = build(extraction.blocks, self._header.document or _NO_DOCUMENT)
        self._provisions = tuple(draft.freeze() for draft in self._structure.drafts)
        self._pages = page_words(extraction.blocks, extraction.real_pages)

    def proposal(self) -> ImportProposal:
        """The proposal with its report."""
        found = self._understand()
        appendices, signature = _appendices(self._structure.tail)
        return ImportProposal(
            filename=self._filename,
            format=self._format,
            sha256=hashlib.sha256(self._data).hexdigest(),
            size=len(self._data),
            encoding=self._extraction.encoding,
            header=found.header,
            headings=tuple(self._structure.headings),
            provisions=self._provisions,
            tables=self._tables(),
            footnotes=self._footnotes(),
            references=found.references,
            amendments=found.amendments,
            repeals=found.repeals,
            in_force=tuple(found.clauses),
            appendices=appendices,
            preamble=_official(self._structure.preamble),
            signature=signature,
            fictional=is_fictional(found),
            report=self._report(found, len(appendices)),
        )

    def _understand(self) -> Found:
        """What the words say about other places, other documents and days."""
        for one in self._provisions:
            self._reader.learn(one.text)
        clauses = in_force_clauses(self._provisions, self._header, self._reader)
        header = with_in_force(self._header, clauses)
        reader = AmendmentReader(self._structure, header, clauses, self._reader)
        changes, meant = reader.read(), reader.meant()
        ended = endings(self._provisions, header, clauses, self._reader, meant)
        return Found(
            extraction=self._extraction,
            structure=self._structure,
            provisions=self._provisions,
            pages=self._pages,
            header=header,
            clauses=clauses,
            contradiction=mismatch(self._header, clauses),
            amendments=changes.amendments + _not_in(ended.provisions, changes.amendments),
            quoted=len(changes.amendments),
            unclear=changes.findings,
            repeals=ended.documents,
            references=tuple(
                one for each in self._provisions for one in self._reader.of_provision(each, meant.get(each.key))
            ),
        )

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

    def _report(self, found: Found, appendices: int) -> ImportReport:
        structure, extraction = self._structure, self._extraction
        counts = Counts(
            pages=extraction.pages if extraction.real_pages else max(self._pages, default=0),
            chapters=sum(one.kind == HeadingKind.CHAPTER for one in structure.headings),
            sections=sum(one.kind == HeadingKind.SECTION for one in structure.headings),
            articles=len(structure.of_level(Level.ARTICLE)),
            clauses=len(structure.of_level(Level.CLAUSE)),
            points=len(structure.of_level(Level.POINT)),
            unnumbered=structure.unnumbered,
            tables=len(structure.tables),
            footnotes=len(extraction.footnotes),
            appendices=appendices,
            references=len(found.references),
            unresolved_references=sum(not one.targets for one in found.references),
            amendments=len(found.amendments),
            repeals=len(found.repeals),
            characters=sum(len(one.text) for one in extraction.blocks if isinstance(one, Paragraph)),
        )
        return ImportReport(counts, page_shares(self._pages), tuple(all_findings(found)))


def _not_in(ended: tuple[Amendment, ...], found: tuple[Amendment, ...]) -> tuple[Amendment, ...]:
    known = {(one.kind, one.target, one.source) for one in found}
    return tuple(one for one in dict.fromkeys(ended) if (one.kind, one.target, one.source) not in known)


def _text(blocks: list[Block]) -> str:
    return "\n".join(one.text if isinstance(one, Paragraph) else normal(_rows(one.rows)) for one in blocks)


def _official(blocks: list[Block]) -> str:
    return "\n".join(one.official if isinstance(one, Paragraph) else _rows(one.rows) for one in blocks)


def _rows(rows: tuple[tuple[str, ...], ...]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def _appendices(tail: list[Block]) -> tuple[tuple[Appendix, ...], str]:
    """What stands after the articles, cut at each «PHỤ LỤC»; before the first one it is the signature."""
    starts = [at for at, one in enumerate(tail) if isinstance(one, Paragraph) and markers.begins_appendix(one.text)]
    parts = [tail[start:end] for start, end in pairwise([*starts, len(tail)])]
    signature = _official(tail[: starts[0]] if starts else tail)
    return tuple(Appendix(_text(part[:1]), _official(part), _text(part)) for part in parts), signature

"""PDF files with a text layer: letters into lines, lines into paragraphs and tables, by their places alone."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from knowledge.importing import limits
from knowledge.importing.blocks import Block, Extraction, Paragraph, Table, normal
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.markers import (
    SIGNATURE,
    begins_appendix,
    is_omission,
    starts_provision,
)
from knowledge.importing.pdf_letters import Letter, Letters, read_letters
from knowledge.importing.report import Code, Finding, Severity

# all lengths below are in heights of the letters
_SAME_LINE = 0.35
_SPACE = 0.11
_COLUMN_GAP = 2.2
_INDENT = 0.8
_SHORT_OF_EDGE = 2.5
_APART = 1.5  # in distances between lines

_EDGE_LINES = 2
_PAGE_NUMBER = re.compile(r"(?:Trang\s*|trang\s*|Page\s*)?[-–]?\s?\d{1,4}\s?[-–]?(?:\s*(?:/|trên)\s*\d{1,4})?")


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    left: float
    right: float
    y: float
    size: float
    cells: tuple[tuple[float, str], ...]

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.cells)


def read_pdf(data: bytes) -> Extraction:
    """Raises ImportRefused for a file that is damaged, has a password or no text layer."""
    letters = read_letters(data)
    pages = [list(_lines(page, number)) for number, page in enumerate(letters.pages, 1)]
    if not any(pages):
        raise ImportRefused(Situation.NO_TEXT_LAYER)
    kept, removed = _without_page_furniture(pages)
    extraction = Extraction(encoding="PDF", pages=len(pages), real_pages=True, aside=removed)
    extraction.blocks = list(_blocks([line for page in kept for line in page]))
    extraction.findings = list(_findings(letters, removed))
    return extraction


def _lines(letters: list[Letter], page: int) -> Iterator[_Line]:
    row: list[Letter] = []
    for letter in sorted(letters, key=lambda one: (-one.y, one.x)):
        if row and abs(letter.y - row[0].y) > _SAME_LINE * max(letter.size, row[0].size):
            yield _line(row, page)
            row = []
        row.append(letter)
    if row:
        yield _line(row, page)


def _line(row: list[Letter], page: int) -> _Line:
    row = sorted(row, key=lambda one: one.x)
    size = statistics.median(one.size for one in row)
    cells: list[tuple[float, str]] = []
    words: list[str] = []
    start = last = row[0].x
    for letter in row:
        gap = letter.x - last
        if words and gap > _COLUMN_GAP * size:
            cells.append((start, "".join(words)))
            words, start = [], letter.x
        elif words and gap > _SPACE * size:
            words.append(" ")
        words.append(letter.character)
        last = max(last, letter.right)
    cells.append((start, "".join(words)))
    return _Line(page, row[0].x, last, row[0].y, size, tuple(cells))


def _without_page_furniture(pages: list[list[_Line]]) -> tuple[list[list[_Line]], list[str]]:
    """The pages without the lines at their edges that come back on other pages, and without page numbers."""
    masks: Counter[str] = Counter()
    for page in pages:
        masks.update({_mask(line) for line in _edges(page)})
    often = max(2, (len(pages) + 1) // 2)
    kept: list[list[_Line]] = []
    removed: list[str] = []
    for page in pages:
        repeated = [line for line in _edges(page) if masks[_mask(line)] >= often]
        numbers = [line for line in _edges(page) if _PAGE_NUMBER.fullmatch(normal(line.text))]
        dropped = {id(line) for line in repeated + numbers}
        removed.extend(line.text for line in page if id(line) in dropped)
        kept.append([line for line in page if id(line) not in dropped])
    return kept, removed


def _edges(page: list[_Line]) -> list[_Line]:
    return page if len(page) <= 2 * _EDGE_LINES else page[:_EDGE_LINES] + page[-_EDGE_LINES:]


def _mask(line: _Line) -> str:
    return re.sub(r"\d+", "#", normal(line.text))


@dataclass(frozen=True, slots=True)
class _Column:
    """Where the text of the document begins and ends, and how far the lines of a paragraph stand apart."""

    left: float
    right: float
    step: float

    @classmethod
    def of(cls, lines: list[_Line]) -> _Column:
        left = Counter(round(line.left) for line in lines).most_common(1)[0][0]
        rights = sorted(line.right for line in lines)
        steps = sorted(a.y - b.y for a, b in pairwise(lines) if a.page == b.page and a.y > b.y)
        return cls(
            min(left, statistics.median(line.left for line in lines)),
            rights[int(0.9 * (len(rights) - 1))],
            steps[len(steps) // 4] if steps else 0.0,
        )


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    column = _Column.of(lines) if lines else _Column(0, 0, 0)
    parts: list[_Line] = []
    at = 0
    while at < len(lines):
        rows = _table_rows(lines, at)
        if parts and (rows or _begins_paragraph(parts[-1], lines[at], column)):
            yield _paragraph(parts)
            parts = []
        if rows:
            yield Table(tuple(_table_row(row) for row in rows), lines[at].page)
            at += sum(map(len, rows))
        else:
            parts.append(lines[at])
            at += 1
    if parts:
        yield _paragraph(parts)


def _begins_paragraph(before: _Line, line: _Line, column: _Column) -> bool:
    text, size = normal(line.text), line.size
    indented = line.left > column.left + _INDENT * size
    full = before.right > column.right - _SHORT_OF_EDGE * size
    apart = before.page == line.page and before.y - line.y > _APART * column.step > 0
    if indented or apart or is_omission(text) or SIGNATURE.match(text) or begins_appendix(text):
        return True
    if starts_provision(text):  # not after a full line that runs on: «… quy định tại khoản / 2. »
        return not full or normal(before.text).endswith((".", ";", ":", "”", ")"))
    return not full and not text[:1].islower()


def _paragraph(lines: list[_Line]) -> Paragraph:
    text = " ".join(line.text for line in lines)
    limits.check_paragraph(len(text))
    return Paragraph.of(text, page=lines[0].page)


def _table_rows(lines: list[_Line], at: int) -> list[list[_Line]]:
    """Two or more lines in the same columns, each with the lines that continue its cells; empty where there are none."""
    rows: list[list[_Line]] = []
    page = lines[at].page
    for line in lines[at:]:
        if line.page != page:
            break
        if len(line.cells) > 1 and (not rows or _aligned(rows[-1][0], line)):
            rows.append([line])
        elif rows and len(line.cells) == 1 and _continues(rows[-1], line):
            rows[-1].append(line)
        else:
            break
    return rows if len(rows) > 1 else []


def _aligned(above: _Line, line: _Line) -> bool:
    starts = [start for start, _ in above.cells[1:]]
    return any(abs(start - other) < 4 * line.size for start, _ in line.cells[1:] for other in starts)


def _continues(row: list[_Line], line: _Line) -> bool:
    close = row[-1].y - line.y < 1.6 * line.size
    return close and any(abs(line.left - start) < line.size for start, _ in row[0].cells[1:])


def _table_row(row: list[_Line]) -> tuple[str, ...]:
    starts = [start for start, _ in row[0].cells]
    cells = [text for _, text in row[0].cells]
    for line in row[1:]:
        nearest = min(range(len(starts)), key=lambda at: abs(starts[at] - line.left))
        cells[nearest] += "\n" + line.text
    return tuple(cells)


def _findings(letters: Letters, removed: list[str]) -> Iterator[Finding]:
    if removed:
        sentence = f"Đã bỏ {len(removed)} dòng đầu trang, chân trang và số trang."
        yield Finding(Code.REPEATED_PAGE_TEXT, Severity.WARNING, "", sentence)
    if letters.hidden:
        sentence = (
            f"Có chữ người đọc không thấy (trắng, vô hình hoặc quá nhỏ), {letters.hidden} chữ cái: đã bỏ, không nhập."
        )
        yield Finding(Code.HIDDEN_TEXT, Severity.WARNING, "", sentence)
    if letters.slanted:
        sentence = f"Đã bỏ chữ viết nghiêng ngang trang (dấu, hình mờ), {letters.slanted} chữ cái."
        yield Finding(Code.REPEATED_PAGE_TEXT, Severity.WARNING, "", sentence)
    if letters.scanned_pages:
        sentence = (
            f"{letters.scanned_pages} trang là ảnh quét có lớp chữ nhận dạng: phải đọc lại từng câu với bản chính thức."
        )
        yield Finding(Code.IMAGES, Severity.WARNING, "", sentence)
    if letters.active:
        yield Finding(
            Code.ACTIVE_CONTENT_REMOVED, Severity.WARNING, "", f"Đã bỏ, không chạy: {', '.join(letters.active)}."
        )

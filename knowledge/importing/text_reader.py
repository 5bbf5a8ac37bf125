"""Plain text and Markdown: lines into paragraphs.

A line that begins like a provision begins a paragraph. Any other line does so too, unless the file is wrapped at a fixed
width: then lines are put together again, since the break belongs to the layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import yaml

from knowledge.importing import limits
from knowledge.importing.blocks import Extraction, Paragraph, Table, normal
from knowledge.importing.characters import decode
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.legacy import modernise, recognise
from knowledge.importing.markers import (
    SIGNATURE,
    begins_appendix,
    is_omission,
    starts_provision,
)
from knowledge.importing.report import Code, Finding, Severity

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|\*|(?<![\w_])_)(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1(?!\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_TABLE_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
_FOOTNOTE = re.compile(r"\[\^([\w-]{1,20})\]:\s*(.*)")
_FOOTNOTE_MARK = re.compile(r"\[\^([\w-]{1,20})\]")
_RULE = re.compile(r"([-*_])(?:\s*\1){2,}\s*")
_SENTENCE_END = (".", ";", ":", "!", "?", "”", '"', "…", "]", "/", ")")
_FENCE = "---"
_WRAPPED_WIDTH = (40, 130)
_WRAPPED_SHARE = 0.3
_FULL_LINE = 0.75
_ENOUGH_LINES = 3


def read_text(data: bytes) -> Extraction:
    """Plain text; raises ImportRefused where its characters can't be read or a paragraph is endless."""
    extraction = Extraction()
    lines = _lines(data, extraction)
    for paragraph in _paragraphs(lines, wrapped=_is_wrapped(lines)):
        extraction.blocks.append(Paragraph.of(paragraph))
    return extraction


def read_markdown(data: bytes) -> Extraction:
    """Markdown with the YAML front matter of our samples, if it has one."""
    extraction = Extraction()
    lines = _front_matter(_lines(data, extraction), extraction)
    body = "\n".join(lines)
    if "<!--" in body:
        body = _without_comments(body)
        _note(extraction, Code.ACTIVE_CONTENT_REMOVED, Severity.WARNING, "Đã bỏ, không nhập: chú thích trong tệp.")
    _read_markdown_lines(body.split("\n"), extraction)
    return extraction


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + len("-->")
    return "".join(kept) + text[at:]


def _lines(data: bytes, extraction: Extraction) -> list[str]:
    text, extraction.encoding = decode(data)
    limits.check_paragraph(max(map(len, text.split("\n"))))
    limits.check_text(len(text))
    lines = re.split(r"\r\n|[\n\r\f\v\u2028\u2029]", text)
    encoding = recognise(lines)
    if encoding:
        lines = [modernise(line, encoding) for line in lines]
        extraction.encoding = encoding
    if encoding or extraction.encoding == "Windows-1258":
        sentence = f"Chữ ở bảng mã cũ {extraction.encoding}: đã chuyển sang Unicode."
        _note(extraction, Code.LEGACY_ENCODING, Severity.WARNING, sentence)
    return lines


def _note(extraction: Extraction, code: Code, severity: Severity, sentence: str) -> None:
    extraction.findings.append(Finding(code, severity, "", sentence))


def _is_wrapped(lines: list[str]) -> bool:
    """True for a file without long lines, whose fullest lines mostly run on: no end of a sentence, a small letter next."""
    full = [line.strip() for line in lines if line.strip()]
    width = max(map(len, full), default=0)
    least, most = _WRAPPED_WIDTH
    if not least <= width <= most:
        return False
    wide = [(line, following) for line, following in pairwise(full) if len(line) >= _FULL_LINE * width]
    running = [
        line
        for line, following in wide
        if following[0].islower() and not starts_provision(normal(following)) and not line.endswith(_SENTENCE_END)
    ]
    return len(running) >= max(_ENOUGH_LINES, _WRAPPED_SHARE * len(wide))


def _paragraphs(lines: list[str], wrapped: bool) -> Iterator[str]:
    width = max((len(line.strip()) for line in lines), default=0)
    parts: list[str] = []
    for line in lines:
        stripped = line.strip()
        if parts and not (wrapped and stripped and _runs_on(parts[-1], stripped, width)):
            yield _joined(parts)
            parts = []
        if stripped:
            parts.append(stripped)
    if parts:
        yield _joined(parts)


def _runs_on(line: str, following: str, width: int) -> bool:
    text = normal(following)
    if starts_provision(text) or is_omission(text) or SIGNATURE.match(text) or begins_appendix(text):
        return False
    return len(line) >= _FULL_LINE * width or following[0].islower()


def _joined(parts: list[str]) -> str:
    text = " ".join(parts)
    limits.check_paragraph(len(text))
    return text


def _front_matter(lines: list[str], extraction: Extraction) -> list[str]:
    if not lines or lines[0].rstrip() != _FENCE:
        return lines
    end = next((place for place, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        return lines
    source = "\n".join(lines[1:end])
    try:
        extraction.front_matter = read_front_matter(source)
    except ImportRefused:
        raise
    except ValueError as error:
        detail = " ".join(str(error).split())[:200]
        _note(
            extraction,
            Code.FRONT_MATTER_UNREADABLE,
            Severity.WARNING,
            f"Phần đầu YAML không đọc được ({detail}): đã bỏ qua.",
        )
    return lines[end + 1 :]


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML without aliases, by which a few lines could stand for millions."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("không dùng tham chiếu (*) trong phần đầu")
        return super().compose_node(parent, index)


def read_front_matter(source: str) -> dict[str, object]:
    """The mapping of a front matter; raises ValueError where it is none."""
    if len(source) > limits.FRONT_MATTER_CHARACTERS:
        raise ValueError(f"dài quá {limits.FRONT_MATTER_CHARACTERS} chữ cái")
    try:
        record = yaml.load(source, Loader=_PlainLoader)  # noqa: S506  a safe loader that also refuses references
    except (yaml.YAMLError, RecursionError, TypeError, OverflowError, AttributeError, KeyError, IndexError) as error:
        raise ValueError(str(error)) from error  # yaml lets errors of its constructors through for odd scalars
    if not isinstance(record, dict):
        raise ValueError("không phải các cặp khóa và giá trị")  # the caller knows one error for all
    return {str(key): value for key, value in record.items()}


def _read_markdown_lines(lines: list[str], extraction: Extraction) -> None:
    pending: list[str] = []

    def flush() -> None:
        if pending:
            _add_paragraph(_joined(pending), extraction)
            pending.clear()

    at = 0
    while at < len(lines):
        line = lines[at].strip().removeprefix(">").strip()
        heading, footnote = _HEADING.fullmatch(line), _FOOTNOTE.fullmatch(line)
        if _begins_table(lines, at):
            flush()
            at = _read_table(lines, at, extraction)
            continue
        if heading or footnote or not line or _RULE.fullmatch(line):
            flush()
        if heading:
            _add_paragraph(heading[2], extraction, heading=len(heading[1]))
        elif footnote:
            extraction.footnotes[footnote[1]] = footnote[2]
        elif line and not _RULE.fullmatch(line):
            if starts_provision(normal(_plain(line))):
                flush()
            pending.append(line)
        at += 1
    flush()


def _add_paragraph(source: str, extraction: Extraction, heading: int = 0) -> None:
    notes = tuple(_FOOTNOTE_MARK.findall(source))
    text = _plain(_FOOTNOTE_MARK.sub("", source))
    if text.strip():
        extraction.blocks.append(Paragraph.of(text, heading=heading, notes=notes))


def _plain(source: str) -> str:
    r"""Words without the marks for bold and italics, and without the backslash of «1\.»."""
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", source)))


def _begins_table(lines: list[str], at: int) -> bool:
    return (
        "|" in lines[at]
        and at + 1 < len(lines)
        and "|" in lines[at + 1]
        and bool(_TABLE_RULE.fullmatch(lines[at + 1].strip()))
    )


def _read_table(lines: list[str], at: int, extraction: Extraction) -> int:
    rows = []
    while at < len(lines) and "|" in lines[at]:
        if not _TABLE_RULE.fullmatch(lines[at].strip()):
            rows.append(
                tuple(_plain(cell.strip()) for cell in lines[at].strip().removeprefix("|").removesuffix("|").split("|"))
            )
        at += 1
    extraction.blocks.append(Table(tuple(rows)))
    return at


def refuse_markup(text: str) -> None:
    """Raises ImportRefused for a web page that is called .txt or .md."""
    if re.match(r"\s*<(?:!doctype\s+html|html)\b", text[:500], re.IGNORECASE):
        raise ImportRefused(Situation.WRONG_FORMAT, "nội dung là trang HTML")

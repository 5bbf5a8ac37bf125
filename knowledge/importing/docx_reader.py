"""Word files: paragraphs and tables in reading order, as a person sees them on the page.

What Word hides is not text of a regulation: vanished, white and tiny letters, deleted and moved text, field codes, comments.
It is left out and counted. What Word adds when it draws the page, the numbers of automatic lists, is put in.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge.importing import limits
from knowledge.importing.blocks import Block, Extraction, Paragraph, Table
from knowledge.importing.docx_styles import NumberedLists, Styles, W, hidden, shaded
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.legacy import from_font
from knowledge.importing.package import read_package
from knowledge.importing.report import Code, Finding, Severity

_TRANSPARENT = {
    W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink", "fldSimple")
}
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT |= {_COMPATIBILITY + "AlternateContent", _COMPATIBILITY + "Choice"}
_REMOVED = {W + name for name in ("del", "moveFrom")}
_BREAKS = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_TYPES = "[Content_Types].xml"
_WITH_MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
_WITHOUT_MACROS = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE_PARTS = ("vbaproject", "activex", "embeddings/", "oleobject", "attachedtoolbars")
_WATCHED_LINKS = ("attachedTemplate", "oleObject", "subDocument", "frame", "image", "package")


def read_docx(data: bytes) -> Extraction:
    """Raises ImportRefused for what is damaged, too large or built to harm."""
    parts = read_package(data)
    document = _open(parts)
    reader = _Reader(document, parts)
    reader.read()
    return reader.extraction


def _open(parts: dict[str, bytes]) -> Any:
    import docx  # half a second and 13 MB, so only where a .docx is read
    from lxml import etree

    if _TYPES not in parts:
        raise ImportRefused(Situation.WRONG_FORMAT, "gói zip này không phải tài liệu Word")
    try:
        document = docx.Document(_repacked(parts))
        if document.element.body is None:
            raise ImportRefused(Situation.DAMAGED_FILE, "tài liệu Word không có nội dung")
    except etree.XMLSyntaxError as error:
        raise _refusal(error, "nội dung") from error
    except zipfile.BadZipFile as error:
        raise ImportRefused(Situation.DAMAGED_FILE, "gói .docx không mở được") from error
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, LookupError, AssertionError) as error:
        # python-docx meets a package without the parts or attributes that every writer puts in
        raise ImportRefused(Situation.DAMAGED_FILE, "gói .docx thiếu phần chính") from error
    return document


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    """The parts that were checked, and no others: two readers of one zip file may see two different packages."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(name, part.replace(_WITH_MACROS, _WITHOUT_MACROS) if name == _TYPES else part)
    buffer.seek(0)
    return buffer


@dataclass(slots=True)
class _Seen:
    """What was left out on the way."""

    hidden: int = 0
    hidden_at: list[str] = field(default_factory=list)
    tracked: int = 0
    numbered: int = 0
    images: int = 0
    encodings: Counter[str] = field(default_factory=Counter)


class _Reader:
    def __init__(self, document: Any, parts: dict[str, bytes]) -> None:
        self.extraction = Extraction()
        self._body = document.element.body
        self._parts = parts
        self._styles = Styles(_tree(parts, "word/styles.xml"))
        self._lists = NumberedLists(_tree(parts, "word/numbering.xml"))
        self._seen = _Seen()
        self._boxes: list[Any] = []

    def read(self) -> None:
        """Fill the extraction."""
        for element in _blocks(self._body):
            self._add(element)
        self._read_footnotes()
        self._read_page_furniture()
        self._tell()

    def _add(self, element: Any) -> None:
        if element.tag == W + "tbl":
            self.extraction.blocks.append(Table(tuple(self._rows(element))))
        else:
            self.extraction.blocks.extend(self._paragraph(element))
        while self._boxes:  # a text box stands beside its paragraph
            for inner in _blocks(self._boxes.pop(0)):
                self.extraction.blocks.extend(self._paragraph(inner) if inner.tag == W + "p" else self._cells(inner))

    def _paragraph(self, element: Any) -> list[Block]:
        notes: list[str] = []
        text = self._words(element, notes)
        limits.check_paragraph(len(text))
        paragraph = Paragraph.of(text, heading=self._styles.heading(element), notes=tuple(notes))
        return [paragraph] if paragraph.text else []

    def _words(self, element: Any, notes: list[str]) -> str:
        number = self._lists.number(element, self._styles)
        words = "".join(self._run(run, notes) for run in self._runs(element))
        if number and words.strip():
            self._seen.numbered += 1
            return f"{number} {words.lstrip()}"
        return words

    def _runs(self, element: Any) -> Iterator[Any]:
        for child in element:
            if child.tag == W + "r":
                yield child
            elif child.tag in _TRANSPARENT:
                if child.tag in (W + "ins", W + "moveTo"):
                    self._seen.tracked += 1
                yield from self._runs(child)
            elif child.tag in _REMOVED:
                self._seen.tracked += 1

    def _run(self, run: Any, notes: list[str]) -> str:
        look = self._styles.look(run)
        text = "".join(self._piece(child, notes) for child in run)
        if hidden(look) and not shaded(run):
            self._hide(text)
            return ""
        text, encoding = from_font(text, look.font)
        if encoding:
            self._seen.encodings[encoding] += len(text)
        return text

    def _piece(self, child: Any, notes: list[str]) -> str:
        tag = child.tag
        if tag == W + "t":
            return child.text or ""
        if tag in _BREAKS:
            return _BREAKS[tag]
        if tag == W + "br":
            return "\n" if child.get(W + "type") in (None, "textWrapping") else " "
        if tag == W + "sym":
            return _symbol(child.get(W + "char"))
        if tag == W + "footnoteReference":
            notes.append(str(child.get(W + "id")))
        elif isinstance(tag, str) and tag in (
            W + "drawing",
            W + "pict",
            W + "object",
            _COMPATIBILITY + "AlternateContent",
        ):
            self._seen.images += 1
            self._boxes.extend(_text_boxes(child))
        return ""

    def _hide(self, text: str) -> None:
        if text.strip():
            self._seen.hidden += len(text.strip())
            self._seen.hidden_at.append(f"đoạn {len(self.extraction.blocks) + 1}")

    def _rows(self, table: Any, depth: int = 0) -> Iterator[tuple[str, ...]]:
        if depth > limits.NESTING:
            raise ImportRefused(Situation.DAMAGED_FILE, "bảng lồng quá sâu")
        for row in _children(table, W + "tr"):
            cells: list[str] = []
            for cell in _children(row, W + "tc"):
                cells.append("" if _merged_into_above(cell) else self._cell(cell, depth))
                cells.extend([""] * (_span(cell) - 1))
            yield tuple(cells)

    def _cell(self, cell: Any, depth: int) -> str:
        lines: list[str] = []
        for element in _blocks(cell):
            if element.tag == W + "tbl":
                lines.extend(" ".join(filter(None, row)) for row in self._rows(element, depth + 1))
            else:
                lines.append(self._words(element, []).strip())
        return "\n".join(line for line in lines if line)

    def _cells(self, table: Any) -> list[Block]:
        return [
            Paragraph.of(line) for row in self._rows(table) for cell in row for line in cell.split("\n") if line.strip()
        ]

    def _read_footnotes(self) -> None:
        notes = _tree(self._parts, "word/footnotes.xml")
        for note in [] if notes is None else _children(notes, W + "footnote"):
            text = "\n".join(self._words(one, []).strip() for one in _blocks(note) if one.tag == W + "p").strip()
            if note.get(W + "type") is None and text:
                self.extraction.footnotes[str(note.get(W + "id"))] = text

    def _read_page_furniture(self) -> None:
        for name in sorted(self._parts):
            if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
                tree = _tree(self._parts, name)
                words = "" if tree is None else " ".join(str(node.text or "") for node in tree.iter(W + "t"))
                if words.strip():
                    self.extraction.aside.append(words.strip())

    def _tell(self) -> None:
        seen, tell = self._seen, self._finding
        if seen.hidden:
            tell(Code.HIDDEN_TEXT, Severity.WARNING, f"Có chữ người đọc không thấy (ẩn, trắng hoặc quá nhỏ), {seen.hidden} chữ "
                 "cái: đã bỏ, không nhập.", ", ".join(dict.fromkeys(seen.hidden_at[:5])))  # fmt: skip
        if seen.tracked or any(name.startswith("word/comments") for name in self._parts):
            tell(Code.TRACKED_CHANGES, Severity.WARNING, "Tệp còn sửa đổi đang theo dõi hoặc ghi chú của người soạn: đã lấy chữ "
                 "như khi chấp nhận mọi sửa đổi; hãy so với bản chính thức.")  # fmt: skip
        if seen.numbered:
            tell(Code.AUTOMATIC_NUMBERING, Severity.INFO, f"{seen.numbered} đoạn đánh số tự động của Word: số được tính lại như "
                 "khi in.")  # fmt: skip
        if seen.images:
            tell(Code.IMAGES, Severity.INFO, f"{seen.images} hình hoặc khung: chỉ chữ trong khung được nhập.")
        if self.extraction.aside:
            tell(Code.REPEATED_PAGE_TEXT, Severity.INFO, "Đã bỏ đầu trang và chân trang.")
        for encoding in seen.encodings:
            tell(
                Code.LEGACY_ENCODING,
                Severity.WARNING,
                f"Chữ ở bảng mã {encoding} theo tên phông: đã chuyển sang Unicode.",
            )
            self.extraction.encoding = encoding
        active = _active_content(self._parts)
        if active:
            tell(Code.ACTIVE_CONTENT_REMOVED, Severity.WARNING, f"Đã bỏ, không chạy và không mở: {', '.join(active)}.")

    def _finding(self, code: Code, severity: Severity, sentence: str, where: str = "") -> None:
        self.extraction.findings.append(Finding(code, severity, where, sentence))


def _tree(parts: dict[str, bytes], name: str) -> Any:
    from lxml import etree

    if name not in parts:
        return None
    try:
        return etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise _refusal(error, name) from error


def _refusal(error: Any, part: str) -> ImportRefused:
    if not error.lineno:  # libxml2 without memory left says «unknown error» at line 0
        return ImportRefused(Situation.LIMIT_EXCEEDED, "không đủ bộ nhớ để đọc XML")
    return ImportRefused(Situation.DAMAGED_FILE, f"XML sai trong phần {part}")


def _blocks(container: Any) -> Iterator[Any]:
    for child in container:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _blocks(child)


def _children(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _children(child, tag)


def _text_boxes(element: Any) -> list[Any]:
    """The outermost text boxes; the fallback for old versions of Word repeats the same words."""
    found = []
    for box in element.iter(W + "txbxContent"):
        above = [one.tag for one in box.iterancestors()]
        before = above[: above.index(element.tag)] if element.tag in above else above
        if _COMPATIBILITY + "Fallback" not in before and W + "txbxContent" not in before:
            found.append(box)
    return found


def _merged_into_above(cell: Any) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _span(cell: Any) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "" if span is None else str(span.get(W + "val"))
    return min(int(value), 63) if value.isascii() and value.isdigit() and len(value) < 4 else 1


def _symbol(code: str | None) -> str:
    try:
        character = chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ud800" <= character <= "\udfff" else character


def _active_content(parts: dict[str, bytes]) -> list[str]:
    found = []
    if any(word in name.lower() for name in parts for word in _ACTIVE_PARTS) or b"macroEnabled" in parts[_TYPES]:
        found.append("macro hoặc đối tượng nhúng")
    if _external_kinds(parts):
        found.append("liên kết tới tệp hoặc địa chỉ bên ngoài")
    return found


def _external_kinds(parts: dict[str, bytes]) -> set[str]:
    kinds = set()
    for name in parts:
        tree = _tree(parts, name) if name.endswith(".rels") else None
        for link in [] if tree is None else tree:
            if link.get("TargetMode") == "External":
                kinds.add(str(link.get("Type", "")).rsplit("/", 1)[-1])
    return kinds & set(_WATCHED_LINKS)

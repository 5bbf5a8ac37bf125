"""Web pages: the regulation, without the portal around it and without what a browser would run or not show.

A portal's page holds menus, lists of related documents and readers' comments, some of them numbered like clauses. The text
of the regulation is taken to be the smallest part of the page that holds all its articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.importing import limits
from knowledge.importing.blocks import Block, Extraction, Paragraph, Table, normal
from knowledge.importing.characters import decode
from knowledge.importing.docx_styles import is_white
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.markers import names_nation, starts_article, starts_provision
from knowledge.importing.report import Code, Finding, Severity

_ACTIVE = {
    "script",
    "noscript",
    "iframe",
    "object",
    "embed",
    "applet",
    "svg",
    "math",
    "frame",
    "frameset",
    "template",
    "base",
}
_UNREAD = {"style", "head", "nav", "aside", "footer", "form", "input", "select", "textarea", "button", "canvas", "audio",
           "video", "map", "dialog", "datalist"}  # fmt: skip
_BLOCK = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "table", "tbody", "thead", "tfoot",
          "section", "article", "main", "header", "blockquote", "pre", "dl", "dt", "dd", "center", "body", "hr", "address",
          "figure", "figcaption", "fieldset", "caption", "html", "details", "summary", "hgroup"}  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)|"
    r"text-indent\s*:\s*-\d{3,}|font-size\s*:\s*(?:[0-3](?:\.\d+)?(?:pt|px)|0)\b",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*(#[0-9a-f]{3,6}|white|rgba?\([^)]{1,40}\))", re.IGNORECASE)
_BACKGROUND = re.compile(r"background", re.IGNORECASE)
_HIDING_RULE = re.compile(r"\.([\w-]{1,60})\s*\{([^{}]{0,2000})\}")
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAK = "\ue000"  # stands for <br> until white space is folded; a private character that no file may bring in


@dataclass(frozen=True, slots=True)
class _Item:
    """A block and the element that it came from."""

    element: Any
    block: Block

    @property
    def text(self) -> str:
        return (
            self.block.text if isinstance(self.block, Paragraph) else normal("\n".join(map(" ".join, self.block.rows)))
        )


def read_html(data: bytes) -> Extraction:
    """Raises ImportRefused for what no browser could show."""
    text, encoding = decode(data)
    page = _parse(text)
    walker = _Walker(page)
    items = walker.items()
    extraction = Extraction(blocks=[], encoding=encoding)
    chosen = _regulation(items)
    extraction.blocks = [item.block for item in chosen]
    kept = {id(item) for item in chosen}
    extraction.aside = [item.text for item in items if id(item) not in kept]
    extraction.page_title = normal(str(page.findtext(".//title") or ""))[:500]
    extraction.findings = walker.findings()
    return extraction


def _parse(text: str) -> Any:
    from lxml import etree

    source = text.replace(_BREAK, "").replace("\0", "").encode("utf-8", errors="replace")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=False)
    try:
        page = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ImportRefused(Situation.DAMAGED_FILE, "trang HTML không đọc được") from error
    if page is None:
        raise ImportRefused(Situation.DAMAGED_FILE, "trang HTML không có nội dung")
    if any("Excessive depth" in error.message for error in parser.error_log):
        raise ImportRefused(
            Situation.DAMAGED_FILE, "trang HTML lồng quá sâu"
        )  # the parser stops there and loses the rest
    return page


class _Walker:
    """Goes through a page once, in reading order."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._hiding = _hiding_classes(page)
        self._items: list[_Item] = []
        self._words: list[str] = []
        self._length = 0
        self._hidden = 0
        self._active: set[str] = set()

    def items(self) -> list[_Item]:
        """Paragraphs and tables outside of menus, footers and forms."""
        body = self._page if self._page.tag == "body" else self._page.find(".//body")
        self._note_attributes()
        self._walk(self._page if body is None else body)
        return self._items

    def findings(self) -> list[Finding]:
        """What was left out."""
        found = []
        if self._active:
            sentence = f"Đã bỏ, không chạy: {', '.join(sorted(self._active))}."
            found.append(Finding(Code.ACTIVE_CONTENT_REMOVED, Severity.WARNING, "", sentence))
        if self._hidden:
            sentence = f"Có chữ người đọc không thấy, {self._hidden} chữ cái: đã bỏ, không nhập."
            found.append(Finding(Code.HIDDEN_TEXT, Severity.WARNING, "", sentence))
        return found

    def _walk(self, element: Any) -> None:
        """Depth is bounded by the parser, which gives up at 256."""
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._enter(child)
            else:
                self._active.add("chú thích")
            self._say(child.tail)
        if element.tag in _BLOCK:
            self._flush(element)

    def _enter(self, element: Any) -> None:
        tag = element.tag
        if tag in _ACTIVE:
            self._active.add(f"thẻ {tag}")
        elif tag in _UNREAD:
            return
        elif _is_hidden(element, self._hiding):
            self._hidden += len("".join(element.itertext()).strip())
        elif tag == "br":
            self._say(_BREAK)
        elif tag == "table" and not _serves_layout(element):
            self._flush(element.getparent())
            self._items.append(_Item(element, Table(tuple(self._rows(element)))))
        else:
            if tag in _BLOCK:
                self._flush(element.getparent())
            self._walk(element)

    def _say(self, words: str | None) -> None:
        if words:
            self._words.append(words)
            self._length += len(words)
            limits.check_paragraph(self._length)

    def _flush(self, element: Any) -> None:
        text = _WHITE_SPACE.sub(" ", "".join(self._words))
        self._words, self._length = [], 0
        heading = int(element.tag[1]) if re.fullmatch("h[1-6]", str(element.tag)) else 0
        for part in _at_markers(text):
            paragraph = Paragraph.of(part, heading=heading)
            if paragraph.text:
                self._items.append(_Item(element, paragraph))

    def _rows(self, table: Any) -> Iterator[tuple[str, ...]]:
        for row in table.iter("tr"):
            cells = []
            for cell in row:
                if cell.tag in ("td", "th"):
                    cells.append(self._cell(cell))
                    cells.extend([""] * (_span(cell) - 1))
            if cells:
                yield tuple(cells)

    def _cell(self, cell: Any) -> str:
        outer, outer_items = self._words, self._items
        self._words, self._items = [], []
        self._walk(cell)
        lines = [item.text if isinstance(item.block, Table) else item.block.official for item in self._items]
        self._words, self._items, self._length = outer, outer_items, sum(map(len, outer))
        return "\n".join(lines)

    def _note_attributes(self) -> None:
        for element in self._page.iter():
            if not isinstance(element.tag, str):
                self._active.add("chú thích")
                continue
            for name, value in element.attrib.items():
                if str(name).lower().startswith("on"):
                    self._active.add("thuộc tính sự kiện")
                elif str(value).strip().lower().startswith(("javascript:", "vbscript:")):
                    self._active.add("liên kết javascript")
            if element.tag == "meta" and str(element.get("http-equiv", "")).lower() == "refresh":
                self._active.add("tự chuyển trang")
            if element.tag in _ACTIVE:
                self._active.add(f"thẻ {element.tag}")


def _at_markers(text: str) -> Iterator[str]:
    """A paragraph cut at those <br> after which a provision begins; others are breaks within a line."""
    parts: list[str] = []
    for line in text.split(_BREAK):
        blank = not line.strip()
        if parts and not blank and parts[-1] and not starts_provision(normal(line)):
            parts[-1] += "\n" + line
        else:
            parts.append("" if blank else line)
    yield from filter(None, parts)


def _span(cell: Any) -> int:
    value = str(cell.get("colspan", "1"))
    return min(int(value), 63) if value.isascii() and value.isdigit() and 0 < len(value) < 3 and int(value) else 1


def _serves_layout(table: Any) -> bool:
    """True for a table around articles or around another table: old portals lay out whole pages in one."""
    if table.find(".//table") is not None:
        return True
    beginnings = ("".join(_beginning(element)) for element in table.iter("p", "td", "div", "b", "strong"))
    return any(starts_article(normal(beginning)) for beginning in beginnings)


def _beginning(element: Any, length: int = 60) -> Iterator[str]:
    for words in element.itertext():
        yield words[:length]
        length -= len(words.strip())
        if length <= 0:
            return


def _hiding_classes(page: Any) -> frozenset[str]:
    rules = "\n".join(str(style.text or "") for style in page.iter("style"))
    return frozenset(name for name, body in _HIDING_RULE.findall(rules[:200_000]) if _HIDING.search(body))


def _is_hidden(element: Any, hiding: frozenset[str]) -> bool:
    if "hidden" in element.attrib:
        return True
    style = str(element.get("style", ""))[:2_000]
    if style and (_HIDING.search(style) or (_is_white_text(style) and not _BACKGROUND.search(style))):
        return True
    if element.tag == "font" and is_white(str(element.get("color", "")).lstrip("#").replace("white", "ffffff")):
        return True
    return bool(hiding) and not hiding.isdisjoint(str(element.get("class", "")).split())


def _is_white_text(style: str) -> bool:
    match = _COLOUR.search(style)
    if match is None:
        return False
    colour = match[1].lower()
    if colour.startswith("rgb"):
        channels = re.findall(r"\d{1,3}", colour)[:3]
        return len(channels) == 3 and min(map(int, channels)) >= 0xF0
    digits = "ffffff" if colour == "white" else colour[1:]
    return is_white("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


def _regulation(items: list[_Item]) -> list[_Item]:
    """The items of the smallest part that holds all articles, with the first page's head if that stands before it."""
    articles = [
        place for place, item in enumerate(items) if isinstance(item.block, Paragraph) and starts_article(item.text)
    ]
    if not articles:
        return items
    container = _common_ancestor([items[place].element for place in articles])
    following = items[articles[-1] + 1].element if articles[-1] + 1 < len(items) else None
    while container.getparent() is not None and (
        container is items[articles[0]].element or (following is not None and not _within(following, container))
    ):
        container = container.getparent()
    inside = [place for place, item in enumerate(items) if _within(item.element, container)]
    heads = [place for place in range(inside[0]) if names_nation(items[place].text)]
    head = items[heads[-1] : inside[0]] if heads else []
    return head + [items[place] for place in inside]


def _within(element: Any, container: Any) -> bool:
    while element is not None:
        if element is container:
            return True
        element = element.getparent()
    return False


def _common_ancestor(elements: list[Any]) -> Any:
    def path(element: Any) -> list[Any]:
        return [*reversed(list(element.iterancestors())), element]

    common = path(elements[0])
    for element in elements[1:]:
        other = path(element)
        length = next(
            (i for i, (a, b) in enumerate(zip(common, other, strict=False)) if a is not b), min(len(common), len(other))
        )
        common = common[:length]
    return common[-1]

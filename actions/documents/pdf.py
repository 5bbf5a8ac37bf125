"""A document as PDF: A4, the font embedded, label and page number on every page. reportlab is imported when first needed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from actions.documents.content import (
    CHECK_SIGNS,
    Block,
    Bullets,
    Checks,
    CheckState,
    Document,
    Figure,
    Heading,
    Table,
    Text,
    Tone,
)
from actions.documents.look import INK, MAIN, QUIET, RULE, SHADE, font_file

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

_FONT, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_MARGIN = 2.0  # centimetres
_drawing = threading.Lock()  # reportlab registers fonts in module state


def render_pdf(document: Document) -> bytes:
    """The same document gives the same bytes. Blocks for some 100 ms: asynchronous callers use a thread."""
    with _drawing:
        return _render(document)


def _render(document: Document) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import cm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    sheet = _sheet()
    output = io.BytesIO()
    template = BaseDocTemplate(
        output,
        pagesize=A4,
        leftMargin=_MARGIN * cm,
        rightMargin=_MARGIN * cm,
        title=document.title,
        subject=document.label,
        lang="vi-VN",
        invariant=1,
        initialFontName=_FONT,
    )
    width = A4[0] - 2 * _MARGIN * cm
    frame = Frame(_MARGIN * cm, 1.9 * cm, width, A4[1] - 4.2 * cm, leftPadding=0, rightPadding=0)
    template.addPageTemplates(PageTemplate(frames=[frame]))
    story: list[Any] = [
        *_paragraphs(document.title, sheet.title),
        *_paragraphs(document.subtitle, sheet.subtitle),
        *(flowable for block in document.blocks for flowable in _drawn(block, sheet, width)),
    ]
    template.build(story, canvasmaker=_numbered(document))
    return output.getvalue()


def _numbered(document: Document) -> Any:
    """A canvas that knows how many pages there are before it writes their feet."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import cm
    from reportlab.pdfgen.canvas import Canvas

    base: Any = Canvas  # its published types leave out what a subclass needs

    class NumberedCanvas(base):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._pages:
                self.__dict__.update(page)
                self._draw_edges(len(self._pages))
                super().showPage()
            super().save()

        def _draw_edges(self, pages: int) -> None:
            width, height = self._pagesize
            left, right = _MARGIN * cm, width - _MARGIN * cm
            self.setStrokeColor(HexColor(RULE))
            self.setLineWidth(0.6)
            self.line(left, height - 1.75 * cm, right, height - 1.75 * cm)
            self.line(left, 1.55 * cm, right, 1.55 * cm)
            self.setFont(_BOLD, 7.5)
            self.setFillColor(HexColor(MAIN))
            self.drawString(left, height - 1.5 * cm, document.label)
            self.setFont(_FONT, 7.5)
            self.setFillColor(HexColor(QUIET))
            self.drawString(left, 1.1 * cm, f"{document.title} · {document.made_on:%d/%m/%Y}")
            self.drawRightString(right, 1.1 * cm, f"Trang {self._pageNumber}/{pages}")

    return NumberedCanvas


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Paragraph styles."""

    title: ParagraphStyle
    subtitle: ParagraphStyle
    heading: ParagraphStyle
    plain: ParagraphStyle
    strong: ParagraphStyle
    quiet: ParagraphStyle
    bullet: ParagraphStyle
    cell: ParagraphStyle
    right: ParagraphStyle
    head: ParagraphStyle
    head_right: ParagraphStyle
    total: ParagraphStyle
    total_right: ParagraphStyle


@cache
def _sheet() -> _Sheet:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(_FONT, str(font_file())))
    pdfmetrics.registerFont(TTFont(_BOLD, str(font_file("-Bold"))))
    pdfmetrics.registerFontFamily(_FONT, normal=_FONT, bold=_BOLD, italic=_FONT, boldItalic=_BOLD)

    def style(name: str, size: float, bold: bool = False, colour: str = INK, **more: Any) -> ParagraphStyle:
        return ParagraphStyle(
            name,
            fontName=_BOLD if bold else _FONT,
            fontSize=size,
            leading=size * 1.45,
            textColor=HexColor(colour),
            **more,
        )

    return _Sheet(
        title=style("title", 17, True, MAIN, spaceAfter=3),
        subtitle=style("subtitle", 9, colour=QUIET, spaceAfter=9),
        heading=style("heading", 11.5, True, MAIN, spaceBefore=11, spaceAfter=4, keepWithNext=1),
        plain=style("plain", 9.2, spaceAfter=4),
        strong=style("strong", 11, True, spaceAfter=4),
        quiet=style("quiet", 8, colour=QUIET, spaceAfter=3),
        bullet=style("bullet", 9.2, leftIndent=12, bulletIndent=2, spaceAfter=2.5),
        cell=style("cell", 8.6),
        right=style("right", 8.6, alignment=TA_RIGHT),
        head=style("head", 8.2, True, MAIN),
        head_right=style("head-right", 8.2, True, MAIN, alignment=TA_RIGHT),
        total=style("total", 8.6, True),
        total_right=style("total-right", 8.6, True, alignment=TA_RIGHT),
    )


def _drawn(block: Block, sheet: _Sheet, width: float) -> list[Any]:
    draw: dict[type[Any], Callable[[Any], list[Any]]] = {
        Heading: lambda one: _paragraphs(one.text, sheet.heading),
        Text: lambda one: _paragraphs(one.text, _tone(one.tone, sheet)),
        Bullets: lambda one: _bullets(one, sheet),
        Table: lambda one: [_table(one, sheet, width)],
        Checks: lambda one: [_checks(one, sheet, width)],
        Figure: lambda one: [_figure(one)],
    }
    return draw[type(block)](block)


def _tone(tone: Tone, sheet: _Sheet) -> ParagraphStyle:
    return {Tone.PLAIN: sheet.plain, Tone.STRONG: sheet.strong, Tone.QUIET: sheet.quiet}[tone]


def _paragraphs(text: str, style: ParagraphStyle, bullet: str | None = None) -> list[Any]:
    from reportlab.platypus import Paragraph

    return [Paragraph(escape(text), style, bulletText=bullet)]


def _bullets(block: Bullets, sheet: _Sheet) -> list[Any]:
    return [flowable for item in block.items for flowable in _paragraphs(item, sheet.bullet, "•")]


def _table(block: Table, sheet: _Sheet, width: float) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table as Drawn

    last = len(block.rows) - 1
    rows = [[_paragraphs(one.title, sheet.head_right if one.right else sheet.head) for one in block.columns]]
    for at, row in enumerate(block.rows):
        total = block.total and at == last
        pairs = zip(row, block.columns, strict=True)
        rows.append([_paragraphs(cell, _cell_style(column.right, total, sheet)) for cell, column in pairs])
    drawn = Drawn(rows, colWidths=[one.share * width for one in block.columns], repeatRows=1, spaceAfter=6)
    drawn.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(SHADE)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(RULE)),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            *([("LINEABOVE", (0, -1), (-1, -1), 1, HexColor(MAIN))] if block.total else []),
        ]
    )
    return drawn


def _cell_style(right: bool, total: bool, sheet: _Sheet) -> ParagraphStyle:
    if total:
        return sheet.total_right if right else sheet.total
    return sheet.right if right else sheet.cell


def _checks(block: Checks, sheet: _Sheet, width: float) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table as Drawn

    rows = []
    for line in block.lines:
        words = _paragraphs(line.text, sheet.quiet if line.state is CheckState.NOT_NEEDED else sheet.plain)
        detail = _paragraphs(line.detail, sheet.quiet) if line.detail else []
        rows.append([_paragraphs(CHECK_SIGNS[line.state], sheet.strong), [*words, *detail]])
    drawn = Drawn(rows, colWidths=[20, width - 20], spaceAfter=4)
    drawn.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -2), 0.4, HexColor(RULE)),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return drawn


def _figure(block: Figure) -> Any:
    from reportlab.lib.units import cm
    from reportlab.platypus import Image

    image = Image(io.BytesIO(block.png), block.width * cm, block.height * cm, hAlign="CENTER")
    image.spaceAfter = 6
    return image

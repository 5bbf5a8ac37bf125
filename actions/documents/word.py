"""A document as DOCX, for people who want to go on writing: real headings, tables, alt texts, label and page number on every page."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

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
from actions.documents.look import INK, MAIN, QUIET, RULE, SHADE, WORD_FONT

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTH = 17.0  # centimetres between the margins


def render_docx(document: Document) -> bytes:
    """Blocks for some 100 ms: asynchronous callers use a thread."""
    import docx
    from docx.shared import Cm

    file = docx.Document()
    _set_up(file)
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)
    section.header_distance = section.footer_distance = Cm(1.0)
    _edges(section, document)
    _properties(file.core_properties, document)
    _written(file.add_paragraph(style="Title"), document.title)
    _written(file.add_paragraph(style="Subtitle"), document.subtitle)
    for block in document.blocks:
        _drawn(file, block)
    output = io.BytesIO()
    file.save(output)
    return output.getvalue()


def _properties(properties: Any, document: Document) -> None:
    properties.title, properties.subject, properties.language = document.title, document.label, "vi-VN"
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.combine(document.made_on, time(), UTC)


def _set_up(file: Any) -> None:
    """The template's styles in our font and colours, the text marked as Vietnamese for spell checkers."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    sizes = {"Normal": 10, "Title": 19, "Subtitle": 9.5, "Heading 1": 13, "List Bullet": 10}
    colours = {"Title": MAIN, "Heading 1": MAIN, "Subtitle": QUIET}
    for name, size in sizes.items():
        style = file.styles[name]
        _font(style.font, size, colours.get(name, INK), bold=name in ("Title", "Heading 1"))
        style.font.italic = False
        style.paragraph_format.space_after = _pt(5)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), WORD_FONT)
    _without(file.styles["Title"].element.get_or_add_pPr(), "w:pBdr")
    _without(file.styles["Subtitle"].element.get_or_add_rPr(), "w:spacing")
    file.styles["Heading 1"].paragraph_format.space_before = _pt(12)
    file.styles["List Bullet"].paragraph_format.space_after = _pt(2)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    file.styles["Normal"].element.get_or_add_rPr().append(language)


def _without(properties: Any, name: str) -> None:
    """Take a property of the template's style away."""
    from docx.oxml.ns import qn

    for found in properties.findall(qn(name)):
        properties.remove(found)


def _edges(section: Any, document: Document) -> None:
    """Label above, title, day and page below; in the style of plain text, whose tab stops are ours alone."""
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.style = foot.style = "Normal"
    _font(_written(head, document.label).font, 8, MAIN, bold=True)
    _border(head, "bottom")
    _border(foot, "top")
    foot.paragraph_format.tab_stops.add_tab_stop(_cm(_WIDTH), _right_tab())
    _font(_written(foot, f"{document.title} · {document.made_on:%d/%m/%Y}\tTrang ").font, 8, QUIET)
    _field(foot, "PAGE")
    _font(_written(foot, "/").font, 8, QUIET)
    _field(foot, "NUMPAGES")


def _drawn(file: Any, block: Block) -> None:
    draw: dict[type[Any], Callable[[Any], None]] = {
        Heading: lambda one: _heading(file, one),
        Text: lambda one: _text(file, one),
        Bullets: lambda one: _bullets(file, one),
        Table: lambda one: _table(file, one),
        Checks: lambda one: _checks(file, one),
        Figure: lambda one: _figure(file, one),
    }
    draw[type(block)](block)


def _heading(file: Any, block: Heading) -> None:
    _written(file.add_paragraph(style="Heading 1"), block.text)


def _text(file: Any, block: Text) -> None:
    run = _written(file.add_paragraph(), block.text)
    if block.tone is Tone.STRONG:
        _font(run.font, 12, INK, bold=True)
    if block.tone is Tone.QUIET:
        _font(run.font, 8.5, QUIET)


def _bullets(file: Any, block: Bullets) -> None:
    for item in block.items:
        _written(file.add_paragraph(style="List Bullet"), item)


def _table(file: Any, block: Table) -> None:
    table = _empty_table(file, [one.share for one in block.columns], len(block.rows) + 1)
    _mark_row(table.rows[0], "tblHeader")  # stands on every page that the table reaches
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _font(_fill(cell, column.title, column.right).font, 8.5, MAIN, bold=True)
        _shade(cell)
    for at, row in enumerate(block.rows, 1):
        total = block.total and at == len(block.rows)
        for cell, words, column in zip(table.rows[at].cells, row, block.columns, strict=True):
            _font(_fill(cell, words, column.right).font, 9, INK, bold=total)
    _spaced(file)


def _checks(file: Any, block: Checks) -> None:
    table = _empty_table(file, [0.05, 0.95], len(block.lines))
    for row, line in zip(table.rows, block.lines, strict=True):
        _font(_fill(row.cells[0], CHECK_SIGNS[line.state], False).font, 12, INK)
        colour = QUIET if line.state is CheckState.NOT_NEEDED else INK
        _font(_fill(row.cells[1], line.text, False).font, 10, colour)
        if line.detail:
            detail = row.cells[1].add_paragraph()
            detail.paragraph_format.space_after = _pt(2)
            _font(_written(detail, line.detail).font, 8.5, QUIET)
    _spaced(file)


def _figure(file: Any, block: Figure) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(block.png), _cm(block.width), _cm(block.height))
    shape._inline.docPr.set("descr", block.alt)


def _empty_table(file: Any, shares: list[float], rows: int) -> Any:
    """Thin lines below the rows; widths in every cell, because LibreOffice reads them there."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = file.add_table(rows, len(shares))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    borders = OxmlElement("w:tblBorders")
    for edge in ("bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE.removeprefix("#"))):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = _cm(_WIDTH * share)
        for cell in column.cells:
            cell.width = _cm(_WIDTH * share)
    for row in table.rows:
        _mark_row(row, "cantSplit")
    return table


def _fill(cell: Any, words: str, right: bool) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = _pt(2)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _written(paragraph, words)


def _mark_row(row: Any, mark: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{mark}"))


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE.removeprefix("#"))):
        shading.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _border(paragraph: Any, edge: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{edge}")
    for key, value in (("val", "single"), ("sz", "4"), ("space", "4"), ("color", RULE.removeprefix("#"))):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _field(paragraph: Any, code: str) -> None:
    """A number that the word processor fills in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = _written(paragraph, "1")
    _font(run.font, 8, QUIET)
    paragraph._p.append(field)
    field.append(run._r)


def _spaced(file: Any) -> None:
    paragraph = file.add_paragraph()
    paragraph.paragraph_format.space_after = _pt(0)
    _font(_written(paragraph, "").font, 4, INK)


def _written(paragraph: Any, words: str) -> Any:
    return paragraph.add_run(words)


def _font(font: Any, size: float, colour: str, bold: bool = False) -> None:
    from docx.shared import RGBColor

    font.name, font.size, font.bold = WORD_FONT, _pt(size), bold
    font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))


def _pt(points: float) -> Any:
    from docx.shared import Pt

    return Pt(points)


def _cm(length: float) -> Any:
    from docx.shared import Cm

    return Cm(length)


def _right_tab() -> Any:
    from docx.enum.text import WD_TAB_ALIGNMENT

    return WD_TAB_ALIGNMENT.RIGHT

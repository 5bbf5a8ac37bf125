"""The letters of a PDF with their places, read with PDFium.

The order in which a PDF stores its letters is not the order in which they are read: where a font lacks the Vietnamese letters,
programs set them in a second font and store them after the line, and every extractor that follows that order tears words
apart («Đi u ki n ề ệ»). So only the places count here. docs/decisions/0005-pdf-extraction.md has the comparison.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from knowledge.importing import limits
from knowledge.importing.errors import ImportRefused, Situation

_TINY_POINTS = 3.5
_NEARLY_WHITE = 0xF0
_FAINT = 10  # of 255
_SLANTED = 0.1  # radians; what is written across a page is a stamp or a watermark
_ERROR_PASSWORD = 4
_INVISIBLE_MODE = 3


class Letter(NamedTuple):
    """One letter: its left and right end, its base line, its height. A tuple, since a document has hundreds of thousands."""

    character: str
    x: float
    right: float
    y: float
    size: float


@dataclass(slots=True)
class Letters:
    """The letters of each page that a reader sees, and how many others there are."""

    pages: list[list[Letter]] = field(default_factory=list)
    hidden: int = 0
    slanted: int = 0
    scanned_pages: int = 0
    active: list[str] = field(default_factory=list)


def read_letters(data: bytes) -> Letters:
    """Raises ImportRefused for a file that is damaged or has a password."""
    import pypdfium2 as pdfium  # a library of 7 MB, so only where a PDF is read

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _ERROR_PASSWORD or "password" in str(error).lower():
            raise ImportRefused(Situation.ENCRYPTED) from error
        raise ImportRefused(Situation.DAMAGED_FILE, "PDF không mở được") from error
    try:
        return _all_pages(document)
    except pdfium.PdfiumError as error:
        raise ImportRefused(Situation.DAMAGED_FILE, "có trang PDF không đọc được") from error
    finally:
        document.close()


def _all_pages(document: Any) -> Letters:
    if len(document) > limits.PDF_PAGES:
        raise ImportRefused(Situation.TOO_LARGE, f"{len(document)} trang")
    found, characters = Letters(active=_active_content(document)), 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        found.pages.append(_seen(list(_letters(text)), found))
        characters += len(found.pages[-1])
        limits.check_text(characters)
        text.close()
        page.close()
    return found


class _Paint(NamedTuple):
    pale: bool
    invisible: bool
    slanted: bool


class _Drawn(NamedTuple):
    letter: Letter
    paint: _Paint


def _letters(text: Any) -> Iterator[_Drawn]:
    """All letters of a page; spaces are left out here and found again by the gaps."""
    from pypdfium2 import raw

    handle = text.raw
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    paints: dict[int, _Paint] = {}
    for at in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, at)
        if (
            code < 33
            or code == 0xA0
            or 0xD800 <= code <= 0xDFFF
            or code > 0x10FFFF
            or raw.FPDFText_IsGenerated(handle, at) == 1
        ):
            continue
        raw.FPDFText_GetCharOrigin(handle, at, x, y)
        raw.FPDFText_GetLooseCharBox(handle, at, box)
        height = abs(box.top - box.bottom)
        piece = raw.FPDFText_GetTextObject(handle, at)
        address = ctypes.addressof(piece.contents) if piece else 0
        if address not in paints:  # asked once for each piece of text: every question crosses into C
            paints[address] = _paint(raw, handle, at, piece)
        paint = paints[address]
        if 0 < height < _TINY_POINTS:
            paint = paint._replace(pale=True)
        yield _Drawn(Letter(chr(code), box.left, box.right, y.value, height or 1.0), paint)


def _paint(raw: Any, handle: Any, at: int, piece: Any) -> _Paint:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(handle, at, red, green, blue, alpha)
    pale = min(red.value, green.value, blue.value) >= _NEARLY_WHITE or alpha.value < _FAINT
    mode = raw.FPDFTextObj_GetTextRenderMode(piece) if piece else 0
    angle = raw.FPDFText_GetCharAngle(handle, at) % (2 * math.pi)
    return _Paint(pale, mode == _INVISIBLE_MODE, _SLANTED < angle < 2 * math.pi - _SLANTED)


def _seen(drawn: list[_Drawn], found: Letters) -> list[Letter]:
    """The letters that show. A page with none but invisible ones is a scan with recognised text: those are its text."""
    slanted = sum(paint.slanted for _, paint in drawn)
    if 0 < slanted < len(drawn) / 2:
        found.slanted += slanted
        drawn = [one for one in drawn if not one.paint.slanted]
    if drawn and all(paint.invisible for _, paint in drawn):
        found.scanned_pages += 1
        return [letter for letter, _ in drawn]
    shown = [letter for letter, paint in drawn if not paint.pale and not paint.invisible]
    found.hidden += len(drawn) - len(shown)
    return shown


def _active_content(document: Any) -> list[str]:
    from pypdfium2 import raw

    found = []
    if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
        found.append("mã JavaScript")
    if raw.FPDFDoc_GetAttachmentCount(document.raw) > 0:
        found.append("tệp đính kèm")
    return found

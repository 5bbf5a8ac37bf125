"""One uploaded file into one proposal: recognise the format, read it, find the regulation in it, say what looks wrong.

Pure: the bytes come in, the proposal goes out, and no file, address or process is touched. `isolation` runs this with limits,
which is what everything that takes files from people must call.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from knowledge.importing import limits
from knowledge.importing.assembly import Assembly
from knowledge.importing.blocks import Block, Extraction, Paragraph, Table
from knowledge.importing.docx_reader import read_docx
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.html_reader import read_html
from knowledge.importing.legacy import modernise, recognise
from knowledge.importing.pdf_reader import read_pdf
from knowledge.importing.proposal import Format, ImportProposal
from knowledge.importing.report import Code, Finding, Severity
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


def parse_upload(data: bytes, filename: str, document: str = "") -> ImportProposal:
    """The proposal of one file; `document` is the id of the regulation where the file is an excerpt that does not name it.

    Raises ImportRefused, and nothing else, for a file that can't become a proposal.
    """
    limits.check_upload(len(data))
    file_format = recognise_format(data, filename)
    extraction = _READERS[file_format](data)
    _modernise(extraction)
    _check_blocks(extraction.blocks)
    return Assembly(data, filename, file_format, extraction, document).proposal()


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

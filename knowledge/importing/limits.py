"""How much of a file is read. One page, because each limit is only worth something if no reader forgets it.

The largest law in force, the Civil Code, has about 400,000 characters; a gazette issue stays below 20 MB.
"""

from __future__ import annotations

from knowledge.importing.errors import ImportRefused, Situation

UPLOAD_BYTES = 20_000_000
UNPACKED_BYTES = 60_000_000  # all parts of a .docx together, images included
XML_PART_BYTES = 16_000_000  # one XML part; its tree takes about ten times as much memory
ZIP_ENTRIES = 2_000
TEXT_CHARACTERS = 2_000_000
PARAGRAPH_CHARACTERS = 100_000
LONG_PARAGRAPH_CHARACTERS = 20_000  # still read, but a person should look
PDF_PAGES = 1_000
FRONT_MATTER_CHARACTERS = 20_000
NESTING = 200  # elements within elements, tables within tables


def check_upload(size: int) -> None:
    """Raises ImportRefused for a file of no bytes or too many."""
    if size == 0:
        raise ImportRefused(Situation.EMPTY_FILE)
    if size > UPLOAD_BYTES:
        raise ImportRefused(Situation.TOO_LARGE, f"{size / 1e6:.0f} MB, giới hạn {UPLOAD_BYTES / 1e6:.0f} MB")


def check_text(characters: int) -> None:
    """Raises ImportRefused where a document holds more text than any regulation."""
    if characters > TEXT_CHARACTERS:
        raise ImportRefused(Situation.TOO_LARGE_UNPACKED, f"{characters:,} chữ cái".replace(",", "."))


def check_paragraph(characters: int) -> None:
    """Raises ImportRefused for a paragraph that no regulation has."""
    if characters > PARAGRAPH_CHARACTERS:
        raise ImportRefused(Situation.PARAGRAPH_TOO_LONG, f"{characters:,} chữ cái".replace(",", "."))

"""What every reader hands on: paragraphs and tables in reading order, and what it noticed on the way.

The readers know about files, the rest knows about regulations; this page is all that they share.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.importing.report import Finding
from knowledge.vietnamese import nfc

_SUBSTITUTES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ"})  # the Icelandic eth looks the same and is often typed


def normal(official: str) -> str:
    """NFC, without invisible characters, white space folded to single spaces, the eth read as đ."""
    return " ".join(nfc(official).translate(_SUBSTITUTES).split())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: `official` as extracted, `text` in normal form; `heading` is the level that the file gives it, if any."""

    official: str
    text: str
    page: int = 1
    heading: int = 0
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, official: str, page: int = 1, heading: int = 0, notes: tuple[str, ...] = ()) -> Paragraph:
        """A paragraph from its words as extracted; white space at its two ends belongs to the layout."""
        return cls(official.strip(), normal(official), page, heading, notes)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as extracted."""

    rows: tuple[tuple[str, ...], ...]
    page: int = 1

    def paragraphs(self) -> list[Paragraph]:
        """The cells one after another, for a table that only serves the layout."""
        return [
            Paragraph.of(line, self.page)
            for row in self.rows
            for cell in row
            for line in cell.split("\n")
            if line.strip()
        ]


Block = Paragraph | Table


@dataclass(slots=True)
class Extraction:
    """What a reader found in one file."""

    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    front_matter: dict[str, object] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)  # running headers and page furniture, for sample markers only
    page_title: str = ""
    encoding: str = "UTF-8"
    pages: int = 1
    real_pages: bool = False

"""What a document says, apart from how it is drawn: a title, a label for every page, and blocks in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Tone(StrEnum):
    """How a paragraph speaks."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"


class CheckState(StrEnum):
    """A line of a checklist."""

    TODO = "todo"
    DONE = "done"
    NOT_NEEDED = "not_needed"


CHECK_SIGNS = {CheckState.TODO: "☐", CheckState.DONE: "☑", CheckState.NOT_NEEDED: "–"}


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the width, all of a table's together 1; numbers stand right."""

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, one a column; with `total` the last row is a sum."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A line of a checklist with what it rests on below it."""

    state: CheckState
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    lines: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A PNG, centimetres wide and high, with words for those who don't see it."""

    png: bytes
    width: float
    height: float
    alt: str


Block = Heading | Text | Bullets | Table | Checks | Figure


@dataclass(frozen=True, slots=True)
class Document:
    """`label` stands on every page: what this document must not be taken for."""

    title: str
    subtitle: str
    label: str
    made_on: date
    blocks: tuple[Block, ...]

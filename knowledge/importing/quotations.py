"""New text that an amending document quotes: where it begins, where it ends, and whether all of it is there.

A quotation runs over many paragraphs and holds articles, clauses and other quotations. Some are never closed, since the copy
leaves out their end. So an end is looked for first; without one, the quotation ends where the document's own numbering goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge.importing import markers
from knowledge.importing.blocks import Block, Paragraph, normal

_OPENS = re.compile(r"[“«\"]")
_CLOSES = re.compile(r"[”»\"]\s?[.;,]?\s?$")
_INLINE = re.compile(r"(?:như sau|sau đây|mới)\s?:\s?(?=[“\"«])")
_INSTRUCTION = re.compile(r"sửa đổi|bổ sung|thay thế|như sau\s?:$|sau đây\s?:$", re.IGNORECASE)
FARTHEST = 5_000  # blocks


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted blocks without the outer quotation marks; `end` is the place of the first block after them."""

    blocks: tuple[Block, ...]
    end: int
    closed: bool
    omissions: int
    introduction: str = ""  # the paragraph before, which says what to do with it
    instruction: str = ""  # the same where it stands in the paragraph in which the quotation begins
    official_instruction: str = ""

    @property
    def complete(self) -> bool:
        """True where the quotation is closed and leaves nothing out."""
        return self.closed and not self.omissions


def find_quotation(
    blocks: list[Block], at: int, before: Paragraph | None, omitted: bool, expected: tuple[str, str, str], reach: int
) -> Quotation | None:
    """The quotation that begins at this block, if one does.

    `before` is the paragraph of the document just before, `omitted` says whether something was left out there, and `expected`
    how the next article, clause and point of the document itself would begin; `reach` is how many blocks may be looked at.
    """
    window = blocks[at : at + min(reach, FARTHEST)]
    first = window[0] if window else None
    if not isinstance(first, Paragraph):
        return None
    introduction = before.text if before else ""
    if _OPENS.match(first.text):
        if not (omitted or introduction.endswith(("[…]", ":")) or _INSTRUCTION.search(introduction)):
            return None
        found = _collect(window, first, expected)
        return replace(found, introduction=introduction, end=at + found.end)
    inline = _INLINE.search(first.text) if _depth(first.text) > 0 or _CLOSES.search(first.text[-8:]) else None
    if inline is None or not _INSTRUCTION.search(first.text[: inline.end()]):
        return None
    cut = _same_place(first, inline.end())
    found = _collect(window, Paragraph(first.official[cut:], first.text[inline.end() :], first.page), expected)
    instruction = first.text[: inline.end()].strip()
    return replace(
        found, end=at + found.end, instruction=instruction, official_instruction=first.official[:cut].strip()
    )


def _same_place(paragraph: Paragraph, place: int) -> int:
    """The place in the official text of the quotation mark at a place of the text; their white space differs."""
    mark = paragraph.text[place]
    earlier = paragraph.text.count(mark, 0, place)
    at = -1
    for _ in range(earlier + 1):
        at = paragraph.official.find(mark, at + 1)
    return max(at, 0)


def _collect(window: list[Block], first: Paragraph, expected: tuple[str, str, str]) -> Quotation:
    end = _closing(window, first, expected)
    closed = end is not None
    if end is None:
        end = _own_text(window, expected)
    inside: list[Block] = [first, *window[1:end]]
    omissions = sum(isinstance(one, Paragraph) and bool(markers.OMISSION.search(one.text)) for one in inside)
    return Quotation(tuple(_unquoted(inside, closed)), end, closed, omissions)


def _closing(window: list[Block], first: Paragraph, expected: tuple[str, str, str]) -> int | None:
    """The place after the block in which the quotation closes, or None."""
    straight = first.text.startswith('"')
    depth = 0
    for place, block in enumerate([first, *window[1:]]):
        if not isinstance(block, Paragraph):
            continue
        if place and block.heading and markers.starts_article(block.text):
            return None  # quoted articles are no headings of the file
        depth += 0 if straight else _depth(block.text)
        if _CLOSES.search(block.text[-8:]) and (straight or depth <= 0 or _goes_on(window, place + 1, expected)):
            return place + 1
    return None


def _goes_on(window: list[Block], place: int, expected: tuple[str, str, str]) -> bool:
    """True where the document's own numbering, or its end, follows."""
    if place >= len(window):
        return True
    block = window[place]
    return isinstance(block, Paragraph) and block.text.startswith(tuple(filter(None, expected)))


def _own_text(window: list[Block], expected: tuple[str, str, str]) -> int:
    """Where a quotation without an end must have ended: before the next article of the document, else after one block."""
    for place, block in enumerate(window):
        own = isinstance(block, Paragraph) and (bool(block.heading) or block.text.startswith(expected[0]))
        if place and isinstance(block, Paragraph) and own and markers.starts_article(block.text):
            return place
    return 1


def _depth(text: str) -> int:
    return text.count("“") + text.count("«") - text.count("”") - text.count("»")


def _unquoted(blocks: list[Block], closed: bool) -> list[Block]:
    result: list[Block] = []
    for place, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            official = block.official
            if place == 0:
                official = official.lstrip()[1:]
            if closed and place == len(blocks) - 1:
                official = re.sub(r"\s*[”»\"]\s*[.;,]?\s*$", "", official)
            block = Paragraph(official.strip(), normal(official), block.page, 0, block.notes)
        result.append(block)
    return result

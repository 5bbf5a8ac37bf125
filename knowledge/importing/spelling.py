"""Whether the text reads as Vietnamese: valid syllables on each page, torn words, lost marks, lost letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from knowledge.importing.blocks import Block, Paragraph
from knowledge.importing.report import Code, Finding, PageShare, Severity
from knowledge.vietnamese import has_marks, is_syllable

_WORD = re.compile(r"[^\W\d_]+")
_LOST = re.compile(r"\ufffd|[^\W\d_]\?[^\W\d_]")
_ESTIMATED_PAGE = 400  # words; where the file has no pages
_ENOUGH = 20  # words, before a share says anything
_LOW, _VERY_LOW = 0.85, 0.6
_TORN_SHARE = 0.02
_FEW_MARKS = 0.2  # Vietnamese text has marks on more than half of its words


def page_words(blocks: list[Block], real_pages: bool) -> dict[int, list[str]]:
    """The words of letters of each page; pages of a fixed length where the file has none."""
    pages: dict[int, list[str]] = {}
    total = 0
    for block in blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [one.text for one in block.paragraphs()]
        for text in texts:
            words = _WORD.findall(text.lower())
            page = block.page if real_pages else total // _ESTIMATED_PAGE + 1
            pages.setdefault(page, []).extend(words)
            total += len(words)
    return pages


def page_shares(pages: dict[int, list[str]]) -> tuple[PageShare, ...]:
    """The share of possible syllables of each page."""
    return tuple(
        PageShare(page, len(words), round(sum(map(is_syllable, words)) / len(words), 4))
        for page, words in pages.items()
        if words
    )


def spelling_findings(pages: dict[int, list[str]], blocks: list[Block]) -> Iterator[Finding]:
    """What looks wrong about the letters."""
    for share in page_shares(pages):
        if share.words >= _ENOUGH and share.share < _LOW:
            severity = Severity.REFUSE if share.share < _VERY_LOW else Severity.WARNING
            percent = f"{100 * share.share:.0f} %"
            yield Finding(
                Code.LOW_SYLLABLE_SHARE,
                severity,
                f"trang {share.page}",
                f"Chỉ {percent} chữ là âm tiết tiếng Việt hợp lệ.",
            )
    words = [word for page in pages.values() for word in page]
    if len(words) >= _ENOUGH:
        yield from _torn(words)
        yield from _markless(words)
    lost = sum(len(_LOST.findall(block.text)) for block in blocks if isinstance(block, Paragraph))
    if lost:
        severity = Severity.REFUSE if lost > 3 else Severity.WARNING
        yield Finding(
            Code.LOST_CHARACTERS, severity, "", f"{lost} chữ bị mất khi chuyển mã (dấu hỏi hoặc ô vuông giữa từ)."
        )


def _torn(words: list[str]) -> Iterator[Finding]:
    """Pairs of neighbours that only together make a syllable: «kiệ n», «thưở ng»."""
    torn = [f"{one} {two}" for one, two in pairwise(words) if _is_torn(one, two)]
    if len(torn) > max(2, _TORN_SHARE * len(words)):
        sample = ", ".join(f"«{pair}»" for pair in torn[:3])
        sentence = (
            f"Chữ bị tách rời giữa âm tiết ở {len(torn)} chỗ ({sample}): hãy lấy bản .docx, hoặc sửa tay rồi nhập lại."
        )
        yield Finding(Code.BROKEN_SPACING, Severity.REFUSE, "", sentence)


def _is_torn(one: str, two: str) -> bool:
    if len(one) + len(two) > 7 or (is_syllable(one) and is_syllable(two)):
        return False
    return (has_marks(one) or has_marks(two)) and is_syllable(one + two)


def _markless(words: list[str]) -> Iterator[Finding]:
    counted = Counter(words)
    marked = sum(count for word, count in counted.items() if has_marks(word)) / len(words)
    syllables = sum(count for word, count in counted.items() if is_syllable(word)) / len(words)
    if marked < _FEW_MARKS and syllables > _VERY_LOW:
        sentence = f"Chỉ {100 * marked:.0f} % chữ có dấu: văn bản mất dấu tiếng Việt, hãy lấy bản khác."
        yield Finding(Code.LOST_ACCENTS, Severity.REFUSE, "", sentence)

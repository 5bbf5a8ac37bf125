"""The signs by which a paragraph says what it is: «Điều 57.», «1.», «a)», «Chương V», «Nơi nhận:».

All patterns are for text in normal form and are anchored at the start of a paragraph, so that each costs the same however long
the paragraph is.
"""

from __future__ import annotations

import re

POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"

ARTICLE = re.compile(r"(?P<marker>(?:Điều|ĐIỀU)\s(?P<number>\d{1,4}[a-zđ]?)\s?[.:])\s?(?P<title>.*)", re.DOTALL)
BARE_ARTICLE = re.compile(r"(?P<marker>(?:Điều|ĐIỀU)\s(?P<number>\d{1,4}[a-zđ]?))(?P<title>)")
CLAUSE = re.compile(r"(?P<marker>(?P<number>\d{1,3}[a-zđ]?)\.)\s?(?=[^\d\s]|$)")
DOTTED_CLAUSE = re.compile(r"(?P<marker>(?P<first>\d{1,3})\.(?P<second>\d{1,2})\.?)\s(?=\S)")
POINT = re.compile(r"(?P<marker>(?P<letter>[" + POINT_LETTERS + r"])\s?\))\s?(?=\S)")
ODD_POINT = re.compile(r"(?P<marker>(?:[a-zđ]\d{1,2}|[a-zđ]\.\d{1,2}|[fjwz]|\d{1,2})\s?\))\s")

OMISSION = re.compile(r"[\[(]\s?(?:…|\.\.\.)\s?[\])]")
OPENING_QUOTES = '“"«'
CLOSING_QUOTES = '”"»'

_ROMAN = r"[IVXLC]{1,7}|\d{1,3}"
_ORDINAL = r"thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)"
PART = re.compile(
    rf"(?:Phần|PHẦN)\s(?P<number>{_ORDINAL}|{_ORDINAL.upper()}|{_ROMAN})\b[.:]?\s?(?P<title>.*)", re.DOTALL
)
CHAPTER = re.compile(rf"(?:Chương|CHƯƠNG)\s(?P<number>{_ROMAN})\b[.:]?\s?(?P<title>.*)", re.DOTALL)
SECTION = re.compile(r"(?:Mục|MỤC)\s(?P<number>\d{1,3}|[IVX]{1,5})\b[.:]?\s?(?P<title>.*)", re.DOTALL)
SUBSECTION = re.compile(r"(?:Tiểu mục|TIỂU MỤC)\s(?P<number>\d{1,3})\b[.:]?\s?(?P<title>.*)", re.DOTALL)
APPENDIX = re.compile(r"(?:PHỤ LỤC|Phụ lục)(?:\s(?:số\s)?(?:[IVXLC]{1,7}|\d{1,3}))?\b[.:]?(?:\s|$)")
SIGNATURE = re.compile(
    r"(?:Nơi nhận\s?:|(?:TM|KT|TUQ|TL|Q)\s?\.\s?[A-ZĐÀ-Ỹ]{2}|CHỦ TỊCH QUỐC HỘI$|BỘ TRƯỞNG$|THỦ TƯỚNG$|"
    r"Luật này (?:đã )?được Quốc hội nước)"
)
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_NATION = re.compile(r"CỘNG\s?H(?:OÀ|ÒA)\s?XÃ\s?HỘI\s?CHỦ\s?NGHĨA", re.IGNORECASE)


def starts_provision(text: str) -> bool:
    """True where a line begins like an article, a clause, a point or a heading."""
    patterns = (ARTICLE, CLAUSE, DOTTED_CLAUSE, POINT, CHAPTER, SECTION, PART)
    return any(pattern.match(text) for pattern in patterns)


def starts_article(text: str) -> bool:
    """True where a line begins like «Điều 57. »."""
    return ARTICLE.match(text) is not None


def names_nation(text: str) -> bool:
    """True for the two lines that stand over every official document."""
    return _NATION.search(text) is not None


def is_omission(text: str) -> bool:
    """True for a paragraph that only says that something was left out."""
    return len(text) < 12 and OMISSION.fullmatch(text.strip(' .;”"')) is not None


def begins_appendix(text: str) -> bool:
    """True for the heading of an appendix, not for a sentence that begins with «Phụ lục I ban hành kèm theo …»."""
    match = APPENDIX.match(text)
    return match is not None and (not text[match.end() :].strip() or all_capitals(text))


def all_capitals(text: str) -> bool:
    """True where a text has letters and none of them is small."""
    return text != text.lower() and text == text.upper()

"""Numbers of documents and days, as official texts write them."""

from __future__ import annotations

import re
from datetime import date

NUMBER = r"\d{1,5}(?:/\d{4})?/[A-ZĐ]{1,6}\d{0,2}(?:\s?[-–]\s?[A-ZĐ][A-Za-zĐđ]{0,11}){0,3}"
DAY = r"(?:ngày\s(?P<day>\d{1,2})\s?(?:tháng\s(?P<month>\d{1,2})\snăm\s|[/.-]\s?(?P<month2>\d{1,2})\s?[/.-]\s?)(?P<year>\d{4}))"

_NUMBER = re.compile(r"(?P<serial>\d{1,5})(?:/(?P<year>\d{4}))?/(?P<sign>[^\s]+)")
_DAY = re.compile(DAY)
_SHARED = "BKHCN"  # ids leave the ministry out, so only the circulars of this one have them
_KINDS = {
    "Luật": "L",
    "Bộ luật": "BL",
    "Nghị định": "ND",
    "Nghị quyết": "NQ",
    "Thông tư": "TT",
    "Thông tư liên tịch": "TLT",
    "Quyết định": "QD",
    "Pháp lệnh": "PL",
    "Chỉ thị": "CT",
}
_SIGNS = {"NĐ": "ND", "TT": "TT", "TTLT": "TLT", "QĐ": "QD", "NQ": "NQ", "PL": "PL", "CT": "CT"}
_TYPES = {code: name for name, code in _KINDS.items()}
_ISSUERS = {
    "CP": "Chính phủ",
    "TTG": "Thủ tướng Chính phủ",
    "BKHCN": "Bộ Khoa học và Công nghệ",
    "BTC": "Bộ Tài chính",
    "BCT": "Bộ Công Thương",
    "UBTVQH": "Ủy ban Thường vụ Quốc hội",
    "QH": "Quốc hội",
}


def tidy_number(number: str) -> str:
    """«37/2026/NĐ – CP» → «37/2026/NĐ-CP»."""
    return re.sub(r"\s?[-–]\s?", "-", number)


def document_type(number: str) -> str:
    """«Nghị định» for 37/2026/NĐ-CP; empty where the number does not say it, as with those of the National Assembly."""
    match = _NUMBER.fullmatch(tidy_number(number))
    return _TYPES.get(_SIGNS.get(match["sign"].split("-")[0], ""), "") if match else ""


def issuer(number: str) -> str:
    """«Chính phủ» for 37/2026/NĐ-CP; empty for an issuer that is not known here."""
    match = _NUMBER.fullmatch(tidy_number(number))
    sign = match["sign"].upper().rstrip("0123456789") if match else ""
    return next((name for ending, name in _ISSUERS.items() if sign.endswith(ending)), "")


def document_id(number: str, kind: str = "", year: int | None = None) -> str:
    """«ND37-2026» for 37/2026/NĐ-CP, «L05-2007» for the law 05/2007/QH12; empty where no id can be made.

    `kind` is the word before the number, `year` the year of signing, for numbers that do not have it.
    """
    match = _NUMBER.fullmatch(tidy_number(number))
    if match is None:
        return ""
    code = _SIGNS.get(match["sign"].split("-")[0], "")
    if match["sign"].startswith("QH"):
        code = _KINDS.get(kind, "L")
    shown_year = match["year"] or (str(year) if year else "")
    return "" if not code else f"{code}{match['serial']}" + (f"-{shown_year}" if shown_year else "")


def shares_its_number(number: str) -> bool:
    """True for circulars of other ministries: theirs may have the number of one of the Ministry of Science and Technology."""
    sign = tidy_number(number).rsplit("/", 1)[-1]
    return sign.startswith("TT") and not sign.endswith(_SHARED)


def read_day(text: str) -> date | None:
    """The first day that is written out («ngày 23 tháng 01 năm 2026», «ngày 01/7/2026»), None where there is none."""
    match = _DAY.search(text)
    return day_of(match) if match else None


def day_of(match: re.Match[str]) -> date | None:
    """The day of a match of DAY; None for 31/02."""
    try:
        return date(int(match["year"]), int(match["month"] or match["month2"]), int(match["day"]))
    except ValueError:
        return None


_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
          "mười lăm": 15, "ba mươi": 30, "bốn mươi lăm": 45, "sáu mươi": 60, "chín mươi": 90}  # fmt: skip
AMOUNT = r"(?:\d{1,3}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"


def read_amount(words: str) -> int:
    """«15», «mười lăm» → 15."""
    return int(words) if words.isdigit() else _WORDS[words.lower()]


def months_later(day: date, months: int) -> date | None:
    """The same day some months later, the last day of a shorter month; None past the year 9999."""
    month = day.month - 1 + months
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    try:
        return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))
    except ValueError:
        return None

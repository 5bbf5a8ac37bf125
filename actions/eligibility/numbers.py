"""Numbers as people write them, in digits or in Vietnamese and English words; and the clock that times are read against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Clock:
    """The day of the message, and whether a date without a year is one to come (registration) or one gone by."""

    today: date
    ahead: bool = False


_ONES = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "sauu": 6, "bay": 7, "tam": 8, "tamm": 8, "chin": 9}
_ENGLISH = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_LAST = {**_ONES, "tu": 4, "lam": 5}
del _LAST["nam"]  # «mười năm» is ten years
NUMBERS = {
    **_ONES,
    "muoi": 10,
    "chuc": 10,
    **{f"muoi {word}": 10 + one for word, one in _LAST.items()},
    **{f"{word} {ten}": 10 * one for word, one in _ONES.items() for ten in ("muoi", "chuc")},
    **{f"{word} muoi {last}": 10 * one + two for word, one in _ONES.items() for last, two in _LAST.items()},
    **{word: at for at, word in enumerate(_ENGLISH, 1)},
}
NUMBER_WORDS = "|".join(sorted(NUMBERS, key=len, reverse=True))
NUM = rf"(?:(?<![\d.,/])\d{{1,3}}(?:[.,]\d{{1,2}})?|\b(?:{NUMBER_WORDS})\b)"


def number(text: str) -> float:
    """What NUM has found: «12», «2,5», «mười lăm»."""
    return float(text.replace(",", ".")) if text[0].isdigit() else float(NUMBERS[text])

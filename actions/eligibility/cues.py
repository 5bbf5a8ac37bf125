"""Words that tell which item is spoken of, in the words of spelling.plain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.eligibility import Item


@dataclass(frozen=True, slots=True)
class Cue:
    """A word with its place and its item."""

    start: int
    end: int
    item: Item


# Tried in this order; what one has taken the next can't see («dự giải» is no prize).
_WORDS: list[tuple[Item, list[str]]] = [
    (
        Item.REGISTRATION_DATE,
        [
            "dang ky(?: tham du| du giai| du thi| giai)*|nop(?: ho so| don| giay)?|gui ho so|tham du(?: giai)?|du giai",
            r"tham gia(?: giai)?|du thi|du kien|du dinh|regist\w*|apply\w*|submit\w*",
        ],
    ),
    (
        Item.PRODUCT,
        [
            "san pham|hang hoa|mat hang|ban(?: ra| hang| le| si)?|tung ra|(?:ra |tren |ngoai )?thi truong|luu hanh",
            "(?<!khach )(?<!cua )(?<!nha )(?<!ngan )hang(?! (?:nam|thang|ngay|tuan|chuc|loat|vietnam))",
            r"cung ung|ra mat|xuat xuong|xuat khau|len ke(?! hoach)|products?|sold|sell\w*|market\w*|launch\w*",
        ],
    ),
    (
        Item.COMPLIANCE,
        [
            "phap luat|vi pham|(?:xu )?phat|chap hanh|tuan thu|sai pham|dinh chi|(?:no|tron) thue|no bao hiem|bien ban",
            r"thanh tra|dieu tra|complian\w*|compl(?:y|ies|ied)|violat\w*|fined|penalt\w*",
        ],
    ),
    (
        Item.LAST_PRIZE,
        [
            "(?:dat |doat |nhan |duoc )?giai(?: thuong)?(?: chat luong)?(?: quoc gia)?|vinh danh",
            "awards?|prizes?|won|gold|silver",
        ],
    ),
    (
        Item.OPERATING,
        [
            "giayphep|thanh lap|hoat dong|khai truong|mo cua|mo|ra doi|khoi nghiep|vao vietnam|lam an",
            r"(?<!doc )lap(?= (?:nam|tu|ngay|thang|hoi|duoc|\d))|establish\w*|found\w*|operat\w*|in business|started",
        ],
    ),
]
_CUES = [(item, re.compile(rf"\b(?:{'|'.join(words)})\b")) for item, words in _WORDS]
COMPANY = re.compile(
    r"\b(?:cong ty|doanh nghiep|don vi|ben (?:em|minh|toi)|hop tac xa|htx|kinh doanh|xuong|company|we)\b"
)


def find_cues(clause: str) -> list[Cue]:
    """All cues in order of place; none overlaps another."""
    cues: list[Cue] = []
    for item, pattern in _CUES:
        cues += [Cue(found.start(), found.end(), item) for found in pattern.finditer(clause)]
        clause = pattern.sub(lambda found: "#" * len(found[0]), clause)
    return sorted(cues, key=lambda cue: cue.start)


def speaks_of(clause: str, item: Item) -> bool:
    """True where a word of the item stands in the clause."""
    return any(cue.item is item for cue in find_cues(clause))


def yes_no_item(cue: Cue, clause: str) -> Item:
    """A licence («giấy phép») dates the operation, but a yes or no about it is about the legal standing."""
    return Item.LEGAL if clause[cue.start : cue.end] == "giayphep" else cue.item

"""What a message to the dossier checklist means: tick off, take back, what is missing, a file, or stop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from actions.eligibility.extraction import is_cancel, is_question
from actions.readiness.understanding import plain
from knowledge.dossier import Checklist, Item


class Wish(StrEnum):
    """What somebody wants of the list."""

    TICK = "tick"
    UNTICK = "untick"
    NOT_NEEDED = "not_needed"
    SHOW = "show"
    MISSING = "missing"
    EXPLAIN = "explain"
    EXPORT = "export"
    AFRESH = "afresh"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Reply:
    """`changes` are wishes with the item that each means; `perhaps` items that the words fit alike; `unknown` numbers of no item.

    `wish` alone is about the list (or, for TICK and the like without changes, about nothing that could be found in it).
    """

    wish: Wish | None = None
    changes: tuple[tuple[Wish, Item], ...] = ()
    perhaps: tuple[Item, ...] = ()
    unknown: tuple[int, ...] = ()
    everything: bool = False
    question: bool = False


_NOT_NEEDED = re.compile(
    r"\bkhong (?:ap dung|lien quan|thuoc dien|phai lam|can(?: den| toi| nop| lam)?)\b|\bbo qua\b|\bmien\b"
)
_UNTICK = re.compile(
    r"\bchua (?:xong|co|lam|du|chuan bi|hoan thanh|day du)\b|\bbo (?:danh dau|tick|chon)\b|\bdanh dau nham\b|\bnham(?: roi)?\b|"
    r"\b(?:lam|chuan bi) lai muc\b|\bkhong phai xong\b"
)
_TICK = re.compile(
    r"\b(?:xong|hoan thanh|hoan tat|tick|danh dau|check|done|finished)\b|\b(?:da|vua|moi) (?:co|lam|nop|chuan bi|gom|xin|du|soan|viet|in|"
    r"lay|ky|nhan)\b|\b(?:co|du|lam|chuan bi|gom|lay|nop|viet|soan) (?:\w+ ){0,6}(?:roi|xong|du)\b|\broi$"
)
_EXPLAIN = re.compile(
    r"\b(?:muc|so) \d{1,2}(?: (?:nay|do))? (?:la|can|gom|nghia|lam|lay|chuan bi|viet|xin|nhu|the)\b.*\b(?:gi|sao|nao|dau)\b|"
    r"\b(?:giai thich|noi ro|chi tiet|huong dan)\b.*\b(?:muc|so) \d"
)
_MISSING = re.compile(
    r"\b(?:con |dang )?thieu (?:gi|nhung gi|muc nao|cai gi|bao nhieu)\b|\bcon (?:may|bao nhieu|nhung|muc nao|cai gi|lai)\b|"
    r"\bchua (?:xong|co) (?:gi|muc nao|nhung gi|cai nao)\b|\bcon lai (?:gi|nhung gi)\b|\bwhat is missing\b|^con thieu\b"
)
_EXPORT = re.compile(
    r"\b(?:xuat|tai|in|gui|cho|lay|download|export|luu)\b.*\b(?:file|tep|word|pdf|docx|ban in|ra giay)\b|"
    r"^(?:xuat|tai)(?: (?:file|ra|ve|danh sach|ho so))*$|^(?:word|pdf|docx|file)$"
)
_SHOW = re.compile(
    r"\b(?:xem|hien|mo|cho|liet ke|nhac|in)\b.*\b(?:danh sach|list|checklist|danh muc)\b|^(?:danh sach|checklist|list)(?: \w+){0,3}$|"
    r"\btien do\b|\bden dau roi\b|^(?:xem )?ho so cua (?:toi|em|minh)\b|^xem lai$|\btiep tuc\b|\bdanh sach (?:ho so|cua)\b"
)
_AFRESH = re.compile(
    r"\b(?:lam|bat dau|tao) (?:\w+ ){0,3}(?:lai tu dau|moi)\b|\bxoa (?:het )?(?:danh dau|danh sach)\b|\blai tu dau\b"
)
_STOP = re.compile(
    r"^(?:da |thoi |ok |tam )*(?:dung|ngung|nghi|thoat|de (?:sau|mai|khi khac)|thoi|tam dung|stop|exit|quit)(?: (?:lai|o day|nhe|nha|a|da))*$"
)
_EVERYTHING = re.compile(r"\b(?:tat ca|het|toan bo|moi thu|moi muc|cac muc|du ca)\b")
_NUMBER = re.compile(r"\b(?:muc|so|dong)(?: so)? ?(\d{1,2})(?!\d|%)(?! (?:nam|thang)\b)")
_BARE_NUMBER = re.compile(r"^(?:va |muc |so )*(\d{1,2})\b(?! (?:nam|thang|muc|loai|bo|ban)\b)")
_CLAUSE = re.compile(r"\s*(?:[,;.]|\b(?:nhung|con|va|voi|thi)\b)\s*")
_ABOUT_ITEMS = ((Wish.NOT_NEEDED, _NOT_NEEDED), (Wish.UNTICK, _UNTICK), (Wish.TICK, _TICK))
_ABOUT_LIST = ((Wish.MISSING, _MISSING), (Wish.EXPORT, _EXPORT), (Wish.AFRESH, _AFRESH))


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a message: what it wants, and of which items."""

    wish: Wish | None
    items: tuple[Item, ...]
    perhaps: tuple[Item, ...]
    unknown: tuple[int, ...]


def read_reply(text: str, checklist: Checklist) -> Reply:
    """What the message wants, and of which items; «xong giấy phép, môi trường thì chưa» wants two things."""
    words = plain(text)
    if _STOP.match(words):
        return Reply(Wish.STOP)
    if _EXPLAIN.search(words) and (meant := _items(words, checklist).items):
        return Reply(Wish.EXPLAIN, tuple((Wish.EXPLAIN, item) for item in meant))
    for wish, pattern in _ABOUT_LIST:
        if pattern.search(words):
            return Reply(wish)
    question = "?" in text or is_question(text)
    if not question and (found := _about_items(words, checklist)):
        return found
    if _SHOW.search(words):
        return Reply(Wish.SHOW)
    return Reply(Wish.STOP) if is_cancel(text) else Reply(question=question)


def _about_items(words: str, checklist: Checklist) -> Reply | None:
    """The changes that a message makes; a clause without a verb of its own takes that of the next, else of the one before."""
    clauses = [_items(one, checklist) for one in _CLAUSE.split(words) if one]
    wishes = [one.wish for one in clauses]
    if not any(wishes):
        return None
    changes: dict[str, tuple[Wish, Item]] = {}
    for at, clause in enumerate(clauses):
        wish = next((one for one in [*wishes[at:], *reversed(wishes[:at])] if one), Wish.TICK)
        changes |= {item.id: (wish, item) for item in clause.items}
    perhaps = {item.id: item for clause in clauses for item in clause.perhaps}
    unknown = tuple(number for clause in clauses for number in clause.unknown)
    wish = next(one for one in wishes if one)
    everything = wish is Wish.TICK and not changes and not perhaps and _EVERYTHING.search(words) is not None
    return Reply(wish, tuple(changes.values()), tuple(perhaps.values()), unknown, everything)


def _items(clause: str, checklist: Checklist) -> _Clause:
    """Items by number, else by name; where several fit the words alike, nobody guesses."""
    wish = next((one for one, pattern in _ABOUT_ITEMS if pattern.search(clause)), None)
    numbers = [int(found[1]) for found in _NUMBER.finditer(clause)]
    numbers += [int(one) for one in re.findall(r"\d{1,2}", clause)] if re.fullmatch(r"[\d ]+", clause) else []
    if not numbers and (bare := _BARE_NUMBER.match(clause)):
        numbers = [int(bare[1])]
    if numbers:
        known = tuple(checklist.items[one - 1] for one in dict.fromkeys(numbers) if 1 <= one <= len(checklist.items))
        return _Clause(wish, known, (), tuple(one for one in numbers if not 1 <= one <= len(checklist.items)))
    best = _best(clause, checklist)
    return _Clause(wish, tuple(best), (), ()) if len(best) == 1 else _Clause(wish, (), tuple(best), ())


def read_season(text: str, today_year: int) -> int | None:
    """The award year that the message names: «hồ sơ cho năm 2027», «mùa giải năm sau»."""
    words = plain(text)
    if found := re.search(r"\b(?:nam|mua giai|mua|giai|dot|season)(?: nam)? (20\d\d)\b", words):
        return int(found[1])
    if re.search(r"\b(?:nam sau|sang nam|mua sau|nam toi)\b", words):
        return today_year + 1
    return today_year if re.search(r"\b(?:nam nay|mua nay)\b", words) else None


def _best(clause: str, checklist: Checklist) -> list[Item]:
    """The items with the longest phrase in the clause."""
    lengths = {item.id: _longest(clause, item) for item in checklist.items}
    most = max(lengths.values(), default=0)
    return [item for item in checklist.items if most and lengths[item.id] == most]


def _longest(clause: str, item: Item) -> int:
    return max((len(phrase) for phrase in item.words if re.search(rf"\b{re.escape(phrase)}\b", clause)), default=0)

"""What a message says, as values: mentions of items, and the reading of a whole message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.eligibility import Item, LegalForm, Prize
from knowledge.months import DayRange, Duration

TEMPORAL = (Item.OPERATING, Item.PRODUCT, Item.LAST_PRIZE_YEAR, Item.REGISTRATION_DATE)
YES_NO = (Item.LEGAL, Item.COMPLIANCE, Item.LAST_PRIZE)


class Remark(StrEnum):
    """Something said of an item that is no plain value; PAUSED and ONLY_SERVICES stand beside one."""

    NOT_KNOWN = "not_known"
    PAUSED = "paused"
    ONLY_SERVICES = "only_services"
    SAME_AS_OPERATING = "same_as_operating"


@dataclass(frozen=True, slots=True)
class Legal:
    """Whether it was legally established, in which form, and whether it is a legal person («pháp nhân»)."""

    established: bool | None = None
    form: LegalForm | None = None
    person: bool | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """Whether it keeps the law; a violation told of is for a person to judge, its days may be open."""

    complies: bool | None = None
    violated: DayRange | None = None


Value = Legal | Compliance | Prize | DayRange | Duration | Remark


@dataclass(frozen=True, slots=True)
class Mention:
    """One item with its value; `bare` where only the question tells what the word belongs to («dạ có»)."""

    item: Item
    value: Value
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A message understood: its facts, and what kind of message it is."""

    mentions: tuple[Mention, ...] = ()
    question: bool = False
    cancel: bool = False
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read against: the item asked for, those answered in order, the day."""

    asked: Item | None
    answered: tuple[Item, ...]
    today: date
    correction: bool = False

    @property
    def about_prizes(self) -> bool:
        """True where a bare «vàng» is a prize."""
        about = self.answered[-1:] if self.correction and self.answered else (self.asked,)
        return any(item in (Item.LAST_PRIZE, Item.LAST_PRIZE_YEAR) for item in about)


def merged(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """One value an item: stated beats bare, a value beats «không nhớ», later beats earlier, parts are put together."""
    chosen: dict[tuple[Item, bool], Mention] = {}
    for one in mentions:
        key = one.item, one.value in (Remark.PAUSED, Remark.ONLY_SERVICES)
        chosen[key] = _better(chosen[key], one) if key in chosen else one
    return tuple(chosen.values())


def _better(old: Mention, new: Mention) -> Mention:
    if isinstance(old.value, Legal) and isinstance(new.value, Legal):
        return _one_legal(old, old.value, new, new.value)
    if isinstance(old.value, Compliance) and isinstance(new.value, Compliance):
        return _one_compliance(old, old.value, new, new.value)
    return new if _weight(new) >= _weight(old) else old


def _weight(mention: Mention) -> int:
    """«có, giải bạc» is the silver prize, not some prize."""
    if mention.value is Remark.NOT_KNOWN:
        return 0
    if mention.bare:
        return 1
    return 2 if mention.value is Prize.UNSPECIFIED else 3


def _one_legal(old: Mention, first: Legal, new: Mention, second: Legal) -> Mention:
    keep_old = second.established is None or (new.bare and not old.bare and first.established is not None)
    established = first.established if keep_old else second.established
    person = first.person if second.person is None else second.person
    return Mention(Item.LEGAL, Legal(established, second.form or first.form, person), old.bare and new.bare)


def _one_compliance(old: Mention, first: Compliance, new: Mention, second: Compliance) -> Mention:
    """A violation with a day goes before one without; a stated value before a bare one, a bad one before none."""
    days = second.violated if second.violated not in (None, DayRange()) else first.violated or second.violated
    stated, other = (first, second) if new.bare and not old.bare else (second, first)
    complies = stated.complies if stated.complies is not None or other.complies is not False else False
    return Mention(Item.COMPLIANCE, Compliance(complies, days), old.bare and new.bare)

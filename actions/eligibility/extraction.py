"""What an applicant's message says about the items of the eligibility check, by rules over folded text.

A message is cut into clauses. In each, times are given to the item whose word stands nearest («thành lập 2019, sản phẩm
bán từ đầu năm ngoái»), and what has no such word answers what was asked, or corrects what was answered last. Nothing is
guessed: what can't be placed is left out, and the form asks again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions.eligibility import phrases
from actions.eligibility.cues import COMPANY, speaks_of
from actions.eligibility.mentions import Context, Mention, Reading, Remark, merged
from actions.eligibility.numbers import Clock
from actions.eligibility.placing import open_topic, place_times
from actions.eligibility.spelling import plain
from actions.eligibility.statements import statements
from actions.eligibility.times import find_times
from knowledge.eligibility import Item, Prize
from knowledge.months import DayRange


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message between commas and the like."""

    text: str
    question: bool = False


_BREAK = re.compile(
    r"[;\n!?]+|(?<!\d)[.,]+|[.,]+(?!\d)|\b(?:nhung(?! (?:gi|cai|ai|dieu|loai)\b)(?: ma)?|tuy nhien|con|va(?! (?:bac|vangg?))|but|and(?! a half))\b"
)


def extract(text: str, asked: Item | None, today: date, answered: Sequence[Item] = ()) -> tuple[Mention, ...]:
    """The facts of a message, one an item; `answered` is in order, its last the one a correction means."""
    return read(text, asked, today, answered).mentions


def read(text: str, asked: Item | None, today: date, answered: Sequence[Item] = ()) -> Reading:
    """The facts of a message and its kind. A question and facts may come together («3 năm rồi, đủ chưa?»)."""
    words = plain(text)
    if phrases.FOLLOW_UP.search(words) and not find_times(words, Clock(today)):
        return Reading(question=True)
    correction = _corrects(words)
    words = phrases.NOT_THAT.sub("", phrases.NOT_THAT_BUT_THIS.sub("", phrases.CORRECTION.sub(" ", words)))
    context = Context(asked, tuple(answered), today, correction)
    clauses = _clauses(words)
    mentions = _mentions([_fact_of(one, asked) for one in clauses], context)
    if _cancels(words) and all(one.bare or one.value is Remark.NOT_KNOWN for one in mentions):
        return Reading(cancel=True, correction=correction)
    return Reading(mentions, any(one.question for one in clauses), False, correction)


def is_question(text: str) -> bool:
    """True where the message, or a part of it, asks something."""
    return any(one.question for one in _clauses(plain(text)))


def is_cancel(text: str) -> bool:
    """True where the whole message wants the check to stop («thôi», not «8 tháng thôi»)."""
    return _cancels(plain(text))


def is_correction(text: str) -> bool:
    """True where the message takes something back («à nhầm, 30 tháng»)."""
    return _corrects(plain(text))


def _corrects(words: str) -> bool:
    return any(pattern.search(words) for pattern in (phrases.CORRECTION, phrases.NOT_THAT_BUT_THIS, phrases.NOT_THAT))


def _cancels(words: str) -> bool:
    return phrases.CANCEL.search(" ".join(re.sub(r"[.,;!?]+", " ", words).split())) is not None


def _clauses(words: str) -> list[Clause]:
    """The parts in order; a question draws in the parts that belong to it."""
    clauses: list[Clause] = []
    start, opened = 0, False
    for found in [*_BREAK.finditer(words), None]:
        text = words[start : found.start() if found else len(words)].strip(" -:\"'()")
        start = found.end() if found else start
        if not text:
            continue
        marked = found is not None and "?" in found[0]
        opened = opened or phrases.opens_question(text)
        question = opened or phrases.asks(text, marked) or (marked and _asks_by_mark(text))
        if question and clauses and phrases.LEANING.match(text):
            clauses[-1] = replace(clauses[-1], question=True)
        clauses.append(Clause(text, question))
    supposed = any(one.question for one in clauses) and phrases.HYPOTHETICAL.search(words)
    return [replace(one, question=True) for one in clauses] if supposed else clauses


def _asks_by_mark(clause: str) -> bool:
    """Only the mark says so: a short or dated clause is an unsure answer («3 năm?»), the rest a question."""
    return len(clause.split()) > 3 and not find_times(clause, Clock(date(2000, 1, 1)))


def _fact_of(clause: Clause, asked: Item | None) -> str:
    """The part that states something: nothing of a question, but for the company told of in the opening message."""
    if not clause.question:
        return clause.text
    asking = phrases.MAY_ENTER.search(clause.text)
    opening = asked is None and phrases.asks_yes_or_no(clause.text) and not phrases.HYPOTHETICAL.search(clause.text)
    if not opening or asking is None:
        return ""
    told = clause.text[: asking.start()]
    return told if COMPANY.search(told) or speaks_of(told, Item.OPERATING) else ""


def _mentions(clauses: Sequence[str], context: Context) -> tuple[Mention, ...]:
    found: list[Mention] = []
    topic: Item | None = None
    for clause in clauses:
        taken_back = phrases.DENIAL.match(clause) and not (context.about_prizes or "giai" in clause)
        if not clause or taken_back:
            continue
        timed = place_times(clause, context, topic)
        found += [*timed, *statements(clause, context, timed)]
        topic = open_topic(clause, timed)
    if context.asked is Item.LAST_PRIZE and any(_is_prize_year(one) for one in found):
        found.insert(0, Mention(Item.LAST_PRIZE, Prize.UNSPECIFIED, bare=True))  # a year tells that there was a prize
    return merged(found)


def _is_prize_year(mention: Mention) -> bool:
    return mention.item is Item.LAST_PRIZE_YEAR and isinstance(mention.value, DayRange)

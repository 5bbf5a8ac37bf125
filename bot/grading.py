"""Holds one answer against one gold question: is the fact there, is the right article cited, was it right to answer
at all.

The rules are those of the gold sets' own scorer (shared/eval/README.md), so that a figure of `award eval` and one
taken over HTTP mean the same: expressions are searched in the text after NFC, with Markdown marks taken off and
dashes and spaces made plain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.answer import Answer, AnswerStatus, plain_text

Groups = tuple[tuple[str, ...], ...]

ANSWERED = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
DECLINED = frozenset({AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED})
ASKED_BACK = frozenset({AnswerStatus.CLARIFY, AnswerStatus.FORM})
_MEETS: Mapping[str, frozenset[AnswerStatus]] = {
    "answer": ANSWERED,
    "unknown": frozenset({AnswerStatus.UNKNOWN, AnswerStatus.PARTIAL, AnswerStatus.HANDOFF}),
    "refuse": DECLINED,
    "clarify": ASKED_BACK,
    "handoff": frozenset({AnswerStatus.HANDOFF}),
    "form": frozenset({AnswerStatus.FORM}),
}
# An answer that admits to knowing nothing verified, whatever status it carries.
_ADMITS = re.compile(
    r"chưa\s+(?:có|tìm|thấy|công\s*bố|được|xác|rõ|ban\s*hành|nắm|quy\s*định|đọc|đủ|thể|khẳng|biết|chắc|thống|nói|nêu|kiểm)"
    r"|không\s+(?:có|tìm|thấy|nêu|quy\s*định|rõ|nắm|xác|khẳng|nói|ghi|đề\s*cập|nhắc|ấn|đủ|thể|biết|chắc|thống|cung|cố|liệt)"
    r"|cần\s+(?:hỏi|xác\s*minh|đối\s*chiếu|kiểm\s*tra|liên\s*hệ)"
    r"|\bnot?\b|n't\b|cannot|unknown|unclear|unable",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One line of a question set."""

    id: str
    question: str
    lang: str
    style: str
    topic: str
    expect: str
    accept: frozenset[AnswerStatus]
    must: Groups
    must_not: tuple[str, ...]
    citations: Groups

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> GoldQuestion:
        """Raises KeyError, TypeError or ValueError where the record is no gold question."""
        expect = str(record.get("expect", "answer"))
        if expect not in _MEETS:
            raise ValueError(f"unknown expectation «{expect}»")
        return cls(
            id=str(record["id"]),
            question=str(record["question"]),
            lang=str(record.get("lang", "-")),
            style=str(record.get("style", "-")),
            topic=str(record.get("topic", "-")),
            expect=expect,
            accept=frozenset(AnswerStatus(one) for one in record.get("accept", [])),
            must=tuple(tuple(group) for group in record.get("must", [])),
            must_not=tuple(record.get("must_not", [])),
            citations=tuple(tuple(group) for group in record.get("citations", [])),
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a person gets to see on a channel that draws text and buttons only."""

    status: AnswerStatus
    text: str
    buttons: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Said:
        """As the REST channel sends it."""
        return cls(
            answer.status,
            plain_text(answer.text, [one.label for one in answer.citations], answer.notices, answer.language),
            tuple(one.title for one in answer.suggestions),
            tuple(one.id for one in answer.citations),
        )


@dataclass(frozen=True, slots=True)
class Grade:
    """What one answer got right; `cited` is None where no citation is due."""

    passed: bool
    expect_met: bool
    missing: tuple[str, ...]
    forbidden: tuple[str, ...]
    cited: bool | None


def grade(gold: GoldQuestion, said: Said) -> Grade:
    """Hold what was said against the gold question."""
    text = normal("\n".join([said.text, *said.buttons]) if gold.expect == "clarify" else said.text)
    expect_met = _meets(gold, said, text)
    missing = tuple(" || ".join(group) for group in gold.must if not any(_found(one, text) for one in group))
    if _needs_no_fact(gold, said, expect_met):
        missing = ()
    forbidden = tuple(one for one in gold.must_not if _found(one, text))
    return Grade(expect_met and not missing and not forbidden, expect_met, missing, forbidden, _cited(gold, said))


def _meets(gold: GoldQuestion, said: Said, text: str) -> bool:
    if said.status is AnswerStatus.ERROR:
        return False
    if said.status in _MEETS[gold.expect] | gold.accept:
        return True
    if said.status not in ANSWERED:
        return False
    if gold.expect == "unknown":
        return _ADMITS.search(text) is not None
    return gold.expect == "clarify" and bool(gold.must)  # the choices were named in the answer itself


def _needs_no_fact(gold: GoldQuestion, said: Said, expect_met: bool) -> bool:
    """Who declines or asks back owes no facts."""
    if gold.expect == "refuse":
        return expect_met and said.status in DECLINED
    return gold.expect == "clarify" and said.status in ASKED_BACK


def _cited(gold: GoldQuestion, said: Said) -> bool | None:
    wanted = [one for group in gold.citations for one in group]
    return any(cites(given, one) for given in said.citations for one in wanted) if wanted else None


def cites(given: str, gold: str) -> bool:
    """True where one id is the other or a part of it; a bare document only fits a gold id that is one too."""
    ours, theirs = _parts(given), _parts(gold)
    if len(ours) < 2 <= len(theirs):
        return False
    shorter = min(len(ours), len(theirs))
    return ours[:shorter] == theirs[:shorter]


def _parts(identity: str) -> tuple[str, ...]:
    document, _, place = identity.strip().partition(":")
    return (document.upper(), *(part.lower() for part in place.split(".") if part))


def normal(text: str) -> str:
    """NFC, plain spaces and dashes, no Markdown marks: what the gold's expressions are written for."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub("[\u00a0\u2000-\u200a\u202f]", " ", text).replace("\u200b", "")
    text = re.sub("[\u2010-\u2015\u2212]", "-", text).replace("’", "'")
    text = re.sub(r"\*+|`+|__+|^#+\s*", "", text, flags=re.MULTILINE)
    return re.sub(r"[ \t]+", " ", text)


def _found(expression: str, text: str) -> bool:
    return re.search(unicodedata.normalize("NFC", expression), text, re.IGNORECASE) is not None

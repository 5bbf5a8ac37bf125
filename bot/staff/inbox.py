"""Questions that were not answered well: declined, unknown, asked back, found with little evidence, or rated down; grouped and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from actions.answer import AnswerStatus
from bot.conversations import TurnRow
from bot.feedback import FeedbackRow, Rating
from bot.staff.grouping import group_alike
from bot.staff.question_marks import Mark, Marked, question_key, read_marks
from knowledge.database import FaqRow, utc

MOST_TURNS = 2_000  # the newest of each kind; what is asked often is among them
MOST_WORDINGS, MOST_CANDIDATES, MOST_COMMENTS = 6, 3, 3


class Why(StrEnum):
    """Why a question is in the inbox; the first that fits counts."""

    DOWN = "down"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out_of_scope"
    CLARIFY = "clarify"
    WEAK = "weak"


_BY_STATUS = {
    AnswerStatus.UNKNOWN: Why.UNKNOWN,
    AnswerStatus.OUT_OF_SCOPE: Why.OUT_OF_SCOPE,
    AnswerStatus.CLARIFY: Why.CLARIFY,
    AnswerStatus.ANSWERED: Why.WEAK,
    AnswerStatus.PARTIAL: Why.WEAK,
}
_FAILED = (AnswerStatus.UNKNOWN, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.CLARIFY)
_ANSWERED = (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL)


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """One such turn. `candidates` are keys and evidence; `comment` is what the person wrote with the thumb."""

    text: str
    at: datetime
    why: Why
    candidates: tuple[tuple[str, float], ...]
    comment: str


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that ask for the same. `wordings` are texts with how often, the most frequent first; `keys` name all of them."""

    wordings: tuple[tuple[str, int], ...]
    count: int
    last: datetime
    why: tuple[tuple[Why, int], ...]
    candidates: tuple[tuple[str, float], ...]
    comments: tuple[str, ...]
    keys: tuple[str, ...]
    mark: Mark | None

    @property
    def title(self) -> str:
        return self.wordings[0][0]


def read_asked(session: Session, since: datetime, until: datetime, weak: float) -> list[AskedTurn]:
    """Turns of the time, newest first, at most 2,000 of each kind; `weak` is the evidence below which an answer is doubted.

    An answer without any evidence of its own (a clause that was named, a form) is not doubted.
    """
    columns = TurnRow.id, TurnRow.query, TurnRow.question, TurnRow.at, TurnRow.status, TurnRow.candidates
    base = select(*columns, FeedbackRow.rating, FeedbackRow.comment).where(TurnRow.at >= since, TurnRow.at < until)
    rated = base.outerjoin(FeedbackRow, FeedbackRow.turn_key == TurnRow.key)
    kinds: list[Select[Any]] = [
        rated.where(TurnRow.status.in_(_FAILED)),
        rated.where(TurnRow.status.in_(_ANSWERED), TurnRow.evidence < weak),
        base.join(FeedbackRow, FeedbackRow.turn_key == TurnRow.key).where(FeedbackRow.rating == Rating.DOWN),
    ]
    rows = {
        row.id: row for kind in kinds for row in session.execute(kind.order_by(TurnRow.at.desc()).limit(MOST_TURNS))
    }
    return [_asked(row) for row in sorted(rows.values(), key=lambda row: row.id, reverse=True)]


def group_asked(asked: Sequence[AskedTurn], marks: Mapping[str, Marked]) -> list[QuestionGroup]:
    """Those that are asked most first."""
    by_key: dict[str, list[AskedTurn]] = {}
    for turn in asked:
        by_key.setdefault(question_key(turn.text), []).append(turn)
    keys = sorted(by_key, key=lambda key: (-len(by_key[key]), key))
    places = group_alike([by_key[key][0].text for key in keys])
    groups = [_group([(keys[place], by_key[keys[place]]) for place in group], marks) for group in places]
    return sorted(groups, key=lambda one: (-one.count, -one.last.timestamp(), one.keys))


def unanswered(session: Session, since: datetime, until: datetime, weak: float) -> list[QuestionGroup]:
    """All groups of a time, with their marks."""
    return group_asked(read_asked(session, since, until, weak), read_marks(session))


def name_entries(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """The question of each of these FAQ entries; what is no entry is left out."""
    text = func.coalesce(FaqRow.content["question"].as_string(), FaqRow.draft["question"].as_string())
    return dict(iter(session.execute(select(FaqRow.id, text).where(FaqRow.id.in_(set(keys))))))


def _asked(row: Any) -> AskedTurn:
    why = Why.DOWN if row.rating == Rating.DOWN else _BY_STATUS.get(row.status, Why.DOWN)
    candidates = tuple((str(key), float(evidence)) for key, evidence in row.candidates or ())
    return AskedTurn(row.query or row.question, utc(row.at), why, candidates, row.comment or "")


def _group(members: list[tuple[str, list[AskedTurn]]], marks: Mapping[str, Marked]) -> QuestionGroup:
    turns = [turn for _, asked in members for turn in asked]
    best: dict[str, float] = {}
    for key, evidence in (one for turn in turns for one in turn.candidates):
        best[key] = max(evidence, best.get(key, 0.0))
    near = sorted(best.items(), key=lambda one: (-one[1], one[0]))[:MOST_CANDIDATES]
    why = Counter(turn.why for turn in turns)
    return QuestionGroup(
        wordings=tuple((_well_typed(asked), len(asked)) for _, asked in members[:MOST_WORDINGS]),
        count=len(turns),
        last=max(turn.at for turn in turns),
        why=tuple((one, why[one]) for one in Why if why[one]),
        candidates=tuple(near),
        comments=tuple(dict.fromkeys(turn.comment for turn in turns if turn.comment))[:MOST_COMMENTS],
        keys=tuple(key for key, _ in members),
        mark=_mark(members, marks),
    )


def _well_typed(asked: Sequence[AskedTurn]) -> str:
    """The same question with the most of its accents."""
    return max((turn.text for turn in asked), key=lambda text: sum(not letter.isascii() for letter in text))


def _mark(members: list[tuple[str, list[AskedTurn]]], marks: Mapping[str, Marked]) -> Mark | None:
    """A group is marked where each of its wordings is, for all that was asked."""
    found = []
    for key, asked in members:
        marked = marks.get(key)
        if marked is None or not marked.covers(max(turn.at for turn in asked)):
            return None
        found.append(marked.mark)
    return Mark.HANDLED if Mark.HANDLED in found else Mark.OUT_OF_SCOPE

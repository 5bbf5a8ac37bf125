"""What the gate asks: the golden questions, the last questions of people (as they are kept: masked), and the changed entries' own."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations import TurnRow
from bot.evaluation import read_questions
from bot.gate.comparison import Asked, Source
from knowledge.changes import Changes
from knowledge.corpus import Corpus
from knowledge.vietnamese import fold

MOST_PEOPLE = 500
LOOKED_AT = 20  # turns looked at for each question that is asked: many ask the same


def questions_to_ask(session: Session, golden: Path, before: Corpus, after: Corpus, changes: Changes) -> list[Asked]:
    """Each once, golden questions first."""
    gold = [Asked(one.question, Source.GOLDEN, one) for one in (read_questions(golden) if golden.is_file() else [])]
    asked = [*gold, *people_questions(session), *_own(before, after, changes)]
    once: dict[str, Asked] = {}
    for one in asked:
        once.setdefault(fold(one.text), one)
    return list(once.values())


def people_questions(session: Session, most: int = MOST_PEOPLE) -> list[Asked]:
    """The newest different questions that the knowledge was asked, each standing alone."""
    query = select(TurnRow.asked).where(TurnRow.asked.is_not(None)).order_by(TurnRow.id.desc()).limit(most * LOOKED_AT)
    found: dict[str, Asked] = {}
    for (asked,) in session.execute(query):
        if asked and not asked.get("previous_question") and str(asked["text"]).strip():
            found.setdefault(fold(asked["text"]), Asked(asked["text"], Source.PEOPLE))
            if len(found) == most:
                break
    return list(found.values())


def _own(before: Corpus, after: Corpus, changes: Changes) -> list[Asked]:
    own = []
    for corpus, ids in ((before, changes.faq.removed), (before, changes.faq.changed), (after, changes.faq.changed),
                        (after, changes.faq.added)):  # fmt: skip
        for identity in ids:
            own += [Asked(text, Source.OWN, entry=identity) for text in corpus.entry(identity).vietnamese.all_questions]
    return own

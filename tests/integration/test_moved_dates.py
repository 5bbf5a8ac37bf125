"""A date that moved is never answered from the memory of answers: it is put into each answer as the calendar has it then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.answer import Query, Thresholds
from actions.answering import Answerer
from actions.cached_answerer import CachedAnswerer
from index.scope import ScopeModel
from knowledge.calendar import EventState, SeasonEvent
from season_events import NOW, event
from shipped import TODAY


def test_a_moved_date_is_not_answered_from_memory(answerer: Answerer) -> None:
    planned = event("a", start=date(2027, 3, 10), modified=NOW, state=EventState.CONFIRMED)
    calendar: list[SeasonEvent] = [planned]
    parts = (answerer.corpus, answerer.retriever, ScopeModel.load(), Thresholds(), lambda: tuple(calendar))
    cached = CachedAnswerer(*parts, kept=10)
    query = Query("hạn nộp hồ sơ khi nào", TODAY)
    assert "10/03/2027" in cached.answer(query).text
    calendar[:] = [
        replace(planned, start=date(2027, 4, 20), state=EventState.MOVED, moved_from=date(2027, 3, 10), sequence=1)
    ]
    moved = cached.answer(query).text
    assert (cached.asked, cached.found) == (2, 1)  # the rest of the answer is remembered
    assert "20/04/2027" in moved
    calendar.clear()
    assert "2027" not in cached.answer(query).text

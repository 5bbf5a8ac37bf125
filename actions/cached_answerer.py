"""An answerer that remembers its last answers, and tells the turn that is running what it was asked.

People ask the same things, and a suggestion that is tapped is the same text each time. An answerer belongs to one publication, so
its memory goes with it: after a swap nothing old can be said.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextvars import ContextVar
from datetime import date
from typing import Any

from actions.answer import Answer, Query
from actions.answering import Answerer
from actions.guards import clean

Asked = list[tuple[Query, Answer]]
# What the answerer was asked in the turn that is running, with what it said; None outside a turn.
asked_in_turn: ContextVar[Asked | None] = ContextVar("asked_in_turn", default=None)
_Key = tuple[str, date, str | None, date | None]


class CachedAnswerer(Answerer):
    """Keeps up to `kept` answers (0: none), the least recently asked ones leave first. Safe to use from many threads."""

    def __init__(self, *parts: Any, kept: int) -> None:
        super().__init__(*parts)
        self._kept = kept
        self._answers: OrderedDict[_Key, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self.asked = 0
        self.found = 0

    def answer(self, query: Query) -> Answer:
        answer = super().answer(query)
        heard = asked_in_turn.get()
        if heard is not None:
            heard.append((query, answer))
        return answer

    def _from_publication(self, query: Query) -> Answer:
        return self._remembered(query) if self._kept else super()._from_publication(query)

    def _remembered(self, query: Query) -> Answer:
        """Everything that an answer depends on is in the key; the text as the answerer reads it (`clean`), and no further."""
        key = (clean(query.text), query.today, query.previous_question, query.previous_as_of)
        with self._lock:
            self.asked += 1
            known = self._answers.get(key)
            if known is not None:
                self.found += 1
                self._answers.move_to_end(key)
                return known
        answer = super()._from_publication(query)
        with self._lock:
            self._answers[key] = answer
            if len(self._answers) > self._kept:
                self._answers.popitem(last=False)
        return answer

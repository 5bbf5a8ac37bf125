"""The action for every message that is not small talk: answer from the knowledge."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime
from actions.turn import end_turn, query_of, utter


class ActionAnswerQuestion(Action):
    """Runs the answerer in a thread: encoding a question takes milliseconds that other turns need."""

    def name(self) -> str:
        return "action_answer_question"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        now = runtime.current()
        answer = await asyncio.to_thread(now.answerer().answer, query_of(tracker, now.today()))
        utter(dispatcher, answer)
        return end_turn(tracker, answer)

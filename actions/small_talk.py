"""Greetings, thanks, goodbyes, what can you do, who are you, start over.

The intent only proposes: where the knowledge clearly answers the message («chào ad, điều kiện dự giải là gì»), the knowledge wins.
"""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime
from actions.answer import Answer, AnswerStatus, Suggestion
from actions.language import language_of
from actions.sentences import HANDOFF, SMALL_TALK, STARTERS
from actions.turn import end_turn, message_text, query_of, utter


class ActionSmallTalk(Action):
    """Says the sentence of the intent, unless the knowledge has a clear answer."""

    def name(self) -> str:
        return "action_small_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        answer = await _from_knowledge(tracker)
        intent = str(tracker.get_intent_of_latest_message() or "greet")
        utter(dispatcher, answer or small_talk(intent, message_text(tracker)))
        return end_turn(tracker, answer)


class ActionRestartConversation(Action):
    """Forgets what was talked about."""

    def name(self) -> str:
        return "action_restart_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        utter(dispatcher, small_talk("start_over", message_text(tracker)))
        return [AllSlotsReset()]  # the rule goes on to Rasa's own restart


class ActionAskHuman(Action):
    """Says how to reach the department; nobody is promised who isn't there."""

    def name(self) -> str:
        return "action_ask_human"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        if knowledge := await _from_knowledge(tracker):
            utter(dispatcher, knowledge)
            return end_turn(tracker, knowledge)
        now = runtime.current()
        language = language_of(message_text(tracker))
        contact = f"{now.contact.rstrip('.')}. " if now.contact else ""
        text = HANDOFF[language].format(contact=contact)
        utter(dispatcher, Answer(AnswerStatus.HANDOFF, text, now.today(), language=language))
        return end_turn(tracker)


async def _from_knowledge(tracker: Tracker) -> Answer | None:
    """The knowledge's answer where it is sure of one, else None."""
    now = runtime.current()
    answerer, query = now.answerer(), query_of(tracker, now.today())
    if await asyncio.to_thread(answerer.evidence, query.text, query.today) < now.small_talk_threshold:
        return None
    return await asyncio.to_thread(answerer.answer, query)


def small_talk(intent: str, text: str) -> Answer:
    """The sentence for an intent, with questions to begin with."""
    language = language_of(text)
    sentence = SMALL_TALK.get(intent, SMALL_TALK["greet"])[language]
    begins = intent in ("greet", "help", "who_are_you", "start_over")
    suggestions = tuple(Suggestion(question, question) for question in STARTERS[language]) if begins else ()
    return Answer(
        AnswerStatus.SMALL_TALK, sentence, runtime.current().today(), suggestions=suggestions, language=language
    )

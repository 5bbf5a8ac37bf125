"""Greetings, thanks, goodbyes, what can you do, who are you, what do you keep of me, start over.

The intent only proposes: where the knowledge clearly answers the message («chào ad, điều kiện dự giải là gì»), the knowledge wins.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime
from actions.answer import Answer, AnswerStatus, Language, Suggestion
from actions.answering import CURRENT_DECREE
from actions.forms import with_way_back
from actions.language import language_of
from actions.privacy import data_rights
from actions.sentences import LAW, OPERATED, OPERATOR_UNKNOWN, SMALL_TALK, STARTERS
from actions.turn import end_turn, message_text, sure_answer, utter


class ActionSmallTalk(Action):
    """Says the sentence of the intent, unless the knowledge has a clear answer."""

    def name(self) -> str:
        return "action_small_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        answer = await sure_answer(tracker)
        intent = str(tracker.get_intent_of_latest_message() or "greet")
        utter(dispatcher, with_way_back(answer or small_talk(intent, message_text(tracker)), tracker))
        return end_turn(tracker, answer)


class ActionRestartConversation(Action):
    """Forgets what was talked about."""

    def name(self) -> str:
        return "action_restart_conversation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        utter(dispatcher, small_talk("start_over", message_text(tracker)))
        return [AllSlotsReset()]  # the rule goes on to Rasa's own restart


def small_talk(intent: str, text: str, language: Language | None = None) -> Answer:
    """The sentence for an intent, with questions to begin with; in the language of the text unless one is named."""
    now, language = runtime.current(), language or language_of(text)
    sentence = SMALL_TALK.get(intent, SMALL_TALK["greet"])[language]
    if intent == "who_are_you":
        sentence = sentence.format(operator=_operator(now, language), law=_law(now, language))
    return Answer(
        AnswerStatus.SMALL_TALK, sentence, now.today(), suggestions=_buttons(intent, language), language=language
    )


def _operator(now: runtime.Runtime, language: Language) -> str:
    return OPERATED[language].format(name=now.operator) if now.operator else OPERATOR_UNKNOWN[language]


def _law(now: runtime.Runtime, language: Language) -> str:
    """Which law is answered by, and as of when."""
    decree = now.answerer().corpus.document(CURRENT_DECREE)
    start = decree.valid.start
    since = f"{start:%d/%m/%Y}" if start else "?"
    return LAW[language].format(decree=decree.number, since=since, today=f"{now.today():%d/%m/%Y}")


def _buttons(intent: str, language: Language) -> tuple[Suggestion, ...]:
    if intent == "privacy":
        return data_rights(language)
    begins = intent in ("greet", "help", "who_are_you", "start_over")
    return tuple(Suggestion(question, question) for question in STARTERS[language]) if begins else ()

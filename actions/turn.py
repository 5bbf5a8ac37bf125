"""What every action of a turn needs: the message, the slots, and one way to utter an answer."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime, slots
from actions.answer import Answer, AnswerStatus, Language, Query
from actions.guards import clean
from actions.language import language_of
from knowledge.vietnamese import fold

# «nhắc lại giúp em …»: asks for nothing but what follows, whose few words («điều kiện») it would outweigh.
_ONCE_MORE = re.compile(
    r"^(?:(?:ad|bot|ban|em|anh|chi|vay|the|thi|lam on) )*(?:nhac|noi|tra loi) lai (?:(?:cho|giup|gium|dum|ho|voi) )*"
    r"(?:(?:em|minh|toi|tui|anh|chi|bon em|ben em|e|m) )?(?:(?:ve|phan|may|cac|nhung|xem) )*(?=\w+ \w)"
)
_FOLLOWED_UP = (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.UNKNOWN)


def message_text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def query_of(tracker: Tracker, today: date) -> Query:
    """The message with what the conversation remembers."""
    previous_day = tracker.get_slot(slots.PREVIOUS_AS_OF)
    return Query(
        text=without_once_more(message_text(tracker)),
        today=today,
        previous_question=tracker.get_slot(slots.PREVIOUS_QUESTION),
        previous_as_of=date.fromisoformat(previous_day) if previous_day else None,
    )


def without_once_more(text: str) -> str:
    """«nhắc lại giúp em điều kiện» is the question «điều kiện»."""
    said = clean(text)
    found = _ONCE_MORE.match(fold(said))
    return said[found.end() :] if found and len(fold(said)) == len(said) else text


def sender_of(tracker: Tracker) -> str:
    """The sender as the chat server names it."""
    return str(tracker.sender_id)


def language_of_turn(tracker: Tracker) -> Language:
    """Of the message; a button's command says nothing, so the last question counts."""
    text = message_text(tracker)
    return language_of(str(tracker.get_slot(slots.PREVIOUS_QUESTION) or "") if text.startswith("/") else text)


async def sure_answer(tracker: Tracker) -> Answer | None:
    """The knowledge's answer where it is sure of one, whatever the intent says; else None."""
    if message_text(tracker).startswith("/"):
        return None
    now = runtime.current()
    answerer, query = now.answerer(), query_of(tracker, now.today())
    if await asyncio.to_thread(answerer.evidence, query.text, query.today) < now.small_talk_threshold:
        return None
    return await asyncio.to_thread(answerer.answer, query)


def utter(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """One JSON message: Rasa splits plain text at blank lines."""
    payload: dict[str, Any] = answer.to_json()
    dispatcher.utter_message(json_message=payload)


def remembered(tracker: Tracker, answer: Answer | None = None) -> list[EventType]:
    """The events that carry a conversation's slots on; an answer given is what a follow-up («thế còn giải bạc?») leans on."""
    values = {name: tracker.get_slot(name) for name in slots.CARRIED}
    if answer is not None and answer.question is not None and answer.status in _FOLLOWED_UP:
        values |= {slots.PREVIOUS_QUESTION: answer.question, slots.PREVIOUS_AS_OF: answer.as_of.isoformat()}
    return [SlotSet(name, value) for name, value in values.items()]


def end_turn(tracker: Tracker, answer: Answer | None = None) -> list[EventType]:
    """The events that close a turn: what is remembered is kept, the rest of the history is dropped, an open form left.

    Rasa's turns get slower as its tracker grows (371 ms at turn 295). Restarted makes it begin a fresh session, which carries the
    slots over; the transcript is in our own database. A form's own action returns `remembered` alone: inside a form the history
    stays, or the form would end.
    """
    return [Restarted(), *remembered(tracker, answer)]

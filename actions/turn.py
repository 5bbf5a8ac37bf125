"""What every action of a turn needs: the message, the slots, and one way to utter an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.answer import Answer, AnswerStatus, Query

_FOLLOWED_UP = (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.UNKNOWN)


def message_text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def query_of(tracker: Tracker, today: date) -> Query:
    """The message with what the conversation remembers."""
    previous_day = tracker.get_slot(slots.PREVIOUS_AS_OF)
    return Query(
        text=message_text(tracker),
        today=today,
        previous_question=tracker.get_slot(slots.PREVIOUS_QUESTION),
        previous_as_of=date.fromisoformat(previous_day) if previous_day else None,
    )


def utter(dispatcher: CollectingDispatcher, answer: Answer) -> None:
    """One JSON message: Rasa splits plain text at blank lines."""
    payload: dict[str, Any] = answer.to_json()
    dispatcher.utter_message(json_message=payload)


def end_turn(tracker: Tracker, answer: Answer | None = None) -> list[EventType]:
    """The events that close a turn: what a follow-up («thế còn giải bạc?») leans on is kept, the rest of the history is dropped.

    Rasa's turns get slower as its tracker grows (371 ms at turn 295). Restarted makes it begin a fresh session, which carries the
    slots over; the transcript is in our own database. Inside a form the history stays, or the form would end.
    """
    question, day = tracker.get_slot(slots.PREVIOUS_QUESTION), tracker.get_slot(slots.PREVIOUS_AS_OF)
    if answer is not None and answer.question is not None and answer.status in _FOLLOWED_UP:
        question, day = answer.question, answer.as_of.isoformat()
    kept: list[EventType] = [
        SlotSet(slots.PREVIOUS_QUESTION, question),
        SlotSet(slots.PREVIOUS_AS_OF, day),
        SlotSet(slots.ELIGIBILITY, tracker.get_slot(slots.ELIGIBILITY)),
    ]
    return kept if (tracker.active_loop or {}).get("name") else [Restarted(), *kept]

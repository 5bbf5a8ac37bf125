"""A person's rights to their data, in chat: a copy as a file; deletion, which is confirmed first.

Deletion is a Rasa form, so that «có», «xoá đi» or «thôi» are understood as what they are. The form deletes nothing: its answer asks
the chat server to, after Rasa's turn.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime, slots
from actions.answer import Answer
from actions.forms import just_opened, leaves
from actions.guards import clean
from actions.privacy import DELETION_REMINDER, agrees, deleted, deletion_offer, exported, not_deleted
from actions.turn import (
    end_turn,
    language_of_turn,
    message_text,
    remembered,
    sender_of,
    sure_answer,
    utter,
)

FORM = "deletion_form"


class ActionExportData(Action):
    """Everything that is kept of the sender, as a file."""

    def name(self) -> str:
        return "action_export_data"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        now = runtime.current()
        arguments = (now.database, now.files, sender_of(tracker), now.today(), language_of_turn(tracker))
        utter(dispatcher, await asyncio.to_thread(exported, *arguments))
        return end_turn(tracker)


class ValidateDeletionForm(Action):
    """Asks, understands the reply, and answers; a question in between is answered and the form goes on."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        today, language = runtime.current().today(), language_of_turn(tracker)
        if just_opened(tracker, FORM):
            return _go_on(dispatcher, tracker, deletion_offer(today, language))
        agreed = agrees(clean(message_text(tracker)))
        if agreed is None and leaves(tracker, "delete_my_data"):
            return []  # the form rejects the message, and the rule of its intent takes over
        if agreed is None and (knowledge := await sure_answer(tracker)):
            text = f"{knowledge.text}\n\n{DELETION_REMINDER[language]}"
            offer = deletion_offer(today, language, text)
            return _go_on(
                dispatcher, tracker, replace(offer, citations=knowledge.citations, notices=knowledge.notices), knowledge
            )
        utter(dispatcher, (deleted if agreed else not_deleted)(today, language))
        return [*remembered(tracker), SlotSet(slots.DELETION_DECIDED, True), SlotSet("requested_slot", None)]


def _go_on(
    dispatcher: CollectingDispatcher, tracker: Tracker, answer: Answer, knowledge: Answer | None = None
) -> list[EventType]:
    utter(dispatcher, answer)
    return remembered(tracker, knowledge)


class ActionEndDeletion(Action):
    """Closes the turn that closed the form."""

    def name(self) -> str:
        return "action_end_deletion"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return end_turn(tracker)

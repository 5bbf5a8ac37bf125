"""The action for who wants a person: a case, and what the department has said about its hours. Nobody is promised who isn't there."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime
from actions.answer import Answer
from actions.forms import with_way_back
from actions.handover import cases, wording
from actions.handover.case import CaseReason
from actions.turn import end_turn, language_of_turn, sender_of, sure_answer, utter

UNREACHED = frozenset({"rest"})  # channels that bring nothing which was not asked for just now


class ActionAskHuman(Action):
    """Opens a case, unless the knowledge answers the message («gặp ai để nộp hồ sơ»)."""

    def name(self) -> str:
        return "action_ask_human"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        knowledge = await sure_answer(tracker)
        answer = knowledge if knowledge else await asyncio.to_thread(_ask_for_person, tracker)
        utter(dispatcher, with_way_back(answer, tracker))
        return end_turn(tracker, knowledge)


def _ask_for_person(tracker: Tracker) -> Answer:
    now, sender = runtime.current(), sender_of(tracker)
    channel = sender.partition(":")[0]
    with now.database.session() as session:
        case, new = cases.open_case(session, sender, channel, _reason(tracker), language_of_turn(tracker))
    reachable = channel not in UNREACHED
    return wording.opened(case, now.office, now.now(), new=new, reachable=reachable, contact=now.contact)


def _reason(tracker: Tracker) -> CaseReason:
    """What the chat server says about the button that was used; else the person asked."""
    given = str((tracker.latest_message.get("metadata") or {}).get("reason") or "")
    return CaseReason(given) if given in set(CaseReason) else CaseReason.ASKED

"""The action for messages about reminders: ask for one, see them, cancel them."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions import runtime
from actions.answer import Answer
from actions.forms import with_way_back
from actions.reminders import wording
from actions.reminders.request import Request, Wish, read_request
from actions.reminders.store import MOST_REMINDERS, Reminder, add_reminder, cancel_reminders, reminders_of
from actions.runtime import Runtime
from actions.turn import end_turn, message_text, query_of, utter
from knowledge.calendar_store import read_tracked

WEB = "web:"
ONLY_ANSWERS = ("rest:",)  # senders that can't be written to unasked


class ActionReminder(Action):
    """Does what the message asks for; a message that asks for something else is answered from the knowledge."""

    def name(self) -> str:
        return "action_reminder"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        now, request = runtime.current(), read_request(message_text(tracker))
        if request.wish is Wish.NONE:
            answer = await asyncio.to_thread(now.answerer().answer, query_of(tracker, now.today()))
            utter(dispatcher, answer)
            return end_turn(tracker, answer)
        answer = await asyncio.to_thread(respond, now, str(tracker.sender_id), request)
        utter(dispatcher, with_way_back(answer, tracker))
        return end_turn(tracker)


def respond(now: Runtime, sender: str, request: Request) -> Answer:
    """Carry the request out, in one transaction."""
    moment = now.now()
    if sender.startswith(ONLY_ANSWERS):
        return wording.no_push(moment)
    with now.database.session() as session:
        events = [one for one in read_tracked(session) if not one.event.over(now.today())]
        kept = reminders_of(session, sender)
        if request.wish is Wish.LIST:
            return wording.listed(kept, events, moment, now.reminder_hour)
        if request.wish is Wish.CANCEL:
            return _cancel(session, sender, request, kept, now)
        if request.unmet:
            return wording.unmet(request.unmet, moment)
        wanted: tuple[int | None, ...] = request.days or (None,)
        new = {(days, request.kinds) for days in wanted} - {(one.days_before, one.kinds) for one in kept}
        if len(kept) + len(new) > MOST_REMINDERS:
            return wording.too_many(moment)
        made = [add_reminder(session, sender, days, request.kinds, moment) for days in wanted]
        return wording.confirmed(made, events, moment, now.reminder_hour, web=sender.startswith(WEB))


def _cancel(session: Session, sender: str, request: Request, kept: list[Reminder], now: Runtime) -> Answer:
    """All where all are meant, the one that is named, or the only one; else it is asked back."""
    moment = now.now()
    chosen = _chosen(request, kept)
    if not kept:
        return wording.listed(kept, [], moment, now.reminder_hour)
    if not chosen:
        return wording.which(kept, moment)
    cancel_reminders(session, sender, [one.id for one in chosen])
    return wording.cancelled(chosen, len(kept) - len(chosen), moment)


def _chosen(request: Request, kept: list[Reminder]) -> list[Reminder]:
    if request.everything or len(kept) == 1:
        return kept
    if request.number is not None:
        return kept[request.number - 1 : request.number] if request.number > 0 else []
    return [one for one in kept if one.kinds and set(one.kinds) <= set(request.kinds)]

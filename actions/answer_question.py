"""The action for every message that is not small talk: answer from the knowledge."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime
from actions.answer import Answer, Language, Suggestion
from actions.forms import with_way_back
from actions.turn import end_turn, query_of, utter

# Questions after which a skill of ours is the next step, offered as a button.
_OFFERS = {
    "ho-so-gom-nhung-gi": "Chuẩn bị hồ sơ giúp em",
    "ho-so-chuan-bi-truoc": "Chuẩn bị hồ sơ giúp em",
    "ho-so-cu-8-loai": "Chuẩn bị hồ sơ giúp em",
    "cham-diem-tu-cham": "Tự đánh giá mức sẵn sàng",
    "bao-cao-tu-danh-gia-noi-bo": "Tự đánh giá mức sẵn sàng",
    "bao-cao-bat-dau-tu-dau": "Tự đánh giá mức sẵn sàng",
}


class ActionAnswerQuestion(Action):
    """Runs the answerer in a thread: encoding a question takes milliseconds that other turns need."""

    def name(self) -> str:
        return "action_answer_question"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        now = runtime.current()
        answer = await asyncio.to_thread(now.answerer().answer, query_of(tracker, now.today()))
        utter(dispatcher, with_way_back(with_offer(answer), tracker))
        return end_turn(tracker, answer)


def with_offer(answer: Answer) -> Answer:
    """The answer with a button for the skill that helps on, where there is one."""
    offer = _OFFERS.get(answer.entry or "") if answer.language is Language.VIETNAMESE else None
    if offer is None:
        return answer
    return replace(answer, suggestions=(*answer.suggestions, Suggestion(offer, offer)))

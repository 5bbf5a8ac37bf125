"""What all forms share: which intents leave an open form, and how to come back to it.

Rasa runs an open form before any rule. A form whose validation action returns no event at all rejects the message, and then
the rule of its intent applies; that rule's action ends the form with `end_turn`. The record of the form stays in its slot. A form
that was left open for a day gives way to anything but an answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from rasa_sdk import Tracker

from actions.answer import Answer, Suggestion

_A_DAY = timedelta(days=1)
# From this confidence an intent may end a form: short answers («ko biet») look like a goodbye now and then.
SURE = 0.85
# Each skill adds the intents that take over from any other form. A question does not: the form answers it and goes on.
LEAVING = frozenset(
    {
        "ask_human",
        "check_eligibility",
        "assess_readiness",
        "prepare_dossier",
        "remind",
        "delete_my_data",
        "export_my_data",
    }
)
# The form's name, and the button that takes it up again.
RESUMING = {
    "eligibility_form": "Tiếp tục kiểm tra điều kiện",
    "readiness_form": "Tiếp tục tự đánh giá",
    "dossier_form": "Xem danh sách hồ sơ",
}


def is_sure(tracker: Tracker) -> bool:
    """True where the classifier has no doubt about the message."""
    intent = tracker.latest_message.get("intent") or {}
    return float(intent.get("confidence") or 0.0) >= SURE


def leaves(tracker: Tracker, own: str) -> bool:
    """True where the message belongs to another skill than the form's `own`, so that the form is to return no events."""
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    return intent in LEAVING - {own} and is_sure(tracker)


def just_opened(tracker: Tracker, form: str) -> bool:
    """True where this very message opened the form."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "active_loop" and event.get("name") == form:
            return True
    return False


def left_open(since: datetime | None, now: datetime) -> bool:
    """True where a form had its last answer a day ago or longer: then only an answer takes it up again."""
    return since is not None and now - since >= _A_DAY


def with_way_back(answer: Answer, tracker: Tracker) -> Answer:
    """The answer with a button for the form that the message has interrupted, if any."""
    title = RESUMING.get((tracker.active_loop or {}).get("name") or "")
    return replace(answer, suggestions=(*answer.suggestions, Suggestion(title, title))) if title else answer

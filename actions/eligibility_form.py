"""The eligibility check as a Rasa form: what a message tells is taken, what is missing is asked, in the end stands the verdict.

Rasa only keeps the form open. What is asked is decided here, by rules, over one slot: corrections, several facts at once and
questions in between need more freedom than one Rasa slot an item gives. The slot outlives the form, so a check can be resumed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime, slots
from actions.answer import Answer, AnswerStatus, Language, Suggestion
from actions.answering import Answerer
from actions.eligibility import wording
from actions.eligibility.applicant import Applicant
from actions.eligibility.extraction import read
from actions.eligibility.mentions import Mention, Reading, Remark
from actions.forms import RESUMING, is_sure, just_opened, leaves
from actions.guards import clean, has_personal, is_abuse, is_injection, mask_personal
from actions.language import language_of
from actions.notices import with_notices
from actions.sentences import NOT_QUOTED, PERSONAL_DATA, SMALL_TALK
from actions.small_talk import small_talk
from actions.turn import end_turn, message_text, query_of, remembered, utter
from knowledge.eligibility import Item, RuleSet, Verdict, evaluate, rule_set_on
from knowledge.eligibility_rules import read_rules
from knowledge.months import DayRange
from knowledge.vietnamese import fold

FORM = "eligibility_form"
START = "check_eligibility"
MOST_FAILURES = 2
VI = Language.VIETNAMESE

INTRO = (
    "Mình sẽ hỏi vài câu để đối chiếu với điều kiện tham dự. Bạn có thể nói nhiều ý một lúc, sửa lại bất cứ lúc nào, trả lời "
    "«không rõ», hoặc nhắn «thôi» để dừng."
)
RESUMED = "Tiếp tục phần kiểm tra điều kiện còn dở."
NOTED = "Đã ghi nhận:"
TAKEN_AS_NOT_KNOWN = "Mình tạm ghi mục này là chưa rõ; bạn có thể bổ sung bất cứ lúc nào."
KEPT = "Các thông tin đã cho biết vẫn được giữ."
TOPIC = "Điều kiện tham dự giải là gì?"  # what a follow-up on a verdict leans on
GO_ON, AFRESH = RESUMING[FORM], "Kiểm tra điều kiện lại từ đầu"

_UNSURE = "Không rõ"
_CHOICES: Mapping[Item, tuple[str, ...]] = {
    Item.LEGAL: ("Có", "Chưa", _UNSURE),
    Item.OPERATING: (_UNSURE,),
    Item.PRODUCT: ("Chưa bán", _UNSURE),
    Item.COMPLIANCE: ("Có", "Không", _UNSURE),
    Item.LAST_PRIZE: ("Chưa từng", "Giải Bạc", "Giải Vàng", _UNSURE),
    Item.LAST_PRIZE_YEAR: (_UNSURE,),
    Item.REGISTRATION_DATE: ("Hôm nay", _UNSURE),
}
_CHATTING = ("greet", "thanks", "help", "who_are_you", "privacy")
_FROM_SCRATCH = re.compile(r"\b(?:lai tu dau|cong ty khac|cty khac|don vi khac|doanh nghiep khac|start over|afresh)\b")
# «ai kiểm tra điều kiện», «kiểm tra điều kiện mất bao lâu» ask about checking; «kiểm tra giúp em xem …» asks for one.
_ABOUT_CHECKING = re.compile(
    r"\b(?:ai|who|(?:co quan|ben|don vi|cho|noi|luc|khi|hoi dong) nao|bao (?:gio|lau)|may ngay|o dau|(?:nhu )?the nao|ra sao|de lam gi)\b"
)
_FOR_ME = re.compile(
    r"\b(?:giup|gium|dum|ho|nho|check|xem)\b|\bcho (?:em|minh|toi|cty|cong ty|don vi|ben|doanh nghiep)\b"
)
_ALL_OVER = re.compile(r"\b(?:lai tu dau|start over)\b")


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """The conditions of all times, read once."""
    return read_rules()


@dataclass(frozen=True, slots=True)
class Check:
    """A check between two messages. `precise` is the question of a follow-up, which asks for an answered item again."""

    applicant: Applicant = field(default_factory=Applicant)
    asked: Item | None = None
    precise: str = ""
    failures: int = 0
    followed: tuple[Item, ...] = ()
    day: date | None = None  # of the last message
    done: bool = False

    def to_record(self) -> dict[str, Any]:
        """JSON for the slot."""
        return {
            "applicant": self.applicant.to_record(),
            "asked": self.asked and str(self.asked),
            "precise": self.precise,
            "failures": self.failures,
            "followed": [str(item) for item in self.followed],
            "day": self.day and self.day.isoformat(),
            "done": self.done,
        }

    @classmethod
    def from_record(cls, record: Any) -> Check:
        """The check of a slot; a new one where it is empty or written by another version."""
        try:
            return cls(
                Applicant.from_record(record["applicant"]),
                Item(record["asked"]) if record["asked"] else None,
                str(record["precise"]),
                int(record["failures"]),
                tuple(Item(item) for item in record["followed"]),
                date.fromisoformat(record["day"]) if record["day"] else None,
                bool(record["done"]),
            )
        except (TypeError, KeyError, ValueError, AttributeError):
            return cls()

    def rules(self, today: date) -> RuleSet | None:
        """Those in force on the day of the registration, as far as it is known."""
        return rule_set_on(rule_sets(), self.applicant.law_day(today))

    def resumed(self, today: date) -> Check:
        """As it is taken up again: «đăng ký hôm nay» holds for its day only."""
        facts, answered = self.applicant.facts, self.applicant.answered
        if self.day and self.day != today and facts.registration_date == DayRange.of(self.day):
            facts = replace(facts, registration_date=None)
            answered = tuple(item for item in answered if item is not Item.REGISTRATION_DATE)
        return Check(Applicant(facts, answered))

    def taken_up(self, today: date) -> Check:
        """As it goes on after a pause in the open form: the question asked still stands."""
        kept = self.resumed(today)
        return replace(kept, asked=self.asked, precise=self.precise, followed=self.followed, day=today)

    def told(self, mentions: Sequence[Mention], today: date) -> Check:
        """With the facts of a message. Who can't answer a follow-up takes nothing back."""
        if self.precise:
            mentions = [one for one in mentions if one.item is not self.asked or one.value is not Remark.NOT_KNOWN]
        return replace(self, applicant=self.applicant.told(mentions, self.rules(today)))

    def given_up(self, today: date) -> Check:
        """The item asked is left open: it was not understood often enough."""
        if self.asked is None or self.precise:
            return self.settled()
        return self.told([Mention(self.asked, Remark.NOT_KNOWN)], today)

    def settled(self) -> Check:
        """The follow-up was answered, or never will be."""
        return replace(self, followed=(*self.followed, self.asked)) if self.precise and self.asked else self

    def advanced(self, today: date) -> Check:
        """What is asked next: an open item, else what could settle an open verdict, else nothing more."""
        step = replace(self, asked=None, precise="", failures=0, day=today)
        if missing := self.applicant.open_items(self.rules(today)):
            return replace(step, asked=missing[0])
        assessment = evaluate(self.applicant.facts, rule_sets(), self.applicant.law_day(today))
        if assessment.verdict is Verdict.UNKNOWN:
            for finding in assessment.findings:
                follow_up = wording.follow_up(finding, assessment)
                if follow_up and follow_up[0] not in self.followed:
                    return replace(step, asked=follow_up[0], precise=follow_up[1])
        return replace(step, done=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply, the check after it (None: forgotten), whether the form is over, and what a later follow-up leans on."""

    answer: Answer
    check: Check | None
    over: bool = False
    knowledge: Answer | None = None


class ValidateEligibilityForm(Action):
    """Runs the whole check. Rasa calls it once for every message of the form, the one that opens it included."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        outcome = await _Turn(tracker).outcome()
        if outcome is None:
            return []  # the form rejects the message, and the rule of its intent takes over
        utter(dispatcher, outcome.answer)
        events = [
            *remembered(tracker, outcome.knowledge or outcome.answer),
            SlotSet(slots.ELIGIBILITY, outcome.check.to_record() if outcome.check else None),
        ]
        if outcome.check is None:
            events += [SlotSet(slots.PREVIOUS_QUESTION, None), SlotSet(slots.PREVIOUS_AS_OF, None)]
        if outcome.over:
            done = outcome.check is not None and outcome.check.done
            events += [SlotSet(slots.ELIGIBILITY_DONE, True if done else None), SlotSet("requested_slot", None)]
        return events


class ActionEndEligibility(Action):
    """Closes the turn that closed the form: only outside it may the history be dropped."""

    def name(self) -> str:
        return "action_end_eligibility"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return end_turn(tracker)


class _Turn:
    """One message, held against the check so far."""

    def __init__(self, tracker: Tracker) -> None:
        now = runtime.current()
        self._tracker = tracker
        self._now = now
        self._today = now.today()
        self._answerer: Answerer = now.answerer()
        self._text = clean(message_text(tracker))
        self._intent = str(tracker.get_intent_of_latest_message(skip_fallback_intent=False) or "")
        self._sure = is_sure(tracker)
        self._before = Check.from_record(tracker.get_slot(slots.ELIGIBILITY))
        self._lead: list[str] = []

    async def outcome(self) -> Outcome | None:
        """The reply to the message; None where another skill is meant."""
        outcome = await self._outcome()
        if (
            outcome is None
            or not has_personal(self._text)
            or PERSONAL_DATA[VI] in (outcome.answer.text, *outcome.answer.notices)
        ):
            return outcome
        notices = (*outcome.answer.notices, PERSONAL_DATA[VI])
        return replace(outcome, answer=replace(outcome.answer, notices=notices))

    async def _outcome(self) -> Outcome | None:
        before = self._before
        if just_opened(self._tracker, FORM) or before.asked is None or self._starts_afresh():
            return await self._answer_only() if self._asks_about_checking() else self._open()
        if is_injection(self._text):
            return await self._answer_between(before)
        reading = self._read(before.asked)
        if before.day not in (None, self._today):  # left open, and taken up by an answer only
            if not (reading.mentions or reading.cancel or self._intent == START):
                return None
            self._before = before = before.taken_up(self._today)
            self._lead = [RESUMED]
        if reading.cancel:
            return self._stop(f"{wording.CANCELLED} {KEPT}")
        leaning = all(one.bare or one.value is Remark.SAME_AS_OPERATING for one in reading.mentions)
        if leaning and leaves(self._tracker, START):
            return None
        if leaning and (ended := self._end()):
            return ended
        if reading.mentions:
            return await self._take(reading)
        if reading.question or is_abuse(self._text):
            return await self._answer_between(before)
        if self._intent in _CHATTING and self._sure:
            return self._go_on(before, [small_talk(self._intent, self._text).text])
        if self._intent == START:
            return self._go_on(before, [])
        return await self._not_understood()

    # -- the kinds of message

    def _open(self) -> Outcome:
        """The first message may tell facts; an unfinished check is taken up, and a finished one where it is corrected."""
        before = self._before
        corrected = self._read(None, before.applicant.answered).correction
        kept = bool(before.applicant.answered) and (corrected or not before.done) and not self._starts_afresh()
        check = before.resumed(self._today) if kept else Check()
        mentions = self._read(None, check.applicant.answered).mentions
        told = [one for one in mentions if not one.bare and one.value is not Remark.NOT_KNOWN]
        check = check.told(told, self._today)
        lead = [RESUMED if kept else INTRO]
        if noted := wording.echo(check.applicant.answered, check.applicant, self._today):
            lead.append(f"{NOTED}\n{noted}")
        language = language_of(self._text)
        notices = (NOT_QUOTED[language],) if NOT_QUOTED[language] else ()
        return self._go_on(check.advanced(self._today), lead, notices=notices)

    async def _answer_only(self) -> Outcome:
        """The form does not open."""
        answer = await self._from_knowledge()
        return Outcome(answer, self._before, over=True, knowledge=answer)

    async def _take(self, reading: Reading) -> Outcome:
        before = self._before
        check = before.told(reading.mentions, self._today)
        about_it = any(one.item is before.asked for one in reading.mentions)
        if before.precise and about_it:
            check = check.settled()
        elif check.applicant == before.applicant:
            return await self._not_understood()
        plain = all(one.bare or one.value is Remark.NOT_KNOWN for one in reading.mentions) and not reading.correction
        noted = "" if plain else wording.echo([one.item for one in reading.mentions], check.applicant, self._today)
        lead = [f"{NOTED} {noted}" if "\n" not in noted else f"{NOTED}\n{noted}"] if noted else []
        if reading.question:
            answer = await self._from_knowledge()
            if answer.status is AnswerStatus.ANSWERED and answer.evidence >= self._now.small_talk_threshold:
                return self._go_on(check.advanced(self._today), lead, answer)
        return self._go_on(check.advanced(self._today), lead)

    async def _answer_between(self, check: Check) -> Outcome:
        return self._go_on(check, [], await self._from_knowledge())

    async def _not_understood(self) -> Outcome:
        """Perhaps a question without its marks; else asked again with examples, and in the end taken as not known."""
        before, today = self._before, self._today
        failed = replace(before, failures=before.failures + 1)
        if not before.failures:
            evidence = await asyncio.to_thread(self._answerer.evidence, self._text, today)
            if evidence >= self._now.small_talk_threshold:
                return await self._answer_between(failed)
        if failed.failures >= MOST_FAILURES or before.asked is None:
            return self._go_on(failed.given_up(today).advanced(today), [TAKEN_AS_NOT_KNOWN])
        again = wording.asked_again(before.asked, before.rules(today), today)
        if before.precise:
            again = f"{again.rpartition(chr(10))[0]}\n{before.precise}"
        return Outcome(self._form(failed, again), failed)

    def _end(self) -> Outcome | None:
        """A goodbye is said, or everything begun anew."""
        if (self._intent == "start_over" and self._sure) or _ALL_OVER.search(fold(self._text)):
            text = SMALL_TALK["start_over"][VI]
            return Outcome(Answer(AnswerStatus.SMALL_TALK, text, self._today), None, over=True)
        if self._intent == "goodbye" and self._sure:
            return self._stop(f"{SMALL_TALK['goodbye'][VI]} {KEPT}")
        return None

    def _stop(self, text: str) -> Outcome:
        answer = Answer(AnswerStatus.SMALL_TALK, text, self._today, suggestions=(_button(GO_ON),))
        return Outcome(answer, replace(self._before, day=self._today), over=True)

    # -- the reply

    def _go_on(
        self, check: Check, lead: Sequence[str], knowledge: Answer | None = None, notices: tuple[str, ...] = ()
    ) -> Outcome:
        """What is to be said first, then the next question or the verdict."""
        if check.asked is None:
            return Outcome(self._verdict(check, knowledge), check, over=True, knowledge=knowledge)
        question = check.precise or wording.question(check.asked, check.rules(self._today), self._today)
        said = [*self._lead, *lead, *([knowledge.text] if knowledge else []), question]
        answer = self._form(check, "\n\n".join(said), knowledge)
        return Outcome(replace(answer, notices=(*answer.notices, *notices)), check, knowledge=knowledge)

    def _form(self, check: Check, text: str, knowledge: Answer | None = None) -> Answer:
        item = check.asked or Item.LEGAL
        choices = tuple(_button(choice) for choice in _choices(item, check.precise))
        if knowledge and knowledge.status is AnswerStatus.CLARIFY:
            choices = knowledge.suggestions
        return Answer(
            AnswerStatus.FORM,
            text,
            knowledge.as_of if knowledge else self._today,
            citations=knowledge.citations if knowledge else (),
            suggestions=choices,
            notices=knowledge.notices if knowledge else (),
            entry=knowledge.entry if knowledge else None,
            extra={"form": "eligibility", "slot": str(item), "requested_slot": str(item)},
        )

    def _verdict(self, check: Check, knowledge: Answer | None) -> Answer:
        day = check.applicant.law_day(self._today)
        assessment = evaluate(check.applicant.facts, rule_sets(), day)
        text = wording.verdict_text(assessment, self._answerer.corpus.label)
        cited = self._answerer.cite(assessment.citations, day)
        known = {one.id for one in cited}
        beside = tuple(one for one in knowledge.citations if one.id not in known) if knowledge else ()
        verdict = Answer(
            AnswerStatus.ANSWERED,
            f"{knowledge.text}\n\n{text}" if knowledge else text,
            day,
            citations=(*cited, *beside),
            suggestions=(_button("Hồ sơ cần những gì?"), _button(AFRESH)),
            notices=knowledge.notices if knowledge else (),
            entry="eligibility",
            question=TOPIC,
            extra={"form": "eligibility", "verdict": str(assessment.verdict)},
        )
        return with_notices(self._answerer.corpus, verdict, self._today)

    # -- helpers

    def _read(self, asked: Item | None, answered: Sequence[Item] | None = None) -> Reading:
        text = mask_personal(self._text) if has_personal(self._text) else self._text
        return read(text, asked, self._today, self._before.applicant.answered if answered is None else answered)

    async def _from_knowledge(self) -> Answer:
        return await asyncio.to_thread(self._answerer.answer, query_of(self._tracker, self._today))

    def _asks_about_checking(self) -> bool:
        words = fold(self._text)
        told = any(not one.bare for one in self._read(None).mentions)
        return _ABOUT_CHECKING.search(words) is not None and _FOR_ME.search(words) is None and not told

    def _starts_afresh(self) -> bool:
        words = fold(self._text)
        return (self._intent == START or "kiem tra" in words) and _FROM_SCRATCH.search(words) is not None


def _choices(item: Item, precise: str) -> tuple[str, ...]:
    """The buttons; a follow-up on a prize asks for its tier, one on anything else for a day."""
    if not precise or item is Item.LEGAL:
        return _CHOICES[item]
    return ("Giải Vàng", "Giải Bạc", _UNSURE) if item is Item.LAST_PRIZE else (_UNSURE,)


def _button(text: str) -> Suggestion:
    return Suggestion(text, text)

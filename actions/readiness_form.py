"""The readiness self-assessment as a Rasa form: chooses form and scale, asks, understands, scores, and hands out a report.

Rasa only keeps the form open. Where the assessment stands is in the database, so it goes on after a restart and after weeks.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime
from actions.answer import Answer, AnswerStatus, Attachment, AttachmentKind, Language, Suggestion
from actions.forms import RESUMING, is_sure, just_opened, leaves, left_open
from actions.guards import clean, has_personal, is_abuse, is_injection, mask_personal
from actions.readiness import understanding, wording
from actions.readiness.pictures import PictureFormat, load_drawing
from actions.readiness.report import Report, documents, pictures
from actions.readiness.store import Run, Runs
from actions.readiness.understanding import Reply, Wish
from actions.readiness.wording import Earlier
from actions.sentences import PERSONAL_DATA
from actions.small_talk import small_talk
from actions.turn import end_turn, message_text, query_of, remembered, utter
from knowledge.citations import ProvisionId
from knowledge.readiness import SKIPPED, Form, Question, Rating, Readiness, Result
from knowledge.readiness_files import read_readiness

log = logging.getLogger(__name__)

FORM = "readiness_form"
START = "assess_readiness"
WEB = "web:"
DRAWING_SOON = 2  # questions before the end at which drawing is made ready
VI = Language.VIETNAMESE
GO_ON, AFRESH = RESUMING[FORM], "Tự đánh giá lại từ đầu"
PRODUCT_PART, DOWNLOAD = "Soi thêm phần sản phẩm", "Tải báo cáo tự đánh giá"
DRAWING_SECONDS = 12.0  # Rasa's patience with an action ends after 20
DOSSIER = "Chuẩn bị hồ sơ"
SKIP, STOP = "Bỏ qua", "Dừng"
_CHATTING = ("greet", "thanks", "help", "who_are_you")
_CRITERIA = ProvisionId.parse("ND37-2026:57.3")


@cache
def readiness() -> Readiness:
    """The content, read once."""
    return read_readiness()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply, whether the form is over, and what a later follow-up leans on."""

    answer: Answer
    over: bool = False
    knowledge: Answer | None = None


class ValidateReadinessForm(Action):
    """Runs the whole assessment. Rasa calls it once for every message of the form, the one that opens it included."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        outcome = await _Turn(tracker).outcome()
        if outcome is None:
            return []  # the form rejects the message, and the rule of its intent takes over
        utter(dispatcher, outcome.answer)
        events = remembered(tracker, outcome.knowledge)
        return [*events, SlotSet("requested_slot", None)] if outcome.over else events


class ActionEndReadiness(Action):
    """Closes the turn that closed the form: only outside it may the history be dropped."""

    def name(self) -> str:
        return "action_end_readiness"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return end_turn(tracker)


class _Turn:
    """One message, held against the assessment so far."""

    def __init__(self, tracker: Tracker) -> None:
        now = runtime.current()
        self._now = now
        self._tracker = tracker
        self._sender = str(tracker.sender_id)
        self._today = now.today()
        self._runs = Runs(now.database)
        self._text = clean(message_text(tracker))
        self._masked = mask_personal(self._text)
        self._intent = str(tracker.get_intent_of_latest_message(skip_fallback_intent=False) or "")
        self._sure = is_sure(tracker)

    async def outcome(self) -> Outcome | None:
        """The reply to the message; None where another skill is meant."""
        run = await asyncio.to_thread(self._runs.open, self._sender)
        if run is None or just_opened(self._tracker, FORM):
            outcome: Outcome | None = await self._open(run)
        elif run.form is None or run.scale is None:
            outcome = await self._choose(run)
        else:
            outcome = await self._answered(run, _questions(run)[run.asked])
        if outcome is None or not has_personal(self._text) or PERSONAL_DATA[VI] in outcome.answer.notices:
            return outcome
        return replace(outcome, answer=replace(outcome.answer, notices=(*outcome.answer.notices, PERSONAL_DATA[VI])))

    # -- the kinds of message

    async def _open(self, run: Run | None) -> Outcome:
        """A result that is there is shown again where it is asked for; else an unfinished assessment goes on, or one begins."""
        lead = []
        if understanding.wants_result(self._text):
            if shown := await self._shown_again():
                return shown
            lead = [wording.NO_RESULT] if run is None else []
        if understanding.wants_product(self._text) and (run is None or run.form is Form.PRODUCT or not run.ratings):
            return await self._ask(Run(Form.PRODUCT, readiness().scales[0].id), [wording.PRODUCT_INTRO])
        if run is not None and not understanding.wants_afresh(self._text):
            return await self._ask(replace(run, failures=0), [*lead, wording.resumed(run, readiness())])
        form, scale = understanding.read_form(self._text), understanding.read_scale(self._text)
        return await self._ask(Run(form, scale), [*lead, wording.INTRO])

    async def _choose(self, run: Run) -> Outcome | None:
        """The form, then the scale; one message may tell both."""
        form = run.form or understanding.read_form(self._masked)
        scale = run.scale or understanding.read_scale(self._masked)
        if (form, scale) != (run.form, run.scale):
            return await self._ask(replace(run, form=form, scale=scale, failures=0))
        if leaves(self._tracker, START) or self._gives_way(run):
            return None
        wish = understanding.read_wish(self._masked)
        if wish is Wish.STOP or (self._sure and self._intent == "goodbye"):
            return await self._stop(run)
        if wish in (Wish.AFRESH, Wish.BACK):
            return await self._ask(Run())
        if self._intent == START or wish is Wish.GO_ON:
            return await self._ask(run)
        again = wording.FORM_NOT_UNDERSTOOD if run.form is None else wording.SCALE_NOT_UNDERSTOOD
        return await self._otherwise(run, understanding.asks(self._text), again)

    async def _answered(self, run: Run, question: Question) -> Outcome | None:
        """A reply to a question of the form."""
        rubric = readiness().rubric(question)
        reply = understanding.read_reply(self._masked, rubric, len(question.statements))
        if reply.rating is not None:
            return await self._rate(run, reply, reply.rating)
        if reply.wish is not None and not (self._intent == "ask_human" and self._sure):
            return await self._grant(run, reply)
        if self._intent == START and self._sure:
            return await self._open(run)
        if leaves(self._tracker, START) or self._gives_way(run):
            return None
        if self._sure and self._intent == "goodbye":
            return await self._stop(run)
        return await self._otherwise(run, reply.question, wording.NOT_UNDERSTOOD)

    def _gives_way(self, run: Run) -> bool:
        """A form left open for a day is in nobody's way: what is no answer to it goes where it belongs."""
        return left_open(run.updated_at, self._now.now()) and self._intent != START

    async def _rate(self, run: Run, reply: Reply, rating: Rating) -> Outcome:
        """Note the rating of the question asked, of the one named, or, where it is a correction, of the one before."""
        questions = _questions(run)
        at = run.asked
        if reply.about is not None:
            at = reply.about - 1
        elif reply.correction and run.asked > 0:
            at = run.asked - 1
        if not 0 <= at < len(questions):
            lead = wording.NO_QUESTION.format(count=len(questions), number=at + 1)
            return await self._ask(run, [lead])
        rated = run.rated(questions[at].id, rating)
        return await self._ask(_onward(rated), self._noted(rated, at))

    async def _grant(self, run: Run, reply: Reply) -> Outcome:
        questions = _questions(run)
        if reply.wish is Wish.SKIP:
            skipped = run.rated(questions[run.asked].id, SKIPPED)
            return await self._ask(_onward(skipped), [wording.SKIPPED_NOTE.format(number=run.asked + 1)])
        if reply.wish is Wish.BACK:
            number = reply.about or max(run.asked, 1)
            if number > len(questions):
                return await self._ask(run, [wording.NO_QUESTION.format(count=len(questions), number=number)])
            return await self._ask(replace(run, asked=number - 1, failures=0), [wording.BACK_TO.format(number=number)])
        if reply.wish is Wish.STOP:
            return await self._stop(run)
        if reply.wish is Wish.AFRESH:
            return await self._ask(Run())
        if reply.wish is Wish.FINISH:
            return await self._finish(run)
        if reply.wish is Wish.LEGEND:
            return await self._ask(run, [wording.levels_text(readiness().rubric(questions[run.asked]))])
        if reply.wish is Wish.SUMMARY:
            return await self._ask(run, self._summary(run))
        return await self._ask(run, [wording.resumed(run, readiness())])

    async def _otherwise(self, run: Run, question: bool, again: str) -> Outcome:
        """A question is answered and the form goes on; small talk gets its sentence; else it is asked again."""
        if question or is_injection(self._text) or is_abuse(self._text):
            return await self._answer_between(run)
        if self._intent in _CHATTING and self._sure:
            return await self._ask(run, [small_talk(self._intent, self._text).text])
        if not run.failures:
            evidence = await asyncio.to_thread(self._now.answerer().evidence, self._text, self._today)
            if evidence >= self._now.small_talk_threshold:
                return await self._answer_between(run)
        return await self._ask(replace(run, failures=run.failures + 1), [again])

    async def _answer_between(self, run: Run) -> Outcome:
        query = query_of(self._tracker, self._today)
        knowledge = await asyncio.to_thread(self._now.answerer().answer, query)
        return await self._ask(run, [knowledge.text], knowledge)

    async def _stop(self, run: Run) -> Outcome:
        await asyncio.to_thread(self._runs.save, self._sender, replace(run, failures=0))
        text = wording.STOPPED.format(where=wording.progress(run, readiness()))
        return Outcome(Answer(AnswerStatus.SMALL_TALK, text, self._today, suggestions=_buttons(GO_ON)), over=True)

    # -- the reply

    async def _ask(self, run: Run, lead: Sequence[str] = (), knowledge: Answer | None = None) -> Outcome:
        """What is to be said first, then the next choice or question, or the result."""
        if run.form and run.scale and run.asked >= len(_questions(run)):
            return await self._finish(run, lead)
        run = await asyncio.to_thread(self._runs.save, self._sender, run)
        text, asked, choices = self._next(run)
        if knowledge and knowledge.status is AnswerStatus.CLARIFY:
            choices = knowledge.suggestions
        answer = Answer(
            AnswerStatus.FORM,
            "\n\n".join([*lead, text]),
            knowledge.as_of if knowledge else self._today,
            citations=knowledge.citations if knowledge else (),
            suggestions=choices,
            notices=knowledge.notices if knowledge else (),
            entry=knowledge.entry if knowledge else None,
            extra={"form": "readiness", "slot": asked, "requested_slot": asked},
        )
        return Outcome(answer, knowledge=knowledge)

    def _next(self, run: Run) -> tuple[str, str, tuple[Suggestion, ...]]:
        """What is asked next, its name, and the buttons."""
        if run.form is None:
            return wording.ASK_FORM, "form", _buttons(*wording.FORM_BUTTONS.values())
        if run.scale is None:
            return wording.ASK_SCALE, "scale", _buttons(*wording.SCALE_BUTTONS.values())
        questions = _questions(run)
        question = questions[run.asked]
        rubric = readiness().rubric(question)
        first = next(one for one in questions if one.kind is question.kind) is question
        if len(questions) - run.asked == DRAWING_SOON and run.form is not Form.PRODUCT:
            threading.Thread(target=load_drawing, daemon=True).start()
        levels = [wording.level_button(rubric, band.level) for band in rubric.bands]
        text = wording.question_text(question, run.asked + 1, len(questions), rubric, with_levels=first)
        return text, question.id, _buttons(*levels, SKIP, STOP)

    def _noted(self, run: Run, at: int) -> list[str]:
        result = _result(run)
        question = _questions(run)[at]
        noted = wording.noted(result.questions[at], at + 1, readiness().rubric(question))
        return [" ".join(part for part in (noted, wording.running(result)) if part)]

    def _summary(self, run: Run) -> list[str]:
        where = f"Bạn đang ở {wording.progress(run, readiness())}."
        return [" ".join(part for part in (where, wording.running(_result(run))) if part)]

    # -- the result

    async def _finish(self, run: Run, lead: Sequence[str] = ()) -> Outcome:
        run = await asyncio.to_thread(self._runs.finish, self._sender, run, self._today)
        if run.form is Form.PRODUCT:
            text = "\n\n".join([*lead, wording.product_text(run.ratings, readiness())])
            answer = Answer(
                AnswerStatus.ANSWERED,
                text,
                self._today,
                suggestions=_buttons("Kết quả tự đánh giá", DOSSIER),
                notices=(f"{wording.LABEL}.",),
                extra={"form": "readiness"},
            )
            return Outcome(answer, over=True)
        return Outcome(await self._result_answer(run, lead), over=True)

    async def _shown_again(self) -> Outcome | None:
        """The newest finished assessment again, or its report where that is asked for; None where there is none."""
        finished = await asyncio.to_thread(self._runs.finished, self._sender)
        newest = next((one for one in finished if one.form is not Form.PRODUCT), None)
        if newest is None:
            return None
        if not understanding.wants_file(self._text):
            return Outcome(await self._result_answer(newest, ()), over=True)
        report = await self._report(newest)
        attachments, notices = await self._attached(lambda: self._documents(report))
        answer = Answer(
            AnswerStatus.ANSWERED,
            wording.REPORT.format(day=report.day) if attachments else wording.total_line(report.result),
            self._today,
            suggestions=_buttons(DOSSIER, AFRESH),
            notices=(f"{wording.LABEL}.", *notices),
            entry="readiness",
            extra={"form": "readiness"},
            attachments=attachments,
        )
        return Outcome(answer, over=True)

    async def _result_answer(self, run: Run, lead: Sequence[str]) -> Answer:
        report = await self._report(run)
        cited = [mark.citation for mark in readiness().marks_on(self._today) if mark.citation]
        attachments, notices = await self._attached(lambda: self._pictures(report))
        text = wording.result_text(report.result, readiness(), report.marks, report.day, report.earlier)
        return Answer(
            AnswerStatus.ANSWERED,
            "\n\n".join([*lead, text]),
            self._today,
            citations=self._now.answerer().cite([*cited, _CRITERIA], self._today),
            suggestions=_buttons(DOWNLOAD, PRODUCT_PART, DOSSIER, AFRESH),
            notices=(f"{wording.LABEL}.", *notices),
            entry="readiness",
            extra={"form": "readiness"},
            attachments=attachments,
        )

    async def _report(self, run: Run) -> Report:
        """The run with the newest earlier one, and with the newest answers on the product."""
        finished = await asyncio.to_thread(self._runs.finished, self._sender)
        before = next(
            (one for one in finished if one.form is not Form.PRODUCT and one.id is not None and one.id < (run.id or 0)),
            None,
        )
        product = next((one.ratings for one in finished if one.form is Form.PRODUCT), {})
        result = _result(run)
        earlier = None
        if before is not None and before.finished_on is not None:
            earlier = Earlier(_result(before), before.finished_on)
        return Report(result, readiness(), run.finished_on or self._today, self._marks(result), earlier, product)

    def _marks(self, result: Result) -> str:
        marks = readiness().marks_on(self._today)
        if not marks:
            return ""
        citation = marks[0].citation
        law = self._now.answerer().corpus.document(citation.document).name if citation else "chế độ cũ"
        return wording.marks_text(marks, law, marks[0].valid.start, result)

    async def _attached(
        self, draw: Callable[[], tuple[Attachment, ...]]
    ) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
        """What was drawn, or the sentence that says that it was not: the result itself never waits for a picture."""
        try:
            return await asyncio.wait_for(asyncio.to_thread(draw), DRAWING_SECONDS), ()
        except Exception:  # whatever drawing trips over, the answers of seven or seventeen questions are not lost on it
            log.exception("the pictures or the report of a self-assessment could not be made")
            return (), (wording.NO_FILES,)

    def _pictures(self, report: Report) -> tuple[Attachment, ...]:
        form = PictureFormat.SVG if self._sender.startswith(WEB) else PictureFormat.PNG
        return tuple(
            Attachment(
                AttachmentKind.IMAGE,
                self._now.files.keep(self._sender, one.file),
                one.title,
                one.file.media_type,
                one.alt,
            )
            for one in pictures(report, form)
        )

    def _documents(self, report: Report) -> tuple[Attachment, ...]:
        pdf, docx = documents(report, *pictures(report, PictureFormat.PNG))
        return tuple(
            Attachment(AttachmentKind.FILE, self._now.files.keep(self._sender, file), title, file.media_type)
            for file, title in ((pdf, "Báo cáo tự đánh giá (PDF)"), (docx, "Báo cáo tự đánh giá (Word)"))
        )


def _questions(run: Run) -> tuple[Question, ...]:
    """Those of the form that was chosen."""
    return readiness().forms[run.form] if run.form else ()


def _result(run: Run) -> Result:
    """Raises ValueError while form or scale are still to be chosen."""
    if run.form is None or run.scale is None:
        raise ValueError("an assessment is scored after its form and scale were chosen")
    return readiness().score(run.form, readiness().scale(run.scale), run.ratings)


def _onward(run: Run) -> Run:
    """To the first question without an answer."""
    questions = _questions(run)
    asked = next((at for at, one in enumerate(questions) if one.id not in run.ratings), len(questions))
    return replace(run, asked=asked, failures=0)


def _buttons(*texts: str) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(text, text) for text in texts)

"""The dossier checklist as a Rasa form: shows it, ticks off, says what is missing, hands it out as a file.

Rasa only keeps the form open; the list is in the database, so it is there again after weeks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import runtime, slots
from actions.answer import Answer, AnswerStatus, Attachment, AttachmentKind, Language, Suggestion
from actions.documents.pdf import render_pdf
from actions.documents.word import MEDIA_TYPE, render_docx
from actions.dossier import wording
from actions.dossier.store import Dossier, Dossiers, Mark
from actions.dossier.understanding import Reply, Wish, read_reply, read_season
from actions.dossier.wording import Board
from actions.eligibility_form import Check
from actions.files import KeptFile
from actions.forms import RESUMING, is_sure, just_opened, leaves, left_open
from actions.guards import clean, has_personal, is_abuse, is_injection, mask_personal
from actions.sentences import PERSONAL_DATA
from actions.small_talk import small_talk
from actions.turn import end_turn, message_text, query_of, remembered, utter
from knowledge.calendar import DEADLINES, coming
from knowledge.calendar_store import read_calendar
from knowledge.dossier import Item, Part, checklist_on
from knowledge.dossier_files import read_dossier
from knowledge.eligibility import Prize

log = logging.getLogger(__name__)

FORM = "dossier_form"
START = "prepare_dossier"
VI = Language.VIETNAMESE
MISSING, EXPORT, STOP, SHOW = "Còn thiếu gì", "Xuất file", "Dừng", "Xem danh sách"
MOST_BUTTONS = 3  # of items to tick off
_CHATTING = ("greet", "thanks", "help", "who_are_you")
_MARKS = {Wish.TICK: Mark.DONE, Wish.NOT_NEEDED: Mark.NOT_NEEDED}


@cache
def dossier_parts() -> tuple[Part, ...]:
    """The content, read once."""
    return read_dossier()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply, whether the form is over, and what a later follow-up leans on."""

    answer: Answer
    over: bool = False
    knowledge: Answer | None = None


class ValidateDossierForm(Action):
    """Runs the whole checklist. Rasa calls it once for every message of the form, the one that opens it included."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        outcome = await _Turn(tracker).outcome()
        if outcome is None:
            return []  # the form rejects the message, and the rule of its intent takes over
        utter(dispatcher, outcome.answer)
        events = remembered(tracker, outcome.knowledge)
        return [*events, SlotSet("requested_slot", None)] if outcome.over else events


class ActionEndDossier(Action):
    """Closes the turn that closed the form: only outside it may the history be dropped."""

    def name(self) -> str:
        return "action_end_dossier"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        return end_turn(tracker)


class _Turn:
    """One message, held against the person's list."""

    def __init__(self, tracker: Tracker) -> None:
        now = runtime.current()
        self._now = now
        self._tracker = tracker
        self._sender = str(tracker.sender_id)
        self._today = now.today()
        self._dossiers = Dossiers(now.database)
        self._text = clean(message_text(tracker))
        self._masked = mask_personal(self._text)
        self._intent = str(tracker.get_intent_of_latest_message(skip_fallback_intent=False) or "")
        self._sure = is_sure(tracker)

    async def outcome(self) -> Outcome | None:
        """The reply to the message; None where another skill is meant."""
        kept = await asyncio.to_thread(self._dossiers.find, self._sender)
        dossier = kept or Dossier()
        if (season := read_season(self._masked, self._today.year)) is not None:
            dossier = replace(dossier, season=season)
        board = await asyncio.to_thread(self._board, dossier)
        reply = read_reply(self._masked, board.checklist)
        outcome = await self._outcome(board, reply, kept is None, season is not None)
        if outcome is None or not has_personal(self._text) or PERSONAL_DATA[VI] in outcome.answer.notices:
            return outcome
        return replace(outcome, answer=replace(outcome.answer, notices=(*outcome.answer.notices, PERSONAL_DATA[VI])))

    def _board(self, dossier: Dossier) -> Board:
        facts = Check.from_record(self._tracker.get_slot(slots.ELIGIBILITY)).applicant.facts
        with self._now.database.session() as session:
            events = [one for one in coming(read_calendar(session), self._today) if one.kind in DEADLINES]
        deadlines = tuple(
            f"{one.title}, {one.when()}" + (f" ({one.province})" if one.province else "")
            for one in events
            if dossier.season in (None, one.season)
        )
        return Board(
            checklist_on(dossier_parts(), self._law_day(dossier.season)),
            dossier,
            None if facts.last_prize is None else facts.last_prize is not Prize.NONE,
            bool(facts.only_services),
            deadlines,
        )

    def _law_day(self, season: int | None) -> date:
        """The day whose rules the list follows: today's, those of a past season's end, those of a coming season's start."""
        if season is None or season == self._today.year:
            return self._today
        return date(season, 12, 31) if season < self._today.year else date(season, 1, 1)

    async def _outcome(self, board: Board, reply: Reply, new: bool, dated: bool) -> Outcome | None:
        opened = just_opened(self._tracker, FORM)
        if reply.wish is not None and not (self._intent == "ask_human" and self._sure):
            granted = await self._grant(board, reply, opened)
            if granted is not None:
                return granted
        if opened or dated or self._intent == START:
            await asyncio.to_thread(self._dossiers.save, self._sender, board.dossier)
            return self._shown(board, wording.INTRO if new else wording.RESUMED)
        if leaves(self._tracker, START) or left_open(board.dossier.updated_at, self._now.now()):
            return None
        if self._sure and self._intent == "goodbye":
            return self._stopped(board)
        return await self._otherwise(board, reply.question)

    async def _grant(self, board: Board, reply: Reply, opened: bool) -> Outcome | None:
        """What a wish brings; None for a wish about items in an opening message that names none («chuẩn bị hồ sơ rồi»)."""
        if reply.wish in (Wish.TICK, Wish.UNTICK, Wish.NOT_NEEDED):
            return await self._marked(board, reply, opened)
        if reply.wish is Wish.STOP:
            return self._stopped(board)
        if reply.wish is Wish.MISSING:
            return self._form(board, wording.missing_text(board))
        if reply.wish is Wish.EXPLAIN:
            return self._form(board, "\n\n".join(wording.item_text(board, item) for _, item in reply.changes))
        if reply.wish is Wish.EXPORT:
            return await self._exported(board)
        if reply.wish is Wish.AFRESH:
            emptied = replace(board, dossier=replace(board.dossier, marks={}))
            await asyncio.to_thread(self._dossiers.save, self._sender, emptied.dossier)
            return self._shown(emptied, wording.EMPTIED)
        await asyncio.to_thread(self._dossiers.save, self._sender, board.dossier)
        return self._shown(board, wording.RESUMED)

    async def _marked(self, board: Board, reply: Reply, opened: bool) -> Outcome | None:
        changes = list(reply.changes)
        if reply.everything:
            changes = [(Wish.TICK, item) for item in board.todo(board.checklist.current_items())]
        lead = [wording.NO_SUCH.format(numbers=", ".join(map(str, reply.unknown)))] if reply.unknown else []
        if not changes and reply.perhaps:
            text = "\n".join(
                [wording.WHICH_OF, *(f"- {board.checklist.number(one)}. {one.text}" for one in reply.perhaps)]
            )
            return self._form(board, "\n".join([*lead, text]), _ticks(board, reply.perhaps))
        if not changes:
            return None if opened and not lead else self._form(board, " ".join([*lead, wording.WHICH]))
        marks = dict(board.dossier.marks)
        for wish, item in changes:
            if mark := _MARKS.get(wish):
                marks[item.id] = mark
            else:
                marks.pop(item.id, None)
        board = replace(board, dossier=replace(board.dossier, marks=marks))
        await asyncio.to_thread(self._dossiers.save, self._sender, board.dossier)
        return self._form(board, "\n".join([*lead, wording.changed_text(board, [item for _, item in changes])]))

    async def _otherwise(self, board: Board, question: bool) -> Outcome:
        """A question is answered and the list stays open; small talk gets its sentence; else how to go on is said."""
        if question or is_injection(self._text) or is_abuse(self._text):
            return await self._answer_between(board)
        if self._intent in _CHATTING and self._sure:
            return self._form(board, small_talk(self._intent, self._text).text)
        evidence = await asyncio.to_thread(self._now.answerer().evidence, self._text, self._today)
        if evidence >= self._now.small_talk_threshold:
            return await self._answer_between(board)
        return self._form(board, wording.NOT_UNDERSTOOD)

    async def _answer_between(self, board: Board) -> Outcome:
        query = query_of(self._tracker, self._today)
        knowledge = await asyncio.to_thread(self._now.answerer().answer, query)
        outcome = self._form(board, f"{knowledge.text}\n\nDanh sách hồ sơ vẫn mở ({wording.progress(board)}).")
        answer = replace(
            outcome.answer,
            as_of=knowledge.as_of,
            citations=knowledge.citations,
            notices=knowledge.notices,
            entry=knowledge.entry,
            suggestions=knowledge.suggestions
            if knowledge.status is AnswerStatus.CLARIFY
            else _buttons(SHOW, MISSING, STOP),
        )
        return Outcome(answer, knowledge=knowledge)

    # -- the reply

    def _shown(self, board: Board, lead: str) -> Outcome:
        return self._form(board, "\n\n".join([lead, wording.list_text(board), wording.HINT]), cited=True)

    def _form(
        self, board: Board, text: str, choices: tuple[Suggestion, ...] | None = None, cited: bool = False
    ) -> Outcome:
        clauses = [one for part in board.checklist.current for one in part.citations] if cited else []
        day = board.checklist.day
        answer = Answer(
            AnswerStatus.FORM,
            text,
            day,
            citations=self._now.answerer().cite(clauses, day) if clauses else (),
            suggestions=choices or (*_ticks(board, _ready(board)), *_buttons(MISSING, EXPORT, STOP)),
            notices=(f"{wording.LABEL}.",) if cited else (),
            entry="dossier",
            extra={"form": "dossier", "slot": "item", "requested_slot": "item"},
        )
        return Outcome(answer)

    def _stopped(self, board: Board) -> Outcome:
        text = wording.STOPPED.format(progress=wording.progress(board))
        answer = Answer(AnswerStatus.SMALL_TALK, text, self._today, suggestions=_buttons(RESUMING[FORM]))
        return Outcome(answer, over=True)

    async def _exported(self, board: Board) -> Outcome:
        await asyncio.to_thread(self._dossiers.save, self._sender, board.dossier)
        try:
            attachments = await asyncio.to_thread(self._written, board)
        except Exception:  # whatever drawing trips over, the list itself is there
            log.exception("a dossier checklist could not be written")
            return self._form(board, wording.NO_FILES)
        outcome = self._form(board, wording.EXPORTED.format(progress=wording.progress(board)))
        notices = (f"{wording.LABEL}.",)
        return Outcome(replace(outcome.answer, attachments=attachments, notices=notices))

    def _written(self, board: Board) -> tuple[Attachment, ...]:
        document = wording.describe(board, self._today)
        stem = f"chuan-bi-ho-so-{self._today.isoformat()}"
        files = (
            (KeptFile(f"{stem}.pdf", "application/pdf", render_pdf(document)), "Danh sách hồ sơ (PDF)"),
            (KeptFile(f"{stem}.docx", MEDIA_TYPE, render_docx(document)), "Danh sách hồ sơ (Word)"),
        )
        return tuple(
            Attachment(AttachmentKind.FILE, self._now.files.keep(self._sender, file), title, file.media_type)
            for file, title in files
        )


def _ready(board: Board) -> list[Item]:
    """Items that can be done now."""
    return [item for item in board.todo(board.checklist.current_items()) if not item.awaited]


def _ticks(board: Board, items: Sequence[Item]) -> tuple[Suggestion, ...]:
    return _buttons(*(f"Mục {board.checklist.number(item)} xong" for item in items[:MOST_BUTTONS]))


def _buttons(*texts: str) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(text, text) for text in texts)

"""Runs the gate: prepares a publication, asks it and the current one the same questions, keeps what changes, lets a person decide."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from actions.answer import Query
from actions.answering import Answerer
from bot.errors import BotError
from bot.gate.comparison import Difference, Judge, count_effects
from bot.gate.findings import Finding, Kind, find_problems
from bot.gate.questions import questions_to_ask
from bot.gate.runs import GateRun, RunState, end_run, read_run, settle_run, tell
from bot.publishing import Prepared, Publisher
from bot.settings import ROOT, Settings
from bot.verification import Loser, Verification, find_losers
from index.encoder import Encoder
from index.errors import RetrievalError
from knowledge.audit import record
from knowledge.changes import Changes, compare
from knowledge.database import Database
from knowledge.errors import EditRefused, KnowledgeError
from knowledge.publications import Current

log = logging.getLogger(__name__)
TELL_SECONDS = 1.0
LEAST_REASON = 10  # characters


class Gate:
    """`encoder` is opened when it is needed, unless one is given."""

    def __init__(self, settings: Settings, database: Database, encoder: Encoder | None = None) -> None:
        self._settings, self._database, self._encoder = settings, database, encoder
        self._told = 0.0

    def run(self, number: int) -> RunState:
        """Carry out a run that has begun. Whatever fails is kept with it."""
        try:
            return self._run(number)
        except (BotError, KnowledgeError, RetrievalError, OSError) as error:
            self._end(number, RunState.FAILED, {"error": str(error)})
        except Exception:
            self._end(number, RunState.FAILED, {"error": "Lỗi của hệ thống; người vận hành xem nhật ký máy chủ."})
            log.exception("gate run %s", number)
        return RunState.FAILED

    def publish(self, number: int, who: str, reason: str = "") -> Current:
        """Make what a run has looked at current; one that is blocked needs a reason.

        Raises EditRefused, PublicationError (something else was published since), DatabaseError.
        """
        with self._database.session() as session:
            run = read_run(session, number)
        if run.state is RunState.BLOCKED and len(reason) < LEAST_REASON:
            raise EditRefused("Có câu trả lời xấu đi: muốn công bố, hãy ghi rõ lý do (ít nhất 10 ký tự).")
        if not run.open or run.publication is None:
            raise EditRefused("Lần kiểm tra này không còn chờ quyết định; hãy kiểm tra lại từ đầu.")
        despite = reason if run.state is RunState.BLOCKED else None
        now = self._publisher(number).take(run.publication, who, run.follows or 0, despite)
        with self._database.session() as session:
            settle_run(session, number, RunState.PUBLISHED, who, reason)
            words = f"lần kiểm tra {number}{f', bất chấp: {reason}' if despite else ''}"
            record(session, who, "publish.override" if despite else "publish", str(run.publication), words)
        return now

    def drop(self, number: int, who: str) -> GateRun:
        """Do not publish what a run has looked at."""
        with self._database.session() as session:
            record(session, who, "publish.drop", str(number))
            return settle_run(session, number, RunState.DROPPED, who)

    # -- the steps

    def _run(self, number: int) -> RunState:
        self._tell(number, "Chụp nội dung đã duyệt và dựng chỉ mục")
        with self._database.session() as session:
            author = read_run(session, number).author
        prepared = self._publisher(number).prepare(author)
        if prepared is None:
            return self._end(number, RunState.NOTHING, {})
        report = self._report(number, prepared)
        worse = report["counts"]["worse"] or report["findings"]
        state = RunState.BLOCKED if worse else RunState.PASSED
        follows = prepared.before.change if prepared.before else 0
        return self._end(number, state, report, prepared.publication.number, follows)

    def _report(self, number: int, prepared: Prepared) -> dict[str, Any]:
        found, after = prepared.verification, prepared.publication.corpus
        findings = [] if found.passed else [Finding(Kind.CHECK, "", _in_words(found))]
        differences: list[Difference] = []
        changes, asked = compare(None, after), 0
        if prepared.before is not None:
            publisher = self._publisher(number)
            old, new = publisher.answerer(prepared.before.number), publisher.answerer(prepared.publication.number)
            changes = compare(old.corpus, after)
            findings += find_problems(old.corpus, after, self._settings.today(), _new_losers(old, found.losers))
            differences, asked = self._differences(number, old, new, changes)
        return {
            "asked": asked,
            "counts": count_effects(differences),
            "differences": [one.to_json() for one in differences],
            "findings": [asdict(one) for one in findings],
            "changes": changes.to_json(),
            "entries": found.entries,
            "golden": found.golden,
        }

    def _differences(self, number: int, old: Answerer, new: Answerer, changes: Changes) -> tuple[list[Difference], int]:
        """What was found, the worse first, and how many questions were asked."""
        golden, today = self._settings.root / self._settings.knowledge.golden, self._settings.today()
        with self._database.session() as session:
            questions = questions_to_ask(session, golden, old.corpus, new.corpus, changes)
        judge, found = Judge(old.corpus, new.corpus), []
        for place, asked in enumerate(questions):
            self._tell(number, "Hỏi thử nội dung cũ và mới", place, len(questions))
            query = Query(asked.text, today)
            found.append(judge.difference(asked, old.answer(query), new.answer(query)))
        kept = [one for one in found if one is not None]
        return sorted(kept, key=lambda one: not one.worse), len(questions)

    def _publisher(self, number: int) -> Publisher:
        def progress(done: int, total: int) -> None:
            self._tell(number, "Dựng chỉ mục", done, total)

        return Publisher(self._settings, self._database, progress, self._encoder)

    def _tell(self, number: int, stage: str, done: int = 0, total: int = 0) -> None:
        """Not more often than somebody looks."""
        if time.monotonic() - self._told >= TELL_SECONDS or not total:
            self._told = time.monotonic()
            with self._database.session() as session:
                tell(session, number, stage, done, total)

    def _end(
        self,
        number: int,
        state: RunState,
        report: dict[str, Any],
        publication: int | None = None,
        follows: int | None = None,
    ) -> RunState:
        with self._database.session() as session:
            end_run(session, number, state, report, publication, follows)
        return state


def _new_losers(old: Answerer, losers: Sequence[Loser]) -> list[Loser]:
    """Those that found themselves before, or are new."""
    known = {one.id: one for one in old.corpus.faq}
    lost_before = {one.entry for one in find_losers(old, [known[one.entry] for one in losers if one.entry in known])}
    return [one for one in losers if one.entry not in lost_before]


def _in_words(found: Verification) -> str:
    return (
        f"Kiểm định chung không đạt: {found.entries - len(found.losers)}/{found.entries} mục được tìm thấy bằng chính câu hỏi của mình, "
        f"{found.golden - len(found.missed)}/{found.golden} câu mẫu trả lời đúng; hoặc nội dung đã hụt đi quá nửa."
    )


def run_apart(settings: Settings, number: int) -> subprocess.Popen[bytes]:
    """Carry out a run in a process of its own, so that building an index takes nothing from the chat that is served beside it."""
    environment = {**os.environ, "AWARD_DATABASE_URL": settings.database_url}
    if settings.today_fixed:
        environment["AWARD_TODAY"] = settings.today_fixed.isoformat()
    command = [sys.executable, "-m", "bot.cli", "gate", str(number)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)

"""A process that imports, accepts and publishes, killed at random moments; and a look at what it leaves.

The processes are forked from one that has everything imported, so that fifty of them take a minute and not ten.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Self

from actions.answer import AnswerStatus, Query
from bot.publication import open_publication
from bot.publishing import Publisher
from bot.settings import ROOT, IndexSettings, Settings
from databases import sqlite_url
from fake_encoder import HashEncoder
from knowledge.acceptance import Choices, accept_proposal
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content, replace_content
from knowledge.importing import parse_upload
from knowledge.proposals import ProposalState, list_proposals, store_proposal
from small_corpus import small_corpus

ROUNDS = 3  # amendments, each imported, accepted and published
PHASES = ("import", "accept", "publish")
AMENDED = ProvisionId.parse("ND37-2026:59.1")
QUESTION = Query(small_corpus().faq[0].vietnamese.question, date(2026, 11, 22))
_SEED = 20_261_122


def settings_of(folder: Path) -> Settings:
    return Settings(root=folder, index=IndexSettings(encoder="hash"))


def amendment(number: int) -> bytes:
    """The text of a decree that exists nowhere: the same clause amended anew, from another day on."""
    return f"""CHÍNH PHỦ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 009{number}/2099/NĐ-CP
Hà Nội, ngày 05 tháng 3 năm 2099
NGHỊ ĐỊNH
Sửa đổi khoản 1 Điều 59 Nghị định số 37/2026/NĐ-CP ngày 23 tháng 01 năm 2026 của Chính phủ
Điều 1. Sửa đổi Nghị định số 37/2026/NĐ-CP
1. Sửa đổi khoản 1 Điều 59 như sau:
“1. Hoạt động ít nhất {number} tháng.”
Điều 2. Hiệu lực
Nghị định này có hiệu lực thi hành từ ngày 01 tháng {4 + number} năm 2099.
""".encode()


def work(folder: Path) -> None:
    """Import, accept and publish, saying what begins; what is done already is passed over."""
    settings, database = settings_of(folder), Database(sqlite_url(folder))
    for number in range(1, ROUNDS + 1):
        print(f"import {number}", flush=True)
        proposal = parse_upload(amendment(number), f"{number}.txt")
        with database.session() as session:
            stored = store_proposal(session, proposal, "Lan").stored
        print(f"accept {number}", flush=True)
        if stored.state is ProposalState.PROPOSED:
            with database.session() as session:
                accept_proposal(session, stored.number, "Lan", Choices())
        print(f"publish {number}", flush=True)
        Publisher(settings, database, encoder=HashEncoder("hash")).publish("Lan")
    print("done 0", flush=True)


def serve_forks() -> None:
    """For each line of input, a folder: fork a process that works there, say its number, and when it has ended."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            work(Path(line.strip()))
            os._exit(0)
        print(f"started {child}", flush=True)
        os.waitpid(child, 0)
        print("ended 0", flush=True)


class Killer:
    """Starts processes that work in a folder as it was at first, and kills them."""

    def __init__(self, folder: Path) -> None:
        self._first, self.folder = folder / "first", folder / "work"
        self.phases: Counter[str] = Counter()  # in which the processes were killed
        self._chance = random.Random(_SEED)
        _prepare(self._first)
        command = [sys.executable, "-c", "import killing; killing.serve_forks()"]
        path = os.pathsep.join((str(ROOT / "tests"), str(ROOT)))
        self._parent = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": path},
        )
        self._lasted = self._time_phases()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.kill()
        self._parent.communicate()

    def kill_once(self) -> None:
        """A process killed at a random moment of a random phase."""
        wanted = f"{self._chance.choice(PHASES)} {self._chance.randint(1, ROUNDS)}"
        child = self._start()
        self._until(wanted)
        time.sleep(self._chance.random() * self._lasted[wanted])
        with suppress(ProcessLookupError):  # it was faster than in the run that was timed
            os.kill(child, signal.SIGKILL)
        self.phases[wanted.split()[0]] += 1
        self._until("ended 0")

    def finish(self) -> None:
        """A process that goes on where the killed one stopped."""
        self._send(self.folder)
        self._until("done 0")
        self._until("ended 0")

    def _start(self) -> int:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._first, self.folder)
        return self._send(self.folder)

    def _send(self, folder: Path) -> int:
        assert self._parent.stdin is not None
        print(folder, file=self._parent.stdin, flush=True)
        return int(self._until("started").split()[1])

    def _until(self, words: str) -> str:
        """Read up to the line that begins so."""
        assert self._parent.stdout is not None
        for line in self._parent.stdout:
            if line.startswith(words):
                return line
        raise RuntimeError(f"the process ended before «{words}»")

    def _time_phases(self) -> dict[str, float]:
        """Seconds of each phase in a run that nobody disturbs."""
        self._start()
        lasted = {}
        names = [f"{phase} {number}" for number in range(1, ROUNDS + 1) for phase in PHASES]
        self._until(names[0])
        for name, following in zip(names, [*names[1:], "done 0"], strict=True):
            began = time.monotonic()
            self._until(following)
            lasted[name] = time.monotonic() - began
        self._until("ended 0")
        return lasted


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True)
    database = Database(sqlite_url(folder))
    database.upgrade()
    with database.session() as session:
        replace_content(session, small_corpus())
    Publisher(settings_of(folder), database, encoder=HashEncoder("hash")).publish("Lan")
    database.close()


def check_whole(folder: Path) -> int:
    """Nothing is there by half, and what is current answers. Gives the number of rounds that are published; AssertionError otherwise."""
    settings, database = settings_of(folder), Database(sqlite_url(folder))
    database.check_schema()
    with database.session() as session:
        content, proposals = read_content(session), list_proposals(session)
    content.check()
    accepted = {one.document for one in proposals if one.state is ProposalState.ACCEPTED}
    assert all(one.acceptance for one in proposals if one.state is ProposalState.ACCEPTED)
    assert {one.id for one in content.documents} - {one.id for one in small_corpus().documents} == accepted
    assert accepted == {f"ND009{number}-2099" for number in range(1, len(accepted) + 1)}
    assert len(proposals) in (len(accepted), len(accepted) + 1)
    assert len(content.versions(AMENDED)) == 1 + len(accepted)
    marked = {one.import_number for one in content.marks}
    assert marked == {one.number for one in proposals if one.state is ProposalState.ACCEPTED}
    served = open_publication(settings, database, HashEncoder("hash"))
    published = _rounds(served.answerer.corpus)
    assert published in (len(accepted) - 1, len(accepted))
    answer = served.answerer.answer(QUESTION)
    assert answer.status is AnswerStatus.ANSWERED
    assert "36 tháng" in answer.text
    database.close()
    return published


def _rounds(corpus: Corpus) -> int:
    corpus.check()
    return len(corpus.versions(AMENDED)) - 1

"""Publishing and swapping large content: build time, memory, size, an edit, swaps under load, kills.

    .venv/bin/python -m benchmarks.publications [--provisions 20000] [--entries 5000] [--swaps 100] [--encoder real]
    .venv/bin/python -m benchmarks.publications --kills 50
    .venv/bin/python -m benchmarks.publications --live

The content is the shipped one and made-up pieces beside it (benchmarks/generated_content.py). Encoding it takes the real encoder
a quarter of an hour, so by default the tests' encoder without a model stands in, with vectors of the real one's size; everything
else is the product's own code. With --kills processes that import, accept and publish are killed at random moments. With --live a
real server, Rasa and all, is asked over HTTP until an edit that was just published is answered.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import multiprocessing
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from actions.answer import Query
from benchmarks.generated_content import edited, generated_corpus
from bot import serving as serving_module
from bot.publication import index_folder
from bot.publishing import Publisher
from bot.serving import Serving
from bot.settings import ROOT, IndexSettings, Settings, load_settings
from bot.setup import read_corpus
from bot.turns import OpenTurns
from index.encoder import Encoder, open_encoder
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content, replace_content
from knowledge.publications import Reason, make_current

sys.path.append(str(ROOT / "tests"))  # the encoder without a model, the process that is killed, the running server
from fake_encoder import HashEncoder

DIMENSION = 384  # of the real encoder
ANSWERS = ("40 tháng", "44 tháng")  # of the two publications that take turns
ASKERS = 4
TODAY = date(2026, 11, 22)


def in_child(work: Callable[..., dict[str, float]], *given: object) -> dict[str, float]:
    """Run in a process of its own; what it measured, its CPU seconds and its peak memory in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, given))


def _measured(work: Callable[..., dict[str, float]], given: tuple[object, ...]) -> dict[str, float]:
    found = work(*given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"cpu": time.process_time(), "peak": peak}


def encoder_of(name: str) -> Encoder:
    return HashEncoder(name, DIMENSION) if name == "hash" else open_encoder(name, 2)


def put(database: Database, corpus: Corpus) -> None:
    with database.session() as session:
        replace_content(session, corpus)


def publish(settings: Settings) -> dict[str, float]:
    """Publish the content as it stands; seconds from the call to the change."""
    publisher = Publisher(settings, Database(settings.database_url), encoder=encoder_of(settings.index.encoder))
    began, cpu = time.perf_counter(), time.process_time()
    published = publisher.publish("benchmark")
    return {
        "number": published.current.number,
        "seconds": time.perf_counter() - began,
        "publish_cpu": time.process_time() - cpu,
        "asked": published.verification.asked if published.verification else 0,
    }


def measure_builds(settings: Settings, corpus: Corpus) -> None:
    database = Database(settings.database_url)
    database.upgrade()
    for title, content in (
        ("first publication", edited(corpus, ANSWERS[0])),
        ("one entry edited", edited(corpus, ANSWERS[1])),
    ):
        put(database, content)
        found = in_child(publish, settings)
        folder = index_folder(settings, int(found["number"]))
        size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 2**20
        print(
            f"{title}: {found['seconds']:.1f} s, {found['publish_cpu']:.1f} s of CPU, peak memory {found['peak']:.0f} MB, "
            f"index {size:.0f} MB, {found['asked']:.0f} own questions asked",
            flush=True,
        )
    database.close()


class Askers:
    """Threads that ask the served publication one question after the other, each as a turn of its own."""

    def __init__(self, serving: Serving, corpus: Corpus) -> None:
        self.asked, self.failed = 0, 0
        self._turns, self._serving = OpenTurns(lambda: serving.served), serving
        self._expected = {one.vietnamese.question: set[str]() for one in corpus.faq[:: max(1, len(corpus.faq) // 200)]}
        self._expected[corpus.faq[-1].vietnamese.question] = set()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(ASKERS)]

    def learn(self) -> None:
        """What the served publication says is right."""
        for question, answers in self._expected.items():
            answers.add(self._serving.answerer().answer(Query(question, TODAY)).text)

    def __enter__(self) -> Askers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        questions = itertools.cycle(list(self._expected)[number:] + list(self._expected)[:number])
        while not self._stop.is_set():
            question = next(questions)
            try:
                with self._turns.turn() as turn, self._turns.action(_call_of(turn.name)):
                    said = self._serving.answerer().answer(Query(question, TODAY)).text
                right = said in self._expected[question]
            except Exception as error:
                print(f"  failed: {error!r}")
                right = False
            self.asked += 1
            self.failed += not right


def _call_of(turn: str) -> dict[str, Any]:
    """What tells an action to which turn it belongs, as Rasa sends it."""
    return {"tracker": {"latest_message": {"metadata": {"turn": turn}}}}


async def swap(settings: Settings, corpus: Corpus, swaps: int) -> None:
    """Let two publications take turns while questions are asked."""
    serving_module.open_encoder = lambda name, threads: encoder_of(settings.index.encoder)  # type: ignore[assignment]
    database = Database(settings.database_url)
    serving = Serving(settings, database)
    following = asyncio.create_task(serving.follow())
    await serving.opened.wait()
    spent: list[float] = []
    memory: list[float] = []

    async def change(number: int) -> float:
        began = time.perf_counter()
        with database.session() as session:
            now = make_current(session, number, "benchmark", Reason.ROLLED_BACK)
        while serving.served is None or serving.served.current.change != now.change:
            await asyncio.sleep(0.005)
        return time.perf_counter() - began

    asking = Askers(serving, corpus)
    for number in (1, 2):
        idle = await change(number)
        await asyncio.to_thread(asking.learn)
    print(f"a swap of an idle server: {idle:.2f} s from the change to being served", flush=True)
    with asking as askers:
        for number in range(1, swaps + 1):
            spent.append(await change((number - 1) % 2 + 1))
            await asyncio.sleep(0.3)  # the old one is given back
            memory.append(psutil.Process().memory_info().rss / 2**20)
            if number in (1, 2, 5) or number % 10 == 0:  # a run that is stopped has said something
                print(f"  {number} swaps, {askers.failed} of {askers.asked} failed, {memory[-1]:.0f} MB", flush=True)
    following.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await following
    spent.sort()
    print(
        f"{swaps} swaps under load: {askers.asked} questions, {askers.failed} failed; from the change to being served "
        f"p50 {statistics.median(spent):.2f} s, longest {spent[-1]:.2f} s"
    )
    for at in (2, 20, swaps):
        if at <= swaps:
            print(
                f"memory after swap {at}: {memory[at - 1]:.0f} MB ({memory[at - 1] / memory[min(1, swaps - 1)] - 1:+.1%})"
            )


def kill(kills: int) -> None:
    from killing import Killer, check_whole

    with tempfile.TemporaryDirectory() as folder, Killer(Path(folder)) as killer:
        published: list[int] = []
        for _ in range(kills):
            killer.kill_once()
            published.append(check_whole(killer.folder))
            killer.finish()
            check_whole(killer.folder)
    phases = ", ".join(f"{count} in {phase}" for phase, count in killer.phases.most_common())
    print(f"{kills} kills ({phases}): no half state, the publication answered each time, each run could be finished")


def live() -> None:
    """From `publish` to the first right answer over HTTP, on the shipped content, with a real server and the real encoder."""
    from running_server import shipped_database, started

    built: list[Path] = []
    with tempfile.TemporaryDirectory() as name, shipped_database(Path(name)) as url, started(Path(name), url) as server:
        settings = load_settings(environment={"AWARD_DATABASE_URL": url, "AWARD_TODAY": TODAY.isoformat()})
        database = Database(url)
        publisher = Publisher(settings, database)
        publisher._prune = lambda: None  # type: ignore[method-assign]  # the indexes of the checkout's own database stay
        with database.session() as session:
            corpus = read_content(session)
        entry = next(one for one in corpus.faq if one.id == "dieu-kien-36-thang")
        for number in range(3):
            said = f"{entry.vietnamese.answer} (bản {number})"
            changed = replace(entry, vietnamese=replace(entry.vietnamese, answer=said))
            put(database, replace(corpus, faq=tuple(changed if one is entry else one for one in corpus.faq)))
            began = time.perf_counter()
            published = publisher.publish("benchmark")
            current = time.perf_counter()
            while f"(bản {number})" not in server.ask(entry.vietnamese.question)["text"]:
                time.sleep(0.02)
            answered = time.perf_counter()
            print(
                f"publishing {current - began:.2f} s, then {answered - current:.2f} s to the first right answer over HTTP "
                f"(publication {published.current.number})",
                flush=True,
            )
            built.append(index_folder(settings, published.current.number))
        database.close()
    for folder in built:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--provisions", type=int, default=20_000)
    parser.add_argument("--entries", type=int, default=5_000)
    parser.add_argument("--swaps", type=int, default=100)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--encoder", default="hash", help="hash, or real")
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep what was built here, and go on from it the next time")
    given = parser.parse_args()
    if given.kills:
        return kill(given.kills)
    if given.live:
        return live()
    corpus = generated_corpus(read_corpus(), given.provisions, given.entries)
    with contextlib.nullcontext(given.folder) if given.folder else tempfile.TemporaryDirectory() as folder:
        name = "hash" if given.encoder == "hash" else load_settings().encoder
        settings = Settings(root=Path(folder), index=IndexSettings(encoder=name))
        built = settings.var.exists()
        print(
            f"{sum(1 for _ in corpus.provisions())} provisions, {len(corpus.faq)} FAQ entries, encoder {given.encoder}"
        )
        if not built:
            measure_builds(settings, corpus)
        if given.swaps:
            asyncio.run(swap(settings, corpus, given.swaps))
    return None


if __name__ == "__main__":
    main()

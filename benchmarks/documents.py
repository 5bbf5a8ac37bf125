"""How long pictures and documents take to make, and how large they are; and whether other turns wait meanwhile.

    .venv/bin/python -m benchmarks.documents

Prints milliseconds (median of the runs, after the first) and kilobytes for each picture and document, what loading the drawing
library costs in time and memory, and the longest that an event loop in the same process was held up while a thread drew.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import date

import psutil

from actions.documents.pdf import render_pdf
from actions.documents.word import render_docx
from actions.dossier import wording as dossier_wording
from actions.dossier.store import Dossier
from actions.dossier.wording import Board
from actions.readiness import wording
from actions.readiness.pictures import PictureFormat, load_drawing
from actions.readiness.report import Report, describe, pictures
from knowledge.dossier import checklist_on
from knowledge.dossier_files import read_dossier
from knowledge.readiness import Form, Rating
from knowledge.readiness_files import read_readiness

RUNS = 5
DAY = date(2026, 11, 22)


def example(form: Form) -> Report:
    content = read_readiness()
    ratings = {one.id: Rating((at % 5,)) for at, one in enumerate(content.forms[form])}
    result = content.score(form, content.scales[0], ratings)
    marks = wording.marks_text(content.marks_on(DAY), "Nghị định 37/2026/NĐ-CP", date(2026, 1, 23), result)
    return Report(result, content, DAY, marks)


def row(name: str, make: Callable[[], list[bytes]]) -> None:
    """One line: each run makes all of it anew."""
    spent = []
    for _ in range(RUNS):
        started = time.perf_counter()
        made = make()
        spent.append((time.perf_counter() - started) * 1000)
    sizes = " + ".join(f"{len(one) / 1000:.0f}" for one in made)
    print(f"{name:44}{statistics.median(spent):8.0f} ms   {sizes} kB")


async def held_up(make: Callable[[], list[bytes]]) -> tuple[float, float]:
    """The longest gap between ticks that are due every millisecond, in ms: with nothing to do, and while a thread draws."""

    async def longest(until: asyncio.Future[list[bytes]]) -> float:
        worst, last = 0.0, time.perf_counter()
        while not until.done():
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            worst, last = max(worst, now - last), now
        return worst * 1000

    idle = await longest(asyncio.ensure_future(asyncio.to_thread(lambda: time.sleep(0.5) or [])))
    return idle, await longest(asyncio.ensure_future(asyncio.to_thread(make)))


def main() -> None:
    process = psutil.Process()
    before, started = process.memory_info().rss, time.perf_counter()
    load_drawing()
    spent, grown = time.perf_counter() - started, process.memory_info().rss - before
    print(f"{'loading what draws':44}{spent * 1000:8.0f} ms   {grown / 1e6:.0f} MB of memory")
    for form in (Form.SHORT, Form.FULL):
        report = example(form)
        pictures(report, PictureFormat.PNG)
        for kind in PictureFormat:
            row(
                f"radar and bars as {kind}, {form} form",
                lambda report=report, kind=kind: [one.file.content for one in pictures(report, kind)],
            )
        document = describe(report, *pictures(report, PictureFormat.PNG))
        row(f"report as PDF, {form} form", lambda document=document: [render_pdf(document)])
        row(f"report as DOCX, {form} form", lambda document=document: [render_docx(document)])
    checklist = dossier_wording.describe(Board(checklist_on(read_dossier(), DAY), Dossier()), DAY)
    row("dossier checklist as PDF", lambda: [render_pdf(checklist)])
    row("dossier checklist as DOCX", lambda: [render_docx(checklist)])
    full = example(Form.FULL)
    idle, busy = asyncio.run(held_up(lambda: [one.file.content for one in pictures(full, PictureFormat.PNG)]))
    print(f"{'event loop held up at most, idle · drawing':44}{idle:8.1f} · {busy:.1f} ms")


if __name__ == "__main__":
    main()

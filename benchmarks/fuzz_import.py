"""Feeds mutated samples to the importer until the time is up: `python benchmarks/fuzz_import.py [SECONDS] [SEED]`.

Anything but a proposal or a refusal is a failure, and so is a file that takes longer than ten seconds of processor time. The
last input lies in the file that is named at the start, also after a crash of the whole process.
"""

from __future__ import annotations

import collections
import faulthandler
import io
import random
import signal
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from knowledge.importing import ImportProposal, ImportRefused, parse_upload

ROOT = Path(__file__).parents[1]
FOLDERS = [
    ROOT / "tests/samples/regulations",
    *(ROOT.parent / "shared/regulations" / part for part in ("", "samples", "hostile")),
]
ENDINGS = (".md", ".txt", ".html", ".docx", ".pdf")
LARGEST = 120_000
SLOW = 10
SAMPLES = [
    (path.name, path.read_bytes())
    for one in FOLDERS
    if one.exists()
    for path in sorted(one.iterdir())
    if path.suffix in ENDINGS
]
SAMPLES = [(name, data) for name, data in SAMPLES if 0 < len(data) <= LARGEST]
PIECES = [
    piece.encode()
    for piece in (
        "Điều 1. ", "1. ", "a) ", "“", "”", "\"", "như sau:", "[…]", "Chương I", "khoản 2 Điều này", "Nghị định số 1/2020/NĐ-CP", "\n", "\r\n",
        "<p>", "</p>", "<br>", "<table>", "<td>", "<!--", "-->", "<w:p>", "</w:p>", "<w:r>", "<w:t>", "</w:t>", "<w:tbl>", "<w:vanish/>",
        "---\n", "|", "|---|", "#", "**", "\u0301", "\u00a0", "ngày 31 tháng 02 năm 9999", "sau 999 ngày, kể từ ngày ký", "w:val=\"-1\"",
        "99999999999999999999", "0", "endobj", "stream", "<<", ">>", "/Type/Font", "Bãi bỏ ", "hết hiệu lực", "cụm từ “a” bằng cụm từ “b”",
    )
] + [b"\x00", b"\xff", b"\xd8\x00", b"\xf0\x9f\x98\x80"]  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few changes at random places: bytes, pieces of the formats, parts cut out, doubled or moved."""
    for _ in range(chance.choice([1, 1, 2, 3, 5, 8, 20])):
        at, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        end = min(end, at + chance.choice([1, 4, 40, 400, 4_000]))
        piece = chance.choice(PIECES)
        data = chance.choice(
            [
                lambda d=data, a=at, e=end: d[:a] + d[e:],
                lambda d=data, a=at, e=end: d[:e] + d[a:e] * chance.choice([1, 2, 9]) + d[e:],
                lambda d=data, a=at, p=piece: d[:a] + p * chance.choice([1, 1, 3, 50]) + d[a:],
                lambda d=data, a=at, e=end, p=piece: d[:a] + p + d[e:],
                lambda d=data, a=at: d[:a] + bytes([chance.randrange(256)]) + d[a + 1 :],
                lambda d=data, a=at: d[:a],
            ]
        )()[: 4 * LARGEST]
    return data


def mutated_package(data: bytes, chance: random.Random) -> bytes:
    """A .docx with a changed part, packed properly, so that the change reaches the XML parser and what comes after it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {one.filename: package.read(one) for one in package.infolist() if one.file_size < 10 * LARGEST}
    except (zipfile.BadZipFile, KeyError):
        return mutated(data, chance)
    names = [name for name in parts if name.endswith((".xml", ".rels"))] or list(parts)
    chosen = "word/document.xml" if "word/document.xml" in parts and chance.random() < 0.7 else chance.choice(names)
    parts[chosen] = mutated(parts[chosen], chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def slow(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"more than {SLOW} s of processor time")


def main(seconds: float, first: int) -> None:
    """Run until the time is up, then print what came out."""
    faulthandler.enable()
    signal.signal(signal.SIGVTALRM, slow)
    last = Path(tempfile.gettempdir()) / "fuzz-import-last"
    print(f"{len(SAMPLES)} samples; the last input is {last}*", flush=True)
    outcomes: collections.Counter[str] = collections.Counter()
    slowest: list[tuple[float, str]] = []
    ends = time.monotonic() + seconds

    def one(name: str, number: int) -> None:
        if time.monotonic() > ends:
            return
        chance = random.Random(number)
        data = dict(SAMPLES)[name]
        package = name.endswith(".docx") and chance.random() < 0.8
        data = mutated_package(data, chance) if package else mutated(data, chance)
        if chance.random() < 0.1:
            name = Path(name).stem + chance.choice(ENDINGS)
        last.with_suffix(Path(name).suffix).write_bytes(data)
        started = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW)
        try:
            proposal = parse_upload(data, name, chance.choice(["", "ND37-2026"]))
            outcomes[str(proposal.outcome)] += 1
            assert ImportProposal.from_json(proposal.to_json()) == proposal
            keys = [each.key for each in proposal.provisions]
            assert len(keys) == len(set(keys))
        except ImportRefused as refusal:
            outcomes[str(refusal.situation)] += 1
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        slowest.append((time.process_time() - started, name))
        slowest.sort(reverse=True)
        del slowest[5:]

    batch = first
    while time.monotonic() < ends:
        run = given(st.sampled_from([name for name, _ in SAMPLES]), st.integers(0, 2**62))(one)
        checks = list(HealthCheck)
        run = settings(
            max_examples=2_000,
            deadline=None,
            database=None,
            suppress_health_check=checks,
            phases=[Phase.generate],
            derandomize=False,
        )(run)
        seed(batch)(run)()
        batch += 1
    print(f"{sum(outcomes.values())} files in {seconds:.0f} s, {batch - first} batches, no failure")
    for name, count in outcomes.most_common():
        print(f"  {count:>7} {name}")
    print("slowest:", ", ".join(f"{taken:.2f} s {name}" for taken, name in slowest))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 600, int(sys.argv[2]) if len(sys.argv) > 2 else 1)

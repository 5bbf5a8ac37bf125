"""Every file of the samples in ../shared gives the outcome that its manifest expects; skipped where the folder is absent."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from knowledge.importing import ImportProposal, ImportRefused, import_file
from regulation_samples import check, entries, folded

SHARED = Path(__file__).parents[3] / "shared" / "regulations"
FILES = entries(SHARED) or [pytest.param(SHARED, "", {}, marks=pytest.mark.skip(reason="../shared is absent"))]
HOSTILE = [one for one in FILES if str(one.values[1]).startswith("hostile/")] or FILES


@pytest.mark.parametrize(("folder", "path", "expected"), FILES)
def test_outcome_of_shared_sample(folder: Path, path: str, expected: dict[str, Any]) -> None:
    check(folder, path, expected, document="ND37-2026")


@pytest.mark.parametrize(("folder", "path", "expected"), HOSTILE)
def test_hostile_file_ends_in_time(folder: Path, path: str, expected: dict[str, Any]) -> None:
    started = time.monotonic()
    with suppress(ImportRefused):
        import_file(folder / path, seconds=5, memory_mb=300)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_chapter_five_is_the_same_from_every_format() -> None:
    names = [
        "nd-37-2026-chuong-5.md",
        "samples/nd-37-2026-chuong-5.docx",
        "samples/nd-37-2026-chuong-5.html",
        "samples/nd-37-2026-chuong-5.pdf",
        "hostile/dau-tach-roi-phong-chu-thay-the.pdf",
    ]
    first, *others = [import_file(SHARED / name) for name in names]
    assert all(folded(other.provisions) == folded(first.provisions) for other in others)
    assert all(links(other) == links(first) for other in others)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_what_the_decree_of_2026_ends() -> None:
    proposal = import_file(SHARED / "nd-37-2026-dieu-97-99.md")
    ended = {one.document: str(one.effective) for one in proposal.repeals}
    assert ended == {
        "ND132-2008": "2026-07-01",
        "ND74-2018": "2026-07-01",
        "ND13-2022": "2026-07-01",
        "ND43-2017": "2026-01-23",
        "ND111-2021": "2026-01-23",
    }
    parts = {str(one.target): str(one.effective) for one in proposal.amendments}
    assert parts == {
        "ND67-2009:2": "2026-07-01",
        "ND154-2018:4": "2026-07-01",
        **{f"ND13-2022:1.{number}": "2026-01-23" for number in range(3, 8)},
    }


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
@pytest.mark.parametrize(
    ("path", "rule", "start"),
    [
        ("nd-37-2026-dieu-97-99.md", "on_signing", "2026-01-23"),
        ("luat-05-2007-dieu-68-69-71.md", "fixed", "2008-07-01"),
        ("tt-06-2009-trich.md", "after_signing", "2009-10-03"),
        ("nd-132-2008-trich.md", "after_gazette", "None"),
    ],
)
def test_first_day_in_force(path: str, rule: str, start: str) -> None:
    clause = import_file(SHARED / path).in_force[0]
    assert (str(clause.rule), str(clause.start)) == (rule, start)


def links(proposal: ImportProposal) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.owner, one.words, tuple(map(str, one.targets))) for one in proposal.references]

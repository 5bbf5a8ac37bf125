"""The same cases as in ../shared, on files of our own, so that they are tested from a bare clone too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from regulation_samples import check, entries

OWN = Path(__file__).parents[1] / "samples" / "regulations"


@pytest.mark.parametrize(("folder", "path", "expected"), entries(OWN))
def test_outcome_of_own_sample(folder: Path, path: str, expected: dict[str, Any]) -> None:
    check(folder, path, expected, document="ND0001-2099")

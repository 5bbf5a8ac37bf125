"""Overlaps of terms: against the definition, written the slow and plain way."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analysis, analyse
from index.features import KINDS, TermTable, term_sets
from index.restoration import AccentRestorer

RESTORER = AccentRestorer.learn(["giải thưởng chất lượng quốc gia điều kiện tham dự hồ sơ đăng ký"])
WORDINGS = ["Điều kiện tham dự giải thưởng", "Hồ sơ đăng ký tham dự", "Giải Vàng bao nhiêu điểm", "điều kiện"]
ANALYSES = [analyse(text, RESTORER) for text in WORDINGS]
ROWS = np.arange(len(WORDINGS))


def _dice(question: Analysis, wording: Analysis, kind: int) -> float:
    total = len(ANALYSES)

    def weigh(terms: frozenset[str]) -> float:
        found = [sum(term in term_sets(one)[kind] for one in ANALYSES) for term in terms]
        return sum(math.log((total + 1) / (count + 0.5)) for count in found)

    left, right = term_sets(question)[kind], term_sets(wording)[kind]
    both = weigh(left) + weigh(right)
    return 2 * weigh(left & right) / both if both else 0.0


@pytest.fixture(params=["counted", "stored"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> TermTable:
    counted = TermTable.count(ANALYSES)
    if request.param == "counted":
        return counted
    counted.save(tmp_path)
    return TermTable.load(tmp_path)


@pytest.mark.parametrize(
    "text", [*WORDINGS, "điều kiện tham gia", "ho so dang ky", "một câu chẳng liên quan", "", "🙂"]
)
def test_overlaps_are_what_they_are_defined_as(table: TermTable, text: str) -> None:
    question = analyse(text, RESTORER)
    found = table.overlaps(question, ROWS)
    wanted = [[_dice(question, one, kind) for kind in range(len(KINDS))] for one in ANALYSES]
    assert found[:, :4] == pytest.approx(np.array(wanted), abs=1e-9)


def test_a_wording_covers_itself_whole(table: TermTable) -> None:
    for row, analysis in enumerate(ANALYSES):
        assert table.overlaps(analysis, np.array([row])).tolist() == [pytest.approx([1.0] * 5)]


def test_rows_may_come_in_any_order_and_twice(table: TermTable) -> None:
    question = analyse("điều kiện hồ sơ", RESTORER)
    straight = table.overlaps(question, ROWS)
    assert table.overlaps(question, np.array([3, 0, 3])) == pytest.approx(straight[[3, 0, 3]])


def test_a_rare_word_says_more_than_a_common_one(table: TermTable) -> None:
    rare, common = analyse("vàng", RESTORER), analyse("tham", RESTORER)
    plain = KINDS.index("plain")
    assert table.overlaps(rare, np.array([2]))[0, plain] > table.overlaps(common, np.array([1]))[0, plain] > 0


@given(st.text(max_size=40))
def test_overlaps_stay_between_zero_and_one(text: str) -> None:
    found = TermTable.count(ANALYSES).overlaps(analyse(text, RESTORER), ROWS)
    assert found.shape == (len(WORDINGS), 5)
    assert np.isfinite(found).all()
    assert ((found >= -1e-9) & (found <= 1 + 1e-9)).all()

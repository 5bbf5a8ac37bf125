"""Scoring of the self-assessment, and its content: totals, bounds, bands, rounding, what was skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.corpus import Corpus
from knowledge.errors import ContentError
from knowledge.guidance import Regime
from knowledge.readiness import (
    MOST_SKIPPED,
    SKIPPED,
    TOTAL,
    Form,
    Kind,
    Points,
    Rating,
    Readiness,
    Result,
    Standing,
    standing,
)
from knowledge.readiness_files import DATA, read_readiness

READINESS = read_readiness()
SCORED = (Form.SHORT, Form.FULL)
FORMER, BALDRIGE = READINESS.scales


def score(form: Form, ratings: Mapping[str, Rating]) -> Result:
    return READINESS.score(form, FORMER, ratings)


def all_rated(form: Form, rating: Rating) -> Result:
    return score(form, {one.id: rating for one in READINESS.forms[form]})


def ratings_of(form: Form) -> st.SearchStrategy[dict[str, Rating]]:
    level = st.integers(0, 4)
    percent = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda pair: (min(pair), max(pair)))
    rating = st.one_of(
        st.just(SKIPPED),
        level.map(lambda one: Rating((one,))),
        st.tuples(level, level, level).map(Rating),
        percent.map(lambda pair: Rating(percent=pair)),
    )
    return st.fixed_dictionaries({}, optional={one.id: rating for one in READINESS.forms[form]})


# -- content


def test_the_short_form_asks_once_an_aspect_and_the_full_form_seventeen_items() -> None:
    assert {form: len(questions) for form, questions in READINESS.forms.items()} == {
        Form.SHORT: 7,
        Form.FULL: 17,
        Form.PRODUCT: 3,
    }
    assert [one.aspect for one in READINESS.forms[Form.SHORT]] == [one.id for one in READINESS.aspects]
    assert [one.points for one in READINESS.forms[Form.PRODUCT]] == [0, 0, 0]


def test_points_are_those_of_the_guidance(corpus: Corpus) -> None:
    """The former table and the Baldrige items, as the published guidance has them."""
    for number, row in enumerate(FORMER.rows, 1):
        guide = corpus.guide(f"former.{number}")
        assert (guide.regime, guide.points) == (Regime.FORMER, row.points)
        assert guide.title.startswith(row.name)
    for question in READINESS.forms[Form.FULL]:
        guide = corpus.guide(question.guidance)
        assert (guide.regime, guide.points) == (Regime.REFERENCE, question.points)
        assert question.id == f"full.{question.guidance.removeprefix('ref.')}"


def test_every_reference_of_the_content_leads_somewhere(corpus: Corpus) -> None:
    for aspect in READINESS.aspects:
        titles = [corpus.guide(one).title for one in aspect.guidance]
        assert titles[0].lower() == aspect.name.lower()
    for questions in READINESS.forms.values():
        for question in questions:
            assert corpus.guide(question.guidance)
    for mark in READINESS.marks:
        assert mark.citation is None or corpus.provision(mark.citation, mark.valid.start or date.min)


@pytest.mark.parametrize("scale", READINESS.scales, ids=lambda one: one.id)
def test_every_scale_says_that_it_is_a_reference(scale: Any) -> None:
    assert "tham khảo" in scale.note and "chưa được công bố" in scale.note.replace("\n", " ")


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2018, 6, 30), []),
        (date(2018, 7, 1), ["Giải thưởng chất lượng quốc gia", "Giải Vàng"]),
        (date(2026, 1, 22), ["Giải thưởng chất lượng quốc gia", "Giải Vàng"]),
        (date(2026, 1, 23), ["Giải Bạc", "Giải Vàng"]),
        (date(2026, 11, 22), ["Giải Bạc", "Giải Vàng"]),
    ],
)
def test_what_600_and_800_mean_depends_on_the_day(day: date, names: list[str]) -> None:
    marks = READINESS.marks_on(day)
    assert [one.name for one in marks] == names
    assert [one.points for one in marks] == [600, 800][: len(names)]


def test_an_unknown_scale_is_an_error() -> None:
    with pytest.raises(KeyError):
        READINESS.scale("current")
    with pytest.raises(KeyError):
        FORMER.row("b")


# -- bands


@pytest.mark.parametrize(
    ("percent", "level"),
    [(0, 0), (5, 0), (9, 0), (10, 1), (25, 1), (29, 1), (30, 2), (45, 2), (49, 2), (50, 3), (69, 3), (70, 4), (100, 4)],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_the_band_of_a_percentage(kind: Kind, percent: int, level: int) -> None:
    assert READINESS.rubrics[kind].band_at(percent).level == level


@pytest.mark.parametrize("kind", list(Kind))
def test_the_middle_of_a_band_lies_in_it(kind: Kind) -> None:
    rubric = READINESS.rubrics[kind]
    for band in rubric.bands:
        share = Rating((band.level,)).share(rubric)
        assert share is not None and rubric.band_at(share.likely) is band
    assert [band.percent for band in rubric.bands] == ["0–5%", "10–25%", "30–45%", "50–65%", "70–100%"]


@pytest.mark.parametrize("kind", list(Kind))
def test_above_65_percent_nothing_is_made_up(kind: Kind) -> None:
    assert "chưa có nguồn" in READINESS.rubrics[kind].bands[-1].sign


# -- points


@pytest.mark.parametrize("form", SCORED)
@pytest.mark.parametrize(
    ("rating", "points"),
    [
        (Rating(percent=(0, 0)), Points(0, 0, 0)),
        (Rating(percent=(100, 100)), Points(1000, 1000, 1000)),
        (Rating(percent=(60, 60)), Points(600, 600, 600)),
        (Rating(percent=(80, 80)), Points(800, 800, 800)),
    ],
)
def test_a_percentage_for_everything_is_that_share_of_a_thousand(form: Form, rating: Rating, points: Points) -> None:
    result = all_rated(form, rating)
    assert result.points == points
    assert result.complete and result.enough and result.span == (points.low, points.high)


def test_the_example_of_seventy_points_at_sixty_percent() -> None:
    result = score(Form.FULL, {"full.1.1": Rating(percent=(60, 60))})
    assert result.questions[0].points == Points(42, 42, 42)
    assert result.points == Points(42, 42, 42)


@pytest.mark.parametrize(
    ("rating", "points"),
    [
        (Rating((0,)), Points(0, 2, 4)),  # 85 × 2,5% = 2,125; 85 × 5% = 4,25
        (Rating((1,)), Points(9, 15, 21)),  # 8,5 is rounded up
        (Rating((3, 2, 1)), Points(26, 32, 38)),  # the mean of 50–65, 30–45 and 10–25 is 30–45: 25,5 – 38,25
        (Rating((4, 0)), Points(30, 37, 45)),  # 35% – 52,5%: 29,75 – 44,625, middle 37,1875
        (Rating(percent=(50, 50)), Points(43, 43, 43)),  # 42,5 is rounded up
    ],
)
def test_rounding_of_one_question(rating: Rating, points: Points) -> None:
    result = score(Form.SHORT, {"short.2": rating})
    assert result.points == points
    assert result.aspects[1].points == points


def test_former_and_baldrige_differ_in_names_only() -> None:
    ratings = {one.id: Rating((2,)) for one in READINESS.forms[Form.FULL]}
    former, baldrige = (READINESS.score(Form.FULL, scale, ratings) for scale in (FORMER, BALDRIGE))
    assert former.points == baldrige.points
    assert (former.aspects[0].name, baldrige.aspects[0].name) == ("Vai trò của lãnh đạo", "Lãnh đạo")


def _oracle(form: Form, ratings: Mapping[str, Rating]) -> tuple[list[int], int]:
    """Low, likely and high total by decimal arithmetic, and the points that were rated."""
    lows, highs = [0, 10, 30, 50, 70], [5, 25, 45, 65, 100]
    totals, rated = [0, 0, 0], 0
    for question in READINESS.forms[form]:
        rating = ratings.get(question.id, SKIPPED)
        if rating.percent:
            low, high = map(Decimal, rating.percent)
        elif rating.levels:
            low = Decimal(sum(lows[one] for one in rating.levels)) / len(rating.levels)
            high = Decimal(sum(highs[one] for one in rating.levels)) / len(rating.levels)
        else:
            continue
        rated += question.points
        for at, percent in enumerate((low, (low + high) / 2, high)):
            exact = (percent * question.points / 100).quantize(Decimal("0.000001"))  # thirds have no end
            totals[at] += int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return totals, rated


@given(st.sampled_from(SCORED).flatmap(lambda form: st.tuples(st.just(form), ratings_of(form))))
def test_scores_add_up_and_keep_their_bounds(drawn: tuple[Form, dict[str, Rating]]) -> None:
    form, ratings = drawn
    result = score(form, ratings)
    totals, rated = _oracle(form, ratings)
    assert [result.points.low, result.points.likely, result.points.high] == totals
    assert (result.rated, result.skipped) == (rated, TOTAL - rated)
    assert 0 <= result.points.low <= result.points.likely <= result.points.high <= result.rated <= TOTAL
    assert 0 <= result.span[0] <= result.span[1] <= TOTAL
    assert result.complete is (rated == TOTAL) and result.enough is (rated >= TOTAL - MOST_SKIPPED)
    for part in ("low", "likely", "high"):
        of_aspects = sum(getattr(one.points, part) for one in result.aspects)
        of_questions = sum(getattr(one.points, part) for one in result.questions if one.points)
        assert of_aspects == of_questions == getattr(result.points, part)
    assert all(one.percent is None or 0 <= one.percent <= 100 for one in result.aspects)


@given(ratings_of(Form.FULL), st.sampled_from([one.id for one in READINESS.forms[Form.FULL]]), st.integers(0, 3))
def test_a_better_answer_never_costs_points(ratings: dict[str, Rating], identity: str, level: int) -> None:
    worse = score(Form.FULL, {**ratings, identity: Rating((level,))})
    better = score(Form.FULL, {**ratings, identity: Rating((level + 1,))})
    assert worse.points.likely < better.points.likely
    assert worse.span < better.span


# -- skipping


def test_skipping_widens_the_range_and_too_much_of_it_says_nothing() -> None:
    rating = {one.id: Rating(percent=(50, 50)) for one in READINESS.forms[Form.FULL]}
    whole = score(Form.FULL, rating)
    one = score(Form.FULL, {**rating, "full.7.1": SKIPPED})
    assert one.span == (whole.points.low - 60, whole.points.high + 60)
    assert one.enough and not one.complete
    at_the_edge = {**rating, "full.7.1": SKIPPED, "full.7.2": SKIPPED, "full.7.5": SKIPPED}
    assert score(Form.FULL, at_the_edge).skipped == 290 and score(Form.FULL, at_the_edge).enough
    assert not score(Form.FULL, {**at_the_edge, "full.2.2": SKIPPED}).enough
    assert not score(Form.SHORT, {"short.1": Rating((4,))}).enough


def test_nothing_answered_is_no_zero() -> None:
    result = score(Form.SHORT, {})
    assert (result.points, result.span, result.enough) == (Points(0, 0, 0), (0, 1000), False)
    assert result.gaps == () and all(one.percent is None for one in result.aspects)


# -- gaps


def test_the_largest_gaps_are_those_that_cost_most_points() -> None:
    rating = {one.id: Rating((3,)) for one in READINESS.forms[Form.FULL]}
    result = score(Form.FULL, {**rating, "full.4.2": Rating((0,)), "full.7.1": SKIPPED})
    assert [one.question.id for one in result.gaps] == ["full.4.2", "full.7.5", "full.7.2"]  # of two alike the first
    assert [one.lost for one in result.gaps] == [44, 38, 34]


def test_who_has_everything_has_no_gap() -> None:
    assert all_rated(Form.SHORT, Rating(percent=(100, 100))).gaps == ()


# -- where a total stands


@pytest.mark.parametrize(
    ("span", "mark", "expected"),
    [
        ((300, 599), 600, Standing.BELOW),
        ((300, 600), 600, Standing.ASTRIDE),
        ((599, 800), 600, Standing.ASTRIDE),
        ((600, 600), 600, Standing.ABOVE),
        ((600, 900), 800, Standing.ASTRIDE),
        ((800, 1000), 800, Standing.ABOVE),
    ],
)
def test_standing(span: tuple[int, int], mark: int, expected: Standing) -> None:
    assert standing(span, mark) is expected


# -- the files


def _copy(folder: Path) -> Path:
    for path in DATA.glob("*.yml"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize(
    ("name", "place", "value", "complaint"),
    [
        ("full.yml", [0, "points"], 71, "the questions on lanh-dao have 121 of 120 points"),
        ("full.yml", [0, "point"], 70, "full.yml: 0.point: Extra inputs"),
        ("full.yml", [0, "aspect"], "x", "aspect must be one of"),
        ("full.yml", [1, "id"], "full.1.1", "full.1.1 stands twice"),
        ("full.yml", [1, "id"], "short.1.1", "the id must begin with full."),
        ("full.yml", [0, "statements", 0, "factor"], "T", "T is no factor of ADLI"),
        ("full.yml", [0, "statements"], [], "statements"),
        ("short.yml", [0, "points"], 120, "points stand in full.yml only"),
        ("product.yml", [0, "points"], 5, "neither aspect nor points"),
        ("scales.yml", [0, "rows", 0, "points"], 130, "add up to 1010"),
        ("scales.yml", [0, "rows", 0, "aspect"], "x", "in the order of aspects.yml"),
        ("bands.yml", ["process", "bands", 1, "low"], 3, "rise from 0 to 100"),
        ("bands.yml", ["process", "bands", 4, "high"], 99, "rise from 0 to 100"),
        ("marks.yml", [0, "citation"], "Điều 58", "is no id of a provision"),
        ("marks.yml", [0, "points"], 1001, "less than or equal to 1000"),
        ("aspects.yml", [0, "kind"], "x", "kind"),
    ],
)
def test_wrong_content_is_named(tmp_path: Path, name: str, place: list[Any], value: Any, complaint: str) -> None:
    folder = _copy(tmp_path)
    record = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    at = record
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    (folder / name).write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=complaint.replace(".", r"\.")):
        read_readiness(folder)


def test_scales_that_disagree_are_named(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    record = yaml.safe_load((folder / "scales.yml").read_text(encoding="utf-8"))
    record[1]["rows"][0]["points"], record[1]["rows"][1]["points"] = 85, 120
    (folder / "scales.yml").write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=r"baldrige: its points differ from those of former"):
        read_readiness(folder)


@pytest.mark.parametrize("content", [b"\xff", b"a: [", None])
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    folder = _copy(tmp_path)
    (folder / "bands.yml").unlink()
    if content is not None:
        (folder / "bands.yml").write_bytes(content)
    with pytest.raises(ContentError, match=r"bands\.yml"):
        read_readiness(folder)


def test_the_content_is_a_value() -> None:
    assert isinstance(READINESS, Readiness)
    assert replace(READINESS, scales=()) != READINESS

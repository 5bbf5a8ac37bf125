"""How far is an organisation from a prize? Its own ratings, put on a scale of 1,000 points.

Pure functions over values; the content comes from knowledge/data/readiness (knowledge/readiness_files.py reads it). The points of
the current rules are not published, so every scale is a reference and says so. A rating names a band, not a point: what comes out
is a range with the middle as the likeliest value. What was skipped counts nothing at the lower end and everything at the upper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Period

TOTAL = 1000
MOST_SKIPPED = 300  # points; with more of them skipped a total would say nothing
MOST_GAPS = 3


class Kind(StrEnum):
    """What a question is judged by: ADLI (process) or LeTCI (results)."""

    PROCESS = "process"
    RESULTS = "results"


class Form(StrEnum):
    """Which questions are asked: one an aspect, one an item, or the three on the product (not scored)."""

    SHORT = "short"
    FULL = "full"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Factor:
    """A letter of ADLI or LeTCI."""

    letter: str
    name: str
    looks_for: str


@dataclass(frozen=True, slots=True)
class Band:
    """A level that people choose: percentages from `low` to `high`, both included."""

    level: int
    low: int
    high: int
    name: str
    sign: str
    advice: str

    @property
    def percent(self) -> str:
        """«30–45%»."""
        return f"{self.low}–{self.high}%"


@dataclass(frozen=True, slots=True)
class Rubric:
    """The bands of one kind of question, level 0 first."""

    kind: Kind
    title: str
    factors: tuple[Factor, ...]
    bands: tuple[Band, ...]

    def band_at(self, percent: Fraction | int) -> Band:
        """The band of a percentage; one between two bands belongs to the lower."""
        return next(band for band in reversed(self.bands) if percent >= band.low)


@dataclass(frozen=True, slots=True)
class Aspect:
    """One of the seven aspects of the current rules."""

    id: str
    name: str
    short_name: str
    kind: Kind
    guidance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be rated, and the factor that it stands for."""

    factor: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form; `aspect` is empty and `points` 0 for the product, which no scale covers."""

    id: str
    title: str
    kind: Kind
    asks: str
    statements: tuple[Statement, ...]
    evidence: str
    begin: str
    improve: str
    guidance: str
    aspect: str = ""
    points: int = 0


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """What a scale calls an aspect and how many points it gives."""

    aspect: str
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Scale:
    """A borrowed table of points; `note` says whose it is, `full_note` how the points of single items were found."""

    id: str
    title: str
    short_title: str
    note: str
    full_note: str
    rows: tuple[ScaleRow, ...]
    valid: Period = field(default_factory=Period)

    def row(self, aspect: str) -> ScaleRow:
        """Raises KeyError for an aspect that the scale does not know."""
        for row in self.rows:
            if row.aspect == aspect:
                return row
        raise KeyError(aspect)


@dataclass(frozen=True, slots=True)
class Mark:
    """A number of points that the rules of a time name, and what it means in them."""

    points: int
    name: str
    means: str
    valid: Period
    citation: ProvisionId | None = None
    confidence: Confidence = Confidence.OFFICIAL_TEXT


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage known as a range; `likely` is its middle."""

    low: Fraction
    high: Fraction

    @property
    def likely(self) -> Fraction:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody answered: a level a statement (or one for all), or a percentage. Neither: skipped."""

    levels: tuple[int, ...] = ()
    percent: tuple[int, int] | None = None

    @property
    def skipped(self) -> bool:
        return not self.levels and self.percent is None

    def share(self, rubric: Rubric) -> Share | None:
        """The percentage that it stands for, the mean over the statements; None where it was skipped."""
        if self.percent is not None:
            return Share(Fraction(self.percent[0]), Fraction(self.percent[1]))
        if not self.levels:
            return None
        bands = [rubric.bands[level] for level in self.levels]
        return Share(
            Fraction(sum(band.low for band in bands), len(bands)),
            Fraction(sum(band.high for band in bands), len(bands)),
        )


SKIPPED = Rating()


@dataclass(frozen=True, slots=True)
class Points:
    """Whole points; `likely` lies between `low` and `high`."""

    low: int
    likely: int
    high: int

    def __add__(self, other: Points) -> Points:
        return Points(self.low + other.low, self.likely + other.likely, self.high + other.high)


NOTHING = Points(0, 0, 0)


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """A question with its rating; `points` is None where it was skipped."""

    question: Question
    rating: Rating
    share: Share | None
    points: Points | None

    @property
    def lost(self) -> int:
        """Points likely missing; 0 where nothing is known."""
        return self.question.points - self.points.likely if self.points else 0


@dataclass(frozen=True, slots=True)
class AspectScore:
    """An aspect as far as it was rated: `points` of the `rated` ones, of `most` in all."""

    aspect: Aspect
    name: str
    most: int
    rated: int
    points: Points

    @property
    def percent(self) -> Fraction | None:
        """Likely percentage of the points that were rated; None where all was skipped."""
        return Fraction(100 * self.points.likely, self.rated) if self.rated else None


@dataclass(frozen=True, slots=True)
class Result:
    """A whole assessment. `points` are those of what was rated, `span` puts the skipped in: nothing, or all."""

    form: Form
    scale: Scale
    aspects: tuple[AspectScore, ...]
    questions: tuple[QuestionScore, ...]
    points: Points
    rated: int

    @property
    def skipped(self) -> int:
        """Points of the questions that were not answered."""
        return TOTAL - self.rated

    @property
    def span(self) -> tuple[int, int]:
        return self.points.low, self.points.high + self.skipped

    @property
    def complete(self) -> bool:
        return self.skipped == 0

    @property
    def enough(self) -> bool:
        """False where so much was skipped that a total would mislead."""
        return self.skipped <= MOST_SKIPPED

    @property
    def gaps(self) -> tuple[QuestionScore, ...]:
        """The questions that cost most points, largest first; at most three, none that costs nothing."""
        costly = [one for one in self.questions if one.lost > 0]
        return tuple(sorted(costly, key=lambda one: -one.lost)[:MOST_GAPS])


class Standing(StrEnum):
    """Where a range lies as seen from a mark."""

    BELOW = "below"
    ASTRIDE = "astride"
    ABOVE = "above"


def standing(span: tuple[int, int], mark: int) -> Standing:
    """Below where even the upper end misses the mark, above where the lower end reaches it."""
    low, high = span
    if high < mark:
        return Standing.BELOW
    return Standing.ABOVE if low >= mark else Standing.ASTRIDE


@dataclass(frozen=True, slots=True)
class Readiness:
    """All content of the self-assessment."""

    aspects: tuple[Aspect, ...]
    rubrics: Mapping[Kind, Rubric]
    scales: tuple[Scale, ...]
    marks: tuple[Mark, ...]
    forms: Mapping[Form, tuple[Question, ...]]

    def scale(self, identity: str) -> Scale:
        """Raises KeyError for an unknown scale."""
        for scale in self.scales:
            if scale.id == identity:
                return scale
        raise KeyError(identity)

    def rubric(self, question: Question) -> Rubric:
        return self.rubrics[question.kind]

    def marks_on(self, day: date) -> tuple[Mark, ...]:
        """The marks of the rules of a day, lowest first."""
        return tuple(sorted((one for one in self.marks if one.valid.contains(day)), key=lambda one: one.points))

    def score(self, form: Form, scale: Scale, ratings: Mapping[str, Rating]) -> Result:
        """Points of every question, aspect and of the whole; a question without a rating counts as skipped."""
        questions = tuple(self._scored(one, ratings.get(one.id, SKIPPED)) for one in self.forms[form])
        aspects = tuple(_aspect(one, scale.row(one.id), questions) for one in self.aspects)
        return Result(
            form,
            scale,
            aspects,
            questions,
            _total(one.points for one in questions if one.points),
            sum(one.rated for one in aspects),
        )

    def _scored(self, question: Question, rating: Rating) -> QuestionScore:
        share = rating.share(self.rubric(question))
        points = _points(question.points, share) if share else None
        return QuestionScore(question, rating, share, points)


def _aspect(aspect: Aspect, row: ScaleRow, questions: Sequence[QuestionScore]) -> AspectScore:
    own = [one for one in questions if one.question.aspect == aspect.id and one.points is not None]
    rated = sum(one.question.points for one in own)
    return AspectScore(aspect, row.name, row.points, rated, _total(one.points for one in own if one.points))


def _points(most: int, share: Share) -> Points:
    """Rounded question by question, so that the lines of a report add up to its total."""
    return Points(*(_rounded(most * percent / 100) for percent in (share.low, share.likely, share.high)))


def _rounded(points: Fraction) -> int:
    """Half a point counts as one."""
    return (points + Fraction(1, 2)).__floor__()


def _total(points: Iterable[Points]) -> Points:
    return sum(points, NOTHING)

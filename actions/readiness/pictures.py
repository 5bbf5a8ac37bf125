"""A result as pictures: a radar over the seven aspects, bars over what was asked.

Made to be read on a phone: few words, large. matplotlib is imported when the first picture is drawn, for it costs memory that a
server which draws none should not spend. Text is drawn as outlines, so an SVG looks the same on every device.
"""

from __future__ import annotations

import io
import math
import textwrap
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from actions.documents.look import EARLIER, INK, MAIN, PALE, QUIET, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INCH, _DPI = 6.0, 180  # a square of 1080 pixels
_drawing = threading.Lock()  # matplotlib's caches are not made for threads


class PictureFormat(StrEnum):
    """PNG for chat apps and documents, SVG for the web page."""

    PNG = "png"
    SVG = "svg"

    @property
    def media_type(self) -> str:
        return "image/png" if self is PictureFormat.PNG else "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Ray:
    """One line of a chart: percentages from `low` over `likely` to `high`; None where it was skipped."""

    name: str
    low: float | None
    likely: float | None
    high: float | None
    earlier: float | None = None
    remark: str = ""  # behind a bar: «45/120»


@dataclass(frozen=True, slots=True)
class Chart:
    """`label` says what the picture must not be taken for; `earlier` names the assessment that it is compared with."""

    title: str
    subtitle: str
    label: str
    rays: tuple[Ray, ...]
    earlier: str = ""


def draw_radar(chart: Chart, form: PictureFormat) -> bytes:
    """Blocks for some 100 ms; asynchronous callers use a thread."""
    with _drawing:
        figure = _figure(chart, _INCH)
        _radar(figure, chart)
        return _saved(figure, form)


def draw_bars(chart: Chart, form: PictureFormat) -> bytes:
    """Blocks for some 100 ms; asynchronous callers use a thread."""
    with _drawing:
        figure = _figure(chart, bars_height(len(chart.rays)))
        _bars(figure, chart)
        return _saved(figure, form)


def bars_height(rays: int) -> float:
    """Inches, at a width of six."""
    return max(_INCH, 1.9 + 0.47 * rays)


def _figure(chart: Chart, height: float) -> Figure:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context({"font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(_INCH, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    inch = 1 / height
    figure.text(0.04, 1 - 0.34 * inch, chart.title, size=13.5, weight="bold", color=MAIN, va="center")
    figure.text(0.04, 1 - 0.62 * inch, chart.subtitle, size=9.5, color=QUIET, va="center")
    figure.text(0.04, 0.2 * inch, chart.label, size=9.5, weight="bold", color=INK, va="center")
    return figure


def _radar(figure: Figure, chart: Chart) -> None:
    angles = [2 * math.pi * at / len(chart.rays) for at in range(len(chart.rays))]  # clockwise from the top
    axes: Any = figure.add_axes((0.21, 0.18, 0.57, 0.57), projection="polar")
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_xlim(0, 2 * math.pi)
    axes.set_ylim(0, 100)
    axes.set_yticks([25, 50, 75, 100], ["25", "50", "75", "100%"], size=7.5, color=QUIET)
    axes.set_rlabel_position(math.degrees(angles[1]) / 2)
    axes.set_xticks(angles, [""] * len(angles))
    axes.grid(color=RULE, linewidth=0.9)
    axes.spines["polar"].set_color(RULE)
    around = [*angles, angles[0]]
    low, likely, high = (_closed([getattr(ray, part) for ray in chart.rays]) for part in ("low", "likely", "high"))
    axes.fill_between(around, low, high, color=PALE, alpha=0.75, linewidth=0)
    if chart.earlier:
        axes.plot(around, _closed([ray.earlier for ray in chart.rays]), color=EARLIER, linewidth=1.6, linestyle="--")
    axes.plot(around, likely, color=MAIN, linewidth=2.4, marker="o", markersize=5)
    for angle, ray in zip(angles, chart.rays, strict=True):
        x, y = math.sin(angle), math.cos(angle)
        side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
        value = "chưa chấm" if ray.likely is None else f"{_whole(ray.likely)}%"
        words = f"{textwrap.fill(ray.name, 19, break_long_words=False)}\n{value}"
        axes.text(
            angle, 111, words, ha=side, va="bottom" if y > 0.9 else "top" if y < -0.9 else "center", size=9.5, color=INK
        )
    _legend(figure, chart, 0.45 / _INCH)


def _closed(values: list[float | None]) -> list[float]:
    """Around the circle and back; what was skipped leaves a hole."""
    numbers = [math.nan if value is None else value for value in values]
    return [*numbers, numbers[0]]


def _bars(figure: Figure, chart: Chart) -> None:
    height = figure.get_figheight()
    axes = figure.add_axes((0.36, 0.95 / height, 0.44, 1 - 1.85 / height))
    for at, ray in enumerate(chart.rays):
        _bar(axes, at, ray)
    axes.set_ylim(len(chart.rays) - 0.45, -0.55)
    axes.set_xlim(0, 100)
    names = [textwrap.fill(ray.name, 23, break_long_words=False) for ray in chart.rays]
    axes.set_yticks(range(len(names)), names, size=9, color=INK)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100%"], size=8, color=QUIET)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=RULE, linewidth=0.9)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _legend(figure, chart, 0.45 / height)


def _bar(axes: Axes, at: int, ray: Ray) -> None:
    if ray.low is None or ray.likely is None or ray.high is None:
        axes.text(2, at, "chưa chấm", va="center", size=8.5, color=QUIET)
    else:
        axes.barh(at, ray.likely, height=0.5, color=MAIN)
        if ray.high > ray.low:
            axes.plot([ray.low, ray.high], [at, at], color=PALE, linewidth=3.2, solid_capstyle="butt")
        axes.text(103, at, f"{_whole(ray.likely)}%", va="center", size=9.5, weight="bold", color=MAIN)
    axes.text(120, at, ray.remark, va="center", size=8.5, color=QUIET)
    if ray.earlier is not None:
        axes.plot([ray.earlier, ray.earlier], [at - 0.38, at + 0.38], color=EARLIER, linewidth=2.2)


def _whole(percent: float) -> int:
    """Half a percent counts as one, as in the text."""
    return math.floor(percent + 0.5)


def _legend(figure: Figure, chart: Chart, y: float) -> None:
    """What the shades mean, in one line above the label."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    signs: list[Any] = [Line2D([], [], color=MAIN, linewidth=2.4), Patch(color=PALE)]
    words = ["điểm giữa", "khoảng có thể"]
    if chart.earlier:
        signs.append(Line2D([], [], color=EARLIER, linewidth=1.8, linestyle="--"))
        words.append(chart.earlier)
    figure.legend(
        signs,
        words,
        loc="center left",
        bbox_to_anchor=(0.025, y),
        ncols=3,
        frameon=False,
        fontsize=8.5,
        labelcolor=QUIET,
        handlelength=1.6,
        columnspacing=1.2,
    )


def _saved(figure: Figure, form: PictureFormat) -> bytes:
    """The same chart gives the same bytes: neither date nor random identities go in."""
    from matplotlib import rc_context

    output = io.BytesIO()
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "award"}):
        figure.savefig(output, format=str(form), metadata={"Date": None} if form is PictureFormat.SVG else {})
    return output.getvalue() if form is PictureFormat.SVG else _with_few_colours(output)


def _with_few_colours(png: io.BytesIO) -> bytes:
    """A palette instead of true colours: a quarter of the bytes on a phone's connection, and nobody sees it."""
    from PIL import Image

    output = io.BytesIO()
    with Image.open(png) as picture:
        picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(output, format="PNG", optimize=True)
    return output.getvalue()


def load_drawing() -> None:
    """Import what drawing needs, a second or two: called when a picture will soon be wanted."""
    import matplotlib.backends.backend_agg
    import matplotlib.figure  # noqa: F401

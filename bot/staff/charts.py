"""Plots as SVG, made here: no script, no style in the markup (the policy allows neither), colours from staff.css by class.

Each has its figures beside it as a table; the picture itself is one image with a sentence for who does not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 720, 240
_LEFT, _BOTTOM, _TOP, _RIGHT = 48, 24, 16, 8
MOST_MARKS = 8  # words under the plot


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers in the order of the plot's places, not negative; `kind` is the class that colours them (`c0` … `c5`)."""

    name: str
    kind: str
    values: tuple[float, ...]


def stacked_bars(places: Sequence[str], series: Sequence[Series], words: str) -> Markup:
    """One bar a place, the series on top of each other."""
    top = _round_up(max((sum(column) for column in zip(*(one.values for one in series), strict=True)), default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(places))
    drawn = [_grid(top), _marks(places, step)]
    for at in range(len(places)):
        base = 0.0
        for one in series:
            if one.values[at] > 0:
                drawn.append(_bar(at, step, base, one.values[at], top, one.kind))
            base += one.values[at]
    return _plot(words, drawn)


def _plot(words: str, drawn: Sequence[Markup]) -> Markup:
    head = Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, words)
    return head + Markup("").join(drawn) + Markup("</svg>")


def _bar(at: int, step: float, base: float, value: float, top: float, kind: str) -> Markup:
    gap = min(step * 0.2, 6)
    upper, lower = _height(base + value, top), _height(base, top)
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        kind, _LEFT + at * step + gap / 2, upper, max(0.5, step - gap), max(0.5, lower - upper)
    )


def _grid(top: float) -> Markup:
    lines = []
    for part in (0.0, 0.5, 1.0):
        height = _height(part * top, top)
        lines.append(
            Markup('<line class="rule" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/><text x="{}" y="{:.1f}" class="end">{:g}</text>')
            .format(_LEFT, WIDTH - _RIGHT, height, height, _LEFT - 6, height + 4, part * top)
        )  # fmt: skip
    return Markup("").join(lines)


def _marks(places: Sequence[str], step: float) -> Markup:
    every = max(1, -(-len(places) // MOST_MARKS))
    return Markup("").join(
        Markup('<text x="{:.1f}" y="{}" class="middle">{}</text>').format(_LEFT + (at + 0.5) * step, HEIGHT - 6, place)
        for at, place in enumerate(places)
        if at % every == 0
    )


def _height(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * value / top


def _round_up(value: float) -> float:
    """The next of 2, 4, 10, 20, 40, 100 … at or above: half of it is a whole number, too."""
    unit = 1
    while True:
        for one in (2, 4, 10):
            if value <= one * unit:
                return one * unit
        unit *= 10

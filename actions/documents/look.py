"""One look for pictures and documents: sober colours, and a font that has every Vietnamese letter."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

INK = "#1B2733"  # text
QUIET = "#5A6875"  # text of less weight
MAIN = "#1F4E79"  # headings, lines, bars
PALE = "#C9D9E8"  # what is not certain
EARLIER = "#A9702B"  # an earlier assessment
RULE = "#D5DCE3"  # grids and borders
SHADE = "#EEF3F8"  # heads of tables

WORD_FONT = "Arial"  # on every office computer; documents that people edit can't carry ours


@cache
def font_file(style: str = "") -> Path:
    """DejaVu Sans as matplotlib ships it, found without importing matplotlib; `style` is «», «-Bold» or «-Oblique»."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise FileNotFoundError("matplotlib, whose fonts the documents use, is not installed; run make setup")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{style}.ttf"

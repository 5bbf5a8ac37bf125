"""How Word draws a run of text: its font, size and colour after all styles, and the numbers of automatic lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_TINY_HALF_POINTS = 8  # below 4 points nobody reads a printed page
_NARROW_PERCENT = 10
_NEARLY_WHITE = 0xF0
_DARK = 0xB0
_STYLE_CHAIN = 20
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Look:
    """What decides whether a person sees the letters; None where nothing is said."""

    vanish: bool | None = None
    colour: str | None = None
    size: int | None = None
    width: int | None = None
    font: str = ""

    def over(self, below: Look) -> Look:
        """This look where it says something, else the one below."""
        return Look(
            below.vanish if self.vanish is None else self.vanish,
            self.colour or below.colour,
            below.size if self.size is None else self.size,
            below.width if self.width is None else self.width,
            self.font or below.font,
        )


def hidden(look: Look) -> bool:
    """True where the letters do not show on white paper."""
    tiny = look.size is not None and look.size < _TINY_HALF_POINTS
    narrow = look.width is not None and look.width <= _NARROW_PERCENT
    return bool(look.vanish) or tiny or narrow or is_white(look.colour)


def is_white(colour: str | None) -> bool:
    """True for white and nearly white, as six hexadecimal digits."""
    channels = _channels(colour)
    return channels is not None and min(channels) >= _NEARLY_WHITE


def shaded(run: Any) -> bool:
    """True where the run, its paragraph or its table cell has a dark background, on which white letters show."""
    look = run.find(W + "rPr")
    if look is not None and any(look.find(W + name) is not None for name in ("vanish", "w")):
        return False
    holders = [look, *(one.find(W + name) for one in run.iterancestors() for name in ("pPr", "tcPr"))]
    for holder in holders:
        if holder is None:
            continue
        shade, highlight = holder.find(W + "shd"), holder.find(W + "highlight")
        if highlight is not None and highlight.get(W + "val") not in ("white", "none"):
            return True
        channels = None if shade is None else _channels(shade.get(W + "fill"))
        if channels is not None and min(channels) < _DARK:
            return True
    return False


def _channels(colour: str | None) -> tuple[int, int, int] | None:
    if not colour or not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return None
    return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)


class Styles:
    """The styles of one document."""

    def __init__(self, tree: Any) -> None:
        self._styles: dict[str, Any] = {}
        self._default = Look()
        self._looks: dict[str, Look] = {}
        self._default_paragraph = ""
        for style in [] if tree is None else tree.iter(W + "style"):
            identity = str(style.get(W + "styleId"))
            self._styles[identity] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on"):
                self._default_paragraph = identity
        if tree is not None:
            self._default = _look(tree.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def look(self, run: Any) -> Look:
        """The look of a run after its own settings, its style, the style of its paragraph and the defaults."""
        own = run.find(W + "rPr")
        named = None if own is None else own.find(W + "rStyle")
        paragraph = next((one for one in run.iterancestors() if one.tag == W + "p"), None)
        chain = [_look(own), self._style_look(_value(named)), self._style_look(self.style_of(paragraph)), self._default]
        return reduce(lambda upper, lower: upper.over(lower), chain)

    def style_of(self, paragraph: Any) -> str:
        """The id of the style of a paragraph, that of the default style where it names none."""
        named = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        return _value(named) or self._default_paragraph

    def heading(self, paragraph: Any) -> int:
        """1 to 9 for a paragraph in a heading style, else 0."""
        match = re.fullmatch(r"Heading([1-9])", self.style_of(paragraph))
        return int(match[1]) if match else 0

    def list_of(self, paragraph: Any) -> Any:
        """The list settings (numPr) of a paragraph, its own or its style's."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None:
            return own
        found = (style.find(f"{W}pPr/{W}numPr") for style in self._chain(self.style_of(paragraph)))
        return next((one for one in found if one is not None), None)

    def _style_look(self, identity: str) -> Look:
        if identity not in self._looks:
            looks = [_look(style.find(W + "rPr")) for style in self._chain(identity)]
            self._looks[identity] = reduce(lambda upper, lower: upper.over(lower), looks, Look())
        return self._looks[identity]

    def _chain(self, identity: str) -> Iterator[Any]:
        for _ in range(_STYLE_CHAIN):  # a damaged file may name a style as its own base
            style = self._styles.get(identity)
            if style is None:
                return
            yield style
            identity = _value(style.find(W + "basedOn"))


def _look(settings: Any) -> Look:
    if settings is None:
        return Look()
    look = Look(colour=_value(settings.find(W + "color")) or None, font=_font(settings.find(W + "rFonts")))
    vanish = settings.find(W + "vanish")
    if vanish is not None:
        look = replace(look, vanish=_value(vanish) not in ("0", "false", "off"))
    return replace(look, size=_number(settings.find(W + "sz")), width=_number(settings.find(W + "w")))


def _font(fonts: Any) -> str:
    return "" if fonts is None else str(fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or "")


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(W + "val") or "")


def _number(element: Any) -> int | None:
    value = _value(element)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


@dataclass(frozen=True, slots=True)
class _ListLevel:
    form: str
    text: str
    start: int


class NumberedLists:
    """Counts the automatic numbers of a document, in the order in which its paragraphs are asked for."""

    def __init__(self, tree: Any) -> None:
        self._levels: dict[str, list[_ListLevel]] = {}
        self._list_of: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        if tree is None:
            return
        for abstract in tree.iter(W + "abstractNum"):
            self._levels[str(abstract.get(W + "abstractNumId"))] = [
                _list_level(one) for one in abstract.findall(W + "lvl")
            ]
        for number in tree.iter(W + "num"):
            self._list_of[str(number.get(W + "numId"))] = _value(number.find(W + "abstractNumId"))

    def number(self, paragraph: Any, styles: Styles) -> str:
        """The number that Word draws before the paragraph, empty where it draws none."""
        if not self._list_of:
            return ""
        settings = styles.list_of(paragraph)
        identity = "" if settings is None else self._list_of.get(_value(settings.find(W + "numId")), "")
        levels = self._levels.get(identity, [])
        at = 0 if settings is None else _number(settings.find(W + "ilvl")) or 0
        if not levels or at >= min(len(levels), _LEVELS):
            return ""
        return self._next(identity, levels, at)

    def _next(self, identity: str, levels: list[_ListLevel], at: int) -> str:
        counts = self._counts.setdefault(identity, [level.start - 1 for level in levels])
        counts[at] += 1
        for below in range(at + 1, len(levels)):
            counts[below] = levels[below].start - 1
        text = levels[at].text
        if levels[at].form == "bullet":
            return "-"
        for position, level in enumerate(levels[:_LEVELS]):
            text = text.replace(f"%{position + 1}", _written(max(counts[position], level.start), level.form))
        return text


def _list_level(element: Any) -> _ListLevel:
    start = _number(element.find(W + "start"))
    return _ListLevel(
        _value(element.find(W + "numFmt")) or "decimal",
        _value(element.find(W + "lvlText"))[:100],
        1 if start is None else start,
    )


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 780:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        return roman(number).lower() if form == "lowerRoman" else roman(number)
    return "" if form == "none" else f"{number:02d}" if form == "decimalZero" else str(number)


_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def roman(number: int) -> str:
    """«14» → «XIV»."""
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written

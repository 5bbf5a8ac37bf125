"""The small markup of answers, as bot/web/js/text.js draws it: blank lines, «- » lists, **bold** and http(s) links; all else is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

_BOLD = re.compile(r"\*\*(\S|\S.*?\S)\*\*")
_LINK = re.compile(r"https?://[^\s<>\"'“”‘’«»]+", re.IGNORECASE)
_ITEM = re.compile(r"^\s*[-•]\s+(.*)$")
_ENDS = ".,;:!?…*)]}"


def draw(text: str) -> Markup:
    """Paragraphs and lists as HTML."""
    return Markup("").join(_blocks(text))


def draw_inline(text: str) -> Markup:
    """As Telegram shows it: the lines as they are, bold and links drawn."""
    return _bold(text)


def plain(text: str) -> str:
    """Without its marks, for channels that draw none."""
    return _BOLD.sub(r"\1", text)


def _blocks(text: str) -> Iterator[Markup]:
    for block in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        items: list[Markup] = []
        for line in block.split("\n"):
            item = _ITEM.match(line)
            if item:
                yield from _paragraph(lines)
                lines = []
                items.append(_bold(item[1]))
            else:
                yield from _list(items)
                items = []
                lines.append(line)
        yield from _paragraph(lines)
        yield from _list(items)


def _paragraph(lines: list[str]) -> Iterator[Markup]:
    if lines:
        yield Markup("<p>{}</p>").format(_bold("\n".join(lines)))


def _list(items: list[Markup]) -> Iterator[Markup]:
    if items:
        yield Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(one) for one in items))


def _bold(text: str) -> Markup:
    return _mapped(text, _BOLD, lambda found: Markup("<strong>{}</strong>").format(_links(found[1])), _links)


def _links(text: str) -> Markup:
    return _mapped(text, _LINK, _link, escape)


def _link(found: re.Match[str]) -> Markup:
    url = found[0].rstrip(_ENDS)
    link = Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(url)
    return link + escape(found[0][len(url) :])


def _mapped(
    text: str, pattern: re.Pattern[str], hit: Callable[[re.Match[str]], Markup], miss: Callable[[str], Markup]
) -> Markup:
    drawn, end = Markup(""), 0
    for found in pattern.finditer(text):
        drawn += miss(text[end : found.start()]) + hit(found)
        end = found.end()
    return drawn + miss(text[end:])

"""Stored text as pieces of a page: what is a link and what is not. Escaping is the template's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.addresses import reading_address
from knowledge.citations import ProvisionId
from knowledge.links import Linker


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text; `href` is empty where it is no link."""

    text: str
    href: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Turns text into lines of spans; links lead to the same day as the page where the reader has chosen one."""

    linker: Linker
    day: date | None

    def lines(self, text: str, at: ProvisionId) -> tuple[Line, ...]:
        """One line a paragraph; put together again with line breaks they are `text`, letter for letter."""
        pieces: list[Span] = []
        end = 0
        for link in self.linker.links(text, at):
            pieces += [Span(text[end : link.start]), Span(text[link.start : link.end], self.address(link.target, at))]
            end = link.end
        return _broken([*pieces, Span(text[end:])])

    def address(self, target: ProvisionId, at: ProvisionId) -> str:
        """Only the place where it is on the same page."""
        whole = reading_address(target, self.day)
        return whole[whole.index("#") :] if target.document == at.document and target.article else whole


def _broken(pieces: list[Span]) -> tuple[Line, ...]:
    lines: list[list[Span]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1] += [Span(first, piece.href)] if first else []
        lines += [[Span(other, piece.href)] if other else [] for other in others]
    return tuple(tuple(line) for line in lines)

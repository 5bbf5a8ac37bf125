"""Cuts a long article into clauses of about one length.

BM25 over whole articles takes a word here and a word there for a match; a clause (khoản) is what answers. Lines are
the text's own clauses and points, so they stay whole where they are not far too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

WORDS = 100  # about what one clause has
_MOST = int(1.3 * WORDS)
_LEAST = int(0.6 * WORDS)  # from here on, a long line may be cut at the end of a sentence


def cut_clauses(text: str) -> list[str]:
    """Neighbouring lines joined to about `WORDS` words; at least one clause, empty for an empty text."""
    clauses: list[list[str]] = []
    open_clause: list[str] = []
    for piece in _pieces(text):
        if open_clause and len(open_clause) + len(piece) > _MOST:
            clauses.append(open_clause)
            open_clause = []
        open_clause = open_clause + piece
        if len(open_clause) >= WORDS:
            clauses.append(open_clause)
            open_clause = []
    if open_clause or not clauses:
        clauses.append(open_clause)
    return [" ".join(words) for words in clauses]


def _pieces(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        words = line.split()
        if len(words) <= _MOST:
            yield words
        else:
            yield from _sentences(words)


def _sentences(words: Iterable[str]) -> Iterator[list[str]]:
    """A line that is too long, cut where a sentence ends, or by length where none does."""
    piece: list[str] = []
    for word in words:
        piece.append(word)
        if len(piece) >= _MOST or (len(piece) >= _LEAST and word[-1] in ".;:"):
            yield piece
            piece = []
    yield piece

"""One tokenizer for building the index and for asking: syllables in normal form, numbers, and pairs of neighbours.

Vietnamese writes a space between syllables, not between words, so pairs of syllables stand in for words.
"""

from __future__ import annotations

import re
from itertools import pairwise

from knowledge.vietnamese import canonical, fold_syllable, nfc

_NUMBER = r"\d+(?:[.,]\d{3})+(?!\d)|\d+"
_PIECE = re.compile(rf"{_NUMBER}|[^\W\d_]+")


def syllables(text: str) -> list[str]:
    """Lower-case syllables and numbers: «Từ 1.000 điểm» → [«từ», «1000», «điểm»]."""
    return [_normal(piece) for piece in _PIECE.findall(nfc(text).lower())]


def _normal(piece: str) -> str:
    return re.sub(r"[.,]", "", piece) if piece[0].isdigit() else canonical(piece)


def with_pairs(tokens: list[str]) -> list[str]:
    """The tokens and every pair of neighbours, joined by an underscore."""
    return [*tokens, *(f"{left}_{right}" for left, right in pairwise(tokens))]


def folded(tokens: list[str]) -> list[str]:
    """The tokens without any accent."""
    return [fold_syllable(token) for token in tokens]


def trigrams(tokens: list[str]) -> list[str]:
    """Runs of three characters of the folded text, spaces included: what survives a typing error."""
    text = f" {' '.join(folded(tokens))} "
    return [text[at : at + 3] for at in range(len(text) - 2)]

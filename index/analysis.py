"""What a question says, in the forms that the retrievers compare: one analysis for building the index and for asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.abbreviations import expand
from index.restoration import AccentRestorer
from index.tokenizer import folded, syllables, trigrams, with_pairs
from knowledge.vietnamese import undo_telex


@dataclass(frozen=True, slots=True)
class Analysis:
    """One text in all its forms."""

    tokens: tuple[str, ...]  # syllables with short forms written out, accents as typed
    restored: tuple[str, ...]  # the same with accents put back where they were left out
    text: str  # what the encoder reads

    @property
    def exact_terms(self) -> list[str]:
        return with_pairs(list(self.restored))

    @property
    def folded_terms(self) -> list[str]:
        return with_pairs(folded(list(self.tokens)))

    @property
    def trigrams(self) -> list[str]:
        return trigrams(list(self.tokens))


def normal_tokens(text: str) -> list[str]:
    """Syllables, Telex keystrokes undone and short forms written out."""
    return normal_forms(syllables(text))


def normal_forms(tokens: Sequence[str]) -> list[str]:
    """The same from syllables; each is put right by itself, whatever stands beside it."""
    return expand([undo_telex(token) for token in tokens])


def analyse(text: str, restorer: AccentRestorer) -> Analysis:
    """All forms of a question or of a stored wording."""
    tokens = normal_tokens(text)
    restored = restorer.restore(tokens)
    return Analysis(tuple(tokens), tuple(restored), " ".join(restored))

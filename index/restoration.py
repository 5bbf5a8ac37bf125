"""Puts accents back into text typed without them, by what our own content says.

A bigram model over syllables with Viterbi decoding: each folded syllable has the accented forms that the content knows. What the
content does not know stays as typed, so a question from another world does not come to look like one of ours.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from index.tokenizer import syllables
from knowledge.vietnamese import fold

_START = "<s>"
_SMOOTHING = 0.4  # "stupid back-off" weight (Brants et al. 2007) from pairs to single syllables


class AccentRestorer:
    """Learned from texts; immutable afterwards."""

    def __init__(self, singles: dict[str, int], pairs: dict[str, int]) -> None:
        self._singles = singles
        self._pairs = pairs
        self._total = sum(singles.values()) or 1
        forms: dict[str, list[str]] = {}
        for syllable in singles:
            forms.setdefault(fold(syllable), []).append(syllable)
        self._forms = {plain: sorted(known, key=lambda one: (-singles[one], one))[:6] for plain, known in forms.items()}

    @classmethod
    def learn(cls, texts: Iterable[str]) -> AccentRestorer:
        """Count syllables and neighbours; texts typed without accents teach nothing and are left out."""
        singles: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text in texts:
            tokens = syllables(text)
            if not tokens or sum(token != fold(token) for token in tokens) < len(tokens) / 3:
                continue
            singles.update(tokens)
            pairs.update(f"{left} {right}" for left, right in zip([_START, *tokens], tokens, strict=False))
        return cls(dict(singles), dict(pairs))

    def restore(self, tokens: list[str]) -> list[str]:
        """The most likely accented form of each token; an accent that was typed is kept."""
        best: dict[str, tuple[float, list[str]]] = {_START: (0.0, [])}
        for token in tokens:
            step: dict[str, tuple[float, list[str]]] = {}
            for form in self._candidates(token):
                score, path = max(
                    ((total + self._log(left, form), path) for left, (total, path) in best.items()),
                    key=lambda one: one[0],
                )
                step[form] = (score, [*path, form])
            best = step
        return max(best.values(), key=lambda one: one[0])[1]

    def _candidates(self, token: str) -> list[str]:
        known = self._forms.get(fold(token), [])
        if token == fold(token):
            return known or [token]
        # Some marks were typed: only forms that agree with every typed mark come into question.
        return (
            [token]
            if token in self._singles or not known
            else [form for form in known if _agrees(token, form)] or [token]
        )

    def _log(self, left: str, right: str) -> float:
        pair = self._pairs.get(f"{left} {right}", 0)
        before = self._total if left == _START else self._singles.get(left, 0)
        if pair and before:
            return math.log(pair / before)
        return math.log(_SMOOTHING * (self._singles.get(right, 0) + 0.1) / self._total)

    def save(self, path: Path) -> None:
        path.write_text(
            json.dumps({"singles": self._singles, "pairs": self._pairs}, ensure_ascii=False), encoding="utf-8"
        )

    @classmethod
    def load(cls, path: Path) -> AccentRestorer:
        counts = json.loads(path.read_text(encoding="utf-8"))
        return cls(counts["singles"], counts["pairs"])


def _agrees(typed: str, form: str) -> bool:
    """True where the form has every mark that was typed («diều» agrees with «điều»)."""
    return len(typed) == len(form) and all(t in (f, fold(t)) for t, f in zip(typed, form, strict=True))

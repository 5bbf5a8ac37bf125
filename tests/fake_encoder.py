"""An encoder without a model: texts that share syllables get vectors that are close, the same ones every time.

And a ranker to go with it: the shipped weights were learned on the real model's cosines, which lie elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np

from index.encoder import Vectors
from index.features import NAMES
from index.logistic import Logistic
from index.ranker import Ranker, expanded_names
from index.tokenizer import folded, syllables


class HashEncoder:
    """A sum of one pseudo-random direction for each folded syllable, scaled to length one."""

    def __init__(self, name: str = "hash", dimension: int = 64, fail_at: int | None = None) -> None:
        self.name = name
        self.dimension = dimension
        self.encoded = 0
        self._fail_at = fail_at

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        if self._fail_at is not None and self.encoded >= self._fail_at:
            raise RuntimeError("the encoder gave up")
        rows = [
            sum((self._direction(token) for token in folded(syllables(text))), self._direction("")) for text in texts
        ]
        vectors = np.array(rows, np.float32).reshape(len(texts), self.dimension)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _direction(self, token: str) -> Vectors:
        return _direction(token, self.dimension)


@cache
def _direction(token: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)


def plain_ranker() -> Ranker:
    """Every measured feature counts the same; an identical wording comes near to certainty."""
    weights = np.zeros(len(expanded_names()))
    weights[: len(NAMES)] = 1.5
    return Ranker(Logistic(expanded_names(), weights, -5.0))

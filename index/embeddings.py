"""Passage vectors kept on disk, because encoding 10,000 articles takes minutes and an evaluation is run many times.

Texts are encoded in blocks; each block is one file named by the encoder and a digest of its texts, so that another
corpus, another encoder or a changed text never meets old vectors, and an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoder import Encoder, Vectors

BLOCK = 512
Progress = Callable[[int, int], None]


def stored_vectors(texts: Sequence[str], encoder: Encoder, folder: Path, progress: Progress) -> Vectors:
    """Passage vectors `[texts, dimension]`, encoded where the folder does not hold them yet (as float16)."""
    blocks = [texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK)]
    vectors = np.empty((len(texts), encoder.dimension), np.float32)
    for number, block in enumerate(blocks):
        start = number * BLOCK
        vectors[start : start + len(block)] = _block(block, encoder, folder)
        progress(start + len(block), len(texts))
    return vectors


def _block(texts: Sequence[str], encoder: Encoder, folder: Path) -> Vectors:
    path = folder / f"{_digest([encoder.name])[:8]}-{_digest(texts)[:24]}.npy"
    if path.is_file():
        return np.asarray(np.load(path), np.float32)
    vectors = encoder.encode_passages(texts).astype(np.float16)  # also now, so that every run sees the same numbers
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft.npy")  # written aside, so that an interrupted run leaves no half file
    np.save(draft, vectors)
    draft.replace(path)
    return np.asarray(vectors, np.float32)


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()

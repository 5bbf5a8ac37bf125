"""Vectors of texts that were encoded before, so that a change of one entry encodes the texts of one entry.

Encoding is nearly all of a build's time. A vector belongs to an encoder and to a text with its prompt; it is found by a digest of
these, so another encoder or a changed text never meets an old vector. Segments are written aside and renamed, a few hundred texts at
a time: a build that is killed goes on where it stopped, and no half file is ever read. One process builds at a time
(bot/publishing.py holds the lock).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, Vectors

SEGMENT = 512  # texts encoded between two writes
MOST_SEGMENTS = 24  # more are joined into one
DIGEST = 16  # bytes of a SHA-256
Progress = Callable[[int], None]
Rows = NDArray[np.void]


class VectorStore:
    """The vectors of one encoder in one folder; `stamp` names the encoder's very weights."""

    def __init__(self, folder: Path | None = None, stamp: str = "") -> None:
        """Without a folder nothing is kept, and every text is encoded."""
        self._folder = folder / stamp[:24] if folder else None
        self._place: dict[bytes, tuple[int, int]] = {}
        self._segments: list[tuple[Path | None, Rows]] = []
        self._used: set[bytes] = set()
        self.encoded = 0  # texts that were not known
        for path in sorted(self._folder.glob("*.npy")) if self._folder else []:
            self._remember(path, _read(path))

    def queries(self, texts: Sequence[str], encoder: Encoder, progress: Progress = lambda done: None) -> Vectors:
        """Vectors `[texts, dimension]` with the prompt of questions; `progress` gets how many stand so far."""
        return self._vectors("query", texts, encoder, encoder.encode_queries, progress)

    def passages(self, texts: Sequence[str], encoder: Encoder, progress: Progress = lambda done: None) -> Vectors:
        """Vectors `[texts, dimension]` with the prompt of passages."""
        return self._vectors("passage", texts, encoder, encoder.encode_passages, progress)

    def tidy(self) -> None:
        """Join the segments where they are many or hold mostly vectors that nobody asked for; drop what other encoders left."""
        if self._folder is None or not self._folder.is_dir():
            return
        for other in self._folder.parent.iterdir():
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)
        for draft in self._folder.glob("*.draft"):
            draft.unlink()
        if len(self._segments) <= MOST_SEGMENTS and 2 * len(self._used) >= len(self._place):
            return
        kept = sorted(self._used & self._place.keys())
        before = [path for path, _ in self._segments if path]
        if kept:
            self._write(kept, self._gather(kept))
        for path in before:  # only now: a kill in between leaves vectors twice, never none
            path.unlink()

    def _vectors(
        self,
        prompt: str,
        texts: Sequence[str],
        encoder: Encoder,
        encode: Callable[[Sequence[str]], Vectors],
        progress: Progress,
    ) -> Vectors:
        digests = [_digest(prompt, text) for text in texts]
        self._used.update(digests)
        unknown = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._place}
        waiting, known = list(unknown), len(texts) - len(unknown)
        progress(known)
        for start in range(0, len(waiting), SEGMENT):
            part = waiting[start : start + SEGMENT]
            vectors = np.asarray(encode([unknown[digest] for digest in part]), np.float32)
            self._remember(*self._write(part, vectors))
            self.encoded += len(part)
            progress(known + start + len(part))
        return self._gather(digests) if digests else np.empty((0, encoder.dimension), np.float32)

    def _gather(self, digests: Sequence[bytes]) -> Vectors:
        places = np.array([self._place[digest] for digest in digests])
        out = np.empty((len(digests), self._segments[0][1]["vector"].shape[1]), np.float32)
        for number in np.unique(places[:, 0]):
            here = np.flatnonzero(places[:, 0] == number)
            out[here] = self._segments[number][1]["vector"][places[here, 1]]
        return out

    def _remember(self, path: Path | None, rows: Rows) -> None:
        number = len(self._segments)
        self._segments.append((path, rows))
        for row, digest in enumerate(rows["digest"]):
            self._place.setdefault(bytes(digest), (number, row))

    def _write(self, digests: Sequence[bytes], vectors: Vectors) -> tuple[Path | None, Rows]:
        rows = np.empty(len(digests), [("digest", f"V{DIGEST}"), ("vector", "<f4", (vectors.shape[1],))])
        rows["digest"] = np.array(digests, f"V{DIGEST}")
        rows["vector"] = vectors
        if self._folder is None:
            return None, rows
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{secrets.token_hex(8)}.npy"
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            np.save(file, rows)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return path, rows


def encoder_stamp(model: str) -> str:
    """SHA-256 over what decides an encoder's vectors: the files of its folder, or the name of a model that lies elsewhere."""
    folder = Path(model)
    digest = hashlib.sha256((Path(__file__).parent / "encoder.py").read_bytes())
    if not folder.is_dir():
        digest.update(model.encode())
        return digest.hexdigest()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        with path.open("rb") as file:
            content: Any = hashlib.file_digest(file, "sha256")
        digest.update(f"{path.relative_to(folder)}\0".encode() + content.digest())
    return digest.hexdigest()


def _read(path: Path) -> Rows:
    rows: Rows = np.load(path, mmap_mode="r")
    return rows


def _digest(prompt: str, text: str) -> bytes:
    return hashlib.sha256(f"{prompt}\0{text}".encode()).digest()[:DIGEST]

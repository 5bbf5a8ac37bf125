"""Dense retrieval: inner products of unit vectors in FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

# More threads make small searches slower (faiss issue 2953), and the chat server answers many at once.
faiss.omp_set_num_threads(1)


class DenseField:
    """The vectors of one field, one row each; exact search."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self.rows = int(searcher.ntotal)

    @classmethod
    def build(cls, vectors: Vectors) -> DenseField:
        searcher = faiss.IndexFlatIP(vectors.shape[1])
        searcher.add(np.ascontiguousarray(vectors))
        return cls(searcher)

    def search(self, vector: Vectors, top_k: int) -> tuple[NDArray[np.int64], Vectors]:
        """Rows and cosines of the nearest, best first; `vector` is `[dimension]`."""
        cosines, rows = self._searcher.search(vector[None, :], min(top_k, self.rows))
        return rows[0], cosines[0]

    def cosines(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """Cosine of the vector with each of the rows named."""
        if not len(rows):
            return np.zeros(0, np.float32)
        return np.asarray(self._searcher.reconstruct_batch(rows) @ vector, np.float32)

    def save(self, path: Path) -> None:
        faiss.write_index(self._searcher, str(path))

    @classmethod
    def load(cls, path: Path) -> DenseField:
        return cls(faiss.read_index(str(path)))

"""Dense retrieval: inner products of unit vectors in FAISS."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.encoder import Vectors

# More threads make small searches slower (faiss issue 2953), and the chat server answers many at once; the same holds for the
# small matrix products of this room, whose threads wait for each other on a busy machine.
faiss.omp_set_num_threads(1)
threadpool_limits(1, user_api="blas")


EXACT_UP_TO = (
    50_000  # rows; 50,000 cost about 3 ms, past that a graph is faster (docs/retrieval.md has both, with the recall)
)
NEIGHBOURS, BUILD_BEAM, SEARCH_BEAM = 32, 100, 128  # of the HNSW graph


class DenseField:
    """The vectors of one field, one row each; exact search in a small field, a graph (HNSW) in a large one."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self.rows = int(searcher.ntotal)

    @classmethod
    def build(cls, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> DenseField:
        vectors = np.ascontiguousarray(vectors)
        if len(vectors) <= exact_up_to:
            searcher = faiss.IndexFlatIP(vectors.shape[1])
            searcher.add(vectors)
            return cls(searcher)
        graph = faiss.IndexHNSWFlat(vectors.shape[1], NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction, graph.hnsw.efSearch = BUILD_BEAM, SEARCH_BEAM
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        try:
            graph.add(vectors)
        finally:
            faiss.omp_set_num_threads(1)
        return cls(graph)

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

"""Builds the index of one publication: an immutable folder with a manifest, written whole and then put in place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index.analysis import Analysis, analyse
from index.bm25 import Bm25Field
from index.dense import DenseField
from index.encoder import Encoder, Vectors
from index.errors import IndexNotBuilt
from index.features import TermTable
from index.passages import Passage, cut_passages
from index.projection import Projection
from index.restoration import AccentRestorer
from knowledge.corpus import Corpus

FORMAT = 3  # raise it when the folder's form or the analysis changes
BATCH = 256
OUT_OF_SCOPE = Path(__file__).parent / "training" / "out_of_scope.txt"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the folder was built from; `Index.open` refuses another corpus or encoder."""

    format: int
    corpus_digest: str
    encoder: str
    dimension: int
    passages: int
    wordings: int

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises IndexNotBuilt where the folder holds no index of this format."""
        try:
            record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            manifest = cls(**record)
        except (OSError, ValueError, TypeError) as error:
            raise IndexNotBuilt(f"{folder} holds no index; run: award index build") from error
        if manifest.format != FORMAT:
            raise IndexNotBuilt(f"the index in {folder} has an older form; run: award index build")
        return manifest


def wording_rows(passages: list[Passage]) -> list[tuple[int, str]]:
    """Every wording with the number of its passage."""
    return [(number, wording) for number, passage in enumerate(passages) for wording in passage.wordings]


def read_declined() -> list[str]:
    """Questions of other worlds that the assistant declines: what a question is measured against, besides our own wordings."""
    return [line.strip() for line in OUT_OF_SCOPE.read_text(encoding="utf-8").splitlines() if line.strip()]


def learn_restorer(passages: list[Passage]) -> AccentRestorer:
    """What the content itself says about accents."""
    return AccentRestorer.learn(text for passage in passages for text in (*passage.wordings, passage.body))


def build_index(
    corpus: Corpus, encoder: Encoder, target: Path, progress: Progress = lambda done, total: None
) -> Manifest:
    """Write the folder `target` whole, replacing what stood there; on any failure the old one stays."""
    passages = cut_passages(corpus)
    restorer = learn_restorer(passages)
    rows = wording_rows(passages)
    wordings = [analyse(text, restorer) for _, text in rows]
    bodies = [analyse(f"{passage.wordings[0]} {passage.body}", restorer) for passage in passages]
    draft = target.with_name(target.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    _write_lexical(draft, wordings, bodies)
    projection = Projection.load(encoder.name, encoder.dimension)
    _write_dense(
        draft, encoder, projection, [one.text for one in wordings], [passage.body for passage in passages], progress
    )
    outside = [analyse(text, restorer).text for text in read_declined()]
    DenseField.build(projection.apply(encoder.encode_queries(outside))).save(draft / "outside.faiss")
    restorer.save(draft / "restorer.json")
    np.save(draft / "rows.npy", np.array([number for number, _ in rows], np.int64))
    manifest = Manifest(FORMAT, corpus.digest, encoder.name, encoder.dimension, len(passages), len(rows))
    (draft / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)
    return manifest


def _write_lexical(folder: Path, wordings: list[Analysis], bodies: list[Analysis]) -> None:
    Bm25Field.build([one.exact_terms for one in wordings]).save(folder / "wordings-exact")
    Bm25Field.build([one.folded_terms for one in wordings]).save(folder / "wordings-folded")
    Bm25Field.build([one.folded_terms for one in bodies]).save(folder / "bodies-folded")
    TermTable.count(wordings).save(folder)


def _write_dense(
    folder: Path, encoder: Encoder, projection: Projection, wordings: list[str], bodies: list[str], progress: Progress
) -> None:
    total = len(wordings) + len(bodies)
    vectors: list[Vectors] = []
    # Wordings are questions: they are compared with questions, so they get the query prompt.
    for encode, texts in ((encoder.encode_queries, wordings), (encoder.encode_passages, bodies)):
        for start in range(0, len(texts), BATCH):
            vectors.append(encode(texts[start : start + BATCH]))
            progress(sum(map(len, vectors)), total)
    joined = np.concatenate(vectors)
    DenseField.build(projection.apply(joined[: len(wordings)])).save(folder / "wordings.faiss")
    DenseField.build(joined[len(wordings) :]).save(folder / "bodies.faiss")

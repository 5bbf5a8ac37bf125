"""Builds the index of one publication: an immutable folder with a manifest, written whole and then put in place."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analysis, analyse, normal_forms
from index.bm25 import Bm25Field
from index.dense import DenseField
from index.encoder import Encoder
from index.errors import IndexNotBuilt
from index.features import TermTable
from index.passages import Passage, cut_passages
from index.projection import Projection
from index.restoration import AccentRestorer
from index.term_rows import TermRows
from index.tokenizer import folded, syllables
from index.vector_store import VectorStore
from knowledge.corpus import Corpus

FORMAT = 5  # raise it when the folder's form or the analysis changes
DRAFT = ".draft"  # ending of folders that are being written; one that a killed process left may be deleted
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
    corpus: Corpus,
    encoder: Encoder,
    target: Path,
    progress: Progress = lambda done, total: None,
    vectors: VectorStore | None = None,
) -> Manifest:
    """Write the folder `target` whole, replacing what stood there; on any failure the old one stays.

    Texts whose vectors are in the store are not encoded again. The folder is complete on disk before it gets its name.
    """
    passages = cut_passages(corpus)
    rows = wording_rows(passages)
    owners = np.array([number for number, _ in rows], np.int64)
    texts = _Texts.cut(passages, rows)
    restorer = texts.restorer()
    wordings = texts.wordings.replaced(_normal)
    restored = TermRows.of(map(restorer.restore, wordings.lists()))
    outside = [analyse(text, restorer) for text in read_declined()]
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}{DRAFT}")
    try:
        draft.mkdir(parents=True)
        _write_lexical(draft, wordings.replaced(_folded), restored, texts.whole(owners).replaced(_folded))
        asked = [" ".join(tokens) for tokens in restored.lists()]
        _write_dense(draft, encoder, vectors or VectorStore(), asked, passages, outside, progress)
        restorer.save(draft / "restorer.npz")
        np.save(draft / "rows.npy", owners)
        manifest = Manifest(FORMAT, corpus.digest, encoder.name, encoder.dimension, len(passages), len(rows))
        (draft / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
        _to_disk(draft)
        _put(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _put(draft: Path, target: Path) -> None:
    """Give the draft its name; what stood there is moved out of the way first."""
    if target.exists():
        old = draft.with_name(f"{draft.name}.old{DRAFT}")
        target.rename(old)
        draft.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        draft.rename(target)
    _sync(target.parent)


def _to_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The syllables of all wordings and of all bodies."""

    wordings: TermRows
    bodies: TermRows

    @classmethod
    def cut(cls, passages: list[Passage], rows: list[tuple[int, str]]) -> _Texts:
        return cls(
            TermRows.of(syllables(text) for _, text in rows), TermRows.of(syllables(one.body) for one in passages)
        )

    def restorer(self) -> AccentRestorer:
        """What the content itself says about accents."""
        return AccentRestorer.learn_rows(self.wordings.above(self.bodies))

    def whole(self, owners: NDArray[np.int64]) -> TermRows:
        """Each passage's first wording and its body, short forms written out."""
        first = np.searchsorted(owners, np.arange(self.bodies.rows))
        return self.wordings.select(first).followed_by(self.bodies).replaced(_normal)


def _normal(syllable: str) -> list[str]:
    return normal_forms([syllable])


def _folded(token: str) -> list[str]:
    return folded([token])


def _write_lexical(folder: Path, plain: TermRows, restored: TermRows, bodies: TermRows) -> None:
    Bm25Field.of(restored.joined(restored.pairs())).save(folder / "wordings-exact")
    Bm25Field.of(plain.joined(plain.pairs())).save(folder / "wordings-folded")
    Bm25Field.of(bodies.joined(bodies.pairs())).save(folder / "bodies-folded")
    TermTable.of(restored, plain).save(folder)


def _write_dense(
    folder: Path,
    encoder: Encoder,
    store: VectorStore,
    wordings: list[str],
    passages: list[Passage],
    outside: list[Analysis],
    progress: Progress,
) -> None:
    total = len(wordings) + len(passages) + len(outside)
    moved = Projection.load(encoder.name, encoder.dimension).apply
    # Wordings are questions: they are compared with questions, so they get the query prompt.
    asked = store.queries(wordings, encoder, lambda done: progress(done, total))
    DenseField.build(moved(asked)).save(folder / "wordings.faiss")
    stood = len(wordings)
    bodies = store.passages([one.body for one in passages], encoder, lambda done: progress(stood + done, total))
    DenseField.build(bodies).save(folder / "bodies.faiss")
    stood += len(passages)
    others = store.queries([one.text for one in outside], encoder, lambda done: progress(stood + done, total))
    DenseField.build(moved(others)).save(folder / "outside.faiss")

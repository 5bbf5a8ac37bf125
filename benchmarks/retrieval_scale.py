"""Retrieval at 1,000, 20,000 and 1,000,000 passages: latency of each part, index size, build time, memory, recall of the graph.

.venv/bin/python -m benchmarks.retrieval_scale [1000 20000 …]

Past the shipped content the passages are made up: each joins the words of two stored wordings, and its vector is a stored one
with noise (cosine about 0.86 to it). The questions are the project's own (tests/golden), encoded by the real encoder.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil

from bot.settings import ROOT, load_settings
from bot.setup import read_corpus
from index.analysis import Analysis, analyse
from index.bm25 import Bm25Field
from index.build import FORMAT, Manifest, learn_restorer
from index.dense import DenseField
from index.encoder import Encoder, Vectors, open_encoder
from index.features import TermTable
from index.hybrid import HybridRetriever
from index.passages import cut_passages
from index.projection import Projection
from index.ranker import Ranker
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Document, Period, Provision

SIZES = (1_000, 20_000, 1_000_000)
NOISE = 0.03  # of each coordinate
ROUNDS = 3
GOLDEN = ROOT / "tests/golden/questions.jsonl"
Value = TypeVar("Value")


class MadeUpCorpus(Corpus):
    """Too large for a digest over all its text; the name of its size does."""

    @cached_property
    def digest(self) -> str:
        return f"made-up-{len(self.documents[0].provisions)}"


class Source:
    """Stored wordings, analysed and encoded once, from which passages are made up."""

    def __init__(self, encoder: Encoder) -> None:
        passages = cut_passages(read_corpus())
        self.restorer = learn_restorer(passages)
        self.texts = [text for passage in passages for text in passage.wordings][:4_000]
        self.analyses = [analyse(text, self.restorer) for text in self.texts]
        self.vectors = np.concatenate(
            [encoder.encode_queries(self.texts[at : at + 256]) for at in range(0, len(self.texts), 256)]
        )

    def pairs(self, count: int) -> Iterator[tuple[int, int]]:
        random = np.random.default_rng(7)
        yield from ((int(one), int(two)) for one, two in random.integers(0, len(self.texts), (count, 2)))

    def joined(self, one: int, two: int) -> Analysis:
        left, right = self.analyses[one], self.analyses[two]
        return Analysis((*left.tokens, *right.tokens), (*left.restored, *right.restored), "")

    def noisy(self, count: int) -> Vectors:
        random = np.random.default_rng(8)
        numbers = np.fromiter((one for one, _ in self.pairs(count)), np.int64, count)
        made = np.empty((count, self.vectors.shape[1]), np.float32)
        for at in range(0, count, 50_000):
            part = self.vectors[numbers[at : at + 50_000]]
            part = part + random.normal(0, NOISE, part.shape).astype(np.float32)
            made[at : at + len(part)] = part / np.linalg.norm(part, axis=1, keepdims=True)
        return made


def make_corpus(source: Source, count: int) -> Corpus:
    provisions = tuple(
        Provision(ProvisionId("X1-2026", str(number)), Period(), source.texts[two], title=source.texts[one])
        for number, (one, two) in enumerate(source.pairs(count))
    )
    document = Document(
        "X1-2026", "1/2026", "Nghị định", None, "", None, Period(), None, None, None, rank=2, provisions=provisions
    )
    return MadeUpCorpus((document,), (), ())


def build(source: Source, encoder: Encoder, folder: Path, count: int) -> None:
    """The files that index/build.py writes, from made-up rows, one row a passage."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    projection = Projection.load(encoder.name, encoder.dimension)

    def step(name: str, run: Callable[[], None]) -> None:
        started = time.perf_counter()
        run()
        print(f"    build {name:16} {time.perf_counter() - started:8.1f} s", flush=True)

    _write_lexical(folder, [source.joined(one, two) for one, two in source.pairs(count)], step)
    vectors = source.noisy(count)
    step("wording vectors", lambda: DenseField.build(projection.apply(vectors)).save(folder / "wordings.faiss"))
    step("body vectors", lambda: DenseField.build(vectors).save(folder / "bodies.faiss"))
    DenseField.build(projection.apply(source.vectors[:1_700])).save(folder / "outside.faiss")
    source.restorer.save(folder / "restorer.npz")
    np.save(folder / "rows.npy", np.arange(count, dtype=np.int64))
    manifest = Manifest(FORMAT, f"made-up-{count}", encoder.name, encoder.dimension, count, count)
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest)), encoding="utf-8")


def _write_lexical(folder: Path, rows: list[Analysis], step: Callable[[str, Callable[[], None]], None]) -> None:
    step("exact", lambda: Bm25Field.build([one.exact_terms for one in rows]).save(folder / "wordings-exact"))
    step("folded", lambda: Bm25Field.build([one.folded_terms for one in rows]).save(folder / "wordings-folded"))
    shutil.copytree(folder / "wordings-folded", folder / "bodies-folded")
    step("terms", lambda: TermTable.count(rows).save(folder))


def measure(retriever: HybridRetriever, encoder: Encoder, questions: list[str]) -> None:
    """Print p50 and p99 of each part over the questions."""
    spent: dict[str, list[float]] = defaultdict(list)

    def part(name: str, run: Callable[[], Value]) -> Value:
        started = time.perf_counter()
        value = run()
        spent[name].append((time.perf_counter() - started) * 1000)
        return value

    none: frozenset[int] = frozenset()
    for question in questions * ROUNDS:
        analysis = part("analysis", lambda question=question: retriever.analyse(question))
        vector = part("encoder", lambda analysis=analysis: encoder.encode_queries([analysis.text])[0])
        started = time.perf_counter()
        moved = retriever._projection.apply(vector[None, :])[0]
        retriever._outside(moved)
        spent["scope"].append((time.perf_counter() - started) * 1000)
        part("BM25", lambda analysis=analysis: lexical(retriever, analysis))
        part("FAISS", lambda vector=vector, moved=moved: dense(retriever, vector, moved))
        proposed = part("candidates", lambda a=analysis, v=vector, m=moved: retriever._propose(a, v, m, none))
        part("ranker", lambda n=proposed, a=analysis, v=vector, m=moved: retriever._rank(n, a, v, m, none))
    whole = [
        sum(values)
        for values in zip(*(spent[one] for one in ("analysis", "scope", "candidates", "ranker")), strict=True)
    ]
    for name, values in [*spent.items(), ("all but encoder", whole)]:
        note = "  (inside «candidates»)" if name in ("BM25", "FAISS") else ""
        print(f"    {name:16} p50 {np.percentile(values, 50):7.2f} ms  p99 {np.percentile(values, 99):7.2f} ms{note}")


def lexical(retriever: HybridRetriever, analysis: Analysis) -> None:
    retriever._exact.scores(analysis.exact_terms)
    retriever._folded.scores(analysis.folded_terms)
    retriever._bodies.scores(analysis.folded_terms)


def dense(retriever: HybridRetriever, vector: Vectors, moved: Vectors) -> None:
    retriever._wording_vectors.search(moved, 60)
    retriever._body_vectors.search(vector, 20)


def recall(folder: Path, vectors: Vectors, queries: Vectors) -> None:
    """How many of the 60 nearest rows the stored field finds, and what exact search costs beside it."""
    field, exact = DenseField.load(folder / "bodies.faiss"), DenseField.build(vectors, exact_up_to=len(vectors))
    for name, one in (("exact", exact), ("stored", field)):
        times = []
        for query in queries:
            started = time.perf_counter()
            one.search(query, 60)
            times.append((time.perf_counter() - started) * 1000)
        print(f"    {name:6} search p50 {np.percentile(times, 50):.2f} ms")
    found = [len(set(field.search(one, 60)[0]) & set(exact.search(one, 60)[0])) / 60 for one in queries]
    print(f"    recall@60 of the stored field: {np.mean(found):.4f}")


def main(sizes: list[int]) -> None:
    settings = load_settings()
    encoder = open_encoder(settings.encoder, threads=1)
    source = Source(encoder)
    questions = [json.loads(line)["question"] for line in GOLDEN.read_text(encoding="utf-8").splitlines()][:150]
    queries = np.concatenate([encoder.encode_queries([one]) for one in questions])
    for size in sizes:
        print(f"{size:,} passages", flush=True)
        folder, started = settings.var / "benchmark" / f"scale-{size}", time.perf_counter()
        build(source, encoder, folder, size)
        disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        before = psutil.Process().memory_info().rss
        built = time.perf_counter() - started
        retriever = HybridRetriever(folder, make_corpus(source, size), encoder, Ranker.load())
        resident = psutil.Process().memory_info().rss - before
        print(f"    built in {built:.1f} s, {disk / 2**20:.1f} MB on disk, {resident / 2**20:.0f} MB more in memory")
        measure(retriever, encoder, questions)
        del retriever
        recall(folder, source.noisy(size), queries)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main([int(one.replace("_", "")) for one in sys.argv[1:]] or list(SIZES))

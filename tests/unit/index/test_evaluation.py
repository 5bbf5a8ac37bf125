"""A BEIR folder measured with a stub encoder, the figures by hand, and vectors kept on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.beir import RetrievalSetError, read_retrieval_set
from index.embeddings import stored_vectors
from index.encoder import Vectors
from index.evaluation import NO_ACCENTS, evaluate_folder, ndcg, print_figures, recall, reciprocal_rank
from index.intervals import estimate, percentile
from index.noise import NOISES
from index.tokenizer import syllables

ARTICLES = [
    {"_id": "d+1", "title": "Điều kiện tham dự", "text": "Doanh nghiệp hoạt động liên tục từ 36 tháng."},
    {"_id": "d+2", "title": "Quyền lợi", "text": "Doanh nghiệp đạt giải được sử dụng biểu tượng."},
    {"_id": "e+1", "title": "Hồ sơ đăng ký", "text": "Hồ sơ gồm bản đăng ký và báo cáo."},
]
QUESTIONS = [
    ("1", "Điều kiện tham dự là gì?", "d+1"),
    ("2", "Hồ sơ đăng ký gồm những gì?", "e+1"),
    ("3", "Ai trao?", "x"),
]


class Letters:
    """Encodes a text as how often it has each of a few syllables."""

    name = "letters"
    dimension = 6
    encoded = 0

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        known = ("điều", "quyền", "hồ", "sơ", "tháng", "giải")
        counts = [[1e-3 + syllables(text).count(one) for one in known] for text in texts]
        return np.array([np.array(row) / np.linalg.norm(row) for row in counts], np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        Letters.encoded += len(texts)
        return self.encode_queries(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = {
        "corpus.jsonl": ARTICLES,
        "queries.jsonl": [{"_id": one, "text": text} for one, text, _ in QUESTIONS],
        "queries_nodiac.jsonl": [{"_id": "1", "text": "Dieu kien tham du la gi?"}],
    }
    for name, records in lines.items():
        text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    rows = "\n".join(f"{one}\t{answer}\t1" for one, _, answer in QUESTIONS)
    (tmp_path / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}\n1\td+2\t0\n", encoding="utf-8")
    return tmp_path


def test_figures_by_hand() -> None:
    found, relevant = ["a", "b", "c", "d"], frozenset({"b", "d"})
    assert reciprocal_rank(found, relevant) == 1 / 2
    assert recall(found[:2], relevant) == 1 / 2
    assert ndcg(found, relevant) == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / (1 + 1 / np.log2(3)))
    assert (ndcg([], relevant), reciprocal_rank(["a"], relevant)) == (0, 0)


def test_a_folder_is_measured_in_every_way(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    figures = evaluate_folder(folder, Letters(), said.append, tmp_path / "cache")
    assert (figures.articles, figures.questions) == (3, 2)  # the third question has no answer here
    assert figures.of("hybrid (ours)").ndcg.mean == 1.0
    assert figures.of("hybrid (ours)", NO_ACCENTS).ndcg.count == 1
    assert {row.typed for row in figures.rows} == {"as typed", NO_ACCENTS, *NOISES}
    assert figures.restored.mean == 1.0
    print_figures(figures, said.append)
    text = "\n".join(said)
    assert "3 articles, 2 questions" in text and "hybrid (ours)               100.0 [100.0–100.0]" in text
    assert "taught" not in text
    with pytest.raises(KeyError):
        figures.of("bm25 (syllables)", NO_ACCENTS)


def test_ids_name_the_regulation(folder: Path) -> None:
    assert [article.document for article in read_retrieval_set(folder).articles] == ["d", "d", "e"]


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_folder_that_is_no_retrieval_set(folder: Path, name: str) -> None:
    (folder / name).write_text("{}\nx\n", encoding="utf-8")
    with pytest.raises(RetrievalSetError, match="BEIR"):
        read_retrieval_set(folder)
    (folder / name).unlink()
    with pytest.raises(RetrievalSetError, match=name):
        read_retrieval_set(folder)


def test_vectors_are_encoded_once(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    before = Letters.encoded
    first = stored_vectors(["hồ sơ", "tháng"], Letters(), tmp_path, lambda done, total: steps.append((done, total)))
    again = stored_vectors(["hồ sơ", "tháng"], Letters(), tmp_path, lambda done, total: None)
    assert Letters.encoded == before + 2 and steps == [(2, 2)]
    assert (first == again).all() and first.dtype == np.float32
    stored_vectors(["hồ sơ", "giải"], Letters(), tmp_path, lambda done, total: None)
    assert Letters.encoded == before + 4


def test_intervals() -> None:
    sure, unsure = estimate([1.0] * 50), estimate([0.0, 1.0] * 25)
    assert (sure.low, sure.mean, sure.high) == (1, 1, 1)
    assert unsure.low < 0.45 < unsure.mean < 0.55 < unsure.high and estimate([0.0, 1.0] * 25) == unsure
    assert estimate([]).count == 0
    assert [percentile([3, 1, 2, 4], rank) for rank in (0, 0.5, 0.95)] == [1, 2, 4]

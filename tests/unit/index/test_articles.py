"""Searching articles with a stub encoder, and what the ranker remembers of the questions that taught it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.article_ranker import NAMES, ArticleRanker, digest, fold_of
from index.articles import Article, ArticleSearch, search
from index.errors import RetrievalError
from index.training.articles import Competition, learn_weights

ARTICLES = [
    Article("a+1", "a", "Phạm vi điều chỉnh", "Nghị định này quy định về đo lường chất lượng."),
    Article("a+2", "a", "Giải thích từ ngữ", "Chuẩn đo lường là phương tiện dùng để đo."),
    Article("a+3", "a", "Xử lý hồ sơ", "Trong thời hạn 10 ngày, cơ quan xem xét."),
    Article("b+1", "b", "Xử lý hồ sơ", "Trong thời hạn 10 ngày, cơ quan xem xét."),
    Article("c+1", "c", "", ""),
]
RANKER = ArticleRanker(np.array([1.0, 1.0, 0.0, 0.5, 2.0, 1.0, -5.0]))


@pytest.fixture(scope="module")
def index() -> ArticleSearch:
    return ArticleSearch(ARTICLES, np.eye(5, dtype=np.float32))


def found(index: ArticleSearch, question: str, towards: int = 4) -> list[str]:
    vector = np.eye(5, dtype=np.float32)[towards]
    return [ARTICLES[row].id for row in search(index, RANKER, question.split(), vector, 3)]


def test_the_other_articles_of_a_regulation_speak_for_it(index: ArticleSearch) -> None:
    assert found(index, "xử lý hồ sơ đo lường")[0] == "a+3"


def test_scope_articles_stand_back(index: ArticleSearch) -> None:
    assert found(index, "đo lường là gì")[0] == "a+2"


def test_features(index: ArticleSearch) -> None:
    candidates = index.candidates(["xử", "lý", "hồ", "sơ"], np.eye(5, dtype=np.float32)[3])
    by_name = dict(zip(NAMES, candidates.features[candidates.rows.tolist().index(3)], strict=True))
    assert by_name["title_asked"] == pytest.approx(1.0) and by_name["asked_in_title"] == pytest.approx(1.0)
    assert by_name["cosine"] == pytest.approx(1.0) and by_name["defines"] == by_name["delimits"] == 0
    assert candidates.features.shape == (len(candidates.rows), len(NAMES))


@pytest.mark.parametrize("question", ["", "blockchain"])
def test_a_question_without_known_words_goes_by_meaning(index: ArticleSearch, question: str) -> None:
    assert found(index, question, towards=2)[0] == "a+3"


def test_a_ranker_forgets_the_question_that_it_is_asked(tmp_path: Path) -> None:
    folds = tuple(np.full(len(NAMES), float(fold)) for fold in range(5))
    ranker = ArticleRanker(np.full(len(NAMES), 9.0), folds, frozenset({digest("học")}))
    ranker.save(tmp_path / "ranker.json")
    loaded = ArticleRanker.load(tmp_path / "ranker.json")
    assert loaded.has_seen("học") and not loaded.has_seen("mới")
    assert loaded.without("mới").weights[0] == 9
    assert loaded.without("học").weights[0] == fold_of("học")


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text('{"features": ["x"], "weights": [1], "folds": [], "learned_from": []}', encoding="utf-8")
    with pytest.raises(RetrievalError, match="belongs to other features"):
        ArticleRanker.load(path)


def test_the_shipped_weights_are_read_and_fit_the_features() -> None:
    ranker = ArticleRanker.load()
    assert len(ranker.weights) == len(NAMES) and len(ranker.folds) == 5


def test_learned_weights_put_the_right_one_first() -> None:
    chance = np.random.default_rng(1)
    held = []
    for number in range(40):
        features = chance.normal(size=(20, len(NAMES)))
        right = np.arange(20) == (2 * features[:, 0] - features[:, 2]).argmax()
        held.append(Competition(str(number), features, right))
    held.append(Competition("none", features, np.zeros(20, np.bool_)))
    weights = learn_weights(held)
    assert np.mean([one.right[(one.features @ weights).argmax()] for one in held[:-1]]) > 0.9
    assert weights[0] > -weights[2] > 5 * abs(weights[4])

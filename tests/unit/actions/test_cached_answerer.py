"""Answers that are remembered: the same as those that are worked out, forgotten in order, never carried into another publication."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.answer import Query, Thresholds
from actions.answering import Answerer
from actions.cached_answerer import CachedAnswerer, asked_in_turn
from fake_encoder import HashEncoder, plain_ranker
from index.build import build_index
from index.hybrid import HybridRetriever
from index.scope import ScopeModel
from knowledge.corpus import Corpus
from small_corpus import small_corpus

TODAY = date(2026, 11, 22)
QUESTION = "Doanh nghiệp phải hoạt động bao lâu thì được dự giải?"


def _answerer(folder: Path, corpus: Corpus, kept: int) -> CachedAnswerer:
    build_index(corpus, HashEncoder(), folder)
    retriever = HybridRetriever(folder, corpus, HashEncoder(), plain_ranker())
    return CachedAnswerer(corpus, retriever, ScopeModel.load(), Thresholds(), kept=kept)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index") / "built"


@pytest.fixture
def cached(folder: Path) -> CachedAnswerer:
    return _answerer(folder, small_corpus(), kept=3)


@pytest.mark.parametrize(
    "query",
    [
        Query(QUESTION, TODAY),
        Query("thế còn mẫu đơn?", TODAY, QUESTION, TODAY),
        Query("số điện thoại của em là 0912345678", TODAY),
        Query("", TODAY),
        Query("Điều 59 nói gì", TODAY),
        Query("How long must a company have operated?", TODAY),
    ],
)
def test_what_is_remembered_is_what_is_worked_out(cached: CachedAnswerer, query: Query) -> None:
    fresh = Answerer(cached.corpus, cached.retriever, ScopeModel.load(), Thresholds()).answer(query)
    assert cached.answer(query) == fresh
    assert cached.answer(query) == fresh
    assert (cached.asked, cached.found) == (2, 1)


def test_spaces_and_unicode_form_make_no_difference(cached: CachedAnswerer) -> None:
    import unicodedata

    cached.answer(Query(QUESTION, TODAY))
    cached.answer(Query(f"  {unicodedata.normalize('NFD', QUESTION)} \n", TODAY))
    assert cached.found == 1


@pytest.mark.parametrize(
    "other",
    [
        Query(QUESTION, TODAY + timedelta(days=1)),
        Query(QUESTION, TODAY, "Mẫu đơn đăng ký lấy ở đâu?"),
        Query(QUESTION, TODAY, None, TODAY),
        Query(QUESTION.lower(), TODAY),
    ],
)
def test_everything_that_an_answer_depends_on_tells_apart(cached: CachedAnswerer, other: Query) -> None:
    cached.answer(Query(QUESTION, TODAY))
    cached.answer(other)
    assert cached.found == 0


def test_the_least_recently_asked_leaves_first(cached: CachedAnswerer) -> None:
    texts = ["mẫu đơn", "bảy tiêu chí", "điểm", "hồ sơ"]
    for text in texts[:3]:
        cached.answer(Query(text, TODAY))
    cached.answer(Query(texts[0], TODAY))
    cached.answer(Query(texts[3], TODAY))  # the second leaves
    assert len(cached._answers) == 3
    found = cached.found
    cached.answer(Query(texts[0], TODAY))
    assert cached.found == found + 1
    cached.answer(Query(texts[1], TODAY))
    assert cached.found == found + 1


def test_nothing_is_kept_where_that_is_set(folder: Path) -> None:
    answerer = _answerer(folder, small_corpus(), kept=0)
    assert answerer.answer(Query(QUESTION, TODAY)) == answerer.answer(Query(QUESTION, TODAY))
    assert (answerer.asked, len(answerer._answers)) == (0, 0)


def test_another_publication_never_says_what_the_old_one_remembered(cached: CachedAnswerer, tmp_path: Path) -> None:
    small = small_corpus()
    first = replace(small.faq[0], vietnamese=replace(small.faq[0].vietnamese, answer="Bốn mươi tháng."))
    other = _answerer(tmp_path / "other", Corpus(small.documents, small.guidance, (first, *small.faq[1:])), kept=3)
    for _ in range(2):
        assert "36 tháng" in cached.answer(Query(QUESTION, TODAY)).text
        assert "Bốn mươi tháng" in other.answer(Query(QUESTION, TODAY)).text


def test_many_threads_get_the_right_answers(cached: CachedAnswerer) -> None:
    queries = [Query(text, TODAY) for text in (QUESTION, "mẫu đơn", "điểm", "bảy tiêu chí", "ISO 9001")] * 20
    wanted = {query.text: Answerer.answer(cached, query) for query in queries[:5]}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(cached.answer, queries))
    assert all(answer == wanted[query.text] for query, answer in zip(queries, answers, strict=True))
    assert len(cached._answers) == 3


def test_a_turn_hears_what_was_asked_also_where_it_was_remembered(cached: CachedAnswerer) -> None:
    query = Query(QUESTION, TODAY)
    cached.answer(query)
    token = asked_in_turn.set([])
    try:
        answer = cached.answer(query)
        assert asked_in_turn.get() == [(query, answer)]
    finally:
        asked_in_turn.reset(token)

"""Regulations and places in them that a question names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.mentions import Mention, find_mention
from knowledge.corpus import Corpus
from shipped import shipped_corpus
from small_corpus import pid

DEFAULT = "ND37-2026"


def _mention(text: str, corpus: Corpus) -> tuple[str | None, str | None] | None:
    found = find_mention(text, corpus.documents, DEFAULT)
    return found and (found.document, found.place and str(found.place))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "document", "place"),
    [
        ("Điều 59 nói gì?", None, "ND37-2026:59"),
        ("dieu 59 noi gi", None, "ND37-2026:59"),
        ("ĐIỀU 59", None, "ND37-2026:59"),
        ("khoản 2 điều 58", None, "ND37-2026:58.2"),
        ("khoan 2 dieu 58 nghi dinh 37", "ND37-2026", "ND37-2026:58.2"),
        ("điểm đ khoản 1 Điều 61 Nghị định 37/2026/NĐ-CP", "ND37-2026", "ND37-2026:61.1.đ"),
        ("điểm d khoản 1 Điều 61", None, "ND37-2026:61.1.d"),
        ("diem b khoan 1 dieu 61", None, "ND37-2026:61.1.b"),
        ("Điểm a Điều 61", None, "ND37-2026:61"),  # a point stands in a clause
        ("điều 25 nghị định 132/2008", "ND132-2008", "ND132-2008:25"),
        ("dieu 25 nd 132", "ND132-2008", "ND132-2008:25"),
        ("NĐ 132/2008/NĐ-CP điều 25", "ND132-2008", "ND132-2008:25"),
        ("nghị định số 74/2018", "ND74-2018", None),
        ("thông tư 27/2019 còn áp dụng không", "TT27-2019", None),
        ("tt 27", "TT27-2019", None),
        ("luật 05/2007", "L05-2007", None),
        ("luat 5 nam 2007", "L05-2007", None),
        ("article 59", None, "ND37-2026:59"),
        ("clause 1 of article 59 of decree 37", "ND37-2026", "ND37-2026:59.1"),
        ("Decree No. 37/2026", "ND37-2026", None),
    ],
)
def test_what_is_named_is_found(corpus: Corpus, text: str, document: str | None, place: str | None) -> None:
    assert _mention(text, corpus) == (document, place)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "điều kiện dự giải là gì",
        "có bao nhiêu điểm",
        "36 tháng",
        "nghị định 99/2031",
        "nghị định mới",
        "điểm 700",
        "khoản tiền thưởng",
        "ISO 9001:2015",
        "nd 37/2020",
    ],
)
def test_nothing_is_named(corpus: Corpus, text: str) -> None:
    assert find_mention(text, corpus.documents, DEFAULT) is None


def test_a_year_that_is_named_decides() -> None:
    assert find_mention("nghị định 37/2026", shipped_corpus().documents, DEFAULT) == Mention("ND37-2026", None)
    assert find_mention("nghị định 37/2008", shipped_corpus().documents, DEFAULT) is None


@pytest.mark.parametrize("article", range(56, 66))
def test_every_article_of_the_chapter_is_found(corpus: Corpus, article: int) -> None:
    mention = find_mention(f"Điều {article} quy định gì?", corpus.documents, DEFAULT)
    assert mention is not None
    assert mention.place == pid(f"ND37-2026:{article}")
    assert corpus.versions(mention.place)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    mention = find_mention(text, shipped_corpus().documents, DEFAULT)
    assert mention is None or mention.document is not None or mention.place is not None

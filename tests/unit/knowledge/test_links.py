"""References in stored text as links: only where the words name something that is held, with spans that fit the text as it is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amended_corpus import amended_corpus
from knowledge.citations import ProvisionId
from knowledge.links import Linker
from shipped import shipped_corpus
from small_corpus import pid


@cache
def linker() -> Linker:
    return Linker(amended_corpus())


def linked(text: str, at: str = "ND37-2026:59.2") -> list[tuple[str, str]]:
    return [(text[one.start : one.end], str(one.target)) for one in linker().links(text, pid(at))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo khoản 1 Điều này", [("khoản 1 Điều này", "ND37-2026:59.1")]),
        ("tại Điều 57 Nghị định này", [("Điều 57 Nghị định này", "ND37-2026:57")]),
        ("điểm a, đ khoản 2 Điều 59", [("điểm a", "ND37-2026:59.2.a"), ("đ khoản 2 Điều 59", "ND37-2026:59.2.đ")]),
        ("khoản 1 đến khoản 3", [("khoản 1", "ND37-2026:59.1"), ("khoản 3", "ND37-2026:59.3")]),
        ("Nghị định số 132/2008/NĐ-CP", [("Nghị định số 132/2008/NĐ-CP", "ND132-2008")]),
        ("Điều 25 Nghị định số 132/2008/NĐ-CP", [("Điều 25 Nghị định số 132/2008/NĐ-CP", "ND132-2008:25")]),
        # what is not held, what is meant of another text, and the text itself
        ("Điều 60 Nghị định này", []),
        ("Điều 26 Nghị định số 132/2008/NĐ-CP", []),
        ("Nghị định số 100/2020/NĐ-CP", []),
        ("theo Điều 57 của luật", []),
        ("Điều 57 mới", []),
        ("khoản này", []),
        ("Nghị định này", []),
        ("80 điểm, 1.000 Điểm", []),
    ],
)
def test_links(text: str, expected: list[tuple[str, str]]) -> None:
    assert linked(text) == expected


def test_the_number_at_the_beginning_is_no_reference() -> None:
    assert linked("Điều 59. Điều kiện dự giải", "ND37-2026:57") == []
    assert linked("Xem Điều 59. Điều kiện", "ND37-2026:57") == [("Điều 59", "ND37-2026:59")]


@pytest.mark.parametrize("text", ["Sửa khoản 1 Điều 59; bỏ khoản 2.", "khoản 2 Điều 1"])
def test_numbers_in_an_amending_document_are_not_taken_for_its_own(text: str) -> None:
    assert linked(text, "ND99-2027:1.1") == []


def test_an_amending_document_may_name_another_by_its_number() -> None:
    text = "Sửa khoản 1 Điều 59 Nghị định số 37/2026/NĐ-CP"
    assert [target for _, target in linked(text, "ND99-2027:1.1")] == ["ND37-2026:59.1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Theo  Điều   57\u00a0Nghị định này.", "Điều   57\u00a0Nghị định này"),
        ("Theo Ðiều 57 Nghị định này.", "Ðiều 57 Nghị định này"),  # with the Icelandic eth
        ("Theo Đie\u0302\u0300u 57 Nghi\u0323 đi\u0323nh này.", "Đie\u0302\u0300u 57 Nghi\u0323 đi\u0323nh này"),
    ],
)
def test_spans_fit_the_text_as_it_was_extracted(text: str, words: str) -> None:
    assert linked(text) == [(words, "ND37-2026:57")]


def test_a_short_name_means_what_the_document_says_it_means() -> None:
    corpus = shipped_corpus()
    decree = corpus.document("ND37-2026")
    first = replace(
        decree.provisions[0],
        official_text="Luật Chất lượng sản phẩm, hàng hóa số 05/2007/QH12 (sau đây gọi là Luật)",
    )
    learned = replace(decree, provisions=(first, *decree.provisions[1:]))
    documents = tuple(learned if one.id == decree.id else one for one in corpus.documents)
    (link,) = Linker(replace(corpus, documents=documents)).links("theo Điều 7 của Luật", pid("ND37-2026:2.1"))
    assert link.target == pid("L05-2007:7")


def test_every_link_of_the_shipped_content_leads_to_something_that_is_there() -> None:
    corpus = shipped_corpus()
    shipped = Linker(corpus)
    found = 0
    for document, provision in corpus.provisions():
        for link in shipped.links(provision.summary, provision.id):
            assert corpus.versions(link.target) or (
                not link.target.article and link.target.document in {one.id for one in corpus.documents}
            ), (document.id, link)
            found += 1
    assert found > 40


WORDS = st.sampled_from(
    [
        "Điều",
        "khoản",
        "điểm",
        "57",
        "59",
        "1",
        "a",
        "đ",
        "này",
        "Nghị định",
        "số",
        "37/2026/NĐ-CP",
        "và",
        ",",
        "đến",
        "của",
    ]
)
TEXT = st.text(max_size=60) | st.lists(WORDS | st.text("Đđiềukhoảm\u0300\u0302\u200b\u00a0 \n<>&", max_size=5)).map(
    " ".join
)


@given(TEXT, st.sampled_from(["ND37-2026:59.2", "ND37-2026:59.2.a", "ND37-2026", "ND99-2027:1.1", "ND132-2008:25"]))
@example("Điều 57\nĐiều 59", "ND37-2026:59.2")
@example("\u0300Điều 57", "ND37-2026:59.2")
def test_links_of_any_text_are_in_order_and_lead_to_what_is_held(text: str, at: str) -> None:
    corpus = amended_corpus()
    end = 0
    for link in linker().links(text, pid(at)):
        assert end <= link.start < link.end <= len(text)
        assert link.target != pid(at)
        assert corpus.versions(link.target) or link.target in map(ProvisionId, ("ND37-2026", "ND99-2027", "ND132-2008"))
        end = link.end

"""Official words in an answer are theirs, letter for letter, also where they are cut."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.answer import CitedProvision, Language
from actions.composing import Composer
from actions.quotation import MORE, MOST_QUOTED, MOST_SAID, excerpt
from amended_corpus import FIRST_WORDS, NEW_WORDS, amended_corpus
from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.history import official_text_on
from small_corpus import document, pid

TODAY, LATER = date(2026, 11, 22), date(2027, 8, 1)
VI = Language.VIETNAMESE


def cited(identity: str, day: date, today: date = TODAY, corpus: Corpus | None = None) -> CitedProvision:
    (one,) = Composer(corpus or amended_corpus()).cite([pid(identity)], day, today)
    return one


@pytest.mark.parametrize(
    ("identity", "day", "today", "quote", "kind", "url"),
    [
        ("ND37-2026:59.1", TODAY, TODAY, FIRST_WORDS, "official", "/van-ban/ND37-2026#59.1"),
        ("ND37-2026:59.1", LATER, TODAY, NEW_WORDS, "official", "/van-ban/ND37-2026?ngay=2027-08-01#59.1"),
        ("ND37-2026:59.1", LATER, LATER, NEW_WORDS, "official", "/van-ban/ND37-2026#59.1"),
        ("ND37-2026:57", TODAY, TODAY, "Tiêu chí xét thưởng.", "summary", "/van-ban/ND37-2026#57"),
        ("ND37-2026:59.2.đ", TODAY, TODAY, "đ) Có hồ sơ <đủ> & “đúng”.", "official", "/van-ban/ND37-2026#59.2.%C4%91"),
        # not in force on the day of the answer: the words of a day on which it was
        ("ND132-2008:25", TODAY, TODAY, "Giải có bảy tiêu chí.", "summary", "/van-ban/ND132-2008?ngay=2026-06-30#25"),
        ("ND37-2026:59.3", LATER, LATER, "Điều khoản phụ.", "summary", "/van-ban/ND37-2026?ngay=2027-06-30#59.3"),
        (
            "ND37-2026",
            TODAY,
            TODAY,
            "Đang có hiệu lực. Thay Nghị định 132/2008/NĐ-CP.",
            "summary",
            "/van-ban/ND37-2026",
        ),
    ],
)
def test_a_citation_quotes_and_leads_to_the_reading_page(
    identity: str, day: date, today: date, quote: str, kind: str, url: str
) -> None:
    one = cited(identity, day, today)
    assert (one.quote, one.quote_kind, one.url) == (quote, kind, url)


def test_a_clause_is_quoted_with_its_points_and_what_follows_them() -> None:
    assert cited("ND37-2026:59.2", TODAY).quote == (
        "2. Theo Điều 57 Nghị định này và Điều 60:\na) Có giấy tờ;\nđ) Có hồ sơ <đủ> & “đúng”.\n"
        "Trừ trường hợp nêu tại Nghị định số 132/2008/NĐ-CP."
    )


def said(identity: str, corpus: Corpus | None = None, language: Language = VI) -> str:
    return Composer(corpus or amended_corpus()).of_provision(identity, TODAY, TODAY, language).text


def test_what_an_article_says_is_quoted_with_marks() -> None:
    assert said("ND37-2026:59.1") == f"Khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP, nguyên văn:\n“{FIRST_WORDS}”"
    assert said("ND37-2026:59.1", language=Language.ENGLISH).startswith("Khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP, word")


def test_a_summary_is_called_one_and_official_words_in_it_are_quoted() -> None:
    valid = Period(date(2026, 1, 23))
    decree = document(
        "ND37-2026",
        "37/2026/NĐ-CP",
        valid,
        Provision(pid("ND37-2026:59"), valid, "Ai được dự."),
        Provision(pid("ND37-2026:59.1"), valid, "", official_text="1. Ba mươi sáu tháng."),
        Provision(pid("ND37-2026:59.2"), valid, "Theo pháp luật."),
    )
    assert said("ND37-2026:59", Corpus((decree,), (), ())) == (
        "Điều 59 Nghị định 37/2026/NĐ-CP (tóm tắt của hệ thống, không phải nguyên văn):\n"
        "Ai được dự.\n- Khoản 1: “1. Ba mươi sáu tháng.”\n- Khoản 2: Theo pháp luật."
    )


def test_a_long_text_is_cut_and_the_rest_is_on_the_reading_page() -> None:
    valid = Period(date(2026, 1, 23))
    long = "1. " + "Đơn vị nộp hồ sơ. " * 200
    decree = document(
        "ND37-2026", "37/2026/NĐ-CP", valid, Provision(pid("ND37-2026:1.1"), valid, "", official_text=long)
    )
    corpus = Corpus((decree,), (), ())
    quote = cited("ND37-2026:1.1", TODAY, corpus=corpus).quote
    assert len(quote) <= MOST_QUOTED + 2 and quote.endswith(f"hồ sơ. {MORE}")
    text = said("ND37-2026:1.1", corpus)
    assert text.endswith(f"hồ sơ. {MORE}”\nPhần còn lại xem ở đường dẫn trong căn cứ.")
    assert official_text_on(corpus, pid("ND37-2026:1.1"), TODAY) == long


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("ngắn", 10, "ngắn"),
        ("Một đoạn.\nHai đoạn dài hơn.", 16, "Một đoạn.\n…"),
        ("Câu một. Câu hai. Câu ba.", 20, "Câu một. Câu hai. …"),
        ("Mức 1.000 điểm trở lên là đạt", 20, "Mức 1.000 điểm trở …"),
        ("mộttừrấtdàikhôngcókhoảngtrắng", 10, "mộttừrấtdà …"),
    ],
)
def test_where_a_text_is_cut(text: str, most: int, cut: str) -> None:
    assert excerpt(text, most) == cut


@given(st.text("ab đ.;\n", max_size=300), st.integers(1, 120))
def test_what_is_kept_is_the_beginning_letter_for_letter(text: str, most: int) -> None:
    found = excerpt(text, most)
    if len(text) <= most:
        assert found == text
    else:
        kept = found.removesuffix(MORE)
        assert found.endswith(MORE) and text.startswith(kept.rstrip())
        assert len(kept.rstrip()) <= most < MOST_SAID

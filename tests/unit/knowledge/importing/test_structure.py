"""Paragraphs into articles, clauses and points; unnumbered paragraphs to the right parent; quotations kept apart."""

from __future__ import annotations

import pytest

from knowledge.importing.blocks import Block, Paragraph, Table
from knowledge.importing.proposal import HeadingKind, Level
from knowledge.importing.structure import Structure, build


def tree(text: str) -> Structure:
    return build([Paragraph.of(line) for line in text.strip().split("\n")], "ND1-2099")


def words(text: str) -> dict[str, tuple[int, int]]:
    """How many paragraphs open and close each provision."""
    return {str(one.id).split(":")[1]: (len(one.opening), len(one.closing)) for one in tree(text).drafts}


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Điều 5. Tên", "5"),
        ("Điều 6đ. Tên", "6đ"),
        ("ĐIỀU 7: TÊN", "7"),
        ("Ðiều 8. Chữ Đ viết bằng eth", "8"),
        ("Điều\u00a09.\u00a0Dấu cách cứng", "9"),
        ("Điều 10", "10"),
    ],
)
def test_article_line(line: str, number: str) -> None:
    assert [one.id.article for one in tree(line).drafts] == [number]


@pytest.mark.parametrize(
    "line", ["Điều 5 Nghị định này quy định về giải.", "Điều khoản chung", "điều 5. gì đó", "1.000 điểm"]
)
def test_no_article_line(line: str) -> None:
    assert tree("Điều 1. Một\n" + line).drafts[0].opening[-1].text == line


def test_points_and_clauses() -> None:
    found = tree("Điều 1. A\n1. B:\na) C;\nđ) D.\n1a. E\n2. G")
    assert [str(one.id) for one in found.drafts] == [
        "ND1-2099:1", "ND1-2099:1.1", "ND1-2099:1.1.a", "ND1-2099:1.1.đ", "ND1-2099:1.1a", "ND1-2099:1.2",
    ]  # fmt: skip


def test_a_clause_that_repeats_the_article_number() -> None:
    found = tree("Điều 2. A\n2.1. B\n2.2. C")
    assert [(str(one.id), one.marker) for one in found.of_level(Level.CLAUSE)] == [
        ("ND1-2099:2.1", "2.1."),
        ("ND1-2099:2.2", "2.2."),
    ]


def test_points_without_a_clause_belong_to_the_article() -> None:
    point = tree("Điều 9. A:\na) B;\nb) C.").drafts[1]
    assert (str(point.id), point.parent and point.parent.id.article) == ("ND1-2099:9.a", "9")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # after the last point of an announced list: the clause
        (
            "Điều 1. A\n1. B:\na) C;\nb) D.\nCho cả khoản.",
            {"1": (1, 0), "1.1": (1, 1), "1.1.a": (1, 0), "1.1.b": (1, 0)},
        ),
        # between two points: the first of them
        (
            "Điều 1. A\n1. B:\na) C.\nVẫn là điểm a;\nb) D.",
            {"1": (1, 0), "1.1": (1, 0), "1.1.a": (2, 0), "1.1.b": (1, 0)},
        ),
        # between two clauses, and after the last clause of an article without an announced list: the clause
        ("Điều 1. A\n1. B.\nThêm.\n2. C.\nThêm.", {"1": (1, 0), "1.1": (2, 0), "1.2": (2, 0)}),
        # after the last clause of an announced list: the article
        ("Điều 1. A\nGồm:\n1. B;\n2. C.\nCho cả điều.", {"1": (2, 1), "1.1": (1, 0), "1.2": (1, 0)}),
        # after a title without a full stop: its text
        ("Điều 1. A\n1. Chuyển tiếp\nNội dung.", {"1": (1, 0), "1.1": (2, 0)}),
        # dashes go on with what they follow
        ("Điều 1. A\n1. B:\na) C:\n- một;\n- hai.", {"1": (1, 0), "1.1": (1, 0), "1.1.a": (3, 0)}),
    ],
)
def test_unnumbered_paragraphs(text: str, expected: dict[str, tuple[int, int]]) -> None:
    assert words(text) == expected


def test_headings_in_one_line_and_in_two() -> None:
    found = tree(
        "Phần thứ nhất\nQUY ĐỊNH CHUNG\nChương I. MỞ ĐẦU\nMục 1\nTÊN MỤC\nDÀI HAI DÒNG\nĐiều 1. A\nChương II\nKẾT\nĐiều 2. B"
    )
    assert [(one.kind, one.number, one.title, one.parent) for one in found.headings] == [
        (HeadingKind.PART, "thứ nhất", "QUY ĐỊNH CHUNG", None),
        (HeadingKind.CHAPTER, "I", "MỞ ĐẦU", 0),
        (HeadingKind.SECTION, "1", "TÊN MỤC DÀI HAI DÒNG", 1),
        (HeadingKind.CHAPTER, "II", "KẾT", 0),
    ]
    assert [one.heading for one in found.drafts] == [2, 3]


def test_a_sentence_about_a_chapter_is_no_heading() -> None:
    assert tree("Điều 1. A\nChương V Nghị định này áp dụng cho mọi người.").headings == []


def test_repeated_numbers_keep_their_keys_apart() -> None:
    found = tree("Điều 1. A\n1. B\nĐiều 1. C\n1. D\n1. E")
    assert [one.key for one in found.drafts] == [
        "ND1-2099:1",
        "ND1-2099:1.1",
        "ND1-2099:1#2",
        "ND1-2099:1.1#2",
        "ND1-2099:1.1#3",
    ]


def test_quoted_articles_are_not_those_of_the_document() -> None:
    found = tree("Điều 1. Sửa đổi Điều 5 như sau:\n“Điều 5. Mới\n1. Một.\n2. Có “trích” bên trong.”\nĐiều 2. Hết")
    assert [one.id.article for one in found.of_level(Level.ARTICLE)] == ["1", "2"]
    quotation = found.drafts[0].quotations[0]
    assert quotation.complete
    assert [one.text for one in quotation.blocks if isinstance(one, Paragraph)][-1] == "2. Có “trích” bên trong."


def test_an_unclosed_quotation_ends_at_the_next_own_article() -> None:
    found = tree("Điều 1. Sửa đổi Điều 27 như sau:\n“Điều 27. Mới\n1. Một.\nĐiều 2. Hiệu lực\n1. Từ nay.")
    assert [str(one.id) for one in found.drafts] == ["ND1-2099:1", "ND1-2099:2", "ND1-2099:2.1"]
    assert found.unclosed == ["ND1-2099:1"]


def test_a_quotation_mark_in_plain_text_swallows_nothing() -> None:
    found = tree("Điều 1. A\n1. Gọi là “mẫu.\n2. “Mẫu” là gì.\n3. Hết.")
    assert len(found.of_level(Level.CLAUSE)) == 3


def test_the_signature_ends_the_articles() -> None:
    found = tree("Điều 1. A\n1. B.\nNơi nhận:\n- Văn phòng;\nTM. CHÍNH PHỦ\nPHỤ LỤC\n1. Không phải khoản.")
    assert len(found.drafts) == 2
    assert len(found.tail) == 5


def test_a_table_belongs_to_the_provision_before_it() -> None:
    blocks: list[Block] = [Paragraph.of("Điều 1. A"), Paragraph.of("1. B:"), Table((("x", "1"),)), Paragraph.of("2. C")]
    found = build(blocks, "ND1-2099")
    assert [(owner, table.rows) for owner, table in found.tables] == [("ND1-2099:1.1", (("x", "1"),))]


def test_official_text_is_what_the_file_holds() -> None:
    decomposed = "1.\u00a0Hai  dấu ca\u0301ch"
    draft = build([Paragraph.of("Điều 1. A"), Paragraph.of(decomposed)], "ND1-2099").drafts[1].freeze()
    assert (draft.official_text, draft.text) == (decomposed, "1. Hai dấu cách")


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("PHỤ LỤC", True),
        ("Phụ lục I", True),
        ("PHỤ LỤC II. DANH MỤC", True),
        ("Phụ lục I ban hành kèm theo Nghị định này gồm các mẫu.", False),
    ],
)
def test_where_an_appendix_begins(line: str, ends: bool) -> None:
    found = tree(f"Điều 1. A\n{line}\nĐiều 2. B")
    assert len(found.drafts) == (1 if ends else 2)

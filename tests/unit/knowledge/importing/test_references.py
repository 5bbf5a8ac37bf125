"""Chains of units and names of documents, resolved from the place where they stand."""

from __future__ import annotations

import pytest

from knowledge.citations import ProvisionId
from knowledge.importing.references import Place, ReferenceReader

HERE = Place.of(ProvisionId("ND37-2026", "12", "3", "a"))
LAW = "Luật Chất lượng sản phẩm, hàng hóa"


def found(text: str, reader: ReferenceReader | None = None, place: Place = HERE) -> list[tuple[str, list[str]]]:
    return [
        (one.words, [str(target) for target in one.targets]) for one in (reader or ReferenceReader()).read(text, place)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo khoản 2 Điều này", [("khoản 2 Điều này", ["ND37-2026:12.2"])]),
        ("quy định tại khoản này", [("khoản này", ["ND37-2026:12.3"])]),
        ("tại điểm này", [("điểm này", ["ND37-2026:12.3.a"])]),
        ("tại điểm b", [("điểm b", ["ND37-2026:12.3.b"])]),
        ("Điều 57 Nghị định này", [("Điều 57 Nghị định này", ["ND37-2026:57"])]),
        ("điểm a khoản 1 Điều 12 Nghị định này", [("điểm a khoản 1 Điều 12 Nghị định này", ["ND37-2026:12.1.a"])]),
        ("điểm a, c khoản 1 Điều 2", [("điểm a", ["ND37-2026:2.1.a"]), ("c khoản 1 Điều 2", ["ND37-2026:2.1.c"])]),
        (
            "khoản 2 Điều 50 và khoản 2 Điều 87.",
            [("khoản 2 Điều 50", ["ND37-2026:50.2"]), ("khoản 2 Điều 87", ["ND37-2026:87.2"])],
        ),
        ("khoản 3 và Điều 5", [("khoản 3", ["ND37-2026:12.3"]), ("Điều 5", ["ND37-2026:5"])]),
        (
            "từ khoản 1 đến khoản 3 Điều 8",
            [("khoản 1", ["ND37-2026:8.1"]), ("khoản 3 Điều 8", ["ND37-2026:8.2", "ND37-2026:8.3"])],
        ),
        ("Điều 5 khoản 2", [("Điều 5", ["ND37-2026:5"]), ("khoản 2", ["ND37-2026:5.2"])]),
        ("Nghị định số 132/2008/NĐ-CP", [("Nghị định số 132/2008/NĐ-CP", ["ND132-2008"])]),
        ("Nghị định 37/2026/NĐ – CP", [("Nghị định 37/2026/NĐ – CP", ["ND37-2026"])]),
        ("Luật số 78/2025/QH15", [("Luật số 78/2025/QH15", ["L78-2025"])]),
        ("Nghị quyết số 5/2025/QH15", [("Nghị quyết số 5/2025/QH15", ["NQ5-2025"])]),
        ("Quyết định số 1322/QĐ-TTg ngày 31/8/2020", [("Quyết định số 1322/QĐ-TTg ngày 31/8/2020", ["QD1322-2020"])]),
        (f"khoản 4 Điều 6c {LAW} được bổ sung", [(f"khoản 4 Điều 6c {LAW}", ["L05-2007:6c.4"])]),
        (f"Điều 72 của {LAW} số 05/2007/QH12", [(f"Điều 72 của {LAW} số 05/2007/QH12", ["L05-2007:72"])]),
        ("Điều 7 Thông tư số 17/2011/TT-BKHCN", [("Điều 7 Thông tư số 17/2011/TT-BKHCN", ["TT17-2011:7"])]),
        ("Điều 3 Thông tư số 27/2019/TT-BTC", [("Điều 3 Thông tư số 27/2019/TT-BTC", [])]),
        ("theo Luật Ngân sách nhà nước và các văn bản", [("Luật Ngân sách nhà nước", [])]),
        ("80 điểm, 1.000 Điểm, khoản 1.000 đồng", []),
        ("các điều khoản khác của Nghị định này", []),
    ],
)
def test_references(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert found(text) == expected


def test_lists_of_clauses_in_another_document() -> None:
    text = "Các khoản 3, 4 và khoản 7 Điều 1 Nghị định số 13/2022/NĐ-CP"
    assert [target for _, targets in found(text) for target in targets] == [
        "ND13-2022:1.3",
        "ND13-2022:1.4",
        "ND13-2022:1.7",
    ]


def test_a_name_that_the_document_gives() -> None:
    reader = ReferenceReader()
    reader.learn("Luật Mẫu số 1/2099/QH20 được sửa đổi bởi Luật số 2/2099/QH20 (sau đây gọi là Luật) và")
    assert found("khoản 2 Điều 6 Luật.", reader) == [("khoản 2 Điều 6 Luật", ["L1-2099:6.2"])]


def test_an_instruction_means_the_amended_document() -> None:
    place = Place(ProvisionId("ND99-2099", "1", "3"), ProvisionId("ND1-2099", "7"))
    assert found("khoản 1, theo khoản 2 Điều này", place=place) == [
        ("khoản 1", ["ND1-2099:7.1"]),
        ("khoản 2 Điều này", ["ND99-2099:1.2"]),
    ]


def test_spans_are_where_the_words_are() -> None:
    text = "theo Điều 5, điểm a khoản 2 Điều 6 và Nghị định số 1/2020/NĐ-CP."
    for one in ReferenceReader().read(text, HERE):
        assert text[one.start : one.end] == one.words

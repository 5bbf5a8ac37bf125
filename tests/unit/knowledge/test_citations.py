"""Ids of provisions: what is read, what is refused, how a person cites it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.citations import ProvisionId
from knowledge.errors import ContentError

DECREE = "Nghị định 37/2026/NĐ-CP"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ND37-2026", ("ND37-2026", "", "", "")),
        ("ND37-2026:59", ("ND37-2026", "59", "", "")),
        ("ND37-2026:59.1", ("ND37-2026", "59", "1", "")),
        ("ND37-2026:61.1.đ", ("ND37-2026", "61", "1", "đ")),
        ("ND74-2018:1.12", ("ND74-2018", "1", "12", "")),
        ("ND74-2018:10a.2", ("ND74-2018", "10a", "2", "")),
        ("TT27-2019:4.1a", ("TT27-2019", "4", "1a", "")),
        ("TT27-2019:5.a", ("TT27-2019", "5", "", "a")),
        ("QD2468", ("QD2468", "", "", "")),
        ("L05-2007:7.2", ("L05-2007", "7", "2", "")),
    ],
)
def test_an_id_is_read_and_written(text: str, parts: tuple[str, str, str, str]) -> None:
    identity = ProvisionId.parse(text)
    assert (identity.document, identity.article, identity.clause, identity.point) == parts
    assert str(identity) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "37/2026/NĐ-CP",
        "nd37-2026:59",
        "ND37-2026:",
        "ND37-2026:59.",
        "ND37-2026:59..a",
        "ND37-2026:59.1.1",
        "ND37-2026:59.1.a.b",
        "ND37-2026:59.1.AB",
        "ND37-2026:điều 59",
        "ND37-26:59",
        "ND37-2026:59\n",
        " ND37-2026:59",
        "../etc/passwd",
    ],
)
def test_what_is_no_id_is_refused_by_name(text: str) -> None:
    with pytest.raises(ContentError) as refused:
        ProvisionId.parse(text)
    assert f"«{text}»" in str(refused.value)
    assert "ND37-2026:61.1.đ" in str(refused.value)  # what it should look like


_NUMBER = st.integers(1, 199).map(str)
_PLACED = st.tuples(_NUMBER, st.sampled_from(["", "a", "đ"])).map("".join)


@given(
    st.sampled_from(["ND", "TT", "L", "QĐ", "QD"]),
    _NUMBER,
    st.none() | st.integers(1945, 2100),
    st.lists(_PLACED, max_size=2),
    st.sampled_from(["", "a", "b", "đ", "y"]),
)
def test_every_id_survives_writing_and_reading(
    kind: str, number: str, year: int | None, places: list[str], point: str
) -> None:
    document = f"{kind}{number}" + (f"-{year}" if year else "")
    article, clause = [*places, "", ""][:2]
    identity = ProvisionId(document, article, clause, point if places else "")
    assert ProvisionId.parse(str(identity)) == identity


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ND37-2026", DECREE),
        ("ND37-2026:59", f"Điều 59 {DECREE}"),
        ("ND37-2026:59.1", f"khoản 1 Điều 59 {DECREE}"),
        ("ND37-2026:61.1.đ", f"điểm đ khoản 1 Điều 61 {DECREE}"),
        ("ND37-2026:10a.2", f"khoản 2 Điều 10a {DECREE}"),
        ("ND37-2026:5.a", f"điểm a Điều 5 {DECREE}"),
    ],
)
def test_label(text: str, label: str) -> None:
    assert ProvisionId.parse(text).label(DECREE) == label


def test_parents_lead_to_the_document() -> None:
    chain = [ProvisionId.parse("ND37-2026:61.1.đ")]
    while (parent := chain[-1].parent()) is not None:
        chain.append(parent)
    assert [str(one) for one in chain] == ["ND37-2026:61.1.đ", "ND37-2026:61.1", "ND37-2026:61", "ND37-2026"]
    assert ProvisionId.parse("TT27-2019:5.a").parent() == ProvisionId.parse("TT27-2019:5")

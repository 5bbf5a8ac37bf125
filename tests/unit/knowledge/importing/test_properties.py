"""For any text: the parser ends, says nothing but a proposal or a refusal, and what it says fits together."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.citations import ProvisionId
from knowledge.importing import Code, ImportProposal, ImportRefused, parse_upload
from knowledge.importing.blocks import Paragraph
from knowledge.importing.markers import POINT_LETTERS
from knowledge.importing.references import Place, ReferenceReader
from knowledge.importing.structure import build

PIECES = [
    "Điều 1. ", "Điều 2. ", "Điều 5a. ", "1. ", "2. ", "2.1. ", "a) ", "đ) ", "Chương I", "Mục 2. ", "PHỤ LỤC", "Nơi nhận:", "[…]", "“", "”",
    "như sau:", "Sửa đổi khoản 1 Điều 5 ", "Bổ sung Điều 6a vào sau Điều 6 ", "Bãi bỏ ", "khoản 2 Điều này", "điểm a, b ", " và ", ", ",
    "Nghị định số 1/2020/NĐ-CP", "Luật này", "có hiệu lực từ ngày 31/02/2020", "hết hiệu lực ", "thay thế cụm từ “a” bằng “b” tại ", "\n",
    "\n", "\n", ".", ";", ":", "|", "---", "# ", "<p>", "<br>", "</p>", "<table><tr><td>", "§iÒu", "Ñieàu", "\u0301", "\u00a0", "sản phẩm ",
]  # fmt: skip
SOUP = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=60).map("".join)
NAMES = st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "a", "a.xyz"])
TODAY = date(2026, 11, 22)


def parsed(data: bytes, name: str) -> ImportProposal | None:
    try:
        return parse_upload(data, name)
    except ImportRefused:
        return None


@given(SOUP, st.sampled_from(["a.txt", "a.md", "a.html"]))
@settings(max_examples=150)
def test_any_text(text: str, name: str) -> None:
    proposal = parsed(text.encode("utf-8", errors="replace"), name)
    if proposal is None:
        return
    keys = [one.key for one in proposal.provisions]
    assert len(set(keys)) == len(keys)
    if Code.DUPLICATE_NUMBER not in proposal.report.codes():
        assert len({one.id for one in proposal.provisions}) == len(keys)
    assert all(not one.parent or keys.index(one.parent) < keys.index(one.key) for one in proposal.provisions)
    assert all(ProvisionId.parse(str(one.id)) == one.id for one in proposal.provisions)
    by_key = {one.key: one for one in proposal.provisions}
    for one in proposal.references:
        holder = by_key[one.owner].closing_text if one.closing else by_key[one.owner].text
        assert holder[one.start : one.end] == one.words != ""
    assert ImportProposal.from_json(proposal.to_json()) == proposal
    assert proposal.report.text().endswith("\n")


@given(st.binary(max_size=400), NAMES)
@settings(max_examples=150)
def test_any_bytes(data: bytes, name: str) -> None:
    parsed(data, name)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers(1, 900))
def test_numbering_is_read_as_written(clauses: list[int], first: int) -> None:
    """Articles from `first` on, each with clauses, each clause with one point more than the one before."""
    lines, expected = [], []
    for number, amount in enumerate(clauses, first):
        lines.append(f"Điều {number}. Tên")
        expected.append(str(number))
        for clause in range(1, amount + 1):
            lines.append(f"{clause}. Khoản:")
            expected.append(f"{number}.{clause}")
            for letter in POINT_LETTERS[:clause]:
                lines.append(f"{letter}) Điểm;")
                expected.append(f"{number}.{clause}.{letter}")
    proposal = parse_upload("\n".join(lines).encode(), "a.txt", "ND1-2099")
    assert [str(one.id).split(":")[1] for one in proposal.provisions] == expected
    assert not proposal.report.codes() & {Code.NUMBERING_GAP, Code.DUPLICATE_NUMBER}
    assert "\n".join(one.text for one in proposal.provisions) == "\n".join(lines)


@given(st.lists(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=40), max_size=20))
def test_no_words_are_lost(lines: list[str]) -> None:
    """Every word of the paragraphs after the first article is in a provision, a heading, or what follows the articles."""
    blocks = [one for line in lines if (one := Paragraph.of(line)).text]
    found = build([Paragraph.of("Điều 1. Tên"), *blocks], "ND1-2099")
    kept = (
        sum(len(one.opening) + len(one.closing) for one in found.drafts)
        + len(found.tail)
        + found.omissions
        + found.marker_lines
    )
    titles = sum(len(one.official_text.split("\n")) for one in found.headings)
    quoted = sum(len(quotation.blocks) for one in found.drafts for quotation in one.quotations)
    assert kept + titles + quoted >= len(blocks) + 1


@given(SOUP)
def test_references_stay_inside_the_text(text: str) -> None:
    for one in ReferenceReader().read(text, Place.of(ProvisionId("ND1-2099", "1", "2", "a"))):
        assert 0 <= one.start < one.end <= len(text)
        assert all(ProvisionId.parse(str(target)) == target for target in one.targets)

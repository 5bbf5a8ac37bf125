"""A corpus finds its content by id and day, and says what is wrong with itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.errors import ContentError, UnknownId
from small_corpus import NEW, OLD, document, entry, pid, small_corpus


@pytest.fixture
def small() -> Corpus:
    return small_corpus()


def test_a_sound_corpus_passes(small: Corpus) -> None:
    small.check()


def test_the_digest_is_of_the_content_not_of_its_order(small: Corpus) -> None:
    turned = Corpus(small.documents[::-1], small.guidance[::-1], small.faq[::-1])
    assert turned.digest == small.digest == small_corpus().digest
    changed = replace(small.faq[0], vietnamese=replace(small.faq[0].vietnamese, answer="37 tháng."))
    assert Corpus(small.documents, small.guidance, (changed, *small.faq[1:])).digest != small.digest
    json.loads(json.dumps(small.digest))  # a plain string, as the manifest needs it


def test_everything_is_found_by_its_id(small: Corpus) -> None:
    assert small.document("ND37-2026").name == "Nghị định 37/2026/NĐ-CP"
    assert small.entry("diem").vietnamese.question == "Điểm"
    assert small.guide("ref.1").points == 70
    assert small.label(pid("ND37-2026:59.1")) == "khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP"


@pytest.mark.parametrize(
    ("look", "word"),
    [
        (lambda corpus: corpus.document("ND1-1999"), "regulation ND1-1999"),
        (lambda corpus: corpus.entry("nothing"), "FAQ entry nothing"),
        (lambda corpus: corpus.guide("x.1"), "guidance x.1"),
        (lambda corpus: corpus.label(pid("ND1-1999:2")), "regulation ND1-1999"),
    ],
)
def test_what_is_not_there_is_named(small: Corpus, look: Callable[[Corpus], object], word: str) -> None:
    with pytest.raises(UnknownId, match=word):
        look(small)


def test_the_version_in_force_on_a_day() -> None:
    first = Provision(pid("ND1-2020:1"), Period(date(2020, 1, 1), date(2022, 5, 31)), "một")
    second = Provision(pid("ND1-2020:1"), Period(date(2022, 6, 1)), "hai")
    corpus = Corpus((document("ND1-2020", "1/2020/NĐ-CP", Period(date(2020, 1, 1)), second, first),), (), ())
    corpus.check()
    assert [one.summary for one in corpus.versions(first.id)] == ["một", "hai"]
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2022, 5, 31), date(2022, 6, 1), date(2030, 1, 1)]
    found = [corpus.provision(first.id, day) for day in days]
    assert [one and one.summary for one in found] == [None, "một", "một", "hai", "hai"]
    assert corpus.versions(pid("ND1-2020:9")) == []


def _with_entry(small: Corpus, **changes: object) -> Corpus:
    return Corpus(small.documents, small.guidance, (*small.faq, replace(entry("x", "hỏi", "đáp"), **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda c: _with_entry(c, citations=(pid("ND99-2030:1"),)),
            "x cites ND99-2030:1, but there is no regulation ND99-2030",
        ),
        (
            lambda c: _with_entry(c, citations=(pid("ND37-2026:77"),)),
            "x cites ND37-2026:77, which its regulation does not hold",
        ),
        (lambda c: _with_entry(c, follow_ups=("nowhere",)), "x points to nowhere"),
        (lambda c: _with_entry(c, choices=("nowhere",)), "x points to nowhere"),
        (lambda c: _with_entry(c, id="diem"), "the FAQ entry diem exists twice"),
        (lambda c: Corpus((*c.documents, c.documents[0]), c.guidance, c.faq), "the regulation ND37-2026 exists twice"),
        (lambda c: Corpus(c.documents, (*c.guidance, c.guidance[0]), c.faq), "the guidance now.a exists twice"),
        (
            lambda c: Corpus(c.documents, (replace(c.guidance[0], citations=(pid("ND37-2026:1"),)),), c.faq),
            "now.a cites ND37-2026:1",
        ),
        (
            lambda c: Corpus(
                (
                    *c.documents,
                    document("ND1-2020", "1/2020", OLD, *[Provision(pid("ND1-2020:1"), v, "") for v in (OLD, NEW)]),
                ),
                c.guidance,
                c.faq,
            ),
            "two versions of ND1-2020:1 are in force on the same day",
        ),
    ],
)
def test_check_names_what_is_wrong(small: Corpus, spoil: Callable[[Corpus], Corpus], message: str) -> None:
    with pytest.raises(ContentError) as found:
        spoil(small).check()
    assert message in str(found.value)


def test_a_document_as_a_whole_may_be_cited(small: Corpus) -> None:
    _with_entry(small, citations=(pid("ND132-2008"),)).check()

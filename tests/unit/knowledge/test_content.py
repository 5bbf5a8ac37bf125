"""The shipped content: complete, short, founded, and never yesterday's law as today's.

What is compared with the project's fact sheet is skipped where that does not lie beside the checkout.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from index.tokenizer import syllables
from knowledge.corpus import Corpus
from knowledge.documents import Confidence
from knowledge.faq import FaqEntry, FaqKind
from knowledge.guidance import Regime
from knowledge.vietnamese import fold
from shipped import shared_fact_ids, shared_facts

AWARD_ARTICLES = [*(str(number) for number in range(56, 66)), "12", "93", "97", "98", "99"]
NOT_KNOWN = re.compile(
    r"\b(?:chưa|không (?:có|thấy|tìm thấy|nêu|nói|định nghĩa|quy định|ghi|kiểm chứng|xác minh))\b", re.IGNORECASE
)
FORMER_TABLE = re.compile(
    r"120\s*/\s*85|\b450\b(?=\s*(?:điểm|đ\b|/|points))|\b120 (?:điểm|points)|\b85 (?:điểm|points)"
)
SAYS_FORMER = re.compile(r"\b(?:cu|truoc|former|old|no longer|until 30|den 30/6/2026|baldrige)\b")


def _texts(entry: FaqEntry) -> list[str]:
    return [entry.vietnamese.answer, *([entry.english.answer] if entry.english else [])]


def _rule_of(corpus: Corpus, day: date) -> list[FaqEntry]:
    """Entries that state a rule of that day; history and concepts have no period."""
    return [one for one in corpus.faq if (one.valid.start or one.valid.end) and one.valid.contains(day)]


def test_the_content_is_sound(corpus: Corpus) -> None:
    corpus.check()  # every citation, choice and follow-up resolves


def test_there_are_at_least_120_entries_of_every_kind(corpus: Corpus) -> None:
    assert len(corpus.faq) >= 120
    assert {one.kind for one in corpus.faq} == set(FaqKind)


def test_answers_are_short(corpus: Corpus) -> None:
    assert [(one.id, len(text)) for one in corpus.faq for text in _texts(one) if len(text) > 600] == []


def test_every_entry_has_at_least_five_variants(corpus: Corpus) -> None:
    assert [one.id for one in corpus.faq if len(set(one.vietnamese.variants)) < 5] == []


def test_the_variants_are_typed_as_people_type(corpus: Corpus) -> None:
    """Some without any accent in every entry: a phone in a hurry."""
    bare = [one.id for one in corpus.faq if not any(text.isascii() for text in one.vietnamese.variants)]
    assert len(bare) <= len(corpus.faq) * 0.02, bare


def test_what_is_unknown_is_said_first(corpus: Corpus) -> None:
    unknown = [one for one in corpus.faq if one.kind is FaqKind.UNKNOWN]
    firsts = {one.id: re.split(r"(?<=[.!?;:])\s", one.vietnamese.answer)[0] for one in unknown}
    assert {identity: first for identity, first in firsts.items() if not NOT_KNOWN.search(first)} == {}


def test_what_is_unknown_says_where_the_official_word_will_be(corpus: Corpus) -> None:
    unknown = [one for one in corpus.faq if one.kind is FaqKind.UNKNOWN]
    places = re.compile(r"\.(?:vn|org)\b|sở khoa học|bộ khoa học|cơ quan|ủy ban|hội đồng|công báo|apqo", re.IGNORECASE)
    assert [one.id for one in unknown if not one.where and not places.search(one.vietnamese.answer)] == []


def test_a_statement_of_the_rule_has_a_basis(corpus: Corpus, today: date) -> None:
    bare = [one.id for one in _rule_of(corpus, today) if one.kind is FaqKind.ANSWER and not one.citations]
    assert bare == []


def test_todays_rule_never_rests_on_former_regulations_alone(corpus: Corpus, today: date) -> None:
    former = {}
    for one in _rule_of(corpus, today):
        in_force = [
            cited
            for cited in one.citations
            if (
                corpus.provision(cited, today)
                if cited.article
                else corpus.document(cited.document).valid.contains(today)
            )
        ]
        if one.citations and not in_force:
            former[one.id] = [str(cited) for cited in one.citations]
    assert former == {}


def test_the_former_points_are_never_given_as_todays(corpus: Corpus, today: date) -> None:
    current = [one for one in corpus.faq if one.valid.contains(today) and one.kind is not FaqKind.OUT_OF_SCOPE]
    told = [
        one.id
        for one in current
        for text in _texts(one)
        if FORMER_TABLE.search(text) and not SAYS_FORMER.search(fold(text))
    ]
    assert told == []
    assert any(FORMER_TABLE.search(text) for one in corpus.faq for text in _texts(one)), (
        "the pattern finds nothing at all"
    )


def test_guidance_keeps_the_regimes_apart(corpus: Corpus, today: date) -> None:
    assert {item.regime for item in corpus.guidance} == set(Regime)
    for item in corpus.guidance:
        assert item.valid.contains(today) is (item.regime is not Regime.FORMER), item.id
        if item.regime is Regime.CURRENT:
            assert item.points is None, f"{item.id}: the law in force gives no points of single aspects"
    former = [item for item in corpus.guidance if item.regime is Regime.FORMER and re.fullmatch(r"former\.\d", item.id)]
    assert sum(item.points or 0 for item in former) == 1000


def test_no_wording_belongs_to_two_entries(corpus: Corpus) -> None:
    owner: dict[str, str] = {}
    shared = []
    for one in corpus.faq:
        questions = (*one.vietnamese.all_questions, *(one.english.all_questions if one.english else ()))
        for plain in {" ".join(syllables(fold(text))) for text in questions}:
            if owner.setdefault(plain, one.id) != one.id:
                shared.append((plain, owner[plain], one.id))
    assert shared == []


@pytest.mark.parametrize("article", AWARD_ARTICLES)
def test_every_article_on_the_award_is_held_and_dated(corpus: Corpus, today: date, article: str) -> None:
    held = [one for _, one in corpus.provisions() if one.id.document == "ND37-2026" and one.id.article == article]
    assert held, f"Điều {article} is missing"
    assert all(one.valid.start == date(2026, 1, 23) and one.valid.contains(today) for one in held)
    assert all(one.summary and one.official_text is None for one in held), "summaries in our own words only"


def test_the_former_regulations_are_held_and_ended(corpus: Corpus, today: date) -> None:
    for identity in ("ND132-2008", "ND74-2018"):
        document = corpus.document(identity)
        ends = {document.valid.end, *(one.valid.end for one in document.provisions)} - {None}
        assert date(2026, 6, 30) in ends
        assert not any(one.valid.contains(today) for one in document.provisions), identity


def test_a_source_is_named_for_every_regulation(corpus: Corpus) -> None:
    assert [one.id for one in corpus.documents if not (one.source or one.status_note)] == []


def test_uncertain_figures_carry_their_confidence(corpus: Corpus) -> None:
    kinds = {one.confidence for one in corpus.faq}
    assert {Confidence.PRESS, Confidence.OFFICIAL_TEXT} <= kinds


def test_every_fact_named_exists(corpus: Corpus) -> None:
    known = shared_fact_ids()
    assert len(known) > 150
    assert {fact for one in corpus.faq for fact in one.facts} - known == set()


def test_every_topic_of_the_fact_sheet_is_covered(corpus: Corpus) -> None:
    used = {fact for one in corpus.faq for fact in one.facts}
    facts = shared_facts()
    topics = {fact["topic"]: [one["id"] for one in facts if one["topic"] == fact["topic"]] for fact in facts}
    assert [topic for topic, ids in topics.items() if not used.intersection(ids)] == []
    sections = {re.match(r"F\d+|MT|CB", fact)[0] for fact in shared_fact_ids()}  # type: ignore[index]
    assert sections - {re.match(r"F\d+|MT|CB", fact)[0] for fact in used} == set()  # type: ignore[index]


def test_an_entry_is_no_surer_than_its_weakest_fact(corpus: Corpus) -> None:
    order = list(Confidence)
    confidence = {fact["id"]: order.index(Confidence(fact["confidence"])) for fact in shared_facts()}
    surer = [
        one.id
        for one in corpus.faq
        if one.kind is FaqKind.ANSWER
        and order.index(one.confidence) < max((confidence.get(fact, 0) for fact in one.facts), default=0)
    ]
    assert surer == []

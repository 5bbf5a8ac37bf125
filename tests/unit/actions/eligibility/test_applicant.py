"""What is kept of an applicant between messages: told, asked for, written and read back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.eligibility.applicant import Applicant
from actions.eligibility.extraction import extract
from actions.eligibility.mentions import Compliance, Legal, Mention, Remark
from knowledge.eligibility import ApplicantFacts, Item, LegalForm, Prize, RuleSet, Verdict, evaluate, rule_set_on
from knowledge.eligibility_rules import read_rules
from knowledge.months import DayRange, Duration, Since

TODAY = date(2026, 11, 22)
RULES = read_rules()


def on(day: date) -> RuleSet:
    rules = rule_set_on(RULES, day)
    assert rules
    return rules


NOW, FORMER, OLD = on(TODAY), on(date(2024, 5, 1)), on(date(2016, 5, 1))


def told(*turns: tuple[Item | None, str], rules: RuleSet = NOW) -> Applicant:
    applicant = Applicant()
    for asked, text in turns:
        applicant = applicant.told(extract(text, asked, TODAY, applicant.answered), rules)
    return applicant


def test_a_whole_conversation() -> None:
    applicant = told(
        (None, "cty em thành lập 2019, sản phẩm bán từ đầu năm ngoái"),
        (Item.LEGAL, "dạ có"),
        (Item.COMPLIANCE, "ko vi phạm gì"),
        (Item.LAST_PRIZE, "giải bạc năm ngoái"),
    )
    assert applicant.facts == ApplicantFacts(
        legally_established=True,
        operating=DayRange.of_months(2019),
        on_market=DayRange.of_months(2025, 1, 4),
        complies=True,
        last_prize=Prize.SILVER,
        last_prize_year=DayRange.of_months(2025),
    )
    assert applicant.open_items(NOW) == (Item.REGISTRATION_DATE,)
    assert evaluate(applicant.facts, RULES, applicant.law_day(TODAY)).verdict is Verdict.ELIGIBLE


def test_only_what_is_missing_is_asked_in_order() -> None:
    assert Applicant().open_items(NOW) == (
        Item.LEGAL,
        Item.OPERATING,
        Item.PRODUCT,
        Item.COMPLIANCE,
        Item.LAST_PRIZE,
        Item.REGISTRATION_DATE,
    )
    assert Item.PRODUCT not in Applicant().open_items(FORMER)
    assert Applicant().open_items(OLD) == (Item.LAST_PRIZE, Item.REGISTRATION_DATE)
    assert Applicant().open_items(None) == ()


@pytest.mark.parametrize(
    ("answer", "year_asked"),
    [("giải vàng", True), ("rồi", True), ("giải bạc", False), ("chưa", False), ("giải vàng 2024", False)],
)
def test_the_year_is_asked_where_a_wait_may_hang_on_it(answer: str, year_asked: bool) -> None:
    applicant = told((Item.LAST_PRIZE, answer))
    assert (Item.LAST_PRIZE_YEAR in applicant.open_items(NOW)) == year_asked


def test_not_known_is_an_answer_and_takes_back() -> None:
    applicant = told((Item.OPERATING, "5 năm"), (Item.OPERATING, "không nhớ nữa"))
    assert applicant.facts.operating is None
    assert applicant.answered == (Item.OPERATING,)
    assert Item.OPERATING not in applicant.open_items(NOW)


def test_a_correction_replaces_the_last_answer() -> None:
    applicant = told((Item.LEGAL, "có"), (Item.OPERATING, "5 năm"), (Item.PRODUCT, "à nhầm, 30 tháng"))
    assert applicant.facts.operating == Duration(30, 30, TODAY)
    assert applicant.facts.on_market is None
    assert applicant.open_items(NOW)[0] is Item.PRODUCT


def test_a_named_tier_stays_when_only_the_year_follows() -> None:
    applicant = told((Item.LAST_PRIZE, "giải vàng"), (Item.LAST_PRIZE_YEAR, "đạt giải năm 2024"))
    assert applicant.facts.last_prize is Prize.GOLD
    assert applicant.facts.last_prize_year == DayRange.of_months(2024)


def test_no_prize_has_no_year() -> None:
    applicant = told((Item.LAST_PRIZE, "giải vàng 2024"), (Item.REGISTRATION_DATE, "à nhầm, chưa từng đạt giải"))
    assert (applicant.facts.last_prize, applicant.facts.last_prize_year) == (Prize.NONE, None)


def test_the_product_as_old_as_the_company() -> None:
    applicant = told((Item.OPERATING, "từ 2019"), (Item.PRODUCT, "bán từ lúc thành lập luôn"))
    assert applicant.facts.on_market == applicant.facts.operating
    unknown = told((Item.PRODUCT, "bán từ lúc thành lập luôn"))
    assert Item.PRODUCT in unknown.open_items(NOW)


def test_a_pause_stands_beside_the_time() -> None:
    applicant = told((Item.OPERATING, "5 năm, có tạm ngừng hoạt động hồi dịch"))
    assert applicant.facts.paused
    assert applicant.facts.operating == Duration(60, 71, TODAY)
    assert Applicant().told([Mention(Item.OPERATING, Remark.PAUSED)]).answered == ()


def test_a_violation_is_taken_back() -> None:
    applicant = told((Item.COMPLIANCE, "bị phạt năm ngoái"), (Item.LAST_PRIZE, "à nhầm, không vi phạm gì"))
    assert (applicant.facts.complies, applicant.facts.violated) == (True, None)


def test_a_bare_yes_says_what_the_rules_of_the_day_asked() -> None:
    former = told((Item.LEGAL, "dạ có"), rules=FORMER)
    assert former.facts.legal_person is True
    assert told((Item.LEGAL, "dạ không"), rules=FORMER).facts.legal_person is False
    current = told((Item.LEGAL, "dạ có"))
    assert current.facts.legal_person is None
    later = evaluate(current.facts, RULES, date(2024, 5, 1)).findings[0]
    assert later.status.value == "unknown"


def test_the_law_of_the_day_of_registration() -> None:
    assert Applicant().law_day(TODAY) == TODAY
    assert told((Item.REGISTRATION_DATE, "năm 2024")).law_day(TODAY) == date(2024, 1, 1)
    assert told((Item.REGISTRATION_DATE, "tháng sau")).law_day(TODAY) == date(2026, 12, 1)


def test_a_form_and_a_yes_are_put_together() -> None:
    applicant = told((Item.LEGAL, "có, hộ kinh doanh"))
    assert (applicant.facts.legally_established, applicant.facts.legal_form) == (True, LegalForm.HOUSEHOLD)


# ------------------------------------------------------------------ written and read back

days = st.dates(date(1950, 1, 1), date(2100, 1, 1))
ranges = st.builds(
    lambda first, last, one, two: DayRange(None if one else min(first, last), None if two else max(first, last)),
    days,
    days,
    st.booleans(),
    st.booleans(),
)
durations = st.builds(
    lambda least, more, until: Duration(least, None if more is None else least + more, until),
    st.integers(0, 900),
    st.none() | st.integers(0, 90),
    st.none() | days,
)
sinces: st.SearchStrategy[Since] = ranges | durations
answers = st.none() | st.booleans()
facts = st.builds(
    ApplicantFacts,
    registration_date=st.none() | ranges,
    legally_established=answers,
    legal_form=st.none() | st.sampled_from(LegalForm),
    legal_person=answers,
    operating=st.none() | sinces,
    paused=st.booleans(),
    on_market=st.none() | sinces,
    only_services=st.booleans(),
    complies=answers,
    violated=st.none() | ranges,
    last_prize=st.none() | st.sampled_from(Prize),
    last_prize_year=st.none() | ranges,
)


@given(facts, st.lists(st.sampled_from(Item), unique=True))
def test_the_record_reads_back(known: ApplicantFacts, answered: list[Item]) -> None:
    applicant = Applicant(known, tuple(answered))
    record = json.loads(json.dumps(applicant.to_record()))
    assert Applicant.from_record(record) == applicant


@given(facts, days)
def test_any_facts_are_decided(known: ApplicantFacts, day: date) -> None:
    assessment = evaluate(known, RULES, day)
    assert len(assessment.findings) == 5
    assert assessment.verdict in Verdict


@pytest.mark.parametrize("record", [{"operating": "bậy"}, {"last_prize": "platin"}, {"answered": ["x"]}])
def test_a_broken_record_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Applicant.from_record(record)


def test_an_empty_applicant_is_an_empty_record() -> None:
    assert Applicant().to_record() == {}
    assert Applicant.from_record({}) == Applicant()


def test_parts_of_an_answer() -> None:
    mention = Mention(Item.LEGAL, Legal(None, LegalForm.BRANCH))
    assert Applicant().told([mention]).answered == (Item.LEGAL,)
    violated = Mention(Item.COMPLIANCE, Compliance(None, DayRange()))
    assert Applicant().told([violated]).facts.violated == DayRange()

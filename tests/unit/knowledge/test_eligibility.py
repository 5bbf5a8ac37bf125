"""The decision table whole, against an oracle that counts worlds: every start, year and reading the facts leave open.

The oracle shares no arithmetic with the code: it asks for each world whether the term is over, and says «unknown» where
worlds differ. Months are counted by the day of the same number, or the last day of a shorter month.
"""

from __future__ import annotations

import itertools
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Period
from knowledge.eligibility import (
    RULED,
    ApplicantFacts,
    Item,
    LegalForm,
    Prize,
    Reason,
    Rule,
    RuleSet,
    Status,
    Test,
    Verdict,
    evaluate,
    rule_set_on,
)
from knowledge.eligibility_rules import parse_rule_set, read_rules
from knowledge.errors import ContentError
from knowledge.files import read_content
from knowledge.months import (
    DayRange,
    Duration,
    Since,
    add_months,
    completed_months,
    latest_start,
    month_end,
    months_at,
)

RULES = read_rules()
NOW = date(2026, 11, 22)
FORMER = date(2024, 5, 10)
OLD = date(2016, 5, 10)
GAP = date(2019, 5, 10)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(0, 400)


# ------------------------------------------------------------------ months


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        (date(2023, 11, 22), 36, date(2026, 11, 22)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 2, 28), 12, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(9999, 6, 1), 12, date.max),
        (date(1, 6, 1), -12, date.min),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_end_of_a_shorter_month(day: date, months: int, there: date) -> None:
    assert add_months(day, months) == there


@given(DAYS, DAYS, MONTHS)
def test_adding_months_keeps_the_order(one: date, other: date, months: int) -> None:
    first, last = sorted((one, other))
    assert add_months(first, months) <= add_months(last, months)


@given(DAYS, MONTHS)
def test_exactly_that_many_months_are_completed_on_the_day_and_not_before(start: date, months: int) -> None:
    due = add_months(start, months)
    assert completed_months(start, due) >= months
    if months:
        assert completed_months(start, due - timedelta(days=1)) < months


@given(DAYS, st.integers(0, 60))
def test_the_latest_start_is_the_last_day_that_suffices(day: date, months: int) -> None:
    start = latest_start(day, months)
    assert add_months(start, months) <= day
    assert add_months(start + timedelta(days=1), months) > day


@given(DAYS, st.integers(0, 60), st.none() | st.integers(0, 24))
def test_a_duration_began_on_the_days_that_complete_it(day: date, least: int, more: int | None) -> None:
    most = None if more is None else least + more
    starts = Duration(least, most).starts(day)
    for offset in (-40, -1, 0, 1, 40):
        for edge in (starts.earliest, starts.latest):
            if edge is not None:
                start = edge + timedelta(days=offset)
                inside = (starts.earliest is None or starts.earliest <= start) and start <= (starts.latest or date.max)
                months = completed_months(start, day) if start <= day else -1
                assert inside == (least <= months and (most is None or months <= most))


@given(st.integers(0, 60), st.integers(0, 24), DAYS)
def test_a_duration_told_today_is_as_long_at_a_registration_today(least: int, more: int, day: date) -> None:
    told = Duration(least, least + more, day)
    assert months_at(told, DayRange.of(day)) == (least, least + more)


def test_ranges_are_refused_the_wrong_way_round() -> None:
    with pytest.raises(ValueError, match="lies after"):
        DayRange(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(ValueError, match="no duration"):
        Duration(5, 4)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (DayRange.of(date(2021, 5, 12)), "12/05/2021"),
        (DayRange.of_months(2022, 3, 3), "03/2022"),
        (DayRange.of_months(2019), "năm 2019"),
        (DayRange.of_months(2025, 1, 4), "01–04/2025"),
        (DayRange(date(2023, 1, 1), date(2024, 12, 31)), "năm 2023–2024"),
        (DayRange(date(2024, 12, 1), date(2025, 2, 28)), "12/2024–02/2025"),
        (DayRange(date(2026, 11, 22), date(2026, 12, 31)), "22/11/2026–31/12/2026"),
        (DayRange(date(2026, 11, 23), None), "không trước 23/11/2026"),
        (DayRange(None, date(2019, 12, 31)), "chậm nhất 31/12/2019"),
        (DayRange(), "chưa rõ"),
        (Duration(36, 36), "36 tháng"),
        (Duration(24, 35), "24–35 tháng"),
        (Duration(36), "từ 36 tháng trở lên"),
        (Duration(0, 11), "dưới 12 tháng"),
        (Duration(0, 0), "chưa đầy 1 tháng"),
    ],
)
def test_ranges_in_words(value: Since, words: str) -> None:
    assert value.words() == words


# ------------------------------------------------------------------ the oracle


def over(start: date, months: int, day: date) -> bool:
    """The term is over on the day, counted by hand: years and months first, then the day of the month."""
    gone = (day.year - start.year) * 12 + (day.month - start.month)
    if gone != months:
        return gone > months
    return day.day >= min(start.day, monthrange(day.year, day.month)[1])


def worlds(days: DayRange) -> Iterator[date]:
    first = days.earliest or date(1980, 1, 1)
    last = days.latest or first + timedelta(days=9000)
    step = 1 if last - first < timedelta(days=70) else 9
    for offset in range(0, (last - first).days + 1, step):
        yield first + timedelta(days=offset)
    yield last


def settled(answers: Iterator[bool]) -> str:
    seen = set(answers)
    return "unknown" if len(seen) > 1 else "met" if True in seen else "not_met"


def months_oracle(since: Since | None, months: int, registration: date) -> str:
    if since is None:
        return "unknown"
    if isinstance(since, DayRange):
        return settled(over(start, months, registration) for start in worlds(since))
    told = since.until or registration
    most = 400 if since.most is None else since.most
    starts = (
        start
        for start in worlds(DayRange(told - timedelta(days=31 * (most + 2)), told))
        if over(start, since.least, told) and not over(start, most + 1, told)
    )
    return settled(over(start, months, registration) for start in starts)


def prize_oracle(prize: Prize | None, year: DayRange | None, registration: date, waits: tuple[int, int]) -> str:
    """Years between award and registration; each reading of the law is a world of its own."""
    if prize is None:
        return "unknown"
    years = (
        range(year.earliest.year, year.latest.year + 1) if year and year.earliest and year.latest else range(1990, 2100)
    )
    gold = {registration.year - awarded >= wait for awarded in years for wait in waits}
    free = {True}
    answers = {Prize.GOLD: gold, Prize.UNSPECIFIED: gold | free}.get(prize, free)
    return "unknown" if len(answers) > 1 else "met" if True in answers else "not_met"


def compliance_oracle(complies: bool | None, violated: DayRange | None, clean: int, registration: date) -> str:
    if complies is False:
        return "not_met"
    if violated is None:
        return "met" if complies else "unknown"
    if not clean or violated == DayRange():
        return "unknown"
    recent = settled(not over(day, clean, registration) for day in worlds(violated))
    if recent == "met":  # surely recent
        return "not_met"
    return "met" if recent == "not_met" and complies else "unknown"


def legal_oracle(legal: tuple[bool | None, LegalForm | None, bool | None], person_needed: bool) -> str:
    established, form, person = legal
    if established is False or (person_needed and person is False):
        return "not_met"
    if form in (LegalForm.HOUSEHOLD, LegalForm.BRANCH) or (person_needed and form is LegalForm.PRIVATE):
        return "unknown"
    if person_needed:
        return "met" if person or form is LegalForm.COMPANY else "unknown"
    return "met" if established else "unknown"


def overall(findings: tuple[str, ...]) -> str:
    return "not_eligible" if "not_met" in findings else "unknown" if "unknown" in findings else "eligible"


# ------------------------------------------------------------------ the table

LEGAL = [
    *itertools.product([True, False, None], [None, LegalForm.COMPANY, LegalForm.HOUSEHOLD], [None]),
    (True, LegalForm.BRANCH, None),
    (True, LegalForm.PRIVATE, None),
    (True, None, True),
    (None, None, False),
]


def sinces(day: date, months: int) -> list[Since | None]:
    """Met, not met, straddling and not known, each side of the day on which the term is over."""
    edge = add_months(day, -months)
    year = DayRange.of_months(edge.year)
    return [
        None,
        DayRange.of(edge),
        DayRange.of(edge + timedelta(days=1)),
        DayRange(edge - timedelta(days=30), edge),
        DayRange(edge - timedelta(days=30), edge + timedelta(days=1)),
        DayRange(edge + timedelta(days=1), edge + timedelta(days=30)),
        year,
        DayRange(None, edge),
        DayRange(day + timedelta(days=1), None),
        Duration(months, months, day),
        Duration(months - 1, months - 1, day),
        Duration(months - 6, months - 1, day),
        Duration(months - 6, months + 6, day),
        Duration(months, None, day),
        Duration(months - 1, None, None),
        Duration(months, months + 11, None),
        Duration(0, months - 1, None),
    ]


def compliances(day: date) -> list[tuple[bool | None, DayRange | None]]:
    edge = add_months(day, -36)
    days = [
        None,
        DayRange(),
        DayRange.of(edge),
        DayRange.of(edge + timedelta(days=1)),
        DayRange.of_months(edge.year),
        DayRange.of_months(edge.year - 2),
    ]
    return list(itertools.product([True, False, None], days))


def prizes(day: date) -> list[tuple[Prize | None, DayRange | None]]:
    years = [None, *(DayRange.of_months(day.year - back) for back in range(6))]
    years += [DayRange(date(day.year - 4, 1, 1), date(day.year - 3, 12, 31)), DayRange(date(day.year - 3, 1, 1), day)]
    return [(None, None), *itertools.product(list(Prize), years)]


def findings_of(facts: ApplicantFacts, day: date) -> tuple[str, ...]:
    return tuple(str(one.status) for one in evaluate(facts, RULES, day).findings)


@pytest.mark.parametrize("legal", LEGAL)
@pytest.mark.parametrize(("day", "person_needed"), [(NOW, False), (FORMER, True)])
def test_legal_standing(
    legal: tuple[bool | None, LegalForm | None, bool | None], day: date, person_needed: bool
) -> None:
    established, form, person = legal
    facts = ApplicantFacts(legally_established=established, legal_form=form, legal_person=person)
    assert findings_of(facts, day)[0] == legal_oracle(legal, person_needed)


@pytest.mark.parametrize("day", [NOW, date(2027, 2, 28), date(2028, 2, 29), date(2026, 4, 30), date(2026, 12, 31)])
@pytest.mark.parametrize("months", [36, 12])
def test_months_of_operation_and_on_the_market(day: date, months: int) -> None:
    for since in sinces(day, months):
        facts = ApplicantFacts(operating=since, on_market=since)
        found = findings_of(facts, day)[1 if months == 36 else 2]
        assert found == months_oracle(since, months, day), since


@given(DAYS.filter(lambda day: day.year >= 2026 and day > date(2026, 1, 22)), st.integers(-40, 40), st.integers(0, 50))
def test_months_near_the_edge(day: date, offset: int, width: int) -> None:
    first = add_months(day, -36) + timedelta(days=offset)
    since = DayRange(first, first + timedelta(days=width))
    assert findings_of(ApplicantFacts(operating=since), day)[1] == months_oracle(since, 36, day)


@given(st.integers(0, 60), st.none() | st.integers(0, 24), st.integers(0, 500))
def test_durations_told_before_the_registration(least: int, more: int | None, later: int) -> None:
    registration = NOW + timedelta(days=later)
    since = Duration(least, None if more is None else least + more, NOW)
    facts = ApplicantFacts(operating=since, registration_date=DayRange.of(registration))
    assert findings_of(facts, NOW)[1] == months_oracle(since, 36, registration)


@pytest.mark.parametrize(("day", "clean"), [(NOW, 0), (FORMER, 36)])
def test_compliance(day: date, clean: int) -> None:
    for complies, violated in compliances(day):
        facts = ApplicantFacts(complies=complies, violated=violated)
        assert findings_of(facts, day)[3] == compliance_oracle(complies, violated, clean, day), (complies, violated)


@pytest.mark.parametrize("day", [NOW, FORMER, date(2027, 1, 1), date(2026, 12, 31)])
def test_prizes(day: date) -> None:
    for prize, year in prizes(day):
        found = findings_of(ApplicantFacts(last_prize=prize, last_prize_year=year), day)[4]
        assert found == prize_oracle(prize, year, day, (2, 3)), (prize, year)


@pytest.mark.parametrize(
    ("awarded", "day", "status", "reason"),
    [
        (2024, date(2025, 12, 31), Status.NOT_MET, Reason.PLAIN),
        (2024, date(2026, 1, 23), Status.UNKNOWN, Reason.READING),
        (2024, date(2026, 12, 31), Status.UNKNOWN, Reason.READING),
        (2024, date(2027, 1, 1), Status.MET, Reason.PLAIN),
    ],
)
def test_gold_counts_from_the_year_of_award(awarded: int, day: date, status: Status, reason: Reason) -> None:
    facts = ApplicantFacts(last_prize=Prize.GOLD, last_prize_year=DayRange.of_months(awarded))
    finding = evaluate(facts, RULES, day).findings[4]
    assert (finding.status, finding.reason) == (status, reason)
    assert (finding.possible_from, finding.met_from) == (date(awarded + 2, 1, 1), date(awarded + 3, 1, 1))


def test_every_combination_of_the_rules_in_force() -> None:
    """The verdict over the whole product of cases, each finding by the oracle."""
    combinations = 0
    operating = [(since, months_oracle(since, 36, NOW)) for since in sinces(NOW, 36)]
    product = [(since, months_oracle(since, 12, NOW)) for since in sinces(NOW, 12)]
    legal = [(case, legal_oracle(case, False)) for case in LEGAL]
    compliance = [(case, compliance_oracle(*case, 0, NOW)) for case in compliances(NOW)[::2]]
    prize = [(case, prize_oracle(*case, NOW, (2, 3))) for case in prizes(NOW)[::3]]
    for one, two, three, four, five in itertools.product(legal, operating[::2], product[::2], compliance, prize):
        facts = ApplicantFacts(
            legally_established=one[0][0],
            legal_form=one[0][1],
            legal_person=one[0][2],
            operating=two[0],
            on_market=three[0],
            complies=four[0][0],
            violated=four[0][1],
            last_prize=five[0][0],
            last_prize_year=five[0][1],
        )
        expected = (one[1], two[1], three[1], four[1], five[1])
        found = evaluate(facts, RULES, NOW)
        assert tuple(str(finding.status) for finding in found.findings) == expected, facts
        assert str(found.verdict) == overall(expected)
        combinations += 1
    assert combinations > 100_000


@pytest.mark.parametrize("statuses", list(itertools.product(Status, repeat=5)))
def test_the_verdict_of_every_combination_of_findings(statuses: tuple[Status, ...]) -> None:
    """One case an item and status, so that all 243 combinations meet the code."""
    yes_no = {Status.MET: True, Status.NOT_MET: False, Status.UNKNOWN: None}
    far, near = DayRange.of(date(2015, 1, 1)), DayRange.of(date(2026, 11, 1))
    since = {Status.MET: far, Status.NOT_MET: near, Status.UNKNOWN: None}
    prize = {Status.MET: Prize.NONE, Status.NOT_MET: Prize.GOLD, Status.UNKNOWN: None}
    facts = ApplicantFacts(
        legally_established=yes_no[statuses[0]],
        operating=since[statuses[1]],
        on_market=since[statuses[2]],
        complies=yes_no[statuses[3]],
        last_prize=prize[statuses[4]],
        last_prize_year=DayRange.of_months(2026),
    )
    assessment = evaluate(facts, RULES, NOW)
    assert tuple(one.status for one in assessment.findings) == statuses
    assert str(assessment.verdict) == overall(tuple(map(str, statuses)))


# ------------------------------------------------------------------ what surrounds the table


def eligible(**changes: object) -> ApplicantFacts:
    known: dict[str, object] = {
        "legally_established": True,
        "legal_form": LegalForm.COMPANY,
        "operating": DayRange.of(date(2015, 1, 1)),
        "on_market": DayRange.of(date(2016, 1, 1)),
        "complies": True,
        "last_prize": Prize.NONE,
    }
    return ApplicantFacts(**{**known, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("day", [NOW, FORMER])
def test_all_met_is_eligible_in_either_regime(day: date) -> None:
    assert evaluate(eligible(), RULES, day).verdict is Verdict.ELIGIBLE


@pytest.mark.parametrize(
    "gone",
    ["legally_established", "operating", "on_market", "complies", "last_prize"],
)
def test_not_known_never_becomes_met(gone: str) -> None:
    assert evaluate(eligible(**{gone: None}), RULES, NOW).verdict is Verdict.UNKNOWN


def test_nothing_known_is_unknown_everywhere() -> None:
    for day in (NOW, FORMER, OLD, GAP):
        assessment = evaluate(ApplicantFacts(), RULES, day)
        assert assessment.verdict is Verdict.UNKNOWN
        required = [one for one in assessment.findings if one.reason is not Reason.NOT_REQUIRED]
        assert {one.status for one in required} == {Status.UNKNOWN}


def test_a_day_without_rules_leaves_every_condition_unknown() -> None:
    for day in (GAP, date(2009, 5, 5), date(1995, 1, 1)):
        assessment = evaluate(eligible(), RULES, day)
        assert assessment.rules is None
        assert {(one.status, one.reason) for one in assessment.findings} == {(Status.UNKNOWN, Reason.NO_RULE)}
        assert assessment.citations == ()


def test_of_the_oldest_rules_only_the_wait_is_known() -> None:
    waiting = eligible(last_prize=Prize.GOLD, last_prize_year=DayRange.of_months(2014))
    assert evaluate(waiting, RULES, OLD).verdict is Verdict.NOT_ELIGIBLE
    assert evaluate(eligible(), RULES, OLD).verdict is Verdict.UNKNOWN
    silver = evaluate(eligible(last_prize=Prize.SILVER), RULES, OLD).findings[4]
    assert (silver.status, silver.reason) == (Status.UNKNOWN, Reason.NO_RULE)


def test_the_former_rules_ask_for_no_time_on_the_market() -> None:
    assessment = evaluate(eligible(on_market=None), RULES, FORMER)
    assert assessment.verdict is Verdict.ELIGIBLE
    assert assessment.findings[2].reason is Reason.NOT_REQUIRED


def test_a_pause_leaves_continuity_open_but_saves_no_young_company() -> None:
    old, young = (
        evaluate(eligible(paused=True), RULES, NOW),
        evaluate(eligible(paused=True, operating=DayRange.of(date(2026, 1, 1))), RULES, NOW),
    )
    assert (old.verdict, old.findings[1].reason) == (Verdict.UNKNOWN, Reason.PAUSED)
    assert young.verdict is Verdict.NOT_ELIGIBLE
    assert young.findings[1].met_from is None


def test_a_service_is_left_open() -> None:
    finding = evaluate(eligible(only_services=True), RULES, NOW).findings[2]
    assert (finding.status, finding.reason) == (Status.UNKNOWN, Reason.SERVICE)


def test_the_day_from_which_it_is_met() -> None:
    facts = eligible(operating=DayRange.of_months(2024, 3, 3), on_market=DayRange.of(date(2026, 2, 28)))
    assessment = evaluate(facts, RULES, NOW)
    operating, product = assessment.findings[1:3]
    assert (operating.possible_from, operating.met_from) == (date(2027, 3, 1), date(2027, 3, 31))
    assert product.met_from == date(2027, 2, 28)
    assert assessment.eligible_from == date(2027, 3, 31)


def test_no_day_is_promised_where_something_is_open_or_the_rules_end_before() -> None:
    young = DayRange.of(date(2024, 1, 1))
    assert evaluate(eligible(operating=young, complies=None), RULES, NOW).eligible_from is None
    assert evaluate(eligible(operating=young, complies=False), RULES, NOW).eligible_from is None
    assert evaluate(eligible(operating=young), RULES, FORMER).eligible_from is None
    assert evaluate(eligible(), RULES, NOW).eligible_from is None


def test_a_registration_within_a_range_must_suit_all_its_days() -> None:
    start = DayRange.of(date(2023, 12, 15))
    december = DayRange.of_months(2026, 12, 12)
    assert evaluate(eligible(operating=start, registration_date=december), RULES, NOW).verdict is Verdict.UNKNOWN
    late = DayRange(date(2026, 12, 15), date(2026, 12, 31))
    assert evaluate(eligible(operating=start, registration_date=late), RULES, NOW).verdict is Verdict.ELIGIBLE


def test_the_values_used_are_told() -> None:
    facts = eligible(
        operating=DayRange.of_months(2022, 3, 3),
        on_market=Duration(30, 30, NOW),
        complies=None,
        violated=DayRange.of_months(2024),
        last_prize=Prize.GOLD,
        last_prize_year=DayRange.of_months(2020),
    )
    values = [one.value for one in evaluate(facts, RULES, NOW).findings]
    assert values == [
        "thành lập hợp pháp (công ty, hợp tác xã)",
        "từ 03/2022 (55–56 tháng)",
        "30 tháng tính đến 22/11/2026",
        "có việc vi phạm hoặc bị xử phạt (năm 2024)",
        "Giải Vàng, năm 2020",
    ]


# ------------------------------------------------------------------ the data


def test_the_rule_sets_in_order() -> None:
    assert [(one.id, one.valid) for one in RULES] == [
        ("tt11-2009", Period(date(2009, 5, 6), date(2018, 6, 30))),
        ("tt27-2019", Period(date(2020, 8, 1), date(2026, 1, 22))),
        ("nd37-2026", Period(date(2026, 1, 23), None)),
    ]
    current = rule_set_on(RULES, date(2026, 1, 23))
    assert current
    assert [str(one.clause) for one in current.rules] == [
        "ND37-2026:59.1",
        "ND37-2026:59.1",
        "ND37-2026:59.1",
        "ND37-2026:59.2",
        "ND37-2026:59.3",
    ]
    assert {one.item for one in current.rules} == set(RULED)


def test_the_overlap_is_told_while_it_lasts() -> None:
    assert evaluate(eligible(), RULES, date(2026, 3, 1)).notes
    assert not evaluate(eligible(), RULES, NOW).notes


def test_every_clause_is_held_by_the_content() -> None:
    documents, guidance, faq = read_content()
    corpus = Corpus(tuple(documents), tuple(guidance), tuple(faq))
    for rule in itertools.chain.from_iterable(one.rules for one in RULES):
        assert corpus.label(rule.clause)
        assert not rule.clause.article or corpus.versions(rule.clause)


@pytest.mark.parametrize("day", [NOW, FORMER, OLD])
def test_items_that_are_worth_asking(day: date) -> None:
    rules = rule_set_on(RULES, day)
    assert rules
    asked = {
        NOW: set(RULED),
        FORMER: set(RULED) - {Item.PRODUCT},
        OLD: {Item.LAST_PRIZE},
    }
    assert {item for item in RULED if rules.decides(item)} == asked[day]


def rule_record() -> dict[str, object]:
    return {
        "id": "a-1",
        "item": "operating",
        "test": "months",
        "months": 36,
        "clause": "ND37-2026:59.1",
        "requires": "x",
    }


def rule_file(**changes: object) -> dict[str, object]:
    return {"id": "a", "title": "A", "valid_from": date(2026, 1, 1), "rules": [{**rule_record(), **changes}]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"months": 0}, "months is missing"),
        ({"item": "last_prize_year"}, "no condition decides"),
        ({"test": "prize"}, "possible_after"),
        ({"clause": "Điều 59"}, "no id of a provision"),
        ({"unheard": 1}, "unheard"),
        ({"test": "vibes"}, "test"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ContentError, match=message):
        parse_rule_set(rule_file(**changes), "a.yml")


def test_a_rule_set_reads_back() -> None:
    rules = parse_rule_set(rule_file(), "a.yml")
    rule = Rule("a-1", Item.OPERATING, Test.MONTHS, ProvisionId("ND37-2026", "59", "1"), "x", months=36)
    assert rules == RuleSet("a", "A", Period(date(2026, 1, 1)), (rule,))


def test_two_rules_for_an_item_are_refused() -> None:
    rule = parse_rule_set(rule_file(), "a.yml").rules[0]
    record = rule_file()
    record["rules"] = [{**rule_record(), "id": rule.id}, {**rule_record(), "id": "a-2"}]
    with pytest.raises(ContentError, match="second rule"):
        parse_rule_set(record, "a.yml")


def test_two_sets_for_a_day_and_a_folder_without_any_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no rules"):
        read_rules(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump({**rule_file(), "id": name}))
    with pytest.raises(ContentError, match="the same day"):
        read_rules(tmp_path)


def test_month_end() -> None:
    assert month_end(date(2024, 2, 3)) == date(2024, 2, 29)

"""May this applicant enter? The conditions of one day's rules, held against what the applicant told us.

A pure function over values: the rules come from knowledge/data/eligibility (knowledge/eligibility_rules.py reads them), the facts
are intervals (knowledge/months.py). What is not known never becomes met: one condition not met makes the verdict
«not eligible», else one not known makes it «unknown».
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Period
from knowledge.months import DayRange, Duration, Since, months_at, start_of


class Item(StrEnum):
    """What an applicant is asked for; the first five are also what rules decide on."""

    LEGAL = "legal"
    OPERATING = "operating"
    PRODUCT = "product"
    COMPLIANCE = "compliance"
    LAST_PRIZE = "last_prize"
    LAST_PRIZE_YEAR = "last_prize_year"
    REGISTRATION_DATE = "registration_date"


RULED = (Item.LEGAL, Item.OPERATING, Item.PRODUCT, Item.COMPLIANCE, Item.LAST_PRIZE)


class LegalForm(StrEnum):
    """Only what the rules may tell apart: for the last two the present rules are silent."""

    COMPANY = "company"
    PRIVATE = "private"
    HOUSEHOLD = "household"
    BRANCH = "branch"


class Prize(StrEnum):
    """The last prize; FORMER is the tier below Gold of 2018–2025, UNSPECIFIED one whose tier was not said."""

    NONE = "none"
    SILVER = "silver"
    GOLD = "gold"
    FORMER = "former"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    """What is known about an applicant; None is not known. Without a day of registration, the day of the check counts."""

    registration_date: DayRange | None = None
    legally_established: bool | None = None
    legal_form: LegalForm | None = None
    legal_person: bool | None = None
    operating: Since | None = None
    paused: bool = False
    on_market: Since | None = None
    only_services: bool = False
    complies: bool | None = None
    violated: DayRange | None = None
    last_prize: Prize | None = None
    last_prize_year: DayRange | None = None


class Test(StrEnum):
    """How a rule decides; the data names one for every rule."""

    __test__ = False  # not a test class, whatever pytest makes of the name

    LEGAL = "legal"
    LEGAL_PERSON = "legal_person"
    MONTHS = "months"
    COMPLIANCE = "compliance"
    CLEAN_MONTHS = "clean_months"
    PRIZE = "prize"
    NOT_REQUIRED = "not_required"


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition.

    When a wait of years is over may hang on the reading: `possible_after` years by the shortest, `certain_after` by every one.
    """

    id: str
    item: Item
    test: Test
    clause: ProvisionId
    requires: str
    months: int = 0
    possible_after: int = 0
    certain_after: int = 0
    free: tuple[Prize, ...] = ()
    open_forms: tuple[LegalForm, ...] = ()
    reading: str | None = None
    remark: str | None = None
    facts: tuple[str, ...] = ()
    confidence: Confidence = Confidence.OFFICIAL_TEXT


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say beside a verdict on the days within its period."""

    text: str
    valid: Period


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The conditions of one time; for an item without a rule, nothing verified is known."""

    id: str
    title: str
    valid: Period
    rules: tuple[Rule, ...]
    notes: tuple[Note, ...] = ()

    def rule(self, item: Item) -> Rule | None:
        return next((one for one in self.rules if one.item is item), None)

    def decides(self, item: Item) -> bool:
        """True where a fact about the item can change the finding, so that it is worth asking for."""
        rule = self.rule(item)
        return rule is not None and rule.test is not Test.NOT_REQUIRED


class Status(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a finding is not simply met or not met."""

    PLAIN = "plain"
    NO_VALUE = "no_value"
    NO_FORM = "no_form"
    NO_TIER = "no_tier"
    NO_YEAR = "no_year"
    IMPRECISE = "imprecise"
    READING = "reading"
    NEEDS_CHECK = "needs_check"
    PAUSED = "paused"
    SERVICE = "service"
    FORM = "form"
    NO_RULE = "no_rule"
    NOT_REQUIRED = "not_required"


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition decided: the value used, in words; surely met from `met_from`, perhaps from `possible_from` on."""

    item: Item
    status: Status
    value: str
    rule: Rule | None = None
    reason: Reason = Reason.PLAIN
    met_from: date | None = None
    possible_from: date | None = None

    @property
    def clause(self) -> ProvisionId | None:
        return self.rule.clause if self.rule else None


class Verdict(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict with its grounds."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    as_of: date
    registration: DayRange
    rules: RuleSet | None

    @property
    def eligible_from(self) -> date | None:
        """The day from which all conditions are surely met if nothing else changes; None where that can't be told."""
        if any(one.status is Status.UNKNOWN for one in self.findings):
            return None
        days = [one.met_from for one in self.findings if one.status is Status.NOT_MET]
        last = max((day for day in days if day), default=None) if None not in days else None
        return last if last and self.rules and self.rules.valid.contains(last) else None

    @property
    def citations(self) -> tuple[ProvisionId, ...]:
        """The clauses of the findings, each once."""
        return tuple(dict.fromkeys(one.clause for one in self.findings if one.clause))

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.rules.notes if one.valid.contains(self.as_of)) if self.rules else ()


def rule_set_on(rules: Sequence[RuleSet], day: date) -> RuleSet | None:
    """The rules we go by on that day, or None where none are known."""
    return next((one for one in rules if one.valid.contains(day)), None)


def evaluate(facts: ApplicantFacts, rules: Sequence[RuleSet], as_of: date) -> Assessment:
    """Hold the facts against the rules of `as_of`, normally the day of registration."""
    chosen = rule_set_on(rules, as_of)
    registration = facts.registration_date or DayRange.of(as_of)
    findings = tuple(_find(item, chosen.rule(item) if chosen else None, facts, registration) for item in RULED)
    return Assessment(_verdict(findings), findings, as_of, registration, chosen)


def _verdict(findings: Sequence[Finding]) -> Verdict:
    statuses = {one.status for one in findings}
    if Status.NOT_MET in statuses:
        return Verdict.NOT_ELIGIBLE
    return Verdict.UNKNOWN if Status.UNKNOWN in statuses else Verdict.ELIGIBLE


def _find(item: Item, rule: Rule | None, facts: ApplicantFacts, registration: DayRange) -> Finding:
    if rule is None:
        return Finding(item, Status.UNKNOWN, value_words(item, facts, registration), None, Reason.NO_RULE)
    return _TESTS[rule.test](rule, facts, registration)


def _not_required(rule: Rule, facts: ApplicantFacts, registration: DayRange) -> Finding:
    return Finding(rule.item, Status.MET, "không đặt điều kiện", rule, Reason.NOT_REQUIRED)


def _legal(rule: Rule, facts: ApplicantFacts, registration: DayRange) -> Finding:
    value = legal_words(facts)
    if facts.legally_established is False:
        return Finding(rule.item, Status.NOT_MET, value, rule)
    if facts.legal_form in rule.open_forms:
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.FORM)
    if facts.legally_established is None:
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NO_VALUE)
    return Finding(rule.item, Status.MET, value, rule)


def _legal_person(rule: Rule, facts: ApplicantFacts, registration: DayRange) -> Finding:
    """To be legally established is not yet to be a legal person («pháp nhân»): that follows from the form or from a word."""
    value = legal_words(facts)
    if facts.legally_established is False or facts.legal_person is False:
        return Finding(rule.item, Status.NOT_MET, value, rule)
    if facts.legal_form in rule.open_forms:
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.FORM)
    if facts.legal_person or facts.legal_form is LegalForm.COMPANY:
        return Finding(rule.item, Status.MET, value, rule)
    reason = Reason.NO_FORM if facts.legally_established else Reason.NO_VALUE
    return Finding(rule.item, Status.UNKNOWN, value, rule, reason)


def _months(rule: Rule, facts: ApplicantFacts, registration: DayRange) -> Finding:
    since = facts.operating if rule.item is Item.OPERATING else facts.on_market
    value = since_words(since, registration)
    if since is None:
        return _doubted(Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NO_VALUE), facts)
    due = start_of(since, registration).plus(rule.months)
    status = _reached(since, due, rule.months, registration)
    reason = Reason.IMPRECISE if status is Status.UNKNOWN else Reason.PLAIN
    return _doubted(Finding(rule.item, status, value, rule, reason, due.latest, due.earliest), facts)


def _reached(since: Since, due: DayRange, months: int, registration: DayRange) -> Status:
    """By dates, not by counted months: only so is a range of registration days held against a range of due days."""
    if isinstance(since, Duration) and since.until is None:
        return _by_months(since, months)
    if due.latest and registration.earliest and due.latest <= registration.earliest:
        return Status.MET
    if due.earliest and registration.latest and due.earliest > registration.latest:
        return Status.NOT_MET
    return Status.UNKNOWN


def _by_months(lapse: Duration, months: int) -> Status:
    if lapse.least >= months:
        return Status.MET
    return Status.NOT_MET if lapse.most is not None and lapse.most < months else Status.UNKNOWN


def _doubted(finding: Finding, facts: ApplicantFacts) -> Finding:
    """A pause breaks «liên tục», a service may be no «sản phẩm, hàng hóa»: enough months alone then prove nothing."""
    if finding.item is Item.OPERATING and facts.paused:
        reason, value = Reason.PAUSED, f"{finding.value}, có thời gian tạm ngừng"
    elif finding.item is Item.PRODUCT and facts.only_services:
        reason, value = Reason.SERVICE, f"{finding.value}, là dịch vụ"
    else:
        return finding
    if finding.status is Status.NOT_MET:  # a pause or a service makes it no better; the day it will be met is open
        return Finding(finding.item, Status.NOT_MET, value, finding.rule, reason)
    return Finding(finding.item, Status.UNKNOWN, value, finding.rule, reason)


def _compliance(rule: Rule, facts: ApplicantFacts, registration: DayRange) -> Finding:
    value = compliance_words(facts)
    if facts.complies is False:
        return Finding(rule.item, Status.NOT_MET, value, rule)
    if facts.violated is not None:
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NEEDS_CHECK)
    if facts.complies is None:
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NO_VALUE)
    return Finding(rule.item, Status.MET, value, rule)


def _clean_months(rule: Rule, facts: ApplicantFacts, registration: DayRange) -> Finding:
    """No violation for so many months. An older one does not yet prove that there was none since."""
    value = compliance_words(facts)
    if facts.complies is False or facts.violated is None or facts.violated == DayRange():
        return _compliance(rule, facts, registration)
    due = facts.violated.plus(rule.months)
    status = _reached(facts.violated, due, rule.months, registration)
    if status is Status.MET:
        reason = Reason.PLAIN if facts.complies else Reason.NEEDS_CHECK
        return Finding(rule.item, Status.MET if facts.complies else Status.UNKNOWN, value, rule, reason)
    reason = Reason.IMPRECISE if status is Status.UNKNOWN else Reason.PLAIN
    return Finding(rule.item, status, value, rule, reason, due.latest, due.earliest)


def _prize(rule: Rule, facts: ApplicantFacts, registration: DayRange) -> Finding:
    prize, value = facts.last_prize, prize_words(facts)
    if prize is None:
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NO_VALUE)
    if prize in rule.free:
        return Finding(rule.item, Status.MET, value, rule)
    if prize not in (Prize.GOLD, Prize.UNSPECIFIED):
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NO_RULE)
    waited = _waited(rule, facts.last_prize_year, registration, value)
    if prize is Prize.UNSPECIFIED and waited.status is not Status.MET:  # might have been a prize without any wait
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NO_TIER)
    return waited


def _waited(rule: Rule, awarded: DayRange | None, registration: DayRange, value: str) -> Finding:
    """Years, not days, are compared: «sau hai năm kể từ năm được tặng» counts from the year of award."""
    if awarded is None or awarded.earliest is None or awarded.latest is None:
        return Finding(rule.item, Status.UNKNOWN, value, rule, Reason.NO_YEAR)
    first, last = awarded.earliest.year, awarded.latest.year
    possible, certain = date(first + rule.possible_after, 1, 1), date(last + rule.certain_after, 1, 1)
    status, reason = Status.UNKNOWN, Reason.IMPRECISE
    if registration.earliest and registration.earliest >= certain:
        status, reason = Status.MET, Reason.PLAIN
    elif registration.latest and registration.latest < possible:
        status, reason = Status.NOT_MET, Reason.PLAIN
    elif first == last and registration.earliest and registration.earliest >= possible:
        reason = Reason.READING if registration.latest and registration.latest < certain else Reason.IMPRECISE
    return Finding(rule.item, status, value, rule, reason, certain, possible)


_TESTS: dict[Test, Callable[[Rule, ApplicantFacts, DayRange], Finding]] = {
    Test.LEGAL: _legal,
    Test.LEGAL_PERSON: _legal_person,
    Test.MONTHS: _months,
    Test.COMPLIANCE: _compliance,
    Test.CLEAN_MONTHS: _clean_months,
    Test.PRIZE: _prize,
    Test.NOT_REQUIRED: _not_required,
}

_FORMS = {
    LegalForm.COMPANY: "công ty, hợp tác xã",
    LegalForm.PRIVATE: "doanh nghiệp tư nhân",
    LegalForm.HOUSEHOLD: "hộ kinh doanh",
    LegalForm.BRANCH: "chi nhánh, đơn vị phụ thuộc",
}
_PRIZES = {
    Prize.NONE: "chưa từng đạt giải",
    Prize.SILVER: "Giải Bạc",
    Prize.GOLD: "Giải Vàng",
    Prize.FORMER: "Giải thưởng chất lượng quốc gia (không phải Vàng)",
    Prize.UNSPECIFIED: "đã đạt giải, chưa rõ hạng",
}
NOT_KNOWN = "chưa rõ"


def value_words(item: Item, facts: ApplicantFacts, registration: DayRange) -> str:
    """How the value of a ruled item reads in a finding or an echo."""
    if item is Item.LEGAL:
        return legal_words(facts)
    if item is Item.COMPLIANCE:
        return compliance_words(facts)
    if item is Item.LAST_PRIZE:
        return prize_words(facts)
    return since_words(facts.operating if item is Item.OPERATING else facts.on_market, registration)


def legal_words(facts: ApplicantFacts) -> str:
    form = f" ({_FORMS[facts.legal_form]})" if facts.legal_form else ""
    if facts.legal_person is not None and facts.legally_established is not False:
        return ("có tư cách pháp nhân" if facts.legal_person else "không có tư cách pháp nhân") + form
    if facts.legally_established is None:
        return NOT_KNOWN + form
    return ("thành lập hợp pháp" if facts.legally_established else "chưa được thành lập hợp pháp") + form


def since_words(since: Since | None, registration: DayRange) -> str:
    """«từ 03/2022 (55–56 tháng)», «30 tháng tính đến 22/11/2026», «chưa bắt đầu»."""
    if since is None:
        return NOT_KNOWN
    if isinstance(since, Duration):
        return f"{since.words()} tính đến {f'{since.until:%d/%m/%Y}' if since.until else 'lúc đăng ký'}"
    if since.earliest and since.latest is None:
        return f"chưa bắt đầu trước {since.earliest:%d/%m/%Y}"
    least, most = months_at(since, registration)
    return f"từ {since.words()} ({Duration(least, None if most is None else max(least, most)).words()})"


def compliance_words(facts: ApplicantFacts) -> str:
    when = f" ({facts.violated.words()})" if facts.violated and facts.violated != DayRange() else ""
    if facts.complies is False:
        return f"có vi phạm{when}"
    if facts.violated is not None:
        return f"có việc vi phạm hoặc bị xử phạt{when}"
    return "có chấp hành" if facts.complies else NOT_KNOWN


def prize_words(facts: ApplicantFacts) -> str:
    if facts.last_prize is None:
        return NOT_KNOWN
    words = _PRIZES[facts.last_prize]
    if facts.last_prize is Prize.NONE:
        return words
    year = facts.last_prize_year
    return f"{words}, {year_words(year)}" if year else f"{words}, chưa rõ năm được tặng"


def year_words(year: DayRange) -> str:
    """«năm 2024», «năm 2023–2024»: of a prize only the year of award matters."""
    if year.earliest is None or year.latest is None:
        return year.words()
    return DayRange(date(year.earliest.year, 1, 1), date(year.latest.year, 12, 31)).words()

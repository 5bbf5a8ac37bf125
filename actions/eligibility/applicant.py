"""What one applicant has told so far: facts, and which items are answered; kept between turns as a JSON record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions.eligibility.mentions import Compliance, Legal, Mention, Remark
from knowledge.eligibility import ApplicantFacts, Item, LegalForm, Prize, RuleSet, Test
from knowledge.months import DayRange, Duration, Since

ORDER = tuple(Item)
TIERS = (Prize.SILVER, Prize.GOLD, Prize.FORMER)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Facts with the items answered, in order of the last word on each; «không rõ» is an answer too."""

    facts: ApplicantFacts = field(default_factory=ApplicantFacts)
    answered: tuple[Item, ...] = ()

    def told(self, mentions: Iterable[Mention], rules: RuleSet | None = None) -> Applicant:
        """The applicant after a message; later words replace earlier ones. `rules`: those the question was put by."""
        applicant = self
        for mention in mentions:
            applicant = applicant._told_one(_meant(mention, rules))
        return applicant

    def _told_one(self, mention: Mention) -> Applicant:
        facts = _with(self.facts, mention)
        if facts is None:
            return self
        beside = mention.value in (Remark.PAUSED, Remark.ONLY_SERVICES)
        others = tuple(item for item in self.answered if item is not mention.item)
        return Applicant(facts, self.answered if beside else (*others, mention.item))

    def open_items(self, rules: RuleSet | None) -> tuple[Item, ...]:
        """What is still to be asked, in order; nothing where no rules are known that could decide on it."""
        if rules is None:
            return ()
        return tuple(item for item in ORDER if item not in self.answered and self._matters(item, rules))

    def _matters(self, item: Item, rules: RuleSet) -> bool:
        if item is Item.REGISTRATION_DATE:
            return True
        if item is not Item.LAST_PRIZE_YEAR:
            return rules.decides(item)
        rule = rules.rule(Item.LAST_PRIZE)
        prize = self.facts.last_prize
        return rule is not None and rules.decides(Item.LAST_PRIZE) and prize is not None and prize not in rule.free

    def law_day(self, today: date) -> date:
        """The day whose rules apply: that of the registration, today where none was told."""
        days = self.facts.registration_date or DayRange.of(today)
        return days.earliest or days.latest or today

    def to_record(self) -> dict[str, Any]:
        """JSON, empty fields left out."""
        facts = self.facts
        record = {
            "registration_date": _write(facts.registration_date),
            "legally_established": facts.legally_established,
            "legal_form": facts.legal_form and str(facts.legal_form),
            "legal_person": facts.legal_person,
            "operating": _write(facts.operating),
            "paused": facts.paused or None,
            "on_market": _write(facts.on_market),
            "only_services": facts.only_services or None,
            "complies": facts.complies,
            "violated": _write(facts.violated),
            "last_prize": facts.last_prize and str(facts.last_prize),
            "last_prize_year": _write(facts.last_prize_year),
            "answered": [str(item) for item in self.answered] or None,
        }
        return {key: value for key, value in record.items() if value is not None}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Applicant:
        """Raises ValueError where the record is not one of to_record."""
        facts = ApplicantFacts(
            registration_date=_days(record.get("registration_date")),
            legally_established=record.get("legally_established"),
            legal_form=LegalForm(record["legal_form"]) if record.get("legal_form") else None,
            legal_person=record.get("legal_person"),
            operating=_since(record.get("operating")),
            paused=bool(record.get("paused")),
            on_market=_since(record.get("on_market")),
            only_services=bool(record.get("only_services")),
            complies=record.get("complies"),
            violated=_days(record.get("violated")),
            last_prize=Prize(record["last_prize"]) if record.get("last_prize") else None,
            last_prize_year=_days(record.get("last_prize_year")),
        )
        return cls(facts, tuple(Item(item) for item in record.get("answered", [])))


def _meant(mention: Mention, rules: RuleSet | None) -> Mention:
    """A bare yes to whether it is a legal person says just that."""
    rule = rules.rule(Item.LEGAL) if rules else None
    if not (rule and rule.test is Test.LEGAL_PERSON and mention.bare and isinstance(mention.value, Legal)):
        return mention
    yes = mention.value.established
    return replace(mention, value=Legal(yes or None, mention.value.form, yes))


def _with(facts: ApplicantFacts, mention: Mention) -> ApplicantFacts | None:
    """The facts with one mention; None where it tells nothing (a product as old as a company of unknown age)."""
    value = mention.value
    if isinstance(value, Remark):
        return _remarked(facts, mention.item, value)
    if isinstance(value, Legal):
        established = facts.legally_established if value.established is None else value.established
        person = facts.legal_person if value.person is None else value.person
        form = value.form or facts.legal_form
        return replace(facts, legally_established=established, legal_form=form, legal_person=person)
    if isinstance(value, Compliance):
        return replace(facts, complies=value.complies, violated=value.violated)
    if isinstance(value, Prize):
        return _prized(facts, value)
    if mention.item is Item.OPERATING:
        return replace(facts, operating=value)
    if mention.item is Item.PRODUCT:
        return replace(facts, on_market=value)
    if isinstance(value, Duration):
        return None
    if mention.item is Item.LAST_PRIZE_YEAR:
        return replace(facts, last_prize_year=value)
    return replace(facts, registration_date=value) if mention.item is Item.REGISTRATION_DATE else None


def _prized(facts: ApplicantFacts, prize: Prize) -> ApplicantFacts:
    """«có giải» takes back no tier that was named before; no prize has no year."""
    if prize is Prize.UNSPECIFIED and facts.last_prize in TIERS:
        return facts
    return replace(facts, last_prize=prize, last_prize_year=None if prize is Prize.NONE else facts.last_prize_year)


def _remarked(facts: ApplicantFacts, item: Item, remark: Remark) -> ApplicantFacts | None:
    if remark is Remark.PAUSED:
        return replace(facts, paused=True)
    if remark is Remark.ONLY_SERVICES:
        return replace(facts, only_services=True)
    if remark is Remark.SAME_AS_OPERATING:
        return replace(facts, on_market=facts.operating) if facts.operating else None
    emptied = {
        Item.LEGAL: replace(facts, legally_established=None, legal_person=None),
        Item.OPERATING: replace(facts, operating=None),
        Item.PRODUCT: replace(facts, on_market=None),
        Item.COMPLIANCE: replace(facts, complies=None, violated=None),
        Item.LAST_PRIZE: replace(facts, last_prize=None, last_prize_year=None),
        Item.LAST_PRIZE_YEAR: replace(facts, last_prize_year=None),
        Item.REGISTRATION_DATE: replace(facts, registration_date=None),
    }
    return emptied[item]


_LAPSE = re.compile(r"(\d+)\.\.(\d*)M@(.*)")


def _write(since: Since | None) -> str | None:
    """«2019-01-01..2019-12-31», «36..47M@2026-11-22»; an open side is empty."""
    if since is None:
        return None
    if isinstance(since, Duration):
        return f"{since.least}..{'' if since.most is None else since.most}M@{since.until or ''}"
    return f"{since.earliest or ''}..{since.latest or ''}"


def _since(text: str | None) -> Since | None:
    found = _LAPSE.fullmatch(text) if text else None
    if found is None:
        return _days(text)
    until = date.fromisoformat(found[3]) if found[3] else None
    return Duration(int(found[1]), int(found[2]) if found[2] else None, until)


def _days(text: str | None) -> DayRange | None:
    if text is None:
        return None
    first, _, last = text.partition("..")
    return DayRange(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)

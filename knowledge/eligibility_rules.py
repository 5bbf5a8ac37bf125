"""The conditions for taking part as YAML files, one a time of the law, read with pydantic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.citations import ProvisionId
from knowledge.documents import Confidence, Period
from knowledge.eligibility import RULED, Item, LegalForm, Note, Prize, Rule, RuleSet, Test
from knowledge.errors import ContentError
from knowledge.vietnamese import nfc

DATA = Path(__file__).parent / "data" / "eligibility"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class RuleFile(_Strict):
    """A condition as a file writes it; `months` and the years only where the test needs them."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    item: Item
    test: Test
    clause: str
    requires: str = Field(min_length=1)
    months: int = Field(default=0, ge=0)
    possible_after: int = Field(default=0, ge=0)
    certain_after: int = Field(default=0, ge=0)
    free: list[Prize] = []
    open_forms: list[LegalForm] = []
    reading: str | None = None
    remark: str | None = None
    facts: list[str] = []
    confidence: Confidence = Confidence.OFFICIAL_TEXT


class NoteFile(_Strict):
    """A note as a file writes it; days are the rule set's where left out."""

    text: str = Field(min_length=1)
    valid_from: date | None = None
    valid_to: date | None = None


class RuleSetFile(_Strict):
    """The conditions of one time as a file writes them."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(min_length=1)
    valid_from: date
    valid_to: date | None = None
    notes: list[NoteFile] = []
    rules: list[RuleFile] = Field(min_length=1)


def read_rules(folder: Path = DATA) -> tuple[RuleSet, ...]:
    """All rule sets, oldest first. Raises ContentError with the file and the key that is wrong, or where two overlap."""
    sets = sorted((parse_rule_set(_load(path), path.name) for path in folder.glob("*.yml")), key=_start)
    if not sets:
        raise ContentError(f"{folder} holds no rules: it needs at least one file")
    for earlier, later in pairwise(sets):
        if earlier.valid.overlaps(later.valid):
            raise ContentError(
                f"the rules {earlier.id} and {later.id} hold on the same day: end the earlier one before"
            )
    return tuple(sets)


def parse_rule_set(record: Any, origin: str) -> RuleSet:
    """Raises ContentError with the origin and the key that is wrong."""
    try:
        read = RuleSetFile.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ContentError(f"{origin}: {key or 'the file'}: {first['msg']}") from error
    rules = tuple(_rule(one, origin) for one in read.rules)
    _check_items(rules, origin)
    valid = Period(read.valid_from, read.valid_to)
    notes = tuple(
        Note(nfc(one.text), Period(one.valid_from or valid.start, one.valid_to or valid.end)) for one in read.notes
    )
    return RuleSet(read.id, nfc(read.title), valid, rules, notes)


def _rule(read: RuleFile, origin: str) -> Rule:
    if read.test in (Test.MONTHS, Test.CLEAN_MONTHS) and not read.months:
        raise ContentError(f"{origin}: {read.id}: months is missing; the test {read.test} counts them")
    if read.test is Test.PRIZE and not 0 < read.possible_after <= read.certain_after:
        raise ContentError(f"{origin}: {read.id}: possible_after must be above 0 and not above certain_after")
    return Rule(
        id=read.id,
        item=read.item,
        test=read.test,
        clause=ProvisionId.parse(read.clause),
        requires=nfc(read.requires),
        months=read.months,
        possible_after=read.possible_after,
        certain_after=read.certain_after,
        free=tuple(read.free),
        open_forms=tuple(read.open_forms),
        reading=read.reading and nfc(read.reading),
        remark=read.remark and nfc(read.remark),
        facts=tuple(read.facts),
        confidence=read.confidence,
    )


def _check_items(rules: Iterable[Rule], origin: str) -> None:
    seen: set[Item] = set()
    for rule in rules:
        if rule.item not in RULED:
            raise ContentError(
                f"{origin}: {rule.id}: no condition decides on {rule.item}; use one of {', '.join(RULED)}"
            )
        if rule.item in seen:
            raise ContentError(f"{origin}: {rule.id}: a second rule for {rule.item}")
        seen.add(rule.item)


def _start(rules: RuleSet) -> date:
    return rules.valid.start or date.min


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name} is no valid YAML in UTF-8: {' '.join(str(error).split())}") from error

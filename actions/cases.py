"""Questions that tell a company's own case («bên mình mới bán 8 tháng, thi được không?»): answered for the case, not with the rule alone.

The rules and the arithmetic are those of the eligibility check; here only the conditions that the question itself touches are judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.eligibility import wording
from actions.eligibility.applicant import Applicant
from actions.eligibility.extraction import read
from actions.eligibility.mentions import Mention
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.eligibility import Finding, Item, RuleSet, Status, Verdict, evaluate, rule_set_on
from knowledge.vietnamese import fold

_JUDGED = (Item.OPERATING, Item.PRODUCT, Item.LAST_PRIZE)
# Somebody tells of an own company; a question for the rule itself («phải hoạt động bao lâu») does not.
_OWN = re.compile(
    r"\b(?:minh|em|toi|tui|ben|tui|chung toi|tui minh|cty|cong ty|dn|don vi|nha may|xuong|htx|hop tac xa|our|we|my|us)\b"
)
_RULE = re.compile(
    r"\b(?:bao lau|bao nhieu|may (?:thang|nam)|phai (?:du|co|hoat dong|ban)|bat buoc|toi thieu|it nhat|how long|minimum|at least)\b"
)
_ASKING = re.compile(
    r"(?i)[,;]?\s+(?:thì|thi|có được|co duoc|có dc|co dc|(?:được|dc|đc)(?! *\d)|đã đủ|da du|nộp|nop|đăng ký|dang ky|dk|đk|tham gia|tham dự|"
    r"tham du|dự thi|du thi|liệu|lieu|vậy|vay|tính sao|tinh sao|can we|are we|do we|is it)\b.*$"
)
_HEADS = {
    Verdict.NOT_ELIGIBLE: "Với thông tin bạn nêu, đơn vị chưa đủ điều kiện nếu đăng ký hôm nay:",
    Verdict.ELIGIBLE: "Với thông tin bạn nêu, điều kiện được hỏi đã đáp ứng:",
    Verdict.UNKNOWN: "Với thông tin bạn nêu, chưa thể kết luận:",
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is said to the asker's own case, the clauses it rests on, and the verdict over the conditions touched."""

    text: str
    clauses: tuple[ProvisionId, ...]
    verdict: Verdict


def judge_case(question: str, today: date, rules: Sequence[RuleSet], corpus: Corpus) -> Case | None:
    """The asker's own case, or None where the question tells of none."""
    plain = fold(question)
    if not _OWN.search(plain) or _RULE.search(plain):
        return None
    applicant = Applicant().told(_mentions(question, today), rule_set_on(rules, today))
    assessment = evaluate(applicant.facts, rules, today)
    told = applicant.facts
    touched = {Item.OPERATING: told.operating, Item.PRODUCT: told.on_market, Item.LAST_PRIZE: told.last_prize}
    findings = [one for one in assessment.findings if one.item in _JUDGED and touched[one.item] is not None]
    if not any(one.item in (Item.OPERATING, Item.PRODUCT) for one in findings):
        return None
    lines = [_HEADS[_verdict(findings)], *(wording.finding_line(one, assessment, corpus.label) for one in findings)]
    clauses = tuple(dict.fromkeys(one.clause for one in findings if one.clause))
    return Case("\n".join(lines), clauses, _verdict(findings))


def _mentions(question: str, today: date) -> tuple[Mention, ...]:
    """Facts in the statement before the question («… thì dự được không?»), clause by clause."""
    statement = _ASKING.sub("", question).strip(" ?.,")
    return read(statement, None, today).mentions or read(question, None, today).mentions


def _verdict(findings: Sequence[Finding]) -> Verdict:
    if any(one.status is Status.NOT_MET for one in findings):
        return Verdict.NOT_ELIGIBLE
    return Verdict.UNKNOWN if any(one.status is Status.UNKNOWN for one in findings) else Verdict.ELIGIBLE

"""What the eligibility check says: questions, the echo of what was understood, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from actions.eligibility.applicant import Applicant
from knowledge.citations import ProvisionId
from knowledge.eligibility import (
    Assessment,
    Finding,
    Item,
    Reason,
    RuleSet,
    Status,
    Test,
    Verdict,
    compliance_words,
    legal_words,
    prize_words,
    since_words,
)
from knowledge.months import DayRange

Label = Callable[[ProvisionId], str]

_QUESTIONS = {
    Item.LEGAL: "Đơn vị đã được thành lập hợp pháp chưa (có giấy chứng nhận đăng ký hoặc quyết định thành lập)?",
    Item.OPERATING: "Đơn vị hoạt động liên tục tại Việt Nam từ khi nào, hoặc đã được bao lâu rồi?",
    Item.PRODUCT: "Sản phẩm, hàng hóa dự giải được bán ra thị trường từ khi nào, hoặc đã được bao lâu rồi?",
    Item.COMPLIANCE: "Đơn vị có chấp hành đầy đủ pháp luật Việt Nam về sản xuất, kinh doanh không?",
    Item.LAST_PRIZE: "Đơn vị đã từng đạt Giải thưởng chất lượng quốc gia chưa? Nếu rồi, lần gần nhất là Giải Vàng hay Giải Bạc?",
    Item.LAST_PRIZE_YEAR: "Giải đó được tặng vào năm nào (năm ghi trên quyết định)?",
    Item.REGISTRATION_DATE: "Bạn dự định đăng ký tham dự khi nào (chưa rõ thì tính theo hôm nay, {today:%d/%m/%Y})?",
}
# Where the rules of the day ask for something else.
_LEGAL_PERSON = "Đơn vị có tư cách pháp nhân không (công ty, hợp tác xã có giấy chứng nhận đăng ký)?"
_CLEAN = "Trong {months} tháng trước khi đăng ký, đơn vị có chấp hành đầy đủ pháp luật Việt Nam không?"

_EXAMPLES = {
    Item.LEGAL: "«có, công ty TNHH», «chưa»",
    Item.OPERATING: "«từ tháng 3/2022», «hơn 3 năm», «30 tháng»",
    Item.PRODUCT: "«từ tháng 3/2022», «hơn 1 năm», «chưa bán»",
    Item.COMPLIANCE: "«có», «năm ngoái bị phạt về thuế»",
    Item.LAST_PRIZE: "«chưa từng», «Giải Bạc năm 2025»",
    Item.LAST_PRIZE_YEAR: "«2024», «năm ngoái»",
    Item.REGISTRATION_DATE: "«hôm nay», «tháng 3/2027»",
}
LABELS = {
    Item.LEGAL: "Tư cách",
    Item.OPERATING: "Hoạt động",
    Item.PRODUCT: "Sản phẩm ra thị trường",
    Item.COMPLIANCE: "Chấp hành pháp luật",
    Item.LAST_PRIZE: "Giải gần nhất",
    Item.REGISTRATION_DATE: "Thời điểm đăng ký",
}
NOT_UNDERSTOOD = "Xin lỗi, mình chưa hiểu câu trả lời. Bạn có thể viết như {examples}, hoặc «không rõ»."
CANCELLED = "Đã dừng kiểm tra điều kiện. Khi cần, bạn cứ nhắn «kiểm tra điều kiện»."

_SIGNS = {Status.MET: "✓", Status.NOT_MET: "✗", Status.UNKNOWN: "?"}
_VERDICTS = {
    Verdict.ELIGIBLE: "Kết luận: đủ điều kiện tham dự{law}, nếu đăng ký {when} và các thông tin đã nêu là đúng.",
    Verdict.NOT_ELIGIBLE: "Kết luận: chưa đủ điều kiện tham dự{law}, nếu đăng ký {when}.",
    Verdict.UNKNOWN: "Kết luận: chưa thể kết luận{law}, nếu đăng ký {when}.",
}
OFFICIAL = (
    "Đây là kết quả đối chiếu theo thông tin bạn cho biết. Việc xem xét, quyết định chính thức thuộc Hội đồng và cơ quan có "
    "thẩm quyền của giải."
)
_NO_RULES = "Chưa có nguồn đã kiểm chứng về điều kiện tham dự vào ngày {day:%d/%m/%Y}."
_ALL_FROM = "Nếu các thông tin khác không đổi, đủ mọi điều kiện từ {day:%d/%m/%Y}."
_CLOSE = "Vừa sát mốc: nên đối chiếu ngày trên giấy tờ."
_REASONS = {
    Reason.NO_VALUE: "Chưa có thông tin.",
    Reason.NO_FORM: "Chưa rõ loại hình, nên chưa biết có tư cách pháp nhân hay không.",
    Reason.NO_TIER: "Chưa rõ hạng giải: Giải Vàng phải chờ, Giải Bạc thì không.",
    Reason.NO_YEAR: "Chưa rõ năm được tặng giải.",
    Reason.IMPRECISE: "Thông tin chưa đủ chính xác so với mốc.",
    Reason.PAUSED: "Chưa rõ thời gian tạm ngừng có làm mất tính «liên tục» hay không; hãy hỏi cơ quan thường trực của giải.",
    Reason.NO_RULE: "Chưa có nguồn đã kiểm chứng về điều kiện này vào thời điểm đó.",
}
_BY_THE_RULE = (Reason.READING, Reason.NEEDS_CHECK, Reason.SERVICE, Reason.FORM)
_PRECISE = {
    Item.OPERATING: "Để kết luận được, xin cho biết rõ hơn: đơn vị bắt đầu hoạt động từ ngày, tháng, năm nào?",
    Item.PRODUCT: "Để kết luận được, xin cho biết rõ hơn: sản phẩm bán ra thị trường từ ngày, tháng, năm nào?",
    Item.LAST_PRIZE: "Giải đó được tặng chính xác vào năm nào (năm ghi trên quyết định)?",
    Item.COMPLIANCE: "Lần vi phạm đó vào tháng, năm nào?",
    Item.REGISTRATION_DATE: "Để kết luận được, xin cho biết rõ hơn: dự định đăng ký tham dự vào ngày nào?",
}
_TIER = "Giải đã đạt là Giải Vàng hay Giải Bạc?"


def question(item: Item, rules: RuleSet | None, today: date) -> str:
    """The question for an item, in the words of the rules of the day."""
    rule = rules.rule(item) if rules else None
    if rule and rule.test is Test.LEGAL_PERSON:
        return _LEGAL_PERSON
    if rule and rule.test is Test.CLEAN_MONTHS:
        return _CLEAN.format(months=rule.months)
    return _QUESTIONS[item].format(today=today)


def asked_again(item: Item, rules: RuleSet | None, today: date) -> str:
    """After an answer that was not understood: examples, then the question."""
    return f"{NOT_UNDERSTOOD.format(examples=_EXAMPLES[item])}\n{question(item, rules, today)}"


def echo(items: Iterable[Item], applicant: Applicant, today: date) -> str:
    """What was understood, a line an item: «Hoạt động: từ 03/2022 (55–56 tháng)»; empty for no item."""
    told = {Item.LAST_PRIZE if item is Item.LAST_PRIZE_YEAR else item for item in items}
    return "\n".join(f"{LABELS[item]}: {_told(item, applicant, today)}" for item in LABELS if item in told)


def _told(item: Item, applicant: Applicant, today: date) -> str:
    facts = applicant.facts
    registration = facts.registration_date or DayRange.of(today)
    if item is Item.LEGAL:
        return legal_words(facts)
    if item is Item.OPERATING:
        return since_words(facts.operating, registration) + (", có thời gian tạm ngừng" if facts.paused else "")
    if item is Item.PRODUCT:
        return since_words(facts.on_market, registration) + (", là dịch vụ" if facts.only_services else "")
    if item is Item.COMPLIANCE:
        return compliance_words(facts)
    if item is Item.REGISTRATION_DATE:
        return registration.words() if facts.registration_date else f"hôm nay, {today:%d/%m/%Y}"
    return prize_words(facts)


def verdict_text(assessment: Assessment, label: Label) -> str:
    """The verdict first, then a line a condition, the day from which all are met, notes; `label` is Corpus.label."""
    lines = [_verdict_line(assessment)]
    if assessment.rules is None:
        lines.append(_NO_RULES.format(day=assessment.as_of))
    lines += [finding_line(finding, assessment, label) for finding in assessment.findings]
    if assessment.eligible_from:
        lines.append(_ALL_FROM.format(day=assessment.eligible_from))
    return "\n".join([*lines, *assessment.notes, OFFICIAL])


def _verdict_line(assessment: Assessment) -> str:
    law = f" theo {assessment.rules.title}" if assessment.rules else ""
    days = assessment.registration
    words = days.words()
    when = f"ngày {words}" if days.exact else words if words.startswith("năm") else f"trong {words}"
    return _VERDICTS[assessment.verdict].format(law=law, when=when)


def finding_line(finding: Finding, assessment: Assessment, label: Label) -> str:
    """«✗ Hoạt động … ít nhất 36 tháng …: 30 tháng tính đến 22/11/2026 [khoản 1 Điều 59 …]. Đủ từ 22/05/2027.»."""
    requires = finding.rule.requires if finding.rule else LABELS[finding.item]
    clause = f" [{label(finding.clause)}]" if finding.clause else ""
    value = "" if finding.reason is Reason.NOT_REQUIRED else f": {finding.value}"
    parts = [f"{_SIGNS[finding.status]} {requires}{value}{clause}.", _because(finding), _due(finding, assessment)]
    parts += [_close(finding, assessment), _remark(finding)]
    return " ".join(part for part in parts if part)


def _because(finding: Finding) -> str:
    if finding.status is not Status.UNKNOWN:
        return ""
    if finding.reason in _BY_THE_RULE and finding.rule and finding.rule.reading:
        return finding.rule.reading
    return _REASONS.get(finding.reason, "")


def _due(finding: Finding, assessment: Assessment) -> str:
    """The day from which it is met, two where facts or reading leave a span; none that the rules don't live to see."""
    if finding.status is Status.MET or finding.met_from is None:
        return ""
    if assessment.rules and not assessment.rules.valid.contains(finding.met_from):
        return ""
    if finding.possible_from is None or finding.possible_from == finding.met_from:
        return f"Đủ từ {finding.met_from:%d/%m/%Y}."
    return f"Chắc chắn đủ từ {finding.met_from:%d/%m/%Y}, sớm nhất là {finding.possible_from:%d/%m/%Y}."


def _close(finding: Finding, assessment: Assessment) -> str:
    first, months = assessment.registration.earliest, finding.item in (Item.OPERATING, Item.PRODUCT)
    if finding.status is not Status.MET or not months or finding.met_from is None or first is None:
        return ""
    return _CLOSE if first - finding.met_from <= timedelta(days=31) else ""


def _remark(finding: Finding) -> str:
    waited = finding.item is Item.LAST_PRIZE and finding.met_from is not None and finding.status is not Status.MET
    return finding.rule.remark if waited and finding.rule and finding.rule.remark else ""


def follow_up(finding: Finding, assessment: Assessment) -> tuple[Item, str] | None:
    """The one question that could settle a finding that is open for want of precision, with the item it asks for."""
    if finding.reason is Reason.NO_TIER:
        return Item.LAST_PRIZE, _TIER
    if finding.reason is Reason.NO_FORM:
        return Item.LEGAL, _LEGAL_PERSON
    if finding.reason is not Reason.IMPRECISE:
        return None
    exact = finding.met_from is not None and finding.met_from == finding.possible_from
    if exact and not assessment.registration.exact:
        return Item.REGISTRATION_DATE, _PRECISE[Item.REGISTRATION_DATE]
    item = Item.LAST_PRIZE_YEAR if finding.item is Item.LAST_PRIZE else finding.item
    return item, _PRECISE[finding.item]

"""Questions, echo and verdict as people and an outside driver read them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from actions.eligibility import wording
from actions.eligibility.applicant import Applicant
from actions.eligibility.extraction import extract
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.eligibility import Item, Verdict, evaluate, rule_set_on
from knowledge.eligibility_rules import read_rules
from knowledge.files import read_content
from knowledge.vietnamese import fold

TODAY = date(2026, 11, 22)
RULES = read_rules()

# How a driver from outside may find out which item a question asks for: the first that fits wins.
ASKED = [
    (Item.PRODUCT, r"(?:san pham|hang hoa)[^?]{0,90}(?:thi truong|\bban\b|cung ung|luu hanh|bao lau|thang)"),
    (Item.OPERATING, r"hoat dong[^?]{0,70}(?:bao lau|bao nhieu|thang|tu (?:khi|ngay|nam|bao)|lien tuc)"),
    (Item.LAST_PRIZE_YEAR, r"^(?=.*(?:giai|tang|vang|bac)).*(?:nam nao|vao nam|nam may)"),
    (
        Item.REGISTRATION_DATE,
        r"(?:dang ky|nop ho so|tham du)[^?]{0,40}(?:khi nao|ngay nao|thoi diem|luc nao|thang nao)",
    ),
    (Item.LAST_PRIZE, r"(?:tung|da)[^?]{0,40}(?:dat|duoc tang|nhan)[^?]{0,40}giai|dat giai|giai (?:vang|bac)"),
    (Item.COMPLIANCE, r"chap hanh|tuan thu|vi pham"),
    (Item.LEGAL, r"hop phap|giay (?:chung nhan|phep)|phap nhan|loai hinh|thanh lap"),
]


def asked_item(text: str) -> Item | None:
    questions = [part for part in re.split(r"(?<=[?])|\n", fold(text).replace("viet nam", " ")) if "?" in part]
    return next((item for item, pattern in ASKED if re.search(pattern, questions[-1])), None) if questions else None


def read_verdict(text: str) -> str:
    after = text.split("Kết luận:", 1)[1]
    found = re.search(r"chưa thể kết luận|chưa đủ điều kiện|đủ điều kiện", after)
    assert found
    verdicts = {"chưa thể kết luận": "unknown", "chưa đủ điều kiện": "not_eligible", "đủ điều kiện": "eligible"}
    return verdicts[found[0]]


def applicant(*turns: tuple[Item | None, str]) -> Applicant:
    told = Applicant()
    for asked, text in turns:
        told = told.told(extract(text, asked, TODAY, told.answered))
    return told


def label(clause: ProvisionId) -> str:
    return clause.label({"ND37-2026": "Nghị định 37/2026/NĐ-CP"}.get(clause.document, clause.document))


def verdict(*turns: tuple[Item | None, str]) -> str:
    told = applicant(*turns)
    return wording.verdict_text(evaluate(told.facts, RULES, told.law_day(TODAY)), label)


MET = (
    (Item.LEGAL, "công ty TNHH"),
    (Item.OPERATING, "từ tháng 3/2022"),
    (Item.PRODUCT, "hơn 2 năm"),
    (Item.COMPLIANCE, "có"),
    (Item.LAST_PRIZE, "chưa"),
)


@pytest.mark.parametrize("item", list(Item))
@pytest.mark.parametrize("day", [TODAY, date(2024, 5, 1), date(2016, 1, 1), date(2019, 1, 1)])
def test_a_question_tells_its_item(item: Item, day: date) -> None:
    rules = rule_set_on(RULES, day)
    question = wording.question(item, rules, TODAY)
    assert asked_item(question) is item
    assert asked_item(wording.asked_again(item, rules, TODAY)) is item
    assert question.endswith("?")
    assert len(question) <= 130


def test_the_former_rules_ask_for_legal_personality_and_a_clean_record() -> None:
    rules = rule_set_on(RULES, date(2024, 5, 1))
    assert "tư cách pháp nhân" in wording.question(Item.LEGAL, rules, TODAY)
    assert "36 tháng" in wording.question(Item.COMPLIANCE, rules, TODAY)


def test_the_echo() -> None:
    told = applicant(*MET, (Item.REGISTRATION_DATE, "tháng sau"))
    assert wording.echo(Item, told, TODAY).splitlines() == [
        "Tư cách: thành lập hợp pháp (công ty, hợp tác xã)",
        "Hoạt động: từ 03/2022 (56–57 tháng)",
        "Sản phẩm ra thị trường: 24–35 tháng tính đến 22/11/2026",
        "Chấp hành pháp luật: có chấp hành",
        "Giải gần nhất: chưa từng đạt giải",
        "Thời điểm đăng ký: 12/2026",
    ]
    assert wording.echo([], told, TODAY) == ""
    assert wording.echo([Item.REGISTRATION_DATE], Applicant(), TODAY) == "Thời điểm đăng ký: hôm nay, 22/11/2026"
    gold = applicant((Item.LAST_PRIZE, "giải vàng 2024"))
    assert wording.echo([Item.LAST_PRIZE, Item.LAST_PRIZE_YEAR], gold, TODAY) == "Giải gần nhất: Giải Vàng, năm 2024"
    asking = wording.echo(Item, told, TODAY) + "\n" + wording.question(Item.COMPLIANCE, None, TODAY)
    assert asked_item(asking) is Item.COMPLIANCE


def test_eligible() -> None:
    text = verdict(*MET)
    assert text.startswith(
        "Kết luận: đủ điều kiện tham dự theo Nghị định 37/2026/NĐ-CP, nếu đăng ký ngày 22/11/2026 và các thông tin đã nêu là đúng."
    )
    lines = text.splitlines()
    assert [line[0] for line in lines[1:6]] == ["✓"] * 5
    assert "từ 03/2022 (55–56 tháng) [khoản 1 Điều 59 Nghị định 37/2026/NĐ-CP]." in lines[2]
    assert lines[-1] == wording.OFFICIAL
    assert read_verdict(text) == "eligible"


def test_not_eligible_with_the_day_on_which_it_will_be() -> None:
    text = verdict(*MET, (Item.OPERATING, "từ 15/6/2024"))
    assert text.startswith("Kết luận: chưa đủ điều kiện")
    assert "✗ Hoạt động liên tục" in text
    assert "Đủ từ 15/06/2027." in text
    assert "đủ mọi điều kiện từ 15/06/2027" in text
    assert read_verdict(text) == "not_eligible"


def test_a_span_of_days_is_told_as_one() -> None:
    assert "Chắc chắn đủ từ 22/05/2027, sớm nhất là 23/04/2027." in verdict(*MET, (Item.OPERATING, "30 tháng"))


def test_cannot_tell_yet() -> None:
    text = verdict(*MET, (Item.LAST_PRIZE, "giải vàng 2024"))
    assert text.startswith("Kết luận: chưa thể kết luận")
    assert "cơ quan thường trực" in text
    assert "Chắc chắn đủ từ 01/01/2027, sớm nhất là 01/01/2026." in text
    assert "quyết định tặng giải" in text
    assert read_verdict(text) == "unknown"


@pytest.mark.parametrize(
    ("item", "answer", "words"),
    [
        (Item.LEGAL, "hộ kinh doanh", "chưa rõ hộ kinh doanh, chi nhánh có được tự mình tham dự"),
        (Item.PRODUCT, "bên em làm dịch vụ", "chưa rõ dịch vụ có được tham dự"),
        (Item.COMPLIANCE, "bị phạt môi trường năm kia", "Nghị định không nói một lần bị xử phạt"),
        (Item.COMPLIANCE, "không rõ", "Chưa có thông tin."),
        (Item.LAST_PRIZE, "rồi", "Chưa rõ hạng giải"),
        (Item.OPERATING, "5 năm, có tạm ngừng hoạt động", "Chưa rõ thời gian tạm ngừng"),
        (Item.OPERATING, "năm 2023", "Thông tin chưa đủ chính xác"),
    ],
)
def test_why_it_cannot_be_told(item: Item, answer: str, words: str) -> None:
    text = verdict(*MET, (item, answer))
    assert words in text
    assert read_verdict(text) == "unknown"


def test_close_to_the_edge_the_papers_are_pointed_to() -> None:
    assert "Vừa sát mốc" in verdict(*MET, (Item.OPERATING, "đúng 36 tháng"))
    assert "Vừa sát mốc" not in verdict(*MET)


def test_the_former_rules_are_named_and_promise_no_later_day() -> None:
    turns = [(Item.OPERATING, "từ 2015"), (Item.COMPLIANCE, "bị phạt năm 2023"), (Item.REGISTRATION_DATE, "năm 2024")]
    text = verdict(*MET, *turns)
    assert "Thông tư 27/2019/TT-BKHCN, nếu đăng ký năm 2024" in text
    assert "Đây là quy định cũ" in text
    assert "✗ Không vi phạm pháp luật" in text
    assert "Đủ từ" not in text
    assert "đủ từ" not in text


def test_without_rules_everything_is_open() -> None:
    text = verdict(*MET, (Item.REGISTRATION_DATE, "năm 2019"))
    assert text.startswith("Kết luận: chưa thể kết luận, nếu đăng ký năm 2019.")
    assert "Chưa có nguồn đã kiểm chứng về điều kiện tham dự vào ngày 01/01/2019." in text
    assert sum(line.startswith("?") for line in text.splitlines()) == 5


@pytest.mark.parametrize(
    ("turn", "item"),
    [
        ((Item.OPERATING, "năm 2023"), Item.OPERATING),
        ((Item.PRODUCT, "năm ngoái"), Item.PRODUCT),
        ((Item.LAST_PRIZE, "rồi, năm 2025"), Item.LAST_PRIZE),
        ((Item.LAST_PRIZE, "giải vàng 2023 hoặc 2024"), Item.LAST_PRIZE_YEAR),
    ],
)
def test_one_question_may_settle_it(turn: tuple[Item, str], item: Item) -> None:
    told = applicant(*MET, turn)
    assessment = evaluate(told.facts, RULES, TODAY)
    found = [wording.follow_up(one, assessment) for one in assessment.findings]
    (asked,) = [one for one in found if one]
    assert asked[0] is item
    assert asked_item(asked[1]) is item


def test_the_day_of_registration_may_settle_it() -> None:
    told = applicant(*MET, (Item.OPERATING, "từ 15/12/2023"), (Item.REGISTRATION_DATE, "tháng sau"))
    assessment = evaluate(told.facts, RULES, told.law_day(TODAY))
    asked = wording.follow_up(assessment.findings[1], assessment)
    assert asked
    assert asked[0] is Item.REGISTRATION_DATE
    assert asked_item(asked[1]) is Item.REGISTRATION_DATE


def test_nothing_is_asked_where_no_answer_would_help() -> None:
    told = applicant(*MET, (Item.LAST_PRIZE, "giải vàng 2024"))
    assessment = evaluate(told.facts, RULES, TODAY)
    assert assessment.verdict is Verdict.UNKNOWN
    assert [wording.follow_up(one, assessment) for one in assessment.findings] == [None] * 5


def test_clauses_are_named_as_the_content_names_them() -> None:
    documents, guidance, faq = read_content()
    corpus = Corpus(tuple(documents), tuple(guidance), tuple(faq))
    told = applicant(*MET)
    assessment = evaluate(told.facts, RULES, TODAY)
    assert "[khoản 3 Điều 59 Nghị định 37/2026/NĐ-CP]" in wording.verdict_text(assessment, corpus.label)
    assert [str(one) for one in assessment.citations] == ["ND37-2026:59.1", "ND37-2026:59.2", "ND37-2026:59.3"]


def test_messages_hold_what_channels_carry() -> None:
    assert len(verdict(*MET, (Item.LAST_PRIZE, "giải vàng 2024"))) < 4096

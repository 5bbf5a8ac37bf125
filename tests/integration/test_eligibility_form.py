"""The eligibility check as people have it: whole conversations through the REST endpoint, real Rasa and the real knowledge."""

from __future__ import annotations

import importlib.util
import sys
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import httpx
import pytest

from running_server import RunningServer
from shipped import shared_file

START = "kiểm tra điều kiện giúp em"


@pytest.fixture
def url(award_server: RunningServer) -> str:
    return award_server.url


@dataclass
class Person:
    """One sender."""

    url: str
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)

    def say(self, text: str) -> dict[str, Any]:
        with httpx.Client(trust_env=False, timeout=30) as http:
            answer = http.post(f"{self.url}/webhooks/rest/webhook", json={"sender": self.sender, "message": text})
        (message,) = answer.raise_for_status().json()
        return {"text": message["text"], "buttons": message.get("buttons", []), **message["custom"]}

    def all(self, *texts: str) -> list[dict[str, Any]]:
        return [self.say(text) for text in texts]

    def answers(self, facts: dict[str, str], start: str = START) -> dict[str, Any]:
        """Say what is asked for until the form is over."""
        reply = self.say(start)
        for _ in range(14):
            if reply["status"] != "form":
                return reply
            assert reply["slot"] == reply["requested_slot"]
            assert reply["text"].split("\n\n")[-1 - len(reply["notices"])].rstrip().endswith("?")
            reply = self.say(facts.get(reply["slot"], "không rõ"))
        raise AssertionError("no end")


@pytest.fixture
def person(url: str) -> Person:
    return Person(url)


def cited(reply: dict[str, Any]) -> set[str]:
    return {one["id"] for one in reply["citations"]}


GOOD = {
    "legal": "dạ có",
    "operating": "từ tháng 3/2018",
    "product": "hơn 2 năm rồi",
    "compliance": "ko vi phạm gì",
    "last_prize": "chưa từng ạ",
    "registration_date": "hôm nay",
}
CASES: list[tuple[dict[str, str], str, str]] = [
    ({}, "eligible", "đủ điều kiện"),
    ({"operating": "36 tháng", "product": "đúng 12 tháng"}, "eligible", "36 tháng"),
    ({"operating": "ngày 22/11/2023", "product": "22/11/2025"}, "eligible", "Vừa sát mốc"),
    ({"operating": "ngày 23/11/2023"}, "not_eligible", "Đủ từ 23/11/2026"),
    ({"operating": "35 tháng"}, "not_eligible", "35 tháng"),
    ({"product": "mới bán 8 tháng thôi", "legal": "có, công ty TNHH"}, "not_eligible", "8 tháng"),
    ({"product": "chưa bán"}, "not_eligible", "chưa"),
    ({"last_prize": "rồi, giải vàng", "last_prize_year": "năm ngoái"}, "not_eligible", "01/01/2028"),
    ({"last_prize": "giải vàng năm 2024"}, "unknown", "Chắc chắn đủ từ 01/01/2027"),
    ({"last_prize": "Giải Vàng 2023"}, "eligible", "Giải Vàng, năm 2023"),
    ({"last_prize": "giải bạc năm ngoái"}, "eligible", "Giải Bạc"),
    ({"last_prize": "có rồi", "last_prize_year": "2025"}, "unknown", "hạng"),
    ({"operating": "không rõ"}, "unknown", "Chưa có thông tin"),
    ({"compliance": "em không chắc"}, "unknown", "Chưa có thông tin"),
    ({"legal": "chưa có giấy phép"}, "not_eligible", "chưa được thành lập"),
    ({"operating": "30 tháng", "registration_date": "tháng 6/2027"}, "eligible", "06/2027"),
]


@pytest.mark.parametrize(("facts", "verdict", "says"), CASES)
def test_the_verdict_of_a_whole_conversation(person: Person, facts: dict[str, str], verdict: str, says: str) -> None:
    reply = person.answers(GOOD | facts)
    assert (reply["status"], reply["verdict"]) == ("answered", verdict)
    assert says in reply["text"]
    assert {"ND37-2026:59.1", "ND37-2026:59.2", "ND37-2026:59.3"} <= cited(reply)
    assert "requested_slot" not in reply


@pytest.mark.parametrize(
    "start",
    [
        "Tôi muốn kiểm tra công ty mình có đủ điều kiện tham dự giải không",
        "check dieu kien cho cty minh",
        "/dieukien",
        "check if we are eligible",
        "nhờ bạn rà soát giúp điều kiện tham dự của công ty",
        "ktra giup minh dieu kien du giai voi ad",
        "xem giúp công ty tôi đã đủ điều kiện chưa",
        "tiếp tục kiểm tra điều kiện giúp tôi",
    ],
)
def test_ways_to_begin(person: Person, start: str) -> None:
    reply = person.say(start)
    assert (reply["status"], reply["slot"]) == ("form", "legal")
    assert [one["title"] for one in reply["buttons"]] == ["Có", "Chưa", "Không rõ"]


@pytest.mark.parametrize(
    "question",
    [
        "điều kiện tham dự là gì",
        "công ty hoạt động 2 năm rưỡi có đủ điều kiện không",
        "điều kiện tham dự do ai kiểm tra",
        "ai kiểm tra điều kiện",
        "kiem tra dieu kien o dau vay",
    ],
)
def test_a_question_on_the_conditions_is_no_check(person: Person, question: str) -> None:
    assert person.say(question)["status"] != "form"


def test_the_first_message_may_tell_facts(person: Person) -> None:
    replies = person.all(
        "cty em lập 2019, sản phẩm bán 2 năm, kiểm tra giúp", "có giấy phép rồi", "có", "chưa", "hôm nay"
    )
    assert [one.get("slot") for one in replies] == ["legal", "compliance", "last_prize", "registration_date", None]
    assert "năm 2019" in replies[0]["text"] and "24–35 tháng" in replies[0]["text"]
    assert replies[-1]["verdict"] == "eligible"


def test_the_first_message_may_tell_everything(person: Person) -> None:
    told = "thành lập hợp pháp, hoạt động từ 2018, bán sản phẩm từ 2020, chấp hành tốt pháp luật, chưa từng đạt giải"
    first = person.say(f"kiểm tra điều kiện giúp công ty em: {told}, đăng ký hôm nay")
    assert (first["status"], first["verdict"]) == ("answered", "eligible")
    assert person.say("lệ phí bao nhiêu")["status"] in ("answered", "partial")
    assert person.say(START)["slot"] == "legal"  # a finished check is not taken up


def test_several_facts_at_once_and_a_correction(person: Person) -> None:
    replies = person.all(
        START,
        "có, hoạt động 40 tháng, bán hàng 2 năm",
        "à nhầm, hoạt động mới 30 tháng",
        "không vi phạm, chưa từng đạt giải",
        "ngày mai",
    )
    assert [one.get("slot") for one in replies] == ["legal", "compliance", "compliance", "registration_date", None]
    assert "30 tháng" in replies[2]["text"]
    assert replies[-1]["verdict"] == "not_eligible"
    assert "30 tháng" in replies[-1]["text"] and "40 tháng" not in replies[-1]["text"]


def test_questions_in_between_are_answered_with_their_source(person: Person) -> None:
    person.all(START, "có", "từ 2019")
    asked = person.say("12 tháng tính từ lúc nào?")
    assert (asked["status"], asked["requested_slot"]) == ("form", "product")
    assert "12 tháng" in asked["text"] and "ND37-2026:59.1" in cited(asked)
    unmarked = person.say("lệ phí tham dự giải bao nhiêu")
    assert (unmarked["slot"], bool(unmarked["citations"])) == ("product", True)
    beside = person.say("thời tiết hôm nay thế nào?")
    assert beside["slot"] == "product"
    assert person.say("3 năm")["slot"] == "compliance"


def test_cancelled_and_resumed_after_other_talk(person: Person) -> None:
    person.all(START, "dạ có", "từ 2017")
    stopped = person.say("thôi, để khi khác")
    assert (stopped["status"], "requested_slot" in stopped) == ("small_talk", False)
    assert person.say("hồ sơ cần những gì?")["status"] != "form"
    again = person.say("tiếp tục kiểm tra điều kiện giúp tôi")
    assert (again["slot"], "2017" in again["text"]) == ("product", True)
    replies = person.all("2 năm", "có", "chưa", "hôm nay")
    assert replies[-1]["verdict"] == "eligible"


def test_small_talk_does_not_break_the_form(person: Person) -> None:
    person.say(START)
    for chat in ("cảm ơn ad nhé", "chào bạn", "bạn là ai vậy", "bạn làm được gì", "kiểm tra điều kiện giúp em"):
        reply = person.say(chat)
        assert (reply["status"], reply["slot"]) == ("form", "legal"), chat
    assert person.say("có ạ")["slot"] == "operating"


def test_a_person_asked_for_ends_it_and_it_can_go_on(person: Person) -> None:
    person.all(START, "có")
    handed = person.say("cho tôi gặp người thật")
    assert (handed["status"], "requested_slot" in handed) == ("handoff", False)
    assert person.say("tiếp tục kiểm tra điều kiện")["slot"] == "operating"


def test_started_over_forgets(person: Person) -> None:
    person.all(START, "có", "từ 2019")
    assert person.say("bắt đầu lại từ đầu")["status"] == "small_talk"
    assert person.say("tiếp tục kiểm tra điều kiện")["slot"] == "legal"
    person.say("có")
    assert person.say("kiểm tra điều kiện lại từ đầu")["slot"] == "legal"


def test_what_is_not_understood_is_asked_again_then_left_open(person: Person) -> None:
    person.say(START)
    first, second = person.all("xyz", "blah blah")
    assert first["slot"] == "legal" and "chưa hiểu" in first["text"]
    assert second["slot"] == "operating" and "chưa rõ" in second["text"]
    replies = person.all("từ 2019", "từ 2020", "có", "chưa", "hôm nay")
    assert replies[-1]["verdict"] == "unknown"


def test_a_vague_answer_is_asked_for_once_more(person: Person) -> None:
    replies = person.all(START, "có", "từ 2019", "từ tháng 11/2025", "có", "chưa", "hôm nay", "ngày 5/11/2025")
    assert replies[-2]["slot"] == "product" and "rõ hơn" in replies[-2]["text"]
    assert replies[-1]["verdict"] == "eligible"
    unsure = Person(person.url).all(START, "có", "từ 2019", "từ tháng 11/2025", "có", "chưa", "hôm nay", "không nhớ")
    assert unsure[-1]["verdict"] == "unknown" and "11/2025" in unsure[-1]["text"]


def test_the_rules_of_the_day_of_registration_are_asked_and_cited(person: Person) -> None:
    replies = person.all("kiểm tra điều kiện cho đợt đăng ký tháng 5/2024", "có", "từ 2015", "không vi phạm", "chưa")
    assert "pháp nhân" in replies[0]["text"]
    assert [one.get("slot") for one in replies] == ["legal", "operating", "compliance", "last_prize", None]
    assert (replies[-1]["verdict"], cited(replies[-1])) == ("eligible", {"TT27-2019"})


def test_personal_numbers_are_warned_of(person: Person) -> None:
    person.say(START)
    reply = person.say("có ạ, mã số thuế 0312345678")
    assert (reply["slot"], len(reply["notices"])) == ("operating", 1)


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_award", shared_file("eval", "score_award.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("facts", "verdict", "must"),
    [
        ({**GOOD, "operating": "khoảng 5 năm", "registration_date": "1/12/2026"}, "eligible", [["01/12/2026"]]),
        ({**GOOD, "product": "từ tháng 4/2026", "operating": "40 tháng"}, "not_eligible", [["12 tháng"]]),
        ({**GOOD, "last_prize": "rồi", "last_prize_year": "ko nhớ năm nào"}, "unknown", [["chưa rõ"]]),
    ],
)
def test_by_the_scorer(url: str, facts: dict[str, str], verdict: str, must: Sequence[Sequence[str]]) -> None:
    score = scorer()
    case = {"id": "own", "facts": facts, "verdict": verdict, "must": must, "citations": [["ND37-2026:59"]]}
    bot = score.Bot(url, 30.0)
    with closing(bot.client):
        (result,) = score.run_eligibility(bot, [case], 1)
    assert result["verdict"] == verdict, result["transcript"]
    assert result["grade"].passed and result["grade"].citation

"""The record of a check between messages: written and read back, taken up on another day."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from actions.eligibility.extraction import read
from actions.eligibility_form import Check
from knowledge.eligibility import Item

TODAY = date(2026, 11, 22)


def told(*turns: tuple[Item | None, str]) -> Check:
    check = Check()
    for asked, text in turns:
        mentions = read(text, asked, TODAY, check.applicant.answered).mentions
        check = check.told(mentions, TODAY).advanced(TODAY)
    return check


def test_a_record_is_json_and_gives_the_same_check() -> None:
    check = told((None, "cty em lập 2019, sản phẩm bán 2 năm"), (Item.LEGAL, "có"))
    assert check.asked is Item.COMPLIANCE
    assert Check.from_record(json.loads(json.dumps(check.to_record()))) == check


@pytest.mark.parametrize("record", [None, {}, "x", {"applicant": {}}, {**Check().to_record(), "asked": "weather"}])
def test_a_record_of_another_version_begins_anew(record: object) -> None:
    assert Check.from_record(record) == Check()


def test_taken_up_the_next_day_today_is_asked_for_again() -> None:
    check = told((None, "hoạt động 30 tháng"), (Item.REGISTRATION_DATE, "hôm nay"))
    later = check.resumed(TODAY + timedelta(days=1))
    assert later.applicant.answered == (Item.OPERATING,)
    assert later.applicant.facts.operating == check.applicant.facts.operating
    assert check.resumed(TODAY).applicant == check.applicant


def test_who_cannot_say_more_precisely_takes_nothing_back() -> None:
    check = told(
        (None, "sản phẩm bán từ tháng 11/2025, hoạt động từ 2019"),
        (Item.LEGAL, "có"),
        (Item.COMPLIANCE, "có"),
        (Item.LAST_PRIZE, "chưa"),
        (Item.REGISTRATION_DATE, "hôm nay"),
    )
    assert check.asked is Item.PRODUCT and check.precise
    after = check.told(read("không nhớ", Item.PRODUCT, TODAY).mentions, TODAY).settled().advanced(TODAY)
    assert after.done and after.applicant.facts == check.applicant.facts

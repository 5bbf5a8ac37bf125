"""What a message about reminders asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.reminders.request import MOST_DAYS, Request, Unmet, Wish, read_request
from knowledge.calendar import DEADLINES, EventKind

D, R, C, A = EventKind.DOSSIER, EventKind.REGISTRATION, EventKind.CEREMONY, EventKind.ASSESSMENT


@pytest.mark.parametrize(
    ("text", "days", "kinds"),
    [
        ("nhắc em trước hạn 7 ngày", (7,), DEADLINES),
        ("nhac em truoc han 7 ngay", (7,), DEADLINES),
        ("nhắc mình hạn nộp hồ sơ", (7,), (D,)),
        ("nhắc em trước 1 tuần", (7,), ()),
        ("nhắc trước hạn một tuần và trước 1 ngày", (7, 1), DEADLINES),
        ("nhắc tôi trước lễ trao giải 3 hôm", (3,), (C,)),
        ("nhắc nửa tháng trước khi hết hạn đăng ký", (15,), (R,)),
        ("ad nhớ nhắc e nộp hs nha trc 5 bữa", (5,), (D,)),
        ("nhắc em đúng ngày hạn", (0,), DEADLINES),
        ("nhắc em ngày sơ tuyển trước 2 tháng", (60,), (A,)),
        ("nhắc tôi khi có lịch", (), ()),
        ("có lịch thì ới em", (), ()),
        ("khi nào công bố lịch thì báo em nhé", (), ()),
        ("báo cho tôi khi có hạn nộp hồ sơ", (), (D,)),
        ("remind me 2 weeks before the deadline", (14,), DEADLINES),
        ("remind me when dates are published", (), ()),
        ("thông báo cho em khi mở đăng ký", (), (R,)),
    ],
)
def test_what_is_asked_for(text: str, days: tuple[int, ...], kinds: tuple[EventKind, ...]) -> None:
    assert read_request(text) == Request(Wish.SET, days, kinds)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nhắc em ngày 5/3", Unmet.OWN_DAY),
        ("mai nhắc em nộp hồ sơ", Unmet.OWN_DAY),
        ("nhắc em thứ hai tuần sau", Unmet.OWN_DAY),
        ("nhắc trước 2 tiếng", Unmet.HOURS),
        ("nhắc trước 12 tháng", Unmet.TOO_EARLY),
        ("nhắc trước 1 năm", Unmet.TOO_EARLY),
    ],
)
def test_what_is_not_offered(text: str, reason: Unmet) -> None:
    request = read_request(text)
    assert (request.wish, request.unmet) == (Wish.SET, reason)


@pytest.mark.parametrize(
    "text",
    [
        "em đang có nhắc gì",
        "xem danh sách nhắc",
        "mình đã đặt nhắc nào chưa",
        "nhắc hẹn của tôi",
        "what reminders do I have",
    ],
)
def test_the_list_is_asked_for(text: str) -> None:
    assert read_request(text) == Request(Wish.LIST)


@pytest.mark.parametrize(
    ("text", "number", "everything", "kinds"),
    [
        ("huỷ nhắc", None, False, ()),
        ("hủy nhắc", None, False, ()),
        ("xoá nhắc số 2", 2, False, ()),
        ("Huỷ nhắc số 10", 10, False, ()),
        ("không cần nhắc cái thứ 1 nữa", 1, False, ()),
        ("bỏ nhắc hạn nộp hồ sơ", None, False, (D,)),
        ("Huỷ tất cả lời nhắc", None, True, ()),
        ("huỷ hết nhắc hẹn đi", None, True, ()),
        ("thôi khỏi nhắc nữa", None, True, ()),
        ("đừng nhắc nữa", None, True, ()),
        ("cancel my reminders", None, True, ()),
    ],
)
def test_a_cancellation(text: str, number: int | None, everything: bool, kinds: tuple[EventKind, ...]) -> None:
    assert read_request(text) == Request(Wish.CANCEL, kinds=kinds, number=number, everything=everything)


@pytest.mark.parametrize(
    "text",
    [
        "nhắc lại điều kiện giúp em",
        "nhắc lại giùm giải vàng cần bao nhiêu điểm",
        "khi nào nộp hồ sơ",
        "hạn nộp hồ sơ năm nay",
        "lịch giải thưởng năm nay",
        "khi nào thông báo kết quả",
        "văn bản nào nhắc đến giải này",
        "báo cáo tự đánh giá viết bao nhiêu trang",
        "báo chí nói gì về giải",
    ],
)
def test_a_question_is_no_reminder(text: str) -> None:
    assert read_request(text).wish is Wish.NONE


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from("nhắc hạn trước 7 ngày huỷ số gì tuần nửa 99 năm /".split())).map(" ".join)
)
def test_whatever_is_typed_gives_a_request_that_can_be_met(text: str) -> None:
    request = read_request(text)
    assert all(days >= 0 for days in request.days)
    assert request.unmet or all(days <= MOST_DAYS for days in request.days)

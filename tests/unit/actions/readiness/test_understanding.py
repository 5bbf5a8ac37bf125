"""Replies of the self-assessment, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.readiness.understanding import (
    Reply,
    Wish,
    read_form,
    read_reply,
    read_scale,
    wants_afresh,
    wants_file,
    wants_product,
    wants_result,
)
from knowledge.readiness import Form, Kind, Rating
from knowledge.readiness_files import read_readiness

RUBRIC = read_readiness().rubrics[Kind.PROCESS]


def read(text: str) -> Reply:
    return read_reply(text, RUBRIC, 3)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("3", (3,)),
        ("mức 3", (3,)),
        ("mức hai", (2,)),
        ("2 ạ", (2,)),
        ("chắc là 1", (1,)),
        ("2 – Có nền nếp", (2,)),
        ("Mức 4: Hơn mức 3", (4,)),
        ("3 2 1", (3, 2, 1)),
        ("3, 2, 1", (3, 2, 1)),
        ("ý 1: 3, ý 2: 2, ý 3: 1", (3, 2, 1)),
        ("có, chưa, mới làm", (2, 0, 1)),
        ("có rồi", (2,)),
        ("co r a", (2,)),
        ("đúng rồi", (2,)),
        ("bình thường", (2,)),
        ("cũng tạm", (2,)),
        ("bên em có rồi, có sổ khiếu nại đầy đủ", (2,)),
        ("mới làm sơ sơ", (1,)),
        ("moi lam so so thoi", (1,)),
        ("đang xây dựng", (1,)),
        ("có nhưng chưa đều", (1,)),
        ("lúc có lúc không", (1,)),
        ("chưa tốt lắm", (1,)),
        ("chưa có gì", (0,)),
        ("ko", (0,)),
        ("khá tốt", (3,)),
        ("bên em làm bài bản lắm", (3,)),
        ("rất tốt", (4,)),
        ("hoàn hảo", (4,)),
        ("3?", (3,)),
    ],
)
def test_levels(text: str, levels: tuple[int, ...]) -> None:
    assert read(text) == Reply(Rating(levels))


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("70%", (70, 70)),
        ("khoảng 40 %", (40, 40)),
        ("40-50%", (40, 50)),
        ("từ 30 đến 45 phần trăm", (30, 45)),
        ("bảy mươi phần trăm", (70, 70)),
        ("7/10", (70, 70)),
        ("60/100", (60, 60)),
        ("55", (55, 55)),
        ("2-3", (30, 65)),
        ("0%", (0, 0)),
        ("100%", (100, 100)),
    ],
)
def test_percentages(text: str, percent: tuple[int, int]) -> None:
    assert read(text) == Reply(Rating(percent=percent))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("bỏ qua", Wish.SKIP),
        ("ko rõ", Wish.SKIP),
        ("câu tiếp theo", Wish.SKIP),
        ("quay lại", Wish.BACK),
        ("câu trước", Wish.BACK),
        ("dừng", Wish.STOP),
        ("dung lai", Wish.STOP),
        ("thôi", Wish.STOP),
        ("mai làm tiếp", Wish.STOP),
        ("để sau", Wish.STOP),
        ("mức 2 là gì", Wish.LEGEND),
        ("giải thích các mức", Wish.LEGEND),
        ("làm lại từ đầu", Wish.AFRESH),
        ("tạm tính", Wish.SUMMARY),
        ("còn mấy câu nữa", Wish.SUMMARY),
        ("xem kết quả luôn", Wish.FINISH),
        ("bỏ qua các câu còn lại", Wish.FINISH),
        ("tiếp tục", Wish.GO_ON),
    ],
)
def test_wishes(text: str, wish: Wish) -> None:
    assert read(text) == Reply(wish=wish)


def test_another_question_may_be_meant() -> None:
    assert read("câu 2 mức 1") == Reply(Rating((1,)), about=2)
    assert read("quay lại câu 3") == Reply(wish=Wish.BACK, about=3)
    assert read("à nhầm, mức 1") == Reply(Rating((1,)), correction=True)
    assert read("sửa lại thành 3") == Reply(Rating((3,)), correction=True)


@pytest.mark.parametrize(
    "text",
    [
        "có phải nộp phí không",
        "điều kiện tham dự là gì?",
        "hồ sơ gồm những gì",
        "giải bạc bao nhiêu điểm",
        "ADLI là gì",
        "600 điểm là gì",
        "có chưa?",
        "70% là gì?",
    ],
)
def test_questions_are_no_ratings(text: str) -> None:
    assert read(text) == Reply(question=True)


@pytest.mark.parametrize(
    "text", ["5", "mức 9", "120%", "3 2", "gặp nhân viên", "cảm ơn", "có iso 9001 rồi", "asdf", ""]
)
def test_what_is_not_understood_is_not_guessed(text: str) -> None:
    assert read(text) == Reply()


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error_and_ratings_are_in_range(text: str) -> None:
    rating = read(text).rating
    if rating is not None:
        assert all(0 <= level <= 4 for level in rating.levels)
        assert rating.percent is None or 0 <= rating.percent[0] <= rating.percent[1] <= 100
        assert rating.levels or rating.percent


@given(
    st.integers(0, 100), st.sampled_from(["{}%", "khoảng {} %", "{} phần trăm", "tầm {}% thôi", "chắc {} phan tram"])
)
def test_any_percentage_in_everyday_words(percent: int, form: str) -> None:
    assert read(form.format(percent)).rating == Rating(percent=(percent, percent))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Bản ngắn (7 câu)", Form.SHORT),
        ("ngắn thôi", Form.SHORT),
        ("làm nhanh", Form.SHORT),
        ("Bản đầy đủ (17 hạng mục)", Form.FULL),
        ("chi tiết", Form.FULL),
        ("tự đánh giá", None),
    ],
)
def test_form(text: str, form: Form | None) -> None:
    assert read_form(text) is form


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("Thang chế độ cũ", "former"),
        ("thang nào cũng được", "former"),
        ("Thang Baldrige", "baldrige"),
        ("theo hoa kỳ", "baldrige"),
        ("ừm", None),
    ],
)
def test_scale(text: str, scale: str | None) -> None:
    assert read_scale(text) == scale


def test_what_the_opening_message_wants() -> None:
    assert wants_afresh("tự đánh giá lại từ đầu") and not wants_afresh("tiếp tục tự đánh giá")
    assert wants_product("Soi thêm phần sản phẩm") and not wants_product("tự đánh giá")
    assert wants_result("Kết quả tự đánh giá") and not wants_file("Kết quả tự đánh giá")
    assert wants_file("Tải báo cáo tự đánh giá") and wants_result("Tải báo cáo tự đánh giá")
    assert not wants_result("tiếp tục tự đánh giá") and not wants_result("Tự đánh giá lại từ đầu")

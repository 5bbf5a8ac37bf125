"""Messages to the dossier checklist, as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.dossier.understanding import Reply, Wish, read_reply, read_season
from knowledge.dossier import checklist_on
from knowledge.dossier_files import read_dossier

LIST = checklist_on(read_dossier(), date(2026, 11, 22))


def read(text: str) -> Reply:
    return read_reply(text, LIST)


def changes(text: str) -> list[tuple[str, str]]:
    return [(str(wish), item.id) for wish, item in read(text).changes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xong giấy phép rồi", ["tick thanh-lap"]),
        ("gp kd có r", ["tick thanh-lap"]),
        ("mục 3 xong", ["tick nhom-nganh"]),
        ("Mục 4 xong", ["tick thanh-lap"]),
        ("mục 3, 5 và 7 xong", ["tick nhom-nganh", "tick hoat-dong", "tick phap-luat"]),
        ("3,4 xong", ["tick nhom-nganh", "tick thanh-lap"]),
        ("đã có báo cáo môi trường", ["tick cu-moi-truong"]),
        ("em chuẩn bị xong bản đăng ký rồi ạ", ["tick ban-dang-ky"]),
        ("em có đăng ký kinh doanh với hóa đơn rồi", ["tick thanh-lap", "tick san-pham-12"]),
        ("thuế bảo hiểm xong", ["tick cu-thue-bao-hiem"]),
        ("mục 8 không áp dụng", ["not_needed giai-truoc"]),
        ("mục 8 chưa xong", ["untick giai-truoc"]),
        ("bỏ đánh dấu mục 3", ["untick nhom-nganh"]),
        ("chưa có quan trắc", ["untick cu-moi-truong"]),
        (
            "xong giấy phép, iso xong, môi trường chưa có",
            ["tick thanh-lap", "tick cu-quan-ly-chat-luong", "untick cu-moi-truong"],
        ),
    ],
)
def test_ticking(text: str, expected: list[str]) -> None:
    assert [f"{wish} {item}" for wish, item in changes(text)] == expected


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("còn thiếu gì", Wish.MISSING),
        ("hồ sơ em còn thiếu gì?", Wish.MISSING),
        ("xem danh sách", Wish.SHOW),
        ("hồ sơ của tôi", Wish.SHOW),
        ("xuất file word", Wish.EXPORT),
        ("PDF", Wish.EXPORT),
        ("làm lại từ đầu", Wish.AFRESH),
        ("dừng", Wish.STOP),
        ("thôi", Wish.STOP),
    ],
)
def test_wishes_about_the_list(text: str, wish: Wish) -> None:
    assert read(text) == Reply(wish)


def test_what_fits_several_items_is_asked_back() -> None:
    reply = read("báo cáo xong rồi")
    assert (reply.wish, reply.changes) == (Wish.TICK, ())
    assert [one.id for one in reply.perhaps] == ["bao-cao-theo-mau", "cu-gioi-thieu", "cu-tu-danh-gia"]


def test_what_is_not_in_the_list_is_said() -> None:
    assert read("xong mục 30") == Reply(Wish.TICK, unknown=(30,))
    assert read("mục 0 xong").unknown == (0,)
    assert read("xong rồi") == Reply(Wish.TICK)


def test_everything_at_once() -> None:
    assert read("xong hết rồi").everything and read("đủ cả rồi").everything
    assert not read("mục 3 xong hết rồi").everything


def test_an_item_may_be_explained() -> None:
    assert changes("mục 1 là gì") == [("explain", "ban-dang-ky")]
    assert changes("giải thích mục 4") == [("explain", "thanh-lap")]


@pytest.mark.parametrize(
    "text",
    [
        "hồ sơ nộp ở đâu?",
        "có phải nộp ISO không",
        "có giấy phép chưa?",
        "bộ có mẫu chưa",
        "báo cáo tự đánh giá viết thế nào",
    ],
)
def test_questions_change_nothing(text: str) -> None:
    assert read(text) == Reply(question=True)


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    reply = read(text)
    assert len({item.id for _, item in reply.changes}) == len(reply.changes)


@given(
    st.sets(st.integers(1, 19), min_size=1, max_size=5).map(sorted), st.sampled_from(["mục {} xong", "xong mục {} rồi"])
)
def test_any_numbers_are_ticked_off(numbers: list[int], form: str) -> None:
    reply = read(form.format(", ".join(map(str, numbers))))
    assert [LIST.number(item) for _, item in reply.changes] == numbers
    assert {wish for wish, _ in reply.changes} == {Wish.TICK}


@pytest.mark.parametrize(
    ("text", "season"),
    [
        ("chuẩn bị hồ sơ cho năm 2027", 2027),
        ("hồ sơ mùa giải năm sau", 2027),
        ("hồ sơ năm nay", 2026),
        ("hồ sơ của tôi", None),
        ("giấy phép năm 1999", None),
    ],
)
def test_season(text: str, season: int | None) -> None:
    assert read_season(text, 2026) == season

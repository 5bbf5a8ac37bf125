"""Which day's law a question asks about."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.dates import compares_regimes, question_date, without_time
from knowledge.vietnamese import fold, nfc

TODAY, OLD_ENDED = date(2026, 11, 22), date(2026, 1, 22)


def _asked(text: str, today: date = TODAY) -> date | None:
    """The day that the question itself names, or None where today's law is meant."""
    found = question_date(text, today, OLD_ENDED)
    assert found.moved or found.day == today
    return found.day if found.moved else None


MOVED = [
    # a year
    ("năm 2023 điều kiện dự giải là gì", date(2023, 12, 31)),
    ("Điều kiện dự giải năm 2023?", date(2023, 12, 31)),
    ("kết quả giải năm 2019", date(2019, 12, 31)),
    ("năm 2025 hạn nộp khi nào", date(2025, 12, 31)),
    ("năm 1995 đã có giải chưa", date(1995, 12, 31)),
    ("in 2023 what were the award levels", date(2023, 12, 31)),
    ("hạng giải 2024", date(2024, 12, 31)),
    # before a year
    ("trước 2009 có giải này không", date(2008, 12, 31)),
    ("trước năm 2026 ai được dự giải", date(2025, 12, 31)),
    ("what were the conditions before 2026", date(2025, 12, 31)),
    # a month
    ("tháng 3/2022 điều kiện thế nào", date(2022, 3, 31)),
    ("tháng 3 năm 2022 điều kiện thế nào", date(2022, 3, 31)),
    ("3/2022 hạng giải gồm những gì", date(2022, 3, 31)),
    ("tháng 02/2024 quy định gì", date(2024, 2, 29)),
    # a day
    ("ngày 15/05/2025 quy định về hội đồng là gì", date(2025, 5, 15)),
    ("ngày 30/6/2026 ai quyết định tặng giải", date(2026, 6, 30)),
    ("ngày 22/01/2026 quy định ra sao", date(2026, 1, 22)),
    ("ngày 23-01-2026 quy định ra sao", date(2026, 1, 23)),
    # the old rules, without a year
    ("quy định cũ về hạng giải", OLD_ENDED),
    ("theo quy định cũ thì giải bạc bao nhiêu điểm", OLD_ENDED),
    ("quy định trước đây chia loại hình thế nào", OLD_ENDED),
    ("trước khi có nghị định 37 thì ai quyết định", OLD_ENDED),
    ("hồi trước điểm tối đa bao nhiêu", OLD_ENDED),
    ("under the old rules how many levels", OLD_ENDED),
    # last year
    ("năm ngoái thể lệ nộp hồ sơ ra sao", date(2025, 12, 31)),
    ("nam ngoai ho so gom may loai", date(2025, 12, 31)),
    # a year of the law beside one of the asker's own story
    ("theo quy định năm 2023 thành lập 2021 được dự không", date(2023, 12, 31)),
    ("nhận giải năm 2025, theo luật năm 2025 thì sao", date(2025, 12, 31)),
]

TODAYS = [
    "năm ngoái bên em đạt giải bạc, giờ thi lại được không",
    "năm ngoái ai nhận giải vàng",
    "các năm trước có bao nhiêu đơn vị dự",
    "điều kiện dự giải là gì",
    "",
    # the asker's own story
    "đạt giải vàng năm 2024 khi nào dự lại",
    "cty em đạt giải vàng 2024 thì bao giờ được dự tiếp",
    "công ty thành lập năm 2020 có được dự không",
    "doanh nghiệp hoạt động từ 2019 đủ điều kiện chưa",
    "sản phẩm ra mắt tháng 3/2024 được tính chưa",
    "được tặng giải bạc ngày 15/10/2025 có phải chờ không",
    "we won gold in 2023 when can we apply again",
    "founded in 2021, are we eligible",
    # then and now compared
    "nghị định 37 khác gì quy định cũ",
    "năm 2023 so với bây giờ khác nhau thế nào",
    "quy định năm 2024 thay đổi gì",
    "thông tư 27/2019 còn hiệu lực không",
    "quy định cũ còn áp dụng không",
    "what changed since 2025",
    # today, this year and what is to come
    "năm 2026 điều kiện là gì",
    "năm nay điều kiện là gì",
    "năm 2027 nộp hồ sơ khi nào",
    "năm 2030 có giải không",
    "tháng 12/2026 nộp được không",
    "ngày 22/11/2026 áp dụng luật nào",
    "ngày 01/01/2031 thì sao",
    # numbers that are no years
    "điều 25 nghị định 132/2008/NĐ-CP quy định gì",
    "thông tư 27/2019/TT-BKHCN quy định gì",
    "có ISO 9001:2015 thì được cộng điểm không",
    "doanh thu 2.000 tỷ có được ưu tiên không",
    "tổng 1000 điểm hay 2000,5 điểm",
    "gọi số 0982023456 được không",
    "ngày 5/13/2024",
]


@pytest.mark.parametrize(("text", "day"), MOVED)
def test_the_question_names_another_day(text: str, day: date) -> None:
    assert _asked(text) == day


@pytest.mark.parametrize(("text", "day"), MOVED)
def test_however_it_is_typed(text: str, day: date) -> None:
    assert _asked(fold(text)) == day
    assert _asked(text.upper()) == day
    assert _asked(nfc(unicodedata.normalize("NFD", text))) == day


@pytest.mark.parametrize("text", TODAYS)
def test_the_question_is_about_todays_law(text: str) -> None:
    assert _asked(text) is None
    assert _asked(fold(text)) is None


def test_a_day_that_does_not_exist_counts_as_its_month() -> None:
    assert _asked("ngày 31/02/2024 quy định gì") == date(2024, 2, 29)


def test_the_same_year_moves_once_it_is_over() -> None:
    text = "năm 2026 điều kiện là gì"
    assert _asked(text, date(2026, 12, 31)) is None
    assert _asked(text, date(2027, 1, 1)) == date(2026, 12, 31)


@given(st.text(max_size=100))
def test_no_text_breaks_it_and_no_day_lies_ahead(text: str) -> None:
    found = question_date(text, TODAY, OLD_ENDED)
    assert found.day <= TODAY
    assert found.moved == (found.day < TODAY)


@given(st.integers(1900, 2099), st.integers(0, 99), st.integers(0, 99), st.sampled_from("/-"))
def test_numbers_that_look_like_dates_never_break_it(year: int, month: int, day: int, mark: str) -> None:
    for text in (
        f"ngày {day}{mark}{month}{mark}{year}",
        f"tháng {month}{mark}{year}",
        f"trước năm {year}",
        f"năm {year}",
    ):
        assert question_date(text, TODAY, OLD_ENDED).day <= TODAY


@pytest.mark.parametrize(
    ("text", "compares"),
    [
        ("số điểm của giải vàng khác gì so với quy định cũ", True),
        ("so với các năm trước thì nơi nộp hồ sơ có đổi không", True),
        ("hội đồng trước và sau nghị định mới khác nhau ra sao", True),
        ("điều kiện trước và nay khác nhau chỗ nào", True),
        ("how do the levels differ from the old rules", True),
        ("giải vàng khác gì giải bạc", False),
        ("khác gì với giải của hiệp hội", False),
        ("quy định cũ về hạng giải", False),
    ],
)
def test_then_and_now(text: str, compares: bool) -> None:
    assert compares_regimes(text) is compares
    assert compares_regimes(fold(text)) is compares


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Năm 2021 hội đồng có bao nhiêu người?", "hội đồng có bao nhiêu người"),
        ("so với quy định cũ thì hạng giải khác gì", "hạng giải"),
        ("Theo Nghị định 132/2008/NĐ-CP thì ai trao giải", "ai trao giải"),
        ("theo thông tư 27/2019, hồ sơ có mấy bản", "hồ sơ có mấy bản"),
        ("hồ sơ có mấy bản", "hồ sơ có mấy bản"),
        ("năm 2019", "năm 2019"),
    ],
)
def test_words_of_time_are_taken_out(text: str, rule: str) -> None:
    assert without_time(text) == rule


@given(st.text(max_size=80))
def test_something_is_always_left(text: str) -> None:
    assert without_time(text) or not text.strip()

"""Answers drawn for chat apps: nothing is lost, every message is within the limit, the markup always holds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.answer import AnswerStatus, AttachmentKind
from bot.channels.rendering import CHOOSE, Drawing, Run, Style, cut, utf16_units
from bot.channels.telegram import keyboard
from bot.messages import AnswerMessage, AttachmentMessage, CitationMessage, SuggestionMessage
from fakes.telegram import shown
from knowledge.vietnamese import nfc

WORDS = st.lists(
    st.sampled_from(
        ["giải", "thưởng.", "<b>", "a&b", "«Điều 5»;", "x" * 70, "🏆", "1.000,5", "\n", "\n\n", "mốc!", "e\u0301"]
    ),
    max_size=80,
)
TEXTS = st.one_of(WORDS.map(" ".join), st.text(max_size=300))
RUNS = st.lists(
    st.builds(Run, TEXTS, st.sampled_from(list(Style)), st.sampled_from(["", 'https://a.vn/?x="1"&y=<2>'])), max_size=6
)


def _letters(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(RUNS, st.integers(40, 200), st.sampled_from([len, utf16_units]))
def test_nothing_is_lost_and_every_message_fits(runs: list[Run], limit: int, length: Callable[[str], int]) -> None:
    messages = cut(runs, limit, length)
    texts = ["".join(run.text for run in one) for one in messages]
    assert all(0 < length(text) <= limit and text.strip() for text in texts)
    if len(messages) > 2:
        assert [text.split(" ", 1)[0] for text in texts] == [f"({at}/{len(texts)})" for at in range(1, len(texts) + 1)]
        texts = [text.split(" ", 1)[1] for text in texts]
    assert _letters("".join(texts)) == _letters("".join(run.text for run in runs))


@given(RUNS, st.integers(40, 200))
def test_markup_is_closed_in_every_message_and_shows_the_text(runs: list[Run], limit: int) -> None:
    for message in cut(runs, limit):
        plain = "".join(run.text for run in message)
        if "\r" in plain or "\x00" in plain:
            continue  # the test's parser reads these otherwise
        assert shown("".join(run.html for run in message)) == plain


@given(TEXTS, st.lists(TEXTS.filter(str.strip), max_size=3), st.lists(TEXTS.filter(str.strip), max_size=12))
def test_an_answer_arrives_whole_in_an_app_without_buttons(text: str, notices: list[str], titles: list[str]) -> None:
    suggestions = tuple(SuggestionMessage(title=one, payload=one) for one in titles)
    answer = AnswerMessage(
        status=AnswerStatus.ANSWERED, text=text, as_of="", notices=tuple(notices), suggestions=suggestions
    )
    parts = Drawing(2000, most_buttons=0).draw(answer)
    said = "".join(re.sub(r"^\(\d+/\d+\) ", "", part.plain) if len(parts) > 2 else part.plain for part in parts)
    choices = [f"{number}. {one}" for number, one in enumerate(titles, 1)] + ([CHOOSE["vi"]] if titles else [])
    assert _letters(said) == _letters(nfc("".join([text, *notices, *choices])))
    assert all(not part.buttons and len(part.plain) <= 2000 for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "found"),
    [
        ("Một đoạn ngắn.\n\nĐoạn hai dài hơn.", 24, ["Một đoạn ngắn.", "Đoạn hai dài hơn."]),
        ("dòng một\ndòng hai", 12, ["dòng một", "dòng hai"]),
        ("Câu một. Câu hai.", 12, ["Câu một.", "Câu hai."]),
        ("chữ này và chữ kia", 12, ["chữ này và", "chữ kia"]),
        ("abcdefghij", 6, ["abcdef", "ghij"]),
    ],
)
def test_a_text_is_cut_where_it_reads_best(text: str, limit: int, found: list[str]) -> None:
    assert ["".join(run.text for run in one) for one in cut([Run(text)], limit)] == found


def test_two_thousand_and_one_characters_are_two_messages() -> None:
    assert len(Drawing(2000).draw(_answer("a" * 2001))) == 2
    assert len(Drawing(2000).draw(_answer("a" * 2000))) == 1


def _answer(text: str, **more: object) -> AnswerMessage:
    return AnswerMessage.model_validate({"status": "answered", "text": text, "as_of": "2026-11-22", **more})


CITATION = CitationMessage(
    id="a", label="Điều 5 khoản 1", quote="", quote_kind="official", period="", url="/van-ban/X#5.1"
)


def test_sources_are_links_where_the_server_has_an_address() -> None:
    answer = _answer("Có.", citations=[CITATION.model_dump(), CITATION.model_dump()])
    (part,) = Drawing(4096, links=True, base="https://award.example/").draw(answer)
    link = '<a href="https://award.example/van-ban/X#5.1">Điều 5 khoản 1</a>'
    assert part.html == f"Có.\n\nCăn cứ: {link}; {link}."
    (plain,) = Drawing(4096, links=True).draw(answer)
    assert plain.html == "Có.\n\nCăn cứ: Điều 5 khoản 1; Điều 5 khoản 1."


def test_an_officer_is_named() -> None:
    (part,) = Drawing(4096).draw(_answer("Chào bạn", author="officer"))
    assert part.html == "<b>Cán bộ phụ trách: </b>Chào bạn"


FILE = AttachmentMessage(kind=AttachmentKind.FILE, url="/tep/abc", title="Báo cáo", media_type="application/pdf")


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        (Drawing(2000, base="https://a.vn"), "Xong\n\nBáo cáo: https://a.vn/tep/abc"),
        (Drawing(2000, base="https://a.vn", pictures=True), "Xong\n\nBáo cáo: https://a.vn/tep/abc"),
        (Drawing(2000), "Xong\n\n«Báo cáo»: kênh này chưa gửi được tệp."),
    ],
)
def test_files_are_named_where_they_can_not_be_sent(drawing: Drawing, said: str) -> None:
    (part,) = drawing.draw(_answer("Xong", attachments=[FILE.model_dump()]))
    assert part.plain == said


def test_files_that_can_be_sent_stand_before_the_last_text() -> None:
    file, text = Drawing(2000, uploads=True).draw(_answer("Xong", attachments=[FILE.model_dump()]))
    assert (file.attachment, text.plain) == (FILE, "Xong")


@given(st.lists(st.tuples(TEXTS.filter(str.strip), TEXTS), max_size=100), st.integers(1, 2**31 - 1))
def test_no_button_carries_more_than_telegram_takes(buttons: list[tuple[str, str]], message: int) -> None:
    suggestions = [{"title": title, "payload": payload} for title, payload in buttons]
    (part,) = Drawing(4096).draw(_answer("x", suggestions=suggestions, turn="a" * 22), message)
    markup = keyboard(part)
    assert markup is not None
    data = [str(one.callback_data) for row in markup.inline_keyboard for one in row]
    assert len(data) == len(buttons) + 2 and len(set(data)) == len(data)
    assert all(1 <= len(one.encode()) <= 64 for one in data)

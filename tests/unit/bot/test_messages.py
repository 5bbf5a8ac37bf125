"""What comes back through Rasa, and what is too long to be sent."""

from __future__ import annotations

import unicodedata

import pytest
from pydantic import ValidationError

from actions.answer import AnswerStatus
from actions.sentences import TOO_LONG
from bot.messages import MAX_CHARACTERS, AnswerMessage, read_reply, too_long
from fake_dialogue import answer_record


def test_the_answer_is_found_among_the_messages() -> None:
    reply = read_reply([{"text": "Rasa's own"}, {"custom": answer_record("đáp")}])
    assert (reply.text, reply.status) == ("đáp", AnswerStatus.ANSWERED)


def test_rasas_own_text_counts_as_small_talk() -> None:
    reply = read_reply([{"text": "một"}, {"image": "x"}, {"text": "hai"}])
    assert (reply.text, reply.status, reply.as_of) == ("một\n\nhai", AnswerStatus.SMALL_TALK, "")


def test_keys_of_forms_are_carried_on() -> None:
    reply = read_reply(
        [{"custom": answer_record("Bạn hoạt động từ khi nào?", status="form", requested_slot="operating")}]
    )
    assert reply.model_dump(mode="json")["requested_slot"] == "operating"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"status": "answered"},
        answer_record("x", status="wonderful"),
        answer_record("x", citations=[{"id": "a"}]),
        "x",
    ],
)
def test_what_is_no_answer_is_refused(record: object) -> None:
    with pytest.raises(ValidationError):
        read_reply([{"custom": record}])


def test_notices_are_part_of_the_full_text() -> None:
    assert (
        AnswerMessage(status=AnswerStatus.ANSWERED, text="a", as_of="", notices=("b", "c")).full_text == "a\n\nb\n\nc"
    )


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", False),
        ("đ" * MAX_CHARACTERS, False),
        ("đ" * (MAX_CHARACTERS + 1), True),
        (unicodedata.normalize("NFD", "ề" * MAX_CHARACTERS), False),  # three code points each, one letter
        (unicodedata.normalize("NFD", "ề" * (MAX_CHARACTERS + 1)), True),
    ],
)
def test_length_is_counted_in_letters(text: str, refused: bool) -> None:
    assert too_long(text) == (TOO_LONG if refused else None)

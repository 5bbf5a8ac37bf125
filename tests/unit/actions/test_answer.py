"""The form in which an answer travels through Rasa."""

from __future__ import annotations

import json
from datetime import date

import pytest

from actions.answer import Answer, AnswerStatus, CitedProvision, Language, Suggestion
from bot.messages import AnswerMessage

CITED = CitedProvision("ND37-2026:59.1", "khoản 1 Điều 59", "Tóm tắt.", "summary", "từ 23/01/2026", "https://x.example")


@pytest.mark.parametrize("status", AnswerStatus)
def test_every_answer_arrives_as_it_was_sent(status: AnswerStatus) -> None:
    answer = Answer(
        status,
        "Câu trả lời.",
        date(2026, 11, 22),
        (CITED,),
        (Suggestion("Hỏi", "hỏi"),),
        ("Lưu ý.",),
        Language.ENGLISH,
        "x",
        0.98765,
    )
    record = json.loads(json.dumps(answer.to_json(), ensure_ascii=False))
    message = AnswerMessage.model_validate(record)
    assert (message.status, message.text, message.as_of, message.language) == (
        status,
        "Câu trả lời.",
        "2026-11-22",
        "en",
    )
    assert message.citations[0].model_dump() == {
        "id": "ND37-2026:59.1",
        "label": "khoản 1 Điều 59",
        "quote": "Tóm tắt.",
        "quote_kind": "summary",
        "period": "từ 23/01/2026",
        "url": "https://x.example",
    }
    assert message.suggestions[0].payload == "hỏi"
    assert message.full_text == "Câu trả lời.\n\nLegal basis: khoản 1 Điều 59.\n\nLưu ý."
    assert record["evidence"] == 0.9877


def test_the_question_reaches_no_channel() -> None:
    """It is kept in a slot and with the person's rating; nobody who draws an answer needs it."""
    record = Answer(AnswerStatus.ANSWERED, "x", date(2026, 1, 1), question="bí mật").to_json()
    message = AnswerMessage.model_validate(record)
    assert message.trace.query == "bí mật"
    assert "bí mật" not in message.model_dump_json()

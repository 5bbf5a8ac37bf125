"""Every conversation of tests/dialogues/ with the real server; the driver answers whatever is asked."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from dialogues import Dialogue, Driver, names, read_dialogues
from running_server import RunningServer

DIALOGUES = read_dialogues()


def test_there_are_enough_of_them() -> None:
    assert len(DIALOGUES) >= 40


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=names(DIALOGUES))
def test_a_dialogue_goes_as_it_should(award_server: RunningServer, dialogue: Dialogue) -> None:
    sender = uuid.uuid4().hex
    driver = Driver(lambda text: award_server.ask(text, sender))
    problems = driver.run(dialogue)
    assert problems == [], "\n" + "\n".join([*driver.transcript, *problems])


SCRIPT: dict[str, dict[str, Any]] = {
    "bắt đầu": {"text": "Đủ bao lâu?", "custom": {"status": "form", "requested_slot": "operating"}},
    "3 năm": {"text": "Đủ điều kiện.", "custom": {"status": "answered", "verdict": "eligible"}},
}


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([{"say": "bắt đầu", "slot": "legal"}], "asks for operating instead of legal"),
        ([{"say": "bắt đầu"}, {"fill": {"legal": "có"}, "until": "verdict"}], "asked for operating"),
        ([{"say": "3 năm", "verdict": "unknown"}], "verdict is eligible"),
        ([{"say": "3 năm", "has": ["Chưa"]}], "«Chưa» is missing"),
        ([{"say": "3 năm", "lacks": ["đủ"]}], "«đủ» is there"),
        ([{"say": "3 năm", "cites": ["ND37-2026:59.1"]}], "is not cited"),
        ([{"say": "3 năm", "status": ["form", "unknown"]}], "status is answered"),
        ([{"say": "3 năm", "slot": "none", "verdict": "eligible", "has": ["đủ"]}], None),
        ([{"say": "bắt đầu"}, {"fill": {"other": "3 năm"}, "until": "verdict", "verdict": "eligible"}], None),
    ],
)
def test_the_driver_sees_what_is_wrong(steps: list[dict[str, Any]], problem: str | None) -> None:
    driver = Driver(lambda text: SCRIPT[text])
    found = driver.run(Dialogue.model_validate({"id": "own", "steps": steps}))
    assert [problem in one for one in found] == [True] if problem else found == []

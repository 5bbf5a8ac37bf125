"""A turn stands on one publication from its first action to its last."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from actions.answer import Answer, AnswerStatus, Query
from actions.answering import Answerer
from actions.cached_answerer import asked_in_turn
from bot.publication import Served
from bot.turns import METADATA, OpenTurns, running_turn
from knowledge.publications import Current, Reason

DAY = date(2026, 11, 22)


def served(number: int) -> Served:
    return Served(
        Current(number, number, datetime.now(UTC), "", Reason.PUBLISHED), cast(Answerer, f"answerer {number}")
    )


def call(name: str | None) -> dict[str, Any]:
    return {"tracker": {"latest_message": {"metadata": {METADATA: name}}}}


def _number() -> int:
    turn = running_turn()
    assert turn is not None and turn.served is not None
    return turn.served.number


def test_all_actions_of_a_turn_see_the_publication_that_it_began_on() -> None:
    now = [served(1)]
    turns = OpenTurns(lambda: now[0])
    with turns.turn() as turn:
        with turns.action(call(turn.name)):
            assert _number() == 1
        now[0] = served(2)
        with turns.action(call(turn.name)):
            assert _number() == 1
        with turns.turn() as other, turns.action(call(other.name)):
            assert _number() == 2
    assert running_turn() is None


@pytest.mark.parametrize(
    "stray", [{}, {"tracker": None}, {"tracker": {"latest_message": {}}}, call(None), call("gone")]
)
def test_a_call_of_no_turn_is_one_of_its_own(stray: dict[str, Any]) -> None:
    turns = OpenTurns(lambda: served(3))
    with turns.action(stray):
        assert _number() == 3
    assert running_turn() is None


def test_a_turn_that_began_before_the_knowledge_was_open_takes_it_when_it_is() -> None:
    now: list[Served | None] = [None]
    turns = OpenTurns(lambda: now[0])
    with turns.turn() as turn:
        with turns.action(call(turn.name)):
            here = running_turn()
            assert here is not None and here.served is None
        now[0] = served(1)
        with turns.action(call(turn.name)):
            assert _number() == 1
        assert turn.served is not None and turn.served.number == 1


@pytest.mark.anyio
async def test_turns_side_by_side_do_not_mix_and_threads_belong_to_theirs() -> None:
    now = [served(1)]
    turns = OpenTurns(lambda: now[0])
    answer = Answer(AnswerStatus.UNKNOWN, "", DAY)

    def ask(text: str) -> int:
        heard = asked_in_turn.get()
        assert heard is not None
        heard.append((Query(text, DAY), answer))
        return _number()

    async def talk(number: int) -> tuple[list[int], list[str]]:
        now[0] = served(number)
        with turns.turn() as turn:
            seen = []
            for step in range(3):
                with turns.action(call(turn.name)):
                    seen.append(await asyncio.to_thread(ask, f"{number}.{step}"))
                await asyncio.sleep(0)
            return seen, [query.text for query, _ in turn.asked]

    talks = await asyncio.gather(*(talk(number) for number in range(1, 9)))
    assert talks == [([n] * 3, [f"{n}.{step}" for step in range(3)]) for n in range(1, 9)]
    assert asked_in_turn.get() is None

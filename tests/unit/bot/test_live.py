"""Live events inside one process: nobody waits for a slow stream."""

from __future__ import annotations

import asyncio

import pytest

from bot.live import QUEUE_LENGTH, LiveEvent, LiveEvents

pytestmark = pytest.mark.anyio


def _event(seq: int) -> LiveEvent:
    return LiveEvent("message", {"seq": seq}, seq)


async def test_every_stream_of_the_conversation_hears_and_no_other() -> None:
    live = LiveEvents()
    with live.subscribe("a") as first, live.subscribe("a") as second, live.subscribe("b") as other:
        live.publish("a", _event(1))
        assert (first.get_nowait(), second.get_nowait()) == (_event(1), _event(1))
        assert other.empty()
    live.publish("a", _event(2))  # nobody listens: no error, nothing kept
    assert live._streams == {}


async def test_a_slow_stream_is_ended_and_the_others_go_on() -> None:
    live = LiveEvents()
    with live.subscribe("a") as slow:
        for seq in range(QUEUE_LENGTH + 1):
            live.publish("a", _event(seq))
        with live.subscribe("a") as quick:
            live.publish("a", _event(999))
            assert quick.get_nowait() == _event(999)
        heard = [slow.get_nowait() for _ in range(slow.qsize())]
    assert None in heard, "the end of the stream, from where the client resumes by its cursor"


async def test_close_ends_every_stream() -> None:
    live = LiveEvents()
    with live.subscribe("a") as one, live.subscribe("b") as two:
        live.close()
        assert [await asyncio.wait_for(queue.get(), 1) for queue in (one, two)] == [None, None]

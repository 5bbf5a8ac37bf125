"""What the actions of a running chat server work with.

Rasa's action executor makes action objects with no arguments, so they find the answerer here; `create_app` (or a test) puts it in
place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from actions.answering import Answerer


@dataclass(frozen=True, slots=True)
class Runtime:
    """`answerer` is asked for each turn, so that a newly published index is used from the next turn on."""

    answerer: Callable[[], Answerer]
    today: Callable[[], date]
    small_talk_threshold: float
    contact: str = ""


_current: list[Runtime] = []


def install(runtime: Runtime) -> None:
    _current[:] = [runtime]


def current() -> Runtime:
    """Raises LookupError where nothing was installed."""
    if not _current:
        raise LookupError("no runtime is installed; create_app does it")
    return _current[0]

"""Stages of a turn, told to whoever watches (bot/metrics.py): where the time of an answer goes.

A stage costs a clock reading where nobody watches. It lies in the lowest room, so that every room may name its stages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Observer = Callable[[str, float], None]

_observers: list[Observer] = []


def observe_stages(observer: Observer) -> None:
    """`observer` gets the name and the seconds of every stage that ends, also of one that fails; from any thread."""
    if observer not in _observers:
        _observers.append(observer)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """What runs inside is one stage."""
    started = time.perf_counter()
    try:
        yield
    finally:
        spent = time.perf_counter() - started
        for observer in _observers:
            observer(name, spent)


def timed(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Each call of the function is one stage."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*given: P.args, **named: P.kwargs) -> R:
            with stage(name):
                return function(*given, **named)

        return call

    return decorate

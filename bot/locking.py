"""One process at a time: a lock that the system gives back when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ChannelError


@contextmanager
def single_instance(path: str | Path, problem: str) -> Iterator[None]:
    """Raises ChannelError with `problem` where another process holds the lock."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with Path(path).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ChannelError(problem) from None
        yield

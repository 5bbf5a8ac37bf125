"""A process killed at any moment of import, acceptance and publishing leaves all of a step or nothing, and the publication answers."""

from __future__ import annotations

from pathlib import Path

from killing import ROUNDS, Killer, check_whole

KILLS = 12  # `python -m benchmarks.publications --kills 50` takes more


def test_killed_at_any_moment_nothing_is_there_by_half(tmp_path: Path) -> None:
    with Killer(tmp_path) as killer:
        for _ in range(KILLS):
            killer.kill_once()
            check_whole(killer.folder)
        assert killer.phases.total() == KILLS
        killer.finish()
        assert check_whole(killer.folder) == ROUNDS

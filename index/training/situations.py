"""Situations as people tell them, long and beside the point: all ours, and which entry answers is not said.

The FAQ's wordings are short; measured by them alone, a story of four lines looks like no question of ours.
"""

from __future__ import annotations

from pathlib import Path

IN_SCOPE = Path(__file__).parent / "in_scope.txt"


def read_situations() -> list[str]:
    """One a line."""
    return [line.strip() for line in IN_SCOPE.read_text(encoding="utf-8").splitlines() if line.strip()]

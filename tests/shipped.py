"""Where things lie, and the content that the repository ships."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.setup import read_corpus
from knowledge.corpus import Corpus

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
TODAY = date(2026, 11, 22)


@cache
def shipped_corpus() -> Corpus:
    """The files of knowledge/data/, read once a run."""
    return read_corpus()


def shared_file(*parts: str) -> Path:
    """A file of the project's shared folder; the test is skipped where there is none beside the checkout."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no {'/'.join(parts)} in a folder named shared beside the checkout")
    return path


def shared_facts() -> list[dict[str, Any]]:
    lines = shared_file("knowledge", "facts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def shared_fact_ids() -> frozenset[str]:
    """Every id of FACTS.md: facts (F3.2), contradictions (MT4) and what is not known (CB7)."""
    text = shared_file("knowledge", "FACTS.md").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^\| ((?:F\d+\.|MT|CB)\d+) \|", text, re.MULTILINE))

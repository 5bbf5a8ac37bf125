"""Gaps and repeats in the numbers of articles, clauses and points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from knowledge.importing.markers import POINT_LETTERS
from knowledge.importing.proposal import Level
from knowledge.importing.report import Code, Finding, Severity
from knowledge.importing.structure import Draft, Structure

_PARTS = re.compile(r"(\d+)([a-zđ]?)")
_LETTERS = " " + "abcdđefghijklmnopqrstuvwxyz"


def numbering_findings(structure: Structure) -> Iterator[Finding]:
    """Gaps that no «[…]» explains, and numbers that occur twice."""
    yield from _duplicates(structure)
    yield from _gaps(structure.of_level(Level.ARTICLE), first_matters=False)
    below = _by_parent(structure)
    for parent in structure.drafts:
        for level in (Level.CLAUSE, Level.POINT):
            yield from _gaps([one for one in below.get(id(parent), []) if one.level == level], first_matters=True)


def _by_parent(structure: Structure) -> dict[int, list[Draft]]:
    found: dict[int, list[Draft]] = {}
    for one in structure.drafts:
        found.setdefault(id(one.parent), []).append(one)
    return found


def _duplicates(structure: Structure) -> Iterator[Finding]:
    for draft in structure.drafts:
        if draft.occurrence > 1 and not (draft.parent and draft.parent.occurrence == draft.occurrence):
            sentence = "Số này xuất hiện hai lần: người nhập phải chọn bản đúng, hệ thống không tự chọn."
            yield Finding(Code.DUPLICATE_NUMBER, Severity.REFUSE, label(draft), sentence)


def _gaps(drafts: list[Draft], first_matters: bool) -> Iterator[Finding]:
    if first_matters and drafts and _order(drafts[0]) > (1, 0) and not drafts[0].after_omission:
        yield _gap(f"{label(drafts[0])}", "Số đầu tiên không phải là số một")
    for before, after in pairwise(drafts):
        if before.occurrence != after.occurrence or before.id == after.id or after.after_omission:
            continue
        if not _follows(before, after):
            yield _gap(f"{label(before)} → {label(after)}", "Số nhảy cóc hoặc đảo thứ tự")


def _gap(where: str, what: str) -> Finding:
    return Finding(
        Code.NUMBERING_GAP, Severity.WARNING, where, f"{what}: hãy so với bản chính thức xem có thiếu không."
    )


def _follows(before: Draft, after: Draft) -> bool:
    number, letter = _order(before)
    return _order(after) in ((number + 1, 0), (number, letter + 1))


def _order(draft: Draft) -> tuple[int, int]:
    if draft.level == Level.POINT:
        return POINT_LETTERS.find(draft.id.point) + 1, 0
    match = _PARTS.fullmatch(draft.id.clause if draft.level == Level.CLAUSE else draft.id.article)
    return (int(match[1]), max(_LETTERS.find(match[2]), 0) if match[2] else 0) if match else (0, 0)


def label(draft: Draft) -> str:
    """«điểm b khoản 1 Điều 57»."""
    return draft.id.label("").strip()

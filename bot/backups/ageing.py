"""Which backups are kept: the newest of each of the last days, weeks and months that have one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.backups.archive import ENCRYPTED, SUFFIX

_NAME = re.compile(rf"award-(\d{{8}}T\d{{6}}Z){re.escape(SUFFIX)}(?:{re.escape(ENCRYPTED)})?")
_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Rule:
    """How many days, weeks and months with a backup keep their newest one."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


def dated_name(moment: datetime, encrypted: bool) -> str:
    """`award-20261122T083000Z.tar.gz`; names in order are times in order."""
    return f"award-{moment.astimezone(UTC):{_TIME}}{SUFFIX}{ENCRYPTED if encrypted else ''}"


def kept(moments: Iterable[datetime], rule: Rule) -> set[datetime]:
    """The moments that stay. The newest always does, whatever the rule and the clock say."""
    ordered = sorted(set(moments), reverse=True)
    stays = set(ordered[:1])
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (rule.daily, lambda moment: moment.date()),
        (rule.weekly, lambda moment: tuple(moment.isocalendar())[:2]),
        (rule.monthly, lambda moment: (moment.year, moment.month)),
    )
    for count, period in periods:
        newest: dict[object, datetime] = {}
        for moment in ordered:
            newest.setdefault(period(moment), moment)
        stays.update(list(newest.values())[:count])
    return stays


def newest_backup(folder: Path) -> datetime | None:
    """When the newest dated backup of a folder was taken."""
    return max(_dated(folder).values(), default=None) if folder.is_dir() else None


def _dated(folder: Path) -> dict[Path, datetime]:
    names = ((path, _NAME.fullmatch(path.name)) for path in folder.iterdir())
    return {path: datetime.strptime(found[1], _TIME).replace(tzinfo=UTC) for path, found in names if found}


def age_out(folder: Path, rule: Rule) -> list[Path]:
    """Delete the dated backups of a folder that the rule does not keep; what has another name is never touched."""
    dated = _dated(folder)
    stays = kept(dated.values(), rule)
    gone = sorted(path for path, moment in dated.items() if moment not in stays)
    for path in gone:
        path.unlink()
    return gone

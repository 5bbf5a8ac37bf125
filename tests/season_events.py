"""Season events for tests; none of them is real."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from knowledge.calendar import EventKind, EventState, SeasonEvent
from knowledge.documents import Confidence

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def event(identity: str = "2027-nop-ho-so", **changes: Any) -> SeasonEvent:
    """A day on which dossiers are due, unless told otherwise."""
    values: dict[str, Any] = {
        "season": 2027,
        "kind": EventKind.DOSSIER,
        "title": "Hạn nộp hồ sơ",
        "start": date(2027, 3, 10),
        "basis": "Thông báo thử nghiệm",
    }
    return SeasonEvent(id=identity, **{**values, **changes})


_LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=120
).filter(lambda text: text.strip() == text and text.isprintable())


@st.composite
def events(draw: st.DrawFn) -> SeasonEvent:
    """Any event that `check` lets through."""
    start = draw(st.dates(date(2024, 1, 1), date(2035, 1, 1)))
    days = draw(st.integers(0, 60))
    by_month = draw(st.booleans())
    times = None if by_month else draw(st.none() | st.tuples(*[st.times().map(_to_the_minute)] * 2))
    if by_month:
        start = start.replace(day=1)
    end = draw(st.sampled_from([None, start + timedelta(days=days)]))
    if by_month:
        end = ((end or start).replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    state = draw(st.sampled_from(EventState))
    begin, finish = times or (None, None)
    if begin and finish and (end or start) == start and finish <= begin:
        finish = None
    return SeasonEvent(
        id=draw(st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}\Z")),
        season=draw(st.integers(1996, 2100)),
        kind=draw(st.sampled_from(EventKind)),
        title=draw(_LINE),
        start=start,
        end=end,
        start_time=begin,
        end_time=finish,
        by_month=by_month,
        province=draw(st.none() | st.sampled_from(["Tây Ninh", "Thừa Thiên; Huế, cũ"])),
        basis=draw(_LINE),
        source=draw(st.none() | st.just("https://example.vn/a,b;c?d=1&e=2")),
        confidence=draw(st.sampled_from(Confidence)),
        state=state,
        note=draw(st.none() | _LINE),
        moved_from=start - timedelta(days=3) if state is EventState.MOVED else None,
        sequence=draw(st.integers(0, 99)),
        modified=draw(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))),
    )


def _to_the_minute(value: time) -> time:
    return value.replace(second=0, microsecond=0)

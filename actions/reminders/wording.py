"""What is said about reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from actions.answer import Answer, AnswerStatus, Attachment, Suggestion
from actions.reminders.planning import day_of, is_late, matches, next_moment
from actions.reminders.request import MOST_DAYS, Unmet
from actions.reminders.store import MOST_REMINDERS, Reminder
from actions.season import FILE, event_words
from knowledge.calendar import DEADLINES, VIETNAM, EventKind, EventState, SeasonEvent
from knowledge.calendar_store import TrackedEvent

SHOW, CANCEL, CANCEL_ALL = "Em đang có nhắc gì?", "Huỷ nhắc", "Huỷ tất cả lời nhắc"
ONE_WEEK, WHEN_PUBLISHED = "Nhắc tôi trước hạn 7 ngày", "Nhắc tôi khi có lịch"
CALENDAR = "Lịch giải thưởng năm nay thế nào?"
_KINDS = {
    EventKind.REGISTRATION: "đăng ký",
    EventKind.DOSSIER: "nộp hồ sơ",
    EventKind.ASSESSMENT: "đánh giá, sơ tuyển",
    EventKind.CEREMONY: "lễ trao giải",
    EventKind.OTHER: "mốc khác",
}
NOTHING_YET = (
    "Hiện lịch chưa có ngày nào như vậy được công bố. Khi có ngày, khi ngày dời hoặc bị huỷ, mình nhắn bạn ngay tại đây. "
    "Ngày chính thức theo thông báo trên giaithuong.org.vn và của Sở Khoa học và Công nghệ."
)
NO_PUSH = (
    "Kênh này chỉ trả lời khi bạn hỏi, mình không chủ động nhắn trước được nên chưa đặt lời nhắc. Bạn thêm tệp lịch .ics "
    "(/lich/gtclqg.ics) vào lịch điện thoại hay máy tính để được báo, hoặc đặt nhắc ở trang trò chuyện."
)
NONE_KEPT = "Bạn chưa đặt lời nhắc nào. Mình có thể nhắc trước hạn vài ngày, hoặc báo khi có lịch."
TOO_MANY = f"Bạn đã có {MOST_REMINDERS} lời nhắc, là nhiều nhất rồi. Bạn huỷ bớt lời nhắc không cần nữa giúp mình nhé."
UNMET = {
    Unmet.OWN_DAY: "Mình chỉ nhắc theo lịch của giải (trước hạn mấy ngày, hoặc khi có lịch), chưa nhắc theo ngày bạn tự chọn.",
    Unmet.HOURS: "Mình nhắc theo ngày, không theo giờ.",
    Unmet.TOO_EARLY: f"Mình nhắc trước nhiều nhất {MOST_DAYS} ngày.",
}
WEB_ONLY = "Lời nhắc hiện trong cuộc trò chuyện này khi bạn mở trang; để điện thoại tự báo, bạn thêm lịch /lich nhé."
WHICH = "Bạn muốn huỷ lời nhắc nào?"


def about(kinds: Sequence[EventKind], days: int | None) -> str:
    """«trước hạn nộp hồ sơ 7 ngày», «khi có ngày mới, ngày dời hoặc bị huỷ (lễ trao giải)»."""
    if days is None:
        scope = f" ({', '.join(_KINDS[one] for one in kinds)})" if kinds else ""
        return f"khi có ngày mới, ngày dời hoặc bị huỷ{scope}"
    if not kinds:
        what = "mỗi mốc của lịch"
    elif set(kinds) <= set(DEADLINES):
        what = f"hạn {', '.join(_KINDS[one] for one in kinds)}"
    else:
        what = ", ".join(_KINDS[one] for one in kinds)
    return f"trước {what} {days} ngày" if days else f"đúng ngày {what.removeprefix('mỗi ')}"


def confirmed(
    reminders: Sequence[Reminder], events: Sequence[TrackedEvent], now: datetime, hour: time, web: bool
) -> Answer:
    """What was kept, when it will be said, and what stands in the calendar now."""
    kinds = reminders[0].kinds
    kept = "; ".join(about(one.kinds, one.days_before) for one in reminders)
    days = any(one.days_before is not None for one in reminders)
    lines = [f"Mình đã ghi: nhắc bạn {kept}{f', lúc {hour:%H:%M}' if days else ''}, ngay trong cuộc trò chuyện này."]
    coming = [one for one in events if matches(kinds, one.event) and one.event.state is not EventState.CANCELLED]
    for tracked in coming:
        moments = {next_moment(tracked, one.days_before, one.created, now, hour) for one in reminders}
        lines.append(_promise(tracked.event, sorted(one for one in moments if one)))
    lines.append(_today(now) if coming else NOTHING_YET)
    if coming:
        lines.append("Ngày nào dời hoặc bị huỷ, mình cũng báo bạn.")
    notices = (WEB_ONLY,) if web else ()
    return _answer("\n".join(lines), now, (SHOW, CANCEL), notices)


def listed(reminders: Sequence[Reminder], events: Sequence[TrackedEvent], now: datetime, hour: time) -> Answer:
    """Every reminder with its number and what it will say next."""
    if not reminders:
        return _answer(NONE_KEPT, now, (ONE_WEEK, WHEN_PUBLISHED))
    lines = ["Bạn đang có:"]
    for number, one in enumerate(reminders, 1):
        lines.append(f"{number}. Nhắc {about(one.kinds, one.days_before)}.")
        for tracked in events:
            moment = next_moment(tracked, one.days_before, one.created, now, hour)
            if moment and matches(one.kinds, tracked.event):
                lines.append(f"   {moment:%H:%M} ngày {moment:%d/%m/%Y}: {tracked.event.title}")
    if not any(matches(one.kinds, tracked.event) for one in reminders for tracked in events):
        lines.append("Lịch hiện chưa có ngày nào; khi có, mình báo bạn.")
    lines.append(_today(now))
    return _answer("\n".join(lines), now, (CANCEL, CALENDAR))


def cancelled(gone: Sequence[Reminder], left: int, now: datetime) -> Answer:
    """Which are gone, and how many are left."""
    said = "; ".join(about(one.kinds, one.days_before) for one in gone)
    rest = f"Bạn còn {left} lời nhắc." if left else "Bạn không còn lời nhắc nào."
    return _answer(f"Mình đã huỷ: nhắc {said}. {rest}", now, (SHOW,) if left else (ONE_WEEK,))


def which(reminders: Sequence[Reminder], now: datetime) -> Answer:
    """Asks back which one to cancel."""
    lines = [WHICH, *(f"{at}. Nhắc {about(one.kinds, one.days_before)}" for at, one in enumerate(reminders, 1))]
    choices = (*(f"Huỷ nhắc số {at}" for at in range(1, len(reminders) + 1)), CANCEL_ALL)
    return _answer("\n".join(lines), now, choices, status=AnswerStatus.CLARIFY)


def unmet(reason: Unmet, now: datetime) -> Answer:
    """What is not offered, and what is."""
    return _answer(UNMET[reason], now, (ONE_WEEK, WHEN_PUBLISHED), status=AnswerStatus.CLARIFY)


def too_many(now: datetime) -> Answer:
    return _answer(TOO_MANY, now, (SHOW, CANCEL))


def no_push(now: datetime) -> Answer:
    """For channels that can't be written to first."""
    return _answer(NO_PUSH, now, (CALENDAR,), attachments=(FILE,))


def reminder(event: SeasonEvent, due: datetime, now: datetime) -> Answer:
    """What is said when the day comes near; late ones say so."""
    day, today = day_of(event), now.astimezone(VIETNAM).date()
    left = (day - today).days
    late = is_late(due, now)
    if left < 0:
        head = "Mình xin lỗi, lời nhắc này đến muộn vì hệ thống bị gián đoạn, ngày cần nhắc đã qua:"
        tail = "Nếu chưa kịp làm, bạn hỏi ngay nơi ra thông báo xem còn được nhận không."
    else:
        head = f"Nhắc bạn: {_left(left)} đến ngày này." if left else "Nhắc bạn: hôm nay là ngày này."
        tail = "Lời nhắc này muộn hơn đã hẹn vì hệ thống bị gián đoạn, mình xin lỗi bạn." if late else ""
    return _answer("\n".join(filter(None, (head, f"- {event_words(event)}", _basis(event), tail))), now, (SHOW, CANCEL))


def notice(event: SeasonEvent, told: int | None, now: datetime) -> Answer:
    """What is said when a date is there for the first time, has moved, is cancelled, or is final."""
    if event.state is EventState.CANCELLED:
        head = "Báo bạn: một mốc trong lịch giải đã bị huỷ."
    elif told is None:
        head = "Báo bạn: lịch giải có ngày mới."
    elif event.state is EventState.MOVED:
        head = "Báo bạn: ngày trong lịch giải đã dời."
    else:
        head = "Báo bạn: lịch giải có thay đổi."
    lines = (head, f"- {event_words(event)}", _basis(event), _today(now))
    return _answer("\n".join(lines), now, (CALENDAR, SHOW, CANCEL))


def _promise(event: SeasonEvent, moments: Sequence[datetime]) -> str:
    said = ", ".join(f"{one:%H:%M} ngày {one:%d/%m/%Y}" for one in moments)
    return f"- {event_words(event)}{f' → nhắc {said}' if said else ''}"


def _left(days: int) -> str:
    return "còn 1 ngày nữa" if days == 1 else f"còn {days} ngày nữa"


def _basis(event: SeasonEvent) -> str:
    return f"Căn cứ: {event.basis.rstrip('.')}."


def _today(now: datetime) -> str:
    return f"Lịch tính đến ngày {_day(now):%d/%m/%Y}."


def _day(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()


def _answer(
    text: str,
    now: datetime,
    choices: Sequence[str] = (),
    notices: tuple[str, ...] = (),
    status: AnswerStatus = AnswerStatus.FORM,
    attachments: tuple[Attachment, ...] = (),
) -> Answer:
    suggestions = tuple(Suggestion(choice, choice) for choice in choices)
    return Answer(
        status, text, _day(now), suggestions=suggestions, notices=notices, attachments=attachments, entry="reminder"
    )

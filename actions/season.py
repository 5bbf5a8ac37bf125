"""Questions about dates: the knowledge says what the rule is, the calendar says the dates that a notice has named.

An entry of the topic «thời gian» that says «not known» must not stand once the calendar knows: the dates come first, and what the
entry says of the rule stays. Without dates the entry stays as it is, with an offer to be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.answer import Answer, AnswerStatus, Attachment, AttachmentKind, Language, Suggestion
from actions.reminders.request import kinds_in
from knowledge.calendar import VIETNAM, EventState, SeasonEvent, coming, newest_change
from knowledge.faq import FaqEntry, FaqKind
from knowledge.vietnamese import fold

TOPIC = "thời gian"
MOST_DATES = 6
FILE = Attachment(AttachmentKind.FILE, "/lich/gtclqg.ics", "Lịch giải thưởng (.ics)", "text/calendar")
REMIND_ME = {
    Language.VIETNAMESE: "Nhắc tôi khi có lịch",
    Language.ENGLISH: "Remind me when dates are published",
}
STATES = {
    Language.VIETNAMESE: {
        EventState.PLANNED: "dự kiến",
        EventState.CONFIRMED: "đã xác nhận",
        EventState.MOVED: "đã dời ngày",
        EventState.CANCELLED: "đã huỷ",
    },
    Language.ENGLISH: {
        EventState.PLANNED: "planned",
        EventState.CONFIRMED: "confirmed",
        EventState.MOVED: "moved",
        EventState.CANCELLED: "cancelled",
    },
}
_HEAD = {
    Language.VIETNAMESE: "Theo lịch cập nhật đến ngày {day}:",
    Language.ENGLISH: "The calendar as of {day}:",
}
_MORE = {
    Language.VIETNAMESE: "Cả lịch ở /lich.",
    Language.ENGLISH: "The whole calendar is at /lich.",
}
_NATIONWIDE = {Language.VIETNAMESE: "toàn quốc", Language.ENGLISH: "nationwide"}
_FORMERLY = {Language.VIETNAMESE: ", trước là {day}", Language.ENGLISH: ", formerly {day}"}
_SAYS_UNKNOWN = re.compile(r"^(?:chua co|there is no|no official)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_NEXT_YEAR = re.compile(r"\b(?:nam sau|sang nam|nam toi|mua sau|next year)\b")
_THIS_YEAR = re.compile(r"\b(?:nam nay|mua nay|this year)\b")


def asks_for_dates(entry: FaqEntry) -> bool:
    """Whether the entry is one that the calendar can answer once it holds dates."""
    return entry.topic == TOPIC and entry.kind in (FaqKind.UNKNOWN, FaqKind.PARTIAL)


def with_dates(answer: Answer, entry: FaqEntry, events: Sequence[SeasonEvent], today: date) -> Answer:
    """The answer of an entry that asks for dates, with those that the calendar holds for what was asked."""
    asked = _asked(answer.question or entry.vietnamese.question, events, today)
    if not asked:
        offer = Suggestion(REMIND_ME[answer.language], REMIND_ME[answer.language])
        return replace(answer, suggestions=(*answer.suggestions, offer))
    dates = _dates(asked, today, answer.language)
    if not _SAYS_UNKNOWN.match(fold(answer.text)):
        return replace(answer, text=f"{answer.text}\n{dates}", attachments=(*answer.attachments, FILE))
    rule = _SENTENCE_END.split(answer.text, maxsplit=1)[1:]
    return replace(
        answer,
        status=AnswerStatus.ANSWERED,
        text="\n".join((dates, *rule)),
        attachments=(*answer.attachments, FILE),
    )


def _asked(question: str, events: Sequence[SeasonEvent], today: date) -> list[SeasonEvent]:
    """What is to come, of the year and of the kinds that the question names."""
    plain = fold(question)
    year = _YEAR.search(plain)
    season = int(year[1]) if year else None
    if season is None and _NEXT_YEAR.search(plain):
        season = today.year + 1
    elif season is None and _THIS_YEAR.search(plain):
        season = today.year
    kinds = kinds_in(plain)
    found = [one for one in coming(events, today) if season in (None, one.season, one.start.year)]
    return [one for one in found if not kinds or one.kind in kinds] or found


def _dates(events: Sequence[SeasonEvent], today: date, language: Language) -> str:
    changed = newest_change(events)
    day = changed.astimezone(VIETNAM).date() if changed else today
    dates = [f"- {event_words(one, language)}. {one.basis.rstrip('.')}." for one in events[:MOST_DATES]]
    return "\n".join([_HEAD[language].format(day=f"{day:%d/%m/%Y}"), *dates, _MORE[language]])


def event_words(event: SeasonEvent, language: Language = Language.VIETNAMESE) -> str:
    """«Hạn nộp hồ sơ: 10/03/2027 (Tây Ninh; đã xác nhận)»."""
    moved = _FORMERLY[language].format(day=f"{event.moved_from:%d/%m/%Y}") if event.moved_from else ""
    where = event.province or _NATIONWIDE[language]
    return f"{event.title}: {event.when()} ({where}; {STATES[language][event.state]}{moved})"

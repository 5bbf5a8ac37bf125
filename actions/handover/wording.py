"""What a person hears of a hand-over. Nothing is promised that the department has not said."""

from __future__ import annotations

from datetime import date, datetime

from actions.answer import Answer, AnswerStatus, Language, Suggestion
from actions.handover.case import Case, CaseState
from actions.handover.office import DAYS, ENGLISH_DAYS, TIME_ZONE, OfficeHours

VI, EN = Language.VIETNAMESE, Language.ENGLISH

ASK_FOR_PERSON = "/nguoi"
BACK_TO_ASSISTANT = "/troly"

OPENED = {
    VI: "Mình đã chuyển yêu cầu của bạn tới cán bộ phụ trách. Số yêu cầu: {number}.",
    EN: "I have passed your request on to an officer. Your request is {number}.",
}
ALREADY_OPEN = {
    VI: "Yêu cầu {number} của bạn đã tới cán bộ phụ trách và đang chờ trả lời.",
    EN: "Your request {number} is with an officer and waits for an answer.",
}
IN_HOURS = {VI: "Hiện đang trong giờ làm việc.", EN: "The office is open now."}
OUT_OF_HOURS = {
    VI: "Hiện ngoài giờ làm việc, cán bộ làm việc lại từ {time} {day}, {date}.",
    EN: "The office is closed now; officers are back at {time} on {day}, {date}.",
}
PROMISED = {VI: "Thời gian trả lời: trong {within}.", EN: "You will get an answer within {within}."}
NOT_PROMISED = {
    VI: "Mình chưa hẹn được khi nào có câu trả lời.",
    EN: "I can't promise when the answer will come.",
}
HERE = {
    VI: "Câu trả lời sẽ hiện ngay trong khung chat này.",
    EN: "The answer will appear in this chat.",
}
NOT_REACHED = {
    VI: "Mình không chủ động nhắn lại được ở kênh này: câu trả lời sẽ hiện khi bạn nhắn tin tiếp. Nếu muốn được liên hệ, bạn gửi số "
    "điện thoại hoặc e-mail (không bắt buộc); thông tin này chỉ dùng cho yêu cầu của bạn.",
    EN: "I can't write to you first in this channel: the answer will come with your next message. If you want to be contacted, send a "
    "telephone number or an e-mail address (optional); it is used for this request only.",
}
MEANWHILE = {
    VI: "Trong lúc chờ, bạn cứ hỏi tiếp, mình vẫn trả lời.",
    EN: "Meanwhile, go on asking; I still answer.",
}
DIRECTLY = {VI: "Liên hệ trực tiếp: {contact}.", EN: "Direct contact: {contact}."}
TAKEN = {
    VI: "Cán bộ phụ trách đã vào cuộc trò chuyện (yêu cầu {number}). Từ lúc này mình im lặng, tin bạn gửi sẽ tới cán bộ. Muốn hỏi lại "
    "mình, bạn nhắn «quay lại trợ lý».",
    EN: "An officer has joined the chat (request {number}). I am silent from now on, and what you write goes to the officer. Write "
    "“back to the assistant” whenever you want me again.",
}
HEARD = {
    VI: "Tin của bạn đã được chuyển tới cán bộ phụ trách (yêu cầu {number}).",
    EN: "Your message was passed on to the officer (request {number}).",
}
BACK = {
    VI: "Cán bộ đã trả lời xong yêu cầu {number}. Mình đã quay lại, bạn hỏi tiếp nhé.",
    EN: "The officer has answered request {number}. I am back; go on asking.",
}
BACK_UNANSWERED = {
    VI: "Cán bộ tạm rời cuộc trò chuyện, yêu cầu {number} vẫn chờ được trả lời. Mình đã quay lại, bạn cứ hỏi tiếp nhé.",
    EN: "The officer has left the chat for now; request {number} still waits for an answer. I am back; go on asking.",
}
IDLE = {
    VI: "Cuộc trò chuyện với cán bộ đã tạm lắng nên mình quay lại, bạn hỏi tiếp nhé. Yêu cầu {number} vẫn được giữ.",
    EN: "The chat with the officer has been quiet for a while, so I am back. Request {number} is kept.",
}
CLOSED = {VI: "Yêu cầu {number} đã khép lại.", EN: "Request {number} is closed."}
I_AM_BACK = {VI: "Mình đã quay lại, bạn hỏi tiếp nhé.", EN: "I am back; go on asking."}
RETURNED = {
    VI: "Mình đã quay lại, bạn hỏi tiếp nhé. Yêu cầu {number} vẫn được giữ, cán bộ có thể trả lời sau.",
    EN: "I am back; go on asking. Request {number} is kept, and the officer may still answer.",
}
NEVER_AWAY = {VI: "Mình vẫn ở đây, bạn cứ hỏi nhé.", EN: "I am here; go on asking."}
CONTACT_NOTED = {
    VI: "Mình đã chuyển thông tin liên hệ của bạn tới cán bộ; thông tin này chỉ dùng cho yêu cầu {number}.",
    EN: "I have passed your contact details on to the officer; they are used for request {number} only.",
}
OFFER = {
    VI: "Mình chưa trả lời được hai câu liền. Bạn có muốn gặp cán bộ phụ trách không?",
    EN: "I could not answer twice in a row. Would you like to talk to an officer?",
}
TO_PERSON = {VI: "Gặp cán bộ", EN: "Talk to an officer"}
TO_ASSISTANT = {VI: "Quay lại trợ lý", EN: "Back to the assistant"}


def opened(
    case: Case,
    office: OfficeHours,
    now: datetime,
    *,
    new: bool,
    reachable: bool,
    contact: str = "",
) -> Answer:
    """The answer to who asked for a person; `reachable` where the channel can bring a message that nobody asked for."""
    language = case.language
    said = [
        (OPENED if new else ALREADY_OPEN)[language].format(number=case.number),
        f"{_hours(office, now, language)} {_promise(office, language)}".strip(),
        (HERE if reachable else NOT_REACHED)[language],
        DIRECTLY[language].format(contact=contact.rstrip(".")) if contact else "",
        MEANWHILE[language],
    ]
    return _answer("\n\n".join(filter(None, said)), case)


def _hours(office: OfficeHours, now: datetime, language: Language) -> str:
    if not office.known:
        return ""
    if office.is_open(now):
        return IN_HOURS[language]
    opening = office.next_opening(now)
    if opening is None:
        return ""
    day = (ENGLISH_DAYS if language is EN else DAYS)[opening.weekday()]
    return OUT_OF_HOURS[language].format(time=f"{opening:%H:%M}", day=day, date=f"{opening:%d/%m/%Y}")


def _promise(office: OfficeHours, language: Language) -> str:
    return PROMISED[language].format(within=office.reply_within) if office.reply_within else NOT_PROMISED[language]


def taken(case: Case) -> Answer:
    return _while_silent(TAKEN, case)


def heard(case: Case) -> Answer:
    return _while_silent(HEARD, case)


def officer_says(message: str, case: Case) -> Answer:
    """The officer's own words; channels draw them as a person's, by the key `author`."""
    extra = {"case": case.number, "author": "officer"}
    return Answer(
        AnswerStatus.HANDOFF,
        message,
        _today(),
        suggestions=(to_assistant(case.language),),
        language=case.language,
        extra=extra,
    )


def back(case: Case) -> Answer:
    """The officer gave the chat back."""
    answered = case.state is CaseState.ANSWERED
    return _answer((BACK if answered else BACK_UNANSWERED)[case.language].format(number=case.number), case)


def idle(case: Case) -> Answer:
    return _answer(IDLE[case.language].format(number=case.number), case)


def closed(case: Case, *, was_silent: bool) -> Answer:
    text = CLOSED[case.language].format(number=case.number)
    return _answer(f"{text} {I_AM_BACK[case.language]}" if was_silent else text, case)


def returned(case: Case) -> Answer:
    return _answer(RETURNED[case.language].format(number=case.number), case)


def never_away(language: Language) -> Answer:
    return Answer(AnswerStatus.SMALL_TALK, NEVER_AWAY[language], _today(), language=language)


def contact_noted(case: Case) -> Answer:
    return _answer(CONTACT_NOTED[case.language].format(number=case.number), case)


def to_person(language: Language) -> Suggestion:
    return Suggestion(TO_PERSON[language], ASK_FOR_PERSON)


def to_assistant(language: Language) -> Suggestion:
    return Suggestion(TO_ASSISTANT[language], BACK_TO_ASSISTANT)


def _while_silent(sentences: dict[Language, str], case: Case) -> Answer:
    return _answer(sentences[case.language].format(number=case.number), case, (to_assistant(case.language),))


def _answer(text: str, case: Case, suggestions: tuple[Suggestion, ...] = ()) -> Answer:
    extra = {"case": case.number}
    return Answer(AnswerStatus.HANDOFF, text, _today(), suggestions=suggestions, language=case.language, extra=extra)


def _today() -> date:
    return datetime.now(TIME_ZONE).date()

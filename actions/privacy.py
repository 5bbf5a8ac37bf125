"""What a person is told about their data: what is kept, that it can be deleted, that it was.

The rights are those of the law on personal data protection (Luật 91/2025/QH15).
"""

from __future__ import annotations

import json
import re
from datetime import date

from actions.answer import Answer, AnswerStatus, Attachment, AttachmentKind, Language, Suggestion
from actions.files import Files, KeptFile
from actions.personal_data import export_person
from knowledge.database import Database
from knowledge.vietnamese import fold

VI, EN = Language.VIETNAMESE, Language.ENGLISH

DELETE_ALL = "/xoahet"  # the button of who has been asked; works in every state of a conversation
DELETE, EXPORT = "/xoa", "/xuatdulieu"
KEEP = {VI: "Giữ lại dữ liệu", EN: "Keep my data"}
DELETION_ASKED = {
    VI: "Mình sẽ xoá mọi thứ đang lưu về bạn: tin nhắn và câu trả lời, kết quả tự kiểm tra, lời nhắc, đánh giá, yêu cầu gặp cán bộ, tệp "
    "đã tạo. Xoá rồi không lấy lại được. Bạn chắc chắn muốn xoá chứ?",
    EN: "I will delete everything that is kept about you: messages and answers, self-checks, reminders, ratings, requests to officers and "
    "files. It can't be brought back. Are you sure?",
}
DELETION_REMINDER = {
    VI: "Còn việc xoá dữ liệu: bạn muốn xoá hết hay giữ lại?",
    EN: "About your data: shall I delete all of it, or keep it?",
}
DELETED = {
    VI: "Đã xoá mọi dữ liệu của bạn. Từ đây là cuộc trò chuyện mới, bạn cần hỏi gì cứ nhắn mình nhé.",
    EN: "Everything about you was deleted. This is a new conversation; ask me anything.",
}
NOT_DELETED = {VI: "Mình chưa xoá gì, dữ liệu của bạn vẫn được giữ.", EN: "Nothing was deleted; your data is kept."}
DELETION_FAILED = "Xin lỗi, mình chưa xoá được vì hệ thống đang bận. Dữ liệu chưa mất gì; bạn thử lại sau ít phút nhé."
EXPORTED = {
    VI: "Đây là mọi thứ mình đang lưu về bạn, trong một tệp JSON. Ai có đường dẫn đều mở được tệp trong {days} ngày, nên bạn đừng chia sẻ nhé.",
    EN: "This is everything that is kept about you, as one JSON file. Whoever has the link can open it for {days} days, so don't share it.",
}
NOTHING_KEPT = {VI: "Mình chưa lưu gì về bạn.", EN: "Nothing is kept about you."}
EXPORT_TITLE = {VI: "Dữ liệu của bạn", EN: "Your data"}
_DELETE = {VI: "Xoá hết", EN: "Delete everything"}
_RIGHTS = {VI: ("Xuất dữ liệu", "Xoá dữ liệu"), EN: ("Export my data", "Delete my data")}

_ASKS_DELETION = re.compile(
    r"/xoa|(?:(?:vui long|hay|xin|giup|cho|lam on|toi|em|minh|ad|ban|bot|oi|muon|yeu cau|de nghi) )*(?:xoa|huy|xoa bo) "
    r"(?:(?:giup|cho|het|toan bo|tat ca|moi|sach|cac|toi|em|minh) )*(?:du lieu|thong tin|lich su|tin nhan|cuoc tro chuyen|doan chat)"
    r"(?: (?:ca nhan|chat|tro chuyen|tin nhan|cua|ve|toi|em|minh|cong ty|da|luu|nay|di|giup|voi|nhe|a|ad|nha))*|"
    r"(?:please )?(?:delete|erase|remove) (?:all )?(?:of )?my (?:personal )?(?:data|information|messages|chat|history)"
)
_ASKS_EXPORT = re.compile(
    r"/xuatdulieu|(?:(?:vui long|hay|xin|giup|cho|lam on|toi|em|minh|ad|ban|bot|oi|muon|yeu cau) )*(?:xuat|tai|tai ve|trich xuat) "
    r"(?:(?:giup|cho|toan bo|tat ca|moi|cac|toi|em|minh) )*(?:du lieu|lich su|tin nhan)"
    r"(?: (?:ca nhan|chat|tro chuyen|cua|ve|toi|em|minh|di|voi|nhe|a|ad|nha))*|"
    r"(?:please )?(?:export|download|give me) (?:all )?(?:of )?my (?:personal )?(?:data|messages|chat history)"
)
_YES = re.compile(
    r"(?:(?:da|vang|u|uh|um|oke?|ok|co|dong y|chac(?: chan)?(?: roi)?|xac nhan|xoa(?: het| di| luon| sach| giup| cho)*|dung(?: roi| vay)?|"
    r"yes|y|sure|delete(?: it| all| everything)?|go ahead|em|minh|toi|a|ad|nhe|nha|di|luon|het|du lieu|cua)\s*)+"
)
_NO = re.compile(
    r"\b(?:khong|ko|hong|thoi|giu|dung (?:xoa|lam)|khoan|chua|huy|no|nope|keep|cancel|don t|dont|not)\b|^k$|^dung$"
)


def deletion_offer(today: date, language: Language, sentence: str | None = None) -> Answer:
    """Asks before anything is deleted."""
    choices = (Suggestion(_DELETE[language], DELETE_ALL), Suggestion(KEEP[language], KEEP[language]))
    text = sentence or DELETION_ASKED[language]
    return Answer(AnswerStatus.FORM, text, today, suggestions=choices, language=language, extra={"form": "deletion"})


def data_rights(language: Language) -> tuple[Suggestion, ...]:
    """Buttons: a copy, deletion."""
    copy, delete = _RIGHTS[language]
    return Suggestion(copy, EXPORT), Suggestion(delete, DELETE)


def exported(database: Database, files: Files, sender: str, today: date, language: Language) -> Answer:
    """A file with everything that is kept of a sender. Blocks."""
    with database.session() as session:
        found = export_person(session, sender)
    if not found:
        return Answer(AnswerStatus.SMALL_TALK, NOTHING_KEPT[language], today, language=language)
    content = json.dumps(
        {"sender": sender, "day": today.isoformat(), **found}, ensure_ascii=False, indent=1, default=str
    )
    name = f"du-lieu-cua-ban-{today.isoformat()}.json"
    url = files.keep(sender, KeptFile(name, "application/json", content.encode()))
    file = Attachment(AttachmentKind.FILE, url, EXPORT_TITLE[language], "application/json")
    text = EXPORTED[language].format(days=files.days)
    return Answer(AnswerStatus.SMALL_TALK, text, today, language=language, attachments=(file,))


def deleted(today: date, language: Language) -> Answer:
    """What is said after everything was deleted; the key `forget` has the chat server do so first."""
    return Answer(AnswerStatus.SMALL_TALK, DELETED[language], today, language=language, extra={"forget": "yes"})


def not_deleted(today: date, language: Language) -> Answer:
    return Answer(AnswerStatus.SMALL_TALK, NOT_DELETED[language], today, language=language)


def asks_export(text: str) -> bool:
    """«/xuatdulieu», «xuất dữ liệu của tôi» and the like, and nothing else in the message."""
    return _ASKS_EXPORT.fullmatch(_words(text)) is not None


def asks_deletion(text: str) -> bool:
    """«/xoa», «xoá dữ liệu của tôi» and the like, and nothing else in the message; where there is no classifier to ask."""
    return _ASKS_DELETION.fullmatch(_words(text)) is not None


def agrees(text: str) -> bool | None:
    """Whether a reply to the question agrees; None for what is neither yes nor no."""
    words = _words(text)
    if _NO.search(words):
        return False
    return True if _YES.fullmatch(words) else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w/]+", fold(text)))

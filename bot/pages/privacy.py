"""What is kept of people, for how long and what they may ask for: one text, as a page (`/quyen-rieng-tu`) and in the chat's dialog."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from actions.answer import Language
from bot.pages.rendering import page

VI, EN = Language.VIETNAMESE, Language.ENGLISH
ADDRESS = "/quyen-rieng-tu"
_TEXT = {
    VI: (
        ("Lưu gì.", "Tin nhắn bạn gửi, câu trả lời, thời điểm gửi và một mã phiên ngẫu nhiên. Trợ lý không hỏi tên, số điện thoại hay vị trí "
         "của bạn; bạn chỉ để lại thông tin liên hệ khi muốn cán bộ gọi lại."),
        ("Lưu ở đâu.", "Trên máy chủ của trợ lý. Trình duyệt giữ mã phiên, tin chưa gửi, bản nháp và cỡ chữ, giao diện bạn chọn. Trang không "
         "gửi gì cho bên thứ ba và không dùng cookie theo dõi. Khi bạn nhắn qua một ứng dụng khác, ứng dụng đó cũng chuyển tin của bạn theo "
         "quy định riêng của họ."),
        ("Ai đọc được.", "Cán bộ phụ trách trợ lý có thể xem nội dung để trả lời hoặc sửa câu trả lời chưa đúng. Đừng gửi mật khẩu, số giấy tờ "
         "hay bí mật kinh doanh. Số điện thoại, e-mail, số giấy tờ, mã số thuế được che trước khi lưu, trừ thông tin liên hệ bạn để lại cho "
         "cán bộ."),
        ("Bao lâu.", "Mỗi phiên trò chuyện trên trang mở lại được trong {session_days} ngày kể từ lúc bắt đầu. Tệp làm riêng cho bạn tải được "
         "trong {files_days} ngày."),
        ("Quyền của bạn.", "Theo Luật Bảo vệ dữ liệu cá nhân (91/2025/QH15), bạn nhắn “xuất dữ liệu” để lấy bản sao, “xoá dữ liệu của tôi” "
         "hoặc chọn “Xoá cuộc trò chuyện” trong Tuỳ chọn để xoá hết."),
        ("Còn lại gì.", "Nhật ký máy chủ không ghi nội dung tin nhắn. Bản sao lưu do đơn vị vận hành tạo trước lúc xoá có thể còn dữ liệu cho "
         "tới khi bản đó bị xoá."),
    ),
    EN: (
        ("What is kept.", "The messages you send, the answers, their times and a random session code. The assistant does not ask for your "
         "name, phone number or location; you leave contact details only if you want an officer to call back."),
        ("Where.", "On the assistant’s server. The browser keeps the session code, unsent messages, your draft, and the text size and theme "
         "you chose. The page sends nothing to third parties and uses no tracking cookies. If you write from another app, that app carries "
         "your messages under its own terms."),
        ("Who can read it.", "Staff who look after the assistant may read conversations to reply or to correct answers. Do not send "
         "passwords, identity numbers or business secrets. Telephone numbers, e-mail addresses, identity and tax numbers are masked before "
         "anything is stored, except contact details that you leave for an officer."),
        ("How long.", "A conversation on this site can be reopened for {session_days} days from its beginning. Files made for you can be "
         "fetched for {files_days} days."),
        ("Your rights.", "Under the Law on Personal Data Protection (91/2025/QH15), write “export my data” for a copy, and “delete my data” "
         "or choose “Delete conversation” under Options to have everything erased."),
        ("What remains.", "The server’s log holds no messages. Backups that the operator made before may hold the data until they are "
         "deleted."),
    ),
}  # fmt: skip
_OPERATOR = {
    VI: ("Đơn vị vận hành.", "{operator}"),
    EN: ("Operator.", "{operator}"),
}
_CONTACT = {
    VI: ("Liên hệ.", "{contact}"),
    EN: ("Contact.", "{contact}"),
}


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """Days that sessions and files live; who runs the assistant and how to reach them, empty where config.yml does not say."""

    session_days: int
    files_days: int
    operator: str = ""
    contact: str = ""

    def paragraphs(self, language: Language) -> list[tuple[str, str]]:
        """Heading and sentences of each paragraph."""
        told = list(_TEXT[language])
        if self.operator:
            told.append(_OPERATOR[language])
        if self.contact:
            told.append(_CONTACT[language])
        values = {
            "session_days": self.session_days,
            "files_days": self.files_days,
            "operator": self.operator,
            "contact": self.contact,
        }
        return [(heading, sentences.format(**values)) for heading, sentences in told]


def privacy_routes(notice: PrivacyNotice) -> APIRouter:
    router = APIRouter()

    @router.api_route(ADDRESS, methods=["GET", "HEAD"], include_in_schema=False)
    async def privacy_page() -> HTMLResponse:
        return page("privacy.html", vietnamese=notice.paragraphs(VI), english=notice.paragraphs(EN))

    @router.get("/api/chat/privacy")
    async def privacy_text(language: Language = VI) -> dict[str, list[tuple[str, str]]]:
        return {"paragraphs": notice.paragraphs(language)}

    return router

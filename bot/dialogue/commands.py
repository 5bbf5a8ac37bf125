"""Messages of the form /name. To Rasa such a text is an intent, not text; only those listed here are meant so.

Any other would reach Rasa's own silent actions (/restart, /back, /session_start), which answer nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`name` as it is typed, lower-case ASCII as Telegram wants it; `says` is what a menu of commands shows.

    A command stands for an intent, or for a question that anybody could have typed.
    """

    name: str
    intent: str
    says: str
    question: str = ""


COMMANDS = (
    Command("start", "greet", "Bắt đầu"),
    Command("help", "help", "Trợ lý này làm được gì"),
    Command("dieukien", "check_eligibility", "Kiểm tra điều kiện tham dự"),
    Command("tudanhgia", "assess_readiness", "Tự đánh giá mức sẵn sàng"),
    Command("hoso", "prepare_dossier", "Danh sách chuẩn bị hồ sơ"),
    Command("lich", "ask", "Lịch giải thưởng", "Lịch giải thưởng năm nay thế nào?"),
    Command("nguoi", "ask_human", "Gặp cán bộ phụ trách"),
    Command("xuatdulieu", "export_my_data", "Lấy bản sao dữ liệu của mình"),
    Command("xoa", "delete_my_data", "Xoá dữ liệu của mình"),
    Command("riengtu", "privacy", "Trợ lý lưu những gì"),
    Command("lamlai", "start_over", "Bắt đầu lại từ đầu"),
)
_INTENTS = {
    "restart": "start_over",
    **{name: name for name in ("greet", "who_are_you")},
    **{command.intent: command.intent for command in COMMANDS if not command.question},
    **{command.name: command.intent for command in COMMANDS if not command.question},
}
_QUESTIONS = {command.name: command.question for command in COMMANDS if command.question}


def meaning_of_command(text: str) -> str | None:
    """«/dieukien», «/dieukien@bot» as Rasa is to read them: «/check_eligibility», or a question; None for what is no command."""
    name = text.removeprefix("/").partition("@")[0].strip().casefold()
    intent = _INTENTS.get(name)
    return f"/{intent}" if intent else _QUESTIONS.get(name)

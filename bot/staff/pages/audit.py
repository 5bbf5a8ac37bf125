"""Who did what: the audit, searched."""

from __future__ import annotations

from fastapi import APIRouter, Response

from actions.staff.roles import Role
from bot.staff.access import Reviewer
from bot.staff.console import Console, Section
from bot.staff.pages.faq import STEPS
from knowledge.audit import search

AUDIT = "/staff/audit"
SECTION = Section(AUDIT, "Nhật ký", "Ai đã làm gì, lúc nào; không ai sửa được.", Role.REVIEWER)
SHOWN = 50
VERBS = {
    "login": "đăng nhập",
    "login.failed": "đăng nhập không được",
    "logout": "đăng xuất",
    "user.add": "thêm tài khoản",
    "user.reset": "đặt lại mật khẩu",
    "user.password": "đổi mật khẩu",
    "user.role": "đổi vai trò",
    "user.disable": "khoá tài khoản",
    "user.enable": "mở lại tài khoản",
    "user.second_factor": "xác thực hai lớp",
    **{f"faq.{step}": f"{words} mục hỏi đáp" for step, words in STEPS.items()},
    "import.upload": "nhập văn bản",
    "import.accept": "nhận văn bản vào kho",
    "import.discard": "bỏ đề xuất văn bản",
    "review.confirm": "xác nhận vẫn đúng",
    "publish.check": "kiểm tra trước khi công bố",
    "publish": "công bố",
    "publish.override": "công bố dù có chỗ xấu đi",
    "publish.drop": "bỏ lần kiểm tra",
    "faq.confirm": "xác nhận mục hỏi đáp vẫn đúng",
    "case.take": "nhận yêu cầu",
    "case.reply": "trả lời người hỏi",
    "case.give_back": "trả lại trợ lý",
    "case.close": "đóng yêu cầu",
    "question.handled": "đánh dấu câu hỏi đã xử lý",
    "question.out_of_scope": "đánh dấu câu hỏi ngoài phạm vi",
    "question.reopen": "mở lại câu hỏi",
}


def routes(console: Console) -> APIRouter:
    router = APIRouter()

    @router.get("/audit")
    def audit(visit: Reviewer, q: str = "", what: str = "", before: int | None = None) -> Response:
        with console.database.session() as session:
            found = search(session, q.strip()[:80], [what] if what in VERBS else [], before, SHOWN + 1)
        return console.draw(
            visit, "audit.html", entries=found[:SHOWN], more=len(found) > SHOWN, q=q[:80], what=what, verbs=VERBS
        )

    return router

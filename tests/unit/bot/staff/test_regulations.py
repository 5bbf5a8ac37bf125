"""Regulations in the console: a file becomes a proposal, a second person accepts it, what rests on it waits for review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from actions.staff.roles import Role
from knowledge.audit import search
from knowledge.database import Database, DocumentRow, replace_content
from small_corpus import small_corpus
from staff_site import Person

pytestmark = pytest.mark.anyio
LogIn = Callable[..., Person]
SAMPLES = Path(__file__).parents[3] / "samples" / "regulations"
DECREE = """CHÍNH PHỦ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 0099/2099/NĐ-CP
Hà Nội, ngày 05 tháng 3 năm 2099
NGHỊ ĐỊNH
Sửa đổi Nghị định số 37/2026/NĐ-CP
Điều 1. Sửa đổi, bổ sung Nghị định số 37/2026/NĐ-CP
1. Sửa đổi, bổ sung khoản 1 Điều 59 như sau:
“1. Được thành lập hợp pháp và hoạt động ít nhất 24 tháng <script>alert(1)</script>.”
Điều 2. Hiệu lực thi hành
Nghị định này có hiệu lực từ ngày 01 tháng 6 năm 2099.
"""


async def upload(who: Person, data: bytes, name: str = "nd99.txt", document: str = "") -> int:
    sent = await who.http.post(
        "/staff/regulations", data={"csrf": who.csrf, "document": document}, files={"file": (name, data, "text/plain")}
    )
    assert sent.status_code in (303, 400), sent.text
    return int(sent.headers["location"].rpartition("/")[2]) if sent.status_code == 303 else 0


async def test_one_uploads_another_accepts_and_what_it_touches_waits(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    with database.session() as session:
        replace_content(session, small_corpus())
    lan, minh, nam = log_in(Role.REVIEWER, "lan"), log_in(Role.REVIEWER, "minh"), log_in(Role.EDITOR, "nam")
    number = await upload(lan, DECREE.encode())
    page = await minh.get(f"/staff/regulations/{number}")
    assert "Nếu nhận vào kho" in page.text and "dieu-kien-36-thang" in page.text
    assert "<script>" not in page.text and "&lt;script&gt;" in page.text
    assert (await nam.post(f"/staff/regulations/{number}/accept")).status_code == 403
    own = await lan.post(f"/staff/regulations/{number}/accept")
    assert own.status_code == 400 and "người duyệt khác" in own.text
    bad = await minh.post(f"/staff/regulations/{number}/accept", {"in_force": "mai"})
    assert bad.status_code == 400 and "ngày có thật" in bad.text
    assert (await minh.post(f"/staff/regulations/{number}/accept")).status_code == 303
    with database.session() as session:
        assert session.get(DocumentRow, "ND0099-2099") is not None
        assert [one.what for one in search(session, "ND0099-2099")] == ["import.accept", "import.upload"]
    listed = await minh.get("/staff/regulations")
    assert "Đã nhận" in listed.text and "/staff/faq/dieu-kien-36-thang" in listed.text
    mark = listed.text.split("/staff/regulations/marks/")[1].split("/")[0]
    assert (await minh.post(f"/staff/regulations/marks/{mark}/confirm")).status_code == 303
    assert "xác nhận" in (await minh.get("/staff/regulations")).text
    again = await minh.post(f"/staff/regulations/{number}/discard")
    assert again.status_code == 400 and "đã được nhận" in again.text


async def test_files_that_are_no_regulation_are_told_and_nothing_is_kept(
    app: FastAPI, database: Database, log_in: LogIn
) -> None:
    lan = log_in(Role.EDITOR, "lan")
    for name in ("bom-nen.docx", "thuc-the.docx", "cat-cut.docx", "rong.txt"):
        assert await upload(lan, (SAMPLES / name).read_bytes(), name) == 0, name
    assert await upload(lan, b"MZ\x90 program", "nd.docx") == 0
    assert await upload(lan, DECREE.encode(), "nd99.exe") == 0
    assert await upload(lan, DECREE.encode(), document="../../etc") == 0
    without = await lan.post("/staff/regulations")
    assert without.status_code == 400 and "chọn một tệp" in without.text
    large = await lan.http.post("/staff/regulations", headers={"content-length": str(30_000_000)}, content=b"x")
    assert large.status_code == 413
    assert "Các tệp đã nhập" not in (await lan.get("/staff/regulations")).text
    assert (await lan.get("/staff/regulations/7")).status_code == 404


async def test_a_proposal_can_be_put_aside(app: FastAPI, database: Database, log_in: LogIn) -> None:
    lan, minh = log_in(Role.EDITOR, "lan"), log_in(Role.REVIEWER, "minh")
    number = await upload(lan, DECREE.encode(), "<img src=x onerror=alert(1)>.txt")
    assert "<img src=x" not in (await minh.get("/staff/regulations")).text
    assert (await minh.post(f"/staff/regulations/{number}/discard")).status_code == 303
    assert "Đã bỏ" in (await minh.get("/staff/regulations")).text

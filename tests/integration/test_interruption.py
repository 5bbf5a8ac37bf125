"""A check or a self-assessment that both processes die under, or that is left open for a day, goes on where it was."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.dialogue import DialogueStateRow
from knowledge.database import Database
from running_server import RunningServer, shipped_database, started
from shipped import TODAY


def said(server: RunningServer, sender: str, *texts: str) -> dict[str, Any]:
    """The reply to the last of the texts, its custom part and its words in one."""
    replies = [server.ask(text, sender) for text in texts]
    return {"text": replies[-1]["text"], "buttons": replies[-1].get("buttons", []), **replies[-1]["custom"]}


@pytest.mark.timeout(900)
def test_a_form_outlives_both_processes(tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(shipped_database(tmp_path))
        with started(tmp_path, url) as server:
            asked = said(server, "a", "kiểm tra điều kiện giúp em", "dạ có", "thành lập từ 2019")
            assert asked["slot"] == "product"
            assert (
                said(server, "b", "kiem tra dieu kien", "co", "tu 2015", "2 nam", "co", "chua")["slot"]
                == "registration_date"
            )
            assert said(server, "c", "ktra điều kiện giúp e", "cty cổ phần")["slot"] == "operating"
            assert said(server, "d", "Giải Vàng cần bao nhiêu điểm?")["status"] == "answered"
            assert "Câu 3/17" in said(server, "e", "tự đánh giá bản đầy đủ theo thang cũ", "2", "40%")["text"]
            server.kill()
        with started(tmp_path, url) as server:
            goes_on = said(server, "a", "bán hơn 2 năm rồi")
            assert (goes_on["status"], goes_on["slot"]) == ("form", "compliance")
            ended = said(server, "a", "ko vi phạm", "chưa từng", "hôm nay")
            assert ended["verdict"] == "eligible" and "2019" in ended["text"]
            assert "Câu 4/17" in said(server, "e", "mức 3")["text"]
            server.kill()
        with started(tmp_path, url, TODAY + timedelta(days=1)) as server:
            _after_a_day(server)
            assert "Bạc" in said(server, "d", "thế còn giải bạc?")["text"]
            goes_on = said(server, "e", "tiếp tục tự đánh giá")
            assert "3/17" in goes_on["text"] and "Câu 4/17" in goes_on["text"]
        _nothing_said_is_in_the_states(url)


def _after_a_day(server: RunningServer) -> None:
    """An answer goes on, a question is only answered, and the check can be taken up."""
    answered = said(server, "b", "hôm nay luôn")
    assert answered["verdict"] == "eligible" and "23/11/2026" in answered["text"]
    between = said(server, "c", "lệ phí bao nhiêu?")
    assert between["status"] != "form" and "requested_slot" not in between
    assert "Tiếp tục kiểm tra điều kiện" in [one["title"] for one in between["buttons"]]
    resumed = said(server, "c", "Tiếp tục kiểm tra điều kiện")
    assert resumed["slot"] == "operating" and "Tiếp tục" in resumed["text"]


def _nothing_said_is_in_the_states(url: str) -> None:
    database = Database(url)
    with database.session() as session:
        states = {row.sender: row.state for row in session.scalars(select(DialogueStateRow))}
    database.close()
    assert set(states) == {"rest:a", "rest:b", "rest:c", "rest:d", "rest:e"}
    assert "bán hơn 2 năm" not in states["rest:a"]
    assert all(len(state) < 2500 for state in states.values())

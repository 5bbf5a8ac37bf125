"""What the chat and the widget cost somebody on a slow line: bytes as they travel, and no file of another host."""

from __future__ import annotations

import gzip
import re

import pytest

from bot.pages.chat import WEB
from fake_dialogue import FakeServer

MOST_OF_THE_CHAT = 60_000
MOST_OF_THE_LOADER = 4_000


def test_the_chat_stays_within_60_kb_and_the_loader_within_4() -> None:
    page = (WEB / "chat.html").read_text(encoding="utf-8")
    named = {WEB / one for one in re.findall(r'(?:src|href)="/static/([^"]+)"', page)}
    modules = set((WEB / "js").glob("*.js"))
    assert modules <= named, "the page preloads every module, so that none waits for another"
    whole = sum(len(gzip.compress(one.read_bytes())) for one in {WEB / "chat.html", *named})
    assert whole <= MOST_OF_THE_CHAT
    assert len(gzip.compress((WEB / "widget" / "loader.js").read_bytes())) <= MOST_OF_THE_LOADER


@pytest.mark.anyio
async def test_pages_travel_compressed_and_conversations_do_not(server: FakeServer) -> None:
    for path in ("/", "/widget", "/widget.js", "/static/chat.css", "/quyen-rieng-tu"):
        assert (await server.http.get(path)).headers.get("content-encoding") == "gzip", path
    told = await server.http.get("/api/chat/privacy", headers=await server.session())
    assert len(told.content) > 1_000
    assert "content-encoding" not in told.headers

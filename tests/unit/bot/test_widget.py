"""Who may show the chat: exactly the websites of config.yml."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load_settings
from fake_dialogue import fake_server
from knowledge.database import Database

pytestmark = pytest.mark.anyio
SHOP = "https://www.shop.example"


async def test_only_named_websites_get_past_the_handshake(sqlite: Database) -> None:
    async with fake_server(sqlite, origins=(SHOP,)) as server:
        welcome = await server.http.get("/widget/hello", headers={"origin": SHOP})
        assert (welcome.status_code, welcome.headers["access-control-allow-origin"]) == (200, SHOP)
        assert welcome.headers["vary"] == "Origin"
        for origin in (
            "https://evil.example",
            f"{SHOP}.evil.example",
            "http://www.shop.example",
            "null",
            f"{SHOP}:444",
        ):
            refused = await server.http.get("/widget/hello", headers={"origin": origin})
            assert refused.status_code == 403, origin
            assert "access-control-allow-origin" not in refused.headers


async def test_only_named_websites_may_frame_the_chat(sqlite: Database) -> None:
    async with fake_server(sqlite, origins=(SHOP,)) as server:
        framed = await server.http.get("/widget")
        assert f"frame-ancestors 'self' {SHOP}" in framed.headers["content-security-policy"]
        assert f'data-origins="{SHOP}"' in framed.text
        whole = await server.http.get("/")
        assert "frame-ancestors 'none'" in whole.headers["content-security-policy"]
        assert "data-framed" not in whole.text.partition("<head>")[0]


async def test_without_a_list_nobody_else_may(sqlite: Database) -> None:
    async with fake_server(sqlite) as server:
        assert "frame-ancestors 'self';" in (await server.http.get("/widget")).headers["content-security-policy"] + ";"
        assert (await server.http.get("/widget/hello", headers={"origin": SHOP})).status_code == 403
        assert (await server.http.get("/widget/hello", headers={"origin": "http://chat"})).status_code == 200


@pytest.mark.parametrize(
    "origin", ["*", "https://*.example.vn", "example.vn", "https://example.vn/", "https://a b", "'self'"]
)
def test_what_is_no_origin_stops_the_start(tmp_path: Path, origin: str) -> None:
    path = tmp_path / "config.yml"
    path.write_text(f'bot: {{origins: ["{origin}"]}}', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"https://www\.example\.vn"):
        load_settings(path, {})

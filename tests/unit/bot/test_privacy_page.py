"""One privacy notice: what config.yml says is told, what it does not say is not invented."""

from __future__ import annotations

import pytest

from actions.answer import Language
from bot.pages.privacy import PrivacyNotice
from fake_dialogue import FakeServer


def test_days_operator_and_contact_come_from_the_settings() -> None:
    told = str(PrivacyNotice(12, 34, "Cục X", "liên hệ số Y").paragraphs(Language.VIETNAMESE))
    assert "12 ngày" in told and "34 ngày" in told and "Cục X" in told and "liên hệ số Y" in told
    unknown = str(PrivacyNotice(12, 34).paragraphs(Language.VIETNAMESE))
    assert "Đơn vị vận hành." not in unknown and "Liên hệ." not in unknown


def test_both_languages_tell_the_same_things() -> None:
    notice = PrivacyNotice(30, 30, "a", "b")
    assert len(notice.paragraphs(Language.VIETNAMESE)) == len(notice.paragraphs(Language.ENGLISH))


@pytest.mark.anyio
async def test_the_page_and_the_chat_say_the_same(server: FakeServer) -> None:
    page = (await server.http.get("/quyen-rieng-tu")).text
    for language in ("vi", "en"):
        told = (await server.http.get("/api/chat/privacy", params={"language": language})).json()["paragraphs"]
        assert len(told) == 6
        for heading, sentences in told:
            assert heading in page and sentences in page
    assert (await server.http.get("/api/chat/privacy", params={"language": "de"})).status_code == 422


@pytest.mark.anyio
async def test_a_session_is_greeted_in_the_language_of_its_page(server: FakeServer) -> None:
    english = await server.http.post("/api/chat/sessions", json={"language": "en"})
    assert english.json()["greeting"][0]["answer"]["language"] == "en"
    silent = await server.http.post("/api/chat/sessions")
    assert silent.json()["greeting"][0]["answer"]["language"] == "vi"
    assert (await server.http.post("/api/chat/sessions", json={"language": "de"})).status_code == 422

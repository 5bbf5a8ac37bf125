"""👍 and 👎: who may rate what, what is kept with it, and what follows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from actions.guards import MASK
from actions.personal_data import delete_person, export_person
from actions.sentences import VI
from bot.conversations import TurnRow
from bot.feedback import Feedback, FeedbackRow, Rating, Reason, keep_feedback, read_feedback, reason_of
from bot.reception import NO_SUCH_TURN, THANKS, WHY
from fake_dialogue import FakeServer, answer_record, fake_server
from knowledge.database import Database

pytestmark = pytest.mark.anyio
URL = "/webhooks/rest/webhook"
TURN = "abcdefghijklmnopqrstuv"
TRACE = {"query": "điều kiện dự giải", "candidates": [["dieu-kien", 0.91], ["ho-so", 0.2]]}


async def _rest(server: FakeServer, sender: str, text: str) -> dict[str, Any]:
    (message,) = (await server.http.post(URL, json={"sender": sender, "message": text})).json()
    return message  # type: ignore[no-any-return]


async def _asked(server: FakeServer, sender: str = "a") -> str:
    """A question that was answered: its turn."""
    server.rasa.reply = [{"custom": answer_record("đáp", trace=TRACE)}]
    return str((await _rest(server, sender, "hỏi"))["custom"]["turn"])


def _kept(server: FakeServer) -> list[tuple[str, str, str | None, str | None]]:
    with server.database.session() as session:
        return [(row.turn_key, row.rating, row.reason, row.comment) for row in session.scalars(select(FeedbackRow))]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"/feedback {TURN} up", Feedback(TURN, Rating.UP)),
        (f"/feedback {TURN} down thiếu", Feedback(TURN, Rating.DOWN, Reason.INCOMPLETE)),
        (f"/feedback {TURN} down khó hiểu", Feedback(TURN, Rating.DOWN, Reason.UNCLEAR)),
        (f" /feedback  {TURN}  down  cu ", Feedback(TURN, Rating.DOWN, Reason.OUTDATED)),
        (f"/feedback {TURN} down số điểm không đúng", Feedback(TURN, Rating.DOWN, None, "số điểm không đúng")),
        (f"/feedback {TURN} sideways", None),
        ("/feedback x up", None),
        (f"feedback {TURN} up", None),
        ("câu trả lời sai rồi", None),
    ],
)
def test_how_a_rating_is_written(text: str, read: Feedback | None) -> None:
    assert read_feedback(text) == read


def test_every_reason_is_known_by_its_name_with_marks() -> None:
    names = ["sai", "thiếu", "khó hiểu", "cũ", "khác"]
    assert [reason_of(name) for name in names] == list(Reason)
    assert reason_of("sai bét") is None


async def test_what_is_kept_stands_beside_turn_publication_query_and_candidates(server: FakeServer) -> None:
    turn = await _asked(server)
    answer = await _rest(server, "a", f"/feedback {turn} up")
    assert answer["text"] == THANKS[VI]
    assert len(server.rasa.asked) == 1, "a rating is no question"
    with server.database.session() as session:
        row = session.scalar(select(TurnRow).join(FeedbackRow, FeedbackRow.turn_key == TurnRow.key))
        assert row is not None
        assert (row.question, row.query, row.candidates) == ("hỏi", TRACE["query"], TRACE["candidates"])


async def test_the_trace_never_reaches_a_client(server: FakeServer) -> None:
    server.rasa.reply = [{"custom": answer_record("đáp", trace=TRACE)}]
    answer = await _rest(server, "a", "hỏi")
    assert "trace" not in answer["custom"]
    assert "dieu-kien" not in str(answer)


async def test_nobody_rates_the_turn_of_another(server: FakeServer) -> None:
    turn = await _asked(server)
    assert (await _rest(server, "b", f"/feedback {turn} down"))["text"] == NO_SUCH_TURN[VI]
    assert (await _rest(server, "a", f"/feedback {TURN} down"))["text"] == NO_SUCH_TURN[VI]
    assert _kept(server) == []


async def test_a_thumb_down_asks_why_and_offers_a_person(server: FakeServer) -> None:
    turn = await _asked(server)
    answer = await _rest(server, "a", f"/feedback {turn} down")
    assert answer["text"] == WHY[VI]
    assert [one["title"] for one in answer["buttons"]] == ["Sai", "Thiếu", "Khó hiểu", "Cũ", "Khác", "Gặp cán bộ"]
    assert (await _rest(server, "a", answer["buttons"][1]["payload"]))["text"] == THANKS[VI]
    assert _kept(server) == [(turn, "down", "thieu", None)]
    assert all(len(one["payload"].encode()) <= 64 for one in answer["buttons"]), "Telegram takes no longer ones"


async def test_the_last_word_counts_and_own_words_are_masked(server: FakeServer) -> None:
    turn = await _asked(server)
    await _rest(server, "a", f"/feedback {turn} up")
    await _rest(server, "a", f"/feedback {turn} down sai rồi, gọi tôi 0912345678")
    assert _kept(server) == [(turn, "down", None, f"sai rồi, gọi tôi {MASK}")]


def test_many_ratings_of_a_turn_are_one_row(database: Database) -> None:
    with database.session() as session:
        session.add(
            TurnRow(
                key=TURN,
                conversation_id="rest:a",
                channel="rest",
                at=func.now(),
                question="x",
                status="answered",
                answer={"text": "đáp"},
                milliseconds=1,
            )
        )
    for rating in (Rating.UP, Rating.DOWN, Rating.UP):
        with database.session() as session:
            assert keep_feedback(session, "rest:a", Feedback(TURN, rating))
    with database.session() as session:
        assert [row.rating for row in session.scalars(select(FeedbackRow))] == ["up"]
        assert export_person(session, "rest:a")["feedback"][0]["rating"] == "up"
        assert delete_person(session, "rest:a")["feedback"] == 1
    with database.session() as session:
        assert export_person(session, "rest:a") == {}


# -- the web chat's own route


async def _web_turn(server: FakeServer, owner: dict[str, str]) -> str:
    await server.say(owner, "hỏi")
    return str((await server.until(owner, 3))[-1]["answer"]["turn"])


async def test_the_page_rates_and_sees_it_again_after_a_reload(server: FakeServer) -> None:
    owner = await server.session()
    turn = await _web_turn(server, owner)
    body = {"turn": turn, "rating": "down", "reason": "sai"}
    assert (await server.http.post("/api/chat/feedback", json=body, headers=owner)).status_code == 204
    assert [one.get("rating") for one in await server.messages(owner)] == [None, None, "down"]
    assert _kept(server) == [(turn, "down", "sai", None)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"turn": TURN}, 404),
        ({"turn": "x"}, 422),
        ({"rating": "maybe"}, 422),
        ({"reason": "vì thế"}, 422),
        ({"comment": "x" * 1001}, 422),
    ],
)
async def test_what_the_page_may_not_send(server: FakeServer, change: dict[str, str], code: int) -> None:
    owner = await server.session()
    body = {"turn": await _web_turn(server, owner), "rating": "down"} | change
    assert (await server.http.post("/api/chat/feedback", json=body, headers=owner)).status_code == code
    assert _kept(server) == []


async def test_a_page_can_not_rate_anothers_turn_nor_without_a_token(server: FakeServer) -> None:
    mine, other = await server.session(), await server.session()
    body = {"turn": await _web_turn(server, mine), "rating": "down"}
    assert (await server.http.post("/api/chat/feedback", json=body, headers=other)).status_code == 404
    assert (await server.http.post("/api/chat/feedback", json=body)).status_code == 401


async def test_ratings_count_as_messages_of_a_flood(sqlite: Database) -> None:
    async with fake_server(sqlite, per_sender=3) as server:
        owner = await server.session()
        body = {"turn": await _web_turn(server, owner), "rating": "up"}
        codes = [(await server.http.post("/api/chat/feedback", json=body, headers=owner)).status_code for _ in range(3)]
    assert codes == [204, 204, 429]

"""A chat that a person owns, over the channels: nothing of it reaches Rasa, nothing is said twice, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from actions.handover import cases, wording
from actions.handover.case import Case, CaseReason
from actions.outbox import OutboxRow
from actions.sentences import VI
from bot.conversations import TurnRow
from fake_dialogue import FakeServer, answer_record, fake_server
from knowledge.database import Database

pytestmark = pytest.mark.anyio
URL = "/webhooks/rest/webhook"
LAN = "lan"


@pytest.fixture
async def both(database: Database) -> AsyncIterator[FakeServer]:
    """A server over SQLite, and one over PostgreSQL."""
    async with fake_server(database) as running:
        yield running


def _sender(server: FakeServer, owner: dict[str, str]) -> str:
    return f"web:{server.conversations.find(owner['authorization'].removeprefix('Bearer '))}"


def _open(server: FakeServer, sender: str) -> Case:
    with server.database.session() as session:
        return cases.open_case(session, sender, sender.partition(":")[0], CaseReason.ASKED)[0]


async def _do(server: FakeServer, step: Callable[..., Case], case: Case, *arguments: str) -> Case:
    def work() -> Case:
        with server.database.session() as session:
            return step(session, case.id, *arguments)

    return await asyncio.to_thread(work)


def _heard(server: FakeServer, case: Case) -> list[str | None]:
    with server.database.session() as session:
        return [one.text for one in cases.history(session, case.id) if one.kind == "message"]


async def _rest(server: FakeServer, sender: str, text: str) -> list[dict[str, Any]]:
    return (await server.http.post(URL, json={"sender": sender, "message": text})).json()  # type: ignore[no-any-return]


async def _asking(server: FakeServer) -> None:
    """Until Rasa is at work."""
    async with asyncio.timeout(20):
        while not server.rasa.working:
            await asyncio.sleep(0.01)


# -- silence


async def test_an_owned_chat_never_reaches_rasa_and_receipt_is_said_once(both: FakeServer) -> None:
    owner = await both.session()
    case = _open(both, _sender(both, owner))
    await _do(both, cases.claim, case, LAN)
    await both.courier.round()
    for text in ("một", "hai", "ba"):
        await both.say(owner, text)
    messages = await both.until(owner, 6)  # greeting, taken, three, one receipt
    async with asyncio.timeout(20):
        while len(_heard(both, case)) < 3:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    messages = await both.messages(owner)
    assert both.rasa.asked == []
    assert _heard(both, case) == ["một", "hai", "ba"]
    said = [one["text"] for one in messages if one["role"] == "assistant"][1:]
    assert said == [wording.taken(case).text, wording.heard(case).text]
    assert [one["state"] for one in messages if one["role"] == "user"] == ["seen", "received", "received"]


async def test_before_an_officer_comes_the_assistant_answers(both: FakeServer) -> None:
    owner = await both.session()
    _open(both, _sender(both, owner))
    await both.say(owner, "điều kiện?")
    assert (await both.until(owner, 3))[-1]["text"] == "đáp: điều kiện?"


@pytest.mark.parametrize("text", ["/troly", "quay lại trợ lý", "Cho em quay lại trợ lý ạ", "back to the assistant"])
async def test_the_person_has_the_assistant_back_at_any_time(server: FakeServer, text: str) -> None:
    owner = await server.session()
    case = _open(server, _sender(server, owner))
    await _do(server, cases.reply, case, LAN, "đáp")
    await server.courier.round()
    await server.say(owner, text)
    await server.say(owner, "điều kiện?")
    messages = await server.until(owner, 7)
    assert messages[-1]["text"] == "đáp: điều kiện?"
    assert [asked for _, asked in server.rasa.asked] == ["điều kiện?"]


async def test_the_word_for_going_back_is_no_question_and_a_question_is_no_word_for_it(server: FakeServer) -> None:
    (answer,) = await _rest(server, "a", "quay lại trợ lý")
    assert answer["text"] == wording.NEVER_AWAY[VI]
    await _rest(server, "a", "quay lại câu hồ sơ lúc nãy")
    assert [text for _, text in server.rasa.asked] == ["quay lại câu hồ sơ lúc nãy"]


# -- replies


async def test_a_reply_arrives_in_the_web_chat_once(both: FakeServer) -> None:
    owner = await both.session()
    case = _open(both, _sender(both, owner))
    await _do(both, cases.reply, case, LAN, "Anh nộp ở Sở nhé.")
    await asyncio.gather(*(both.courier.round() for _ in range(4)))  # as many servers would
    await both.courier.round()
    said = [one for one in await both.messages(owner) if one["role"] == "assistant"][1:]
    assert [one["text"] for one in said] == [wording.taken(case).text, "Anh nộp ở Sở nhé."]
    assert said[-1]["answer"]["author"] == "officer"
    assert said[-1]["answer"]["suggestions"][0]["payload"] == "/troly"


async def test_a_reply_that_was_accepted_while_no_server_ran_arrives_after_the_start(database: Database) -> None:
    async with fake_server(database) as server:
        owner = await server.session()
        case = _open(server, _sender(server, owner))
    with database.session() as session:
        cases.reply(session, case.id, LAN, "đáp khi máy chủ nghỉ")
    async with fake_server(database) as server:
        await server.courier.round()
        said = [one["text"] for one in await server.messages(owner)]
    assert said.count("đáp khi máy chủ nghỉ") == 1


async def test_a_reply_to_a_rest_sender_comes_with_the_next_message_once(both: FakeServer) -> None:
    case = _open(both, "rest:a")
    await _do(both, cases.reply, case, LAN, "đáp")
    await both.courier.round()
    first = await _rest(both, "a", "có gì mới không")
    assert [one["text"] for one in first] == [
        wording.taken(case).text,
        "Cán bộ phụ trách: đáp",
        wording.heard(case).text,
    ]
    assert len(await _rest(both, "a", "alo")) == 1
    assert len(await _rest(both, "b", "alo")) == 1, "another sender gets nothing of it"


async def test_many_requests_at_once_get_a_waiting_reply_once(both: FakeServer) -> None:
    case = _open(both, "rest:a")
    await _do(both, cases.reply, case, LAN, "đáp một lần")
    answers = await asyncio.gather(*(_rest(both, "a", f"tin {number}") for number in range(6)))
    texts = [one["text"] for answer in answers for one in answer]
    assert texts.count("Cán bộ phụ trách: đáp một lần") == 1


async def test_a_message_for_a_conversation_that_is_gone_is_dropped(server: FakeServer) -> None:
    owner = await server.session()
    case = _open(server, _sender(server, owner))
    await _do(server, cases.reply, case, LAN, "đáp")
    await server.http.delete("/api/chat/sessions/current", headers=owner)
    await server.courier.round()
    with server.database.session() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


# -- races


async def test_an_officer_who_takes_the_chat_while_the_assistant_thinks_is_not_talked_over(both: FakeServer) -> None:
    owner = await both.session()
    case = _open(both, _sender(both, owner))
    both.rasa.seconds = 0.5
    await both.say(owner, "điều kiện?")
    await _asking(both)
    await _do(both, cases.reply, case, LAN, "đáp của cán bộ")
    await both.courier.round()
    await both.until(owner, 5)
    await both.worker.stop()
    texts = [one["text"] for one in await both.messages(owner)]
    assert "đáp: điều kiện?" not in texts
    assert texts.count("đáp của cán bộ") == 1
    assert _heard(both, case) == ["điều kiện?"]
    with both.database.session() as session:
        assert session.scalar(select(func.count()).select_from(TurnRow)) == 0


async def test_the_same_in_a_channel_that_answers_the_request(both: FakeServer) -> None:
    case = _open(both, "rest:a")
    both.rasa.seconds = 0.5
    asking = asyncio.create_task(_rest(both, "a", "điều kiện?"))
    await _asking(both)
    await _do(both, cases.reply, case, LAN, "đáp của cán bộ")
    texts = [one["text"] for one in await asking]
    assert texts == [wording.taken(case).text, "Cán bộ phụ trách: đáp của cán bộ", wording.heard(case).text]
    assert _heard(both, case) == ["điều kiện?"]


async def test_however_the_two_fall_together_a_question_has_one_answerer(both: FakeServer) -> None:
    """The assistant's answer stands before the officer came in, or the question is the officer's; never both."""
    for number in range(8):
        owner = await both.session()
        case = _open(both, _sender(both, owner))
        both.rasa.seconds = 0.01 * number
        await both.say(owner, "hỏi")
        await _do(both, cases.claim, case, LAN)
        async with asyncio.timeout(20):
            while both.worker._tasks:
                await asyncio.sleep(0.01)
        await both.courier.round()
        texts = [one["text"] for one in await both.messages(owner)]
        assert ("đáp: hỏi" in texts) != (_heard(both, case) == ["hỏi"]), texts
        if "đáp: hỏi" in texts:
            assert texts.index("đáp: hỏi") < texts.index(wording.taken(case).text)


async def test_an_idle_chat_is_given_back_and_says_so(server: FakeServer) -> None:
    owner = await server.session()
    case = _open(server, _sender(server, owner))
    await _do(server, cases.claim, case, LAN)
    with server.database.session() as session:
        long_ago = case.opened_at.replace(year=2020)
        session.execute(update(cases.CaseRow).values(touched_at=long_ago).execution_options(synchronize_session=False))
    await server.courier.round()
    assert (await server.messages(owner))[-1]["text"] == wording.idle(case).text
    await server.say(owner, "điều kiện?")
    assert (await server.until(owner, 5))[-1]["text"] == "đáp: điều kiện?"


# -- contact details


async def test_contact_details_are_kept_for_the_officer_and_masked_everywhere_else(both: FakeServer) -> None:
    case = _open(both, "rest:a")
    (answer,) = await _rest(both, "a", "sđt em 0912 345 678, mail a@b.vn")
    assert answer["text"] == wording.contact_noted(case).text
    with both.database.session() as session:
        assert cases.find_case(session, case.id).contact == "0912 345 678; a@b.vn"
    assert both.rasa.asked == []


async def test_without_a_case_contact_details_are_not_kept(server: FakeServer) -> None:
    await _rest(server, "a", "sđt em 0912345678")
    assert [text for _, text in server.rasa.asked] == ["sđt em [đã che]"]


async def test_an_identity_number_is_no_contact_detail(server: FakeServer) -> None:
    case = _open(server, "rest:a")
    await _rest(server, "a", "cccd 079203001234")
    with server.database.session() as session:
        assert cases.find_case(session, case.id).contact is None


# -- the offer


async def test_after_two_failures_in_a_row_a_person_is_offered(server: FakeServer) -> None:
    server.rasa.reply = [{"custom": answer_record("chưa có", status="unknown")}]
    (first,) = await _rest(server, "a", "x")
    (second,) = await _rest(server, "a", "y")
    assert "buttons" not in first
    assert second["buttons"][0] == {"title": "Gặp cán bộ", "payload": "/nguoi_chuaduoc"}
    assert wording.OFFER[VI] in second["text"]
    (other,) = await _rest(server, "b", "x")
    assert "buttons" not in other, "each sender's own failures count"


async def test_one_answer_between_ends_the_row(server: FakeServer) -> None:
    unknown = [{"custom": answer_record("chưa có", status="unknown")}]
    for reply in (unknown, None, unknown):
        server.rasa.reply = reply
        (last,) = await _rest(server, "a", "x")
    assert "buttons" not in last


async def test_nobody_is_offered_who_was_asked_for_already(server: FakeServer) -> None:
    _open(server, "rest:a")
    server.rasa.reply = [{"custom": answer_record("chưa có", status="unknown")}]
    for _ in range(3):
        (last,) = await _rest(server, "a", "x")
    assert "buttons" not in last


async def test_the_buttons_of_an_offer_ask_rasa_for_a_person(server: FakeServer) -> None:
    await _rest(server, "a", "/nguoi_chuaduoc")
    assert server.rasa.asked == [("rest:a", "/nguoi")]
    assert server.rasa.metadata[-1]["reason"] == str(CaseReason.FAILED)

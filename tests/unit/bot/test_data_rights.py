"""«xoá dữ liệu của tôi» and «xuất dữ liệu» over the channels: everything goes, everything comes, nothing of others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions import privacy
from actions.handover import cases
from actions.handover.case import CaseReason
from actions.personal_data import export_person
from actions.privacy import agrees, asks_deletion, asks_export
from actions.sentences import VI
from bot.messages import AnswerMessage
from bot.outgoing import Outgoing
from fake_dialogue import TODAY, FakeServer, answer_record
from knowledge.errors import DatabaseError

pytestmark = pytest.mark.anyio
URL = "/webhooks/rest/webhook"


async def _rest(server: FakeServer, sender: str, text: str) -> dict[str, Any]:
    return (await server.http.post(URL, json={"sender": sender, "message": text})).json()[-1]  # type: ignore[no-any-return]


def _sender(server: FakeServer, owner: dict[str, str]) -> str:
    return f"web:{server.conversations.find(owner['authorization'].removeprefix('Bearer '))}"


def _exported(server: FakeServer, sender: str) -> dict[str, Any]:
    with server.database.session() as session:
        return export_person(session, sender)


def _owned(server: FakeServer, sender: str) -> None:
    with server.database.session() as session:
        case, _ = cases.open_case(session, sender, sender.partition(":")[0], CaseReason.ASKED)
        cases.claim(session, case.id, "lan")


@pytest.mark.parametrize(
    "text", ["có", "Dạ có ạ", "ok", "đồng ý", "xoá hết đi", "xoa di", "chắc chắn", "ừ", "yes", "delete it"]
)
def test_yes(text: str) -> None:
    assert agrees(text) is True


@pytest.mark.parametrize(
    "text",
    ["không", "thôi", "thôi đừng xoá", "giữ lại", "ko", "k", "chưa", "khoan đã", "no", "keep it", "có nhưng thôi"],
)
def test_no(text: str) -> None:
    assert agrees(text) is False


@pytest.mark.parametrize("text", ["điều kiện dự giải là gì", "hồ sơ gồm gì", "", "?", "bạn là ai"])
def test_neither(text: str) -> None:
    assert agrees(text) is None


@pytest.mark.parametrize(
    "text", ["/xoa", "xoá dữ liệu của tôi", "Xóa hết thông tin cá nhân của em đi ạ", "delete my data"]
)
def test_asking_for_deletion(text: str) -> None:
    assert asks_deletion(text) and not asks_export(text)


@pytest.mark.parametrize("text", ["/xuatdulieu", "xuất dữ liệu", "cho em tải dữ liệu của em về với", "export my data"])
def test_asking_for_a_copy(text: str) -> None:
    assert asks_export(text.replace(" về với", "")) and not asks_deletion(text)


@pytest.mark.parametrize(
    "text", ["bị xoá tên khỏi danh sách khi nào", "dữ liệu trong hồ sơ gồm gì", "xuất xứ hàng hoá", "thu hồi giải"]
)
def test_questions_on_the_award_ask_for_neither(text: str) -> None:
    assert not asks_deletion(text) and not asks_export(text)


# -- deletion


async def test_deletion_in_the_web_chat_leaves_a_new_conversation_with_one_sentence(server: FakeServer) -> None:
    mine, other = await server.session(), await server.session()
    for owner in (mine, other):
        await server.say(owner, "câu hỏi riêng")
        await server.until(owner, 3)
    before = (await server.messages(mine))[-1]["seq"]
    await server.say(mine, privacy.DELETE_ALL)
    messages = await server.until_said(mine, privacy.DELETED[VI])
    assert [one["text"] for one in messages] == [privacy.DELETED[VI]]
    assert messages[0]["seq"] > before, "a page that asks for what is new gets it"
    assert messages[0]["answer"]["anew"] is True
    assert "câu hỏi riêng" not in json.dumps(_exported(server, _sender(server, mine)), ensure_ascii=False)
    await server.say(mine, "hỏi tiếp")
    assert (await server.until(mine, 3))[-1]["text"] == "đáp: hỏi tiếp"
    assert len(await server.messages(other)) == 3


async def test_deletion_over_rest_leaves_nothing_not_even_the_request(server: FakeServer) -> None:
    await _rest(server, "a", "câu hỏi riêng")
    await _rest(server, "b", "câu của người khác")
    assert (await _rest(server, "a", privacy.DELETE_ALL))["text"] == privacy.DELETED[VI]
    await server.assistant.finish()
    assert _exported(server, "rest:a") == {}
    assert _exported(server, "rest:b") != {}


async def test_what_rasa_says_after_the_confirmation_deletes_too(server: FakeServer) -> None:
    await _rest(server, "a", "câu hỏi riêng")
    server.rasa.reply = [{"custom": privacy.deleted(TODAY, VI).to_json()}]
    answer = await _rest(server, "a", "có, xoá đi")
    assert answer["text"] == privacy.DELETED[VI]
    assert "forget" not in answer["custom"]
    await server.assistant.finish()
    assert _exported(server, "rest:a") == {}


async def test_where_nothing_could_be_deleted_nobody_is_told_that_it_was(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _rest(server, "a", "câu hỏi riêng")

    def away(*arguments: object) -> None:
        raise DatabaseError("the database does not answer")

    monkeypatch.setattr("bot.assistant.erase", away)
    assert (await _rest(server, "a", privacy.DELETE_ALL))["text"] == privacy.DELETION_FAILED
    assert _exported(server, "rest:a") != {}


async def test_the_rights_hold_while_an_officer_owns_the_chat(server: FakeServer) -> None:
    _owned(server, "rest:a")
    assert (await _rest(server, "a", "xoá dữ liệu của tôi"))["text"] == privacy.DELETION_ASKED[VI]
    assert (await _rest(server, "a", privacy.KEEP[VI]))["text"] == privacy.NOT_DELETED[VI]
    assert "attachments" in (await _rest(server, "a", "/xuatdulieu"))["custom"]
    assert (await _rest(server, "a", privacy.DELETE_ALL))["text"] == privacy.DELETED[VI]
    assert server.rasa.asked == []
    assert _exported(server, "rest:a") == {}
    await _rest(server, "a", "hỏi")
    assert [text for _, text in server.rasa.asked] == ["hỏi"], "the case is gone, and the assistant answers"


# -- a copy


async def test_a_copy_holds_everything_of_the_sender_and_nothing_of_others(server: FakeServer) -> None:
    server.rasa.reply = [{"custom": answer_record("đáp")}]
    await _rest(server, "a", "câu hỏi riêng")
    await _rest(server, "b", "câu của người khác")
    _owned(server, "rest:a")
    answer = await _rest(server, "a", "/xuatdulieu")
    (file,) = answer["custom"]["attachments"]
    got = await server.http.get(file["url"])
    assert got.status_code == 200
    record = got.json()
    assert record["sender"] == "rest:a"
    assert {"conversations", "cases"} <= set(record)
    assert "câu hỏi riêng" in got.text and "câu của người khác" not in got.text
    await _rest(server, "a", privacy.DELETE_ALL)
    assert (await server.http.get(file["url"])).status_code == 404, "the copy is deleted with the rest"


async def test_of_whom_nothing_is_kept_gets_no_file(server: FakeServer) -> None:
    answer = privacy.exported(server.database, server.files, "rest:nobody", TODAY, VI)
    assert (answer.text, answer.attachments) == (privacy.NOTHING_KEPT[VI], ())


# -- messages that nobody asked for


def _notice() -> AnswerMessage:
    return AnswerMessage.model_validate(answer_record("nhắc hạn"))


async def test_outgoing_reaches_the_web_chat_and_its_open_streams(server: FakeServer) -> None:
    owner = await server.session()
    sender = _sender(server, owner)
    with server.live.subscribe(sender.removeprefix("web:")) as events:
        assert await Outgoing(server.conversations, server.live).send(sender, _notice()) is True
        event = events.get_nowait()
    assert event is not None and event.data["text"] == "nhắc hạn"
    assert [one["text"] for one in await server.messages(owner)][-1] == "nhắc hạn"


@pytest.mark.parametrize("sender", ["rest:a", "telegram:1", "", "web:nobody", "web:"])
async def test_outgoing_says_where_nobody_is_reached(server: FakeServer, sender: str) -> None:
    assert await Outgoing(server.conversations, server.live).send(sender, _notice()) is False


async def test_outgoing_does_not_bring_back_a_deleted_conversation(server: FakeServer) -> None:
    owner = await server.session()
    sender = _sender(server, owner)
    await server.http.delete("/api/chat/sessions/current", headers=owner)
    assert await Outgoing(server.conversations, server.live).send(sender, _notice()) is False
    assert _exported(server, sender) == {}

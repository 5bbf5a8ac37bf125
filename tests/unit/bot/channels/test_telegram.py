"""Telegram, against a fake of its API over real HTTP: what comes in is answered once, whatever the network does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from actions import outbox
from actions.answer import Answer, AnswerStatus
from actions.files import KeptFile
from actions.personal_data import export_person
from actions.privacy import DELETE_ALL
from actions.sentences import TOO_LONG
from bot.channels.requests import TOO_FAST
from bot.channels.settings import ChannelSettings, TelegramSettings
from bot.channels.telegram import WEBHOOK
from bot.credentials import read_credentials
from bot.inbox import ONLY_TEXT, STALE
from chat_apps import AppsServer, apps_server
from fake_dialogue import AWAY, TODAY, FakeRasa, answer_record
from fakes.platform import Failure, running
from fakes.telegram import TOKEN, FakeTelegram
from knowledge.database import Database

pytestmark = pytest.mark.anyio
CREDENTIALS = read_credentials({"AWARD_TELEGRAM_TOKEN": TOKEN})
LAN, MINH = 501, 502


@dataclass
class Talk:
    """Telegram and our server, connected."""

    telegram: FakeTelegram
    server: AppsServer
    rasa: FakeRasa
    database: Database

    async def texts(self, chat: int, count: int) -> list[str]:
        """What a person was sent, once there is so much."""
        async with asyncio.timeout(30):
            while len(found := self.telegram.texts(chat)) < count:
                await asyncio.sleep(0.01)
        return found

    async def quiet(self) -> None:
        await self.server.quiet()


@asynccontextmanager
async def talking(
    database: Database, folder: Path, telegram: FakeTelegram | None = None, **more: Any
) -> AsyncIterator[Talk]:
    telegram = telegram or FakeTelegram()
    telegram.secret, telegram.webhook = CREDENTIALS.telegram_secret, "set before"
    async with running(telegram):
        channels = ChannelSettings(public_url="https://award.example", telegram=TelegramSettings(api=telegram.url))
        async with apps_server(database, folder, CREDENTIALS, channels, **more) as server:
            telegram.webhook = server.url + WEBHOOK
            await server.ready("telegram")
            yield Talk(telegram, server, server.rasa, database)


@pytest.fixture
async def talk(sqlite: Database, tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(sqlite, tmp_path) as found:
        yield found


def _says(rasa: FakeRasa, text: str = "Bạn chọn nhé.", **more: Any) -> None:
    rasa.reply = [{"custom": answer_record(text, **more)}]


async def test_a_question_is_answered_in_its_chat(talk: Talk) -> None:
    assert (await talk.telegram.say(LAN, "điều kiện?")).status_code == 200
    assert await talk.texts(LAN, 1) == ["đáp: điều kiện?"]
    assert talk.rasa.asked == [(f"telegram:{LAN}", "điều kiện?")]
    assert "sendChatAction" in {call.method for call in talk.telegram.calls}


async def test_a_repeated_update_is_answered_once(talk: Talk) -> None:
    update = talk.telegram.message(LAN, "một")
    for _ in range(3):
        assert (await talk.telegram.push(update)).status_code == 200
    await talk.telegram.say(LAN, "hai")
    assert await talk.texts(LAN, 2) == ["đáp: một", "đáp: hai"]
    await talk.quiet()
    assert len(talk.rasa.asked) == 2


async def test_messages_of_a_chat_are_answered_in_order_and_chats_side_by_side(talk: Talk) -> None:
    talk.rasa.seconds = 0.05
    for text in ("a", "b", "c"):
        await talk.telegram.say(LAN, text)
        await talk.telegram.say(MINH, text)
    for chat in (LAN, MINH):
        assert await talk.texts(chat, 3) == ["đáp: a", "đáp: b", "đáp: c"]
    assert talk.rasa.most_working == 2


async def test_a_hanging_chat_holds_up_nobody(talk: Talk) -> None:
    talk.rasa.together = 201  # nobody is answered before all ask: whoever waited for another would wait for ever
    updates = [talk.telegram.message(chat, "xin chào") for chat in range(1000, 1201)]
    pushed = await asyncio.gather(*(talk.telegram.push(update) for update in updates))
    assert {one.status_code for one in pushed} == {200}
    async with asyncio.timeout(60):
        while talk.rasa.most_working < 201:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("secret", ["", "wrong", CREDENTIALS.telegram_secret + "x", "tiếng việt"[:0]])
async def test_a_wrong_secret_is_refused(talk: Talk, secret: str) -> None:
    assert (await talk.telegram.push(talk.telegram.message(LAN, "x"), secret)).status_code == 403
    assert talk.rasa.asked == []
    assert "1 refused" in talk.server.state("telegram")


async def test_who_tries_secrets_is_told_to_wait(sqlite: Database, tmp_path: Path) -> None:
    async with talking(sqlite, tmp_path, per_address=3) as talk:
        tried = [await talk.telegram.push(talk.telegram.message(LAN, "x"), "wrong") for _ in range(4)]
        assert [one.status_code for one in tried] == [403, 403, 403, 429]
        assert int(tried[-1].headers["retry-after"]) > 0
        assert (await talk.telegram.say(LAN, "vẫn được")).status_code == 200, (
            "Telegram's own deliveries are not counted"
        )


async def test_without_a_token_the_channel_is_off(sqlite: Database, tmp_path: Path) -> None:
    telegram = FakeTelegram(secret="anything")
    async with apps_server(sqlite, tmp_path, read_credentials({}), ChannelSettings()) as server:
        telegram.webhook = server.url + WEBHOOK
        for secret in ("", "anything"):
            assert (await telegram.push(telegram.message(LAN, "x"), secret)).status_code == 503
        assert server.state("telegram") == "off"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[1]", 400),
        (b'{"x": 1}', 400),
        (b"[" * 100_000, 400),
        (b" " * 300_000, 413),
        (b'{"update_id": 1}', 200),
        (b'{"update_id": 2, "message": {"nonsense": true}}', 200),
        (b'{"update_id": 3, "poll": {}}', 200),
        (
            b'{"update_id": 4, "edited_message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}}',
            200,
        ),
    ],
)
async def test_what_is_no_message_does_no_harm(talk: Talk, body: bytes, status: int) -> None:
    from fakes.platform import post

    headers = {"X-Telegram-Bot-Api-Secret-Token": talk.telegram.secret, "Content-Type": "application/json"}
    assert (await post(talk.telegram.webhook, content=body, headers=headers)).status_code == status
    await talk.quiet()
    assert (talk.rasa.asked, talk.telegram.called("sendMessage")) == ([], [])


async def test_other_methods_are_refused(talk: Talk) -> None:
    import httpx

    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(talk.telegram.webhook)).status_code == 405


async def test_buttons_carry_little_and_mean_what_they_send(talk: Talk) -> None:
    long = "Doanh nghiệp đã đạt giải thì sau bao lâu được tham dự lại, và có phải nộp lại toàn bộ hồ sơ không? " * 2
    _says(talk.rasa, suggestions=[{"title": "Tham dự lại", "payload": long}, {"title": "Lịch", "payload": "/lich"}])
    await talk.telegram.say(LAN, "xin chào")
    await talk.texts(LAN, 1)
    buttons = talk.telegram.buttons(LAN)
    assert [one["text"] for one in buttons[:2]] == ["Tham dự lại", "Lịch"]
    assert all(len(one["callback_data"].encode()) <= 64 for one in buttons)
    await talk.telegram.push(talk.telegram.tap(LAN, buttons[0]["callback_data"]))
    await talk.texts(LAN, 2)
    assert talk.rasa.asked[-1] == (f"telegram:{LAN}", long.strip())
    await talk.telegram.until("answerCallbackQuery")


async def test_a_button_of_somebody_else_means_nothing(talk: Talk) -> None:
    _says(talk.rasa, suggestions=[{"title": "Lịch", "payload": "/lich"}])
    await talk.telegram.say(LAN, "xin chào")
    await talk.texts(LAN, 1)
    await talk.telegram.push(talk.telegram.tap(MINH, talk.telegram.buttons(LAN)[0]["callback_data"]))
    answered = await talk.telegram.until("answerCallbackQuery")
    assert answered[0]["text"] == STALE
    assert len(talk.rasa.asked) == 1


async def test_a_form_takes_a_button_once(talk: Talk) -> None:
    """A double tap must not answer the form's next question too."""
    _says(
        talk.rasa, status="form", suggestions=[{"title": "Có", "payload": "có"}, {"title": "Không", "payload": "không"}]
    )
    await talk.telegram.say(LAN, "/dieukien")
    await talk.texts(LAN, 1)
    data = talk.telegram.buttons(LAN)[0]["callback_data"]
    await asyncio.gather(*(talk.telegram.push(talk.telegram.tap(LAN, data)) for _ in range(3)))
    await talk.texts(LAN, 2)
    await talk.quiet()
    assert [text for _, text in talk.rasa.asked] == ["/dieukien", "có"]
    await talk.telegram.push(talk.telegram.tap(LAN, data))
    toasts = [one.get("text") for one in await talk.telegram.until("answerCallbackQuery", 4)]
    assert toasts.count(STALE) == 3


async def test_thumbs_rate_the_answer(talk: Talk) -> None:
    await talk.telegram.say(LAN, "điều kiện?")
    await talk.texts(LAN, 1)
    up = next(one for one in talk.telegram.buttons(LAN) if one["text"] == "👍")
    await talk.telegram.push(talk.telegram.tap(LAN, up["callback_data"]))
    assert (await talk.texts(LAN, 2))[-1].startswith("Cảm ơn bạn đã đánh giá")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("/start dieukien", "/dieukien"),
        ("/start", "/start"),
        ("/start chuong_9", "/start"),
        ("/start LICH", "/lich"),
        ("/hoso", "/hoso"),
    ],
)
async def test_deep_links_open_at_their_topic(talk: Talk, typed: str, asked: str) -> None:
    await talk.telegram.say(LAN, typed)
    await talk.texts(LAN, 1)
    assert [text for _, text in talk.rasa.asked] == [asked]


GROUP = {"chat": {"id": -100123, "type": "supergroup", "title": "Hội"}}
STICKER = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "is_animated": False, "is_video": False}


def _reply_to(person: int, *, is_bot: bool) -> dict[str, Any]:
    sender = {"id": person, "is_bot": is_bot, "first_name": "N"}
    return {"reply_to_message": {"message_id": 1, "date": 1, **GROUP, "from": sender}}


@pytest.mark.parametrize(
    ("text", "more", "asked"),
    [
        ("mọi người ơi họp nhé", {}, None),
        ("@award_bot điều kiện?", {}, "điều kiện?"),
        ("@AWARD_BOT", {}, "/start"),
        ("@award_botany điều kiện?", {}, None),
        ("/dieukien@award_bot", {}, "/dieukien"),
        ("/dieukien@other_bot", {}, None),
        ("/lich", {}, "/lich"),
        ("còn lệ phí?", _reply_to(123456, is_bot=True), "còn lệ phí?"),
        ("còn lệ phí?", _reply_to(9, is_bot=False), None),
        (None, {"new_chat_title": "Hội"}, None),
        (None, {"sticker": {**STICKER, "type": "regular"}}, None),
    ],
)
async def test_a_group_is_answered_only_where_it_addresses_the_assistant(
    talk: Talk, text: str | None, more: dict[str, Any], asked: str | None
) -> None:
    await talk.telegram.push(talk.telegram.message(-100123, text, **(GROUP | more)))
    await talk.telegram.say(LAN, "xong")
    await talk.texts(LAN, 1)
    await talk.quiet()
    assert [one for sender, one in talk.rasa.asked if sender == "telegram:-100123"] == ([asked] if asked else [])


async def test_what_can_not_be_read_gets_one_polite_sentence(talk: Talk) -> None:
    voice = {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 3}}
    for _ in range(3):
        await talk.telegram.push(talk.telegram.message(LAN, None, **voice))
    await talk.telegram.push(talk.telegram.message(LAN, None, caption="điều kiện?", **voice))
    await talk.telegram.push(talk.telegram.message(LAN, "   "))
    await talk.telegram.push(talk.telegram.message(LAN, "x" * 2001))
    found = await talk.texts(LAN, 3)
    await talk.quiet()
    assert sorted(found) == sorted([ONLY_TEXT, "đáp: điều kiện?", TOO_LONG])


async def test_a_flood_gets_one_notice_a_minute(sqlite: Database, tmp_path: Path) -> None:
    async with talking(sqlite, tmp_path, per_sender=2) as talk:
        for number in range(6):
            assert (await talk.telegram.say(LAN, f"tin {number}")).status_code == 200
        found = await talk.texts(LAN, 3)
        await talk.quiet()
        assert found.count(TOO_FAST) == 1 and len(talk.telegram.texts(LAN)) == 3
        await talk.telegram.say(MINH, "tin")
        assert await talk.texts(MINH, 1) == ["đáp: tin"]


async def test_flood_control_is_obeyed_and_order_kept(talk: Talk) -> None:
    talk.telegram.fail("sendMessage", Failure(429, "Too Many Requests: retry after 1", {"retry_after": 1}))
    await talk.telegram.say(LAN, "a")
    await talk.telegram.say(LAN, "b")
    assert await talk.texts(LAN, 2) == ["đáp: a", "đáp: b"]
    refused, first, _ = [call for call in talk.telegram.calls if call.method == "sendMessage"]
    assert first.at - refused.at >= 1.0


@pytest.mark.parametrize("failures", [[Failure(500)], [Failure(502), Failure(503)]])
async def test_a_broken_platform_is_tried_again(talk: Talk, failures: list[Failure]) -> None:
    talk.telegram.fail("sendMessage", *failures)
    await talk.telegram.say(LAN, "a")
    assert await talk.texts(LAN, 1) == ["đáp: a"]
    await talk.quiet()
    assert talk.telegram.texts(LAN) == ["đáp: a"]


async def test_who_blocked_the_bot_is_not_written_to_until_they_write(talk: Talk) -> None:
    talk.telegram.blocked.add(str(LAN))
    await talk.telegram.say(LAN, "a")
    await talk.quiet()
    (dead,) = talk.server.store.dead()
    assert (dead.sender, dead.attempts) == (f"telegram:{LAN}", 0) and "blocked" in dead.error
    with talk.database.session() as session:
        outbox.put(session, f"telegram:{LAN}", Answer(AnswerStatus.SMALL_TALK, "nhắc hạn", TODAY))
    talk.server.delivery.wake()
    await talk.quiet()
    tries = len([call for call in talk.telegram.calls if call.method == "sendMessage"])
    assert (tries, len(talk.server.store.dead())) == (1, 2), "the reminder was not even tried"
    talk.telegram.blocked.clear()
    await talk.telegram.say(LAN, "tôi quay lại")
    assert await talk.texts(LAN, 1) == ["đáp: tôi quay lại"]


async def test_left_is_known_at_once(talk: Talk) -> None:
    await talk.telegram.say(LAN, "a")
    await talk.texts(LAN, 1)
    bot = {"id": 123456, "is_bot": True, "first_name": "B"}
    change = {
        "chat": {"id": LAN, "type": "private"},
        "from": {"id": LAN, "is_bot": False, "first_name": "L"},
        "date": 1,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
    }
    assert (await talk.telegram.push({"update_id": 99, "my_chat_member": change})).status_code == 200
    with talk.database.session() as session:
        outbox.put(session, f"telegram:{LAN}", Answer(AnswerStatus.SMALL_TALK, "nhắc hạn", TODAY))
    talk.server.delivery.wake()
    async with asyncio.timeout(10):
        while not talk.server.store.dead():
            await asyncio.sleep(0.01)
    assert len(talk.telegram.texts(LAN)) == 1


async def test_markup_that_is_refused_is_sent_plain(talk: Talk) -> None:
    talk.telegram.fail("sendMessage", Failure(400, "Bad Request: can't parse entities: unsupported start tag"))
    _says(talk.rasa, "1 < 2 & 3 > 2", notices=["Lưu ý"])
    await talk.telegram.say(LAN, "a")
    assert await talk.texts(LAN, 1) == ["1 < 2 & 3 > 2\n\nLưu ý"]
    assert "parse_mode" not in talk.telegram.called("sendMessage")[0]


async def test_a_message_that_is_refused_is_a_dead_letter_and_can_be_sent_again(talk: Talk) -> None:
    talk.telegram.fail("sendMessage", Failure(400, "Bad Request: something else"))
    await talk.telegram.say(LAN, "a")
    await talk.quiet()
    (dead,) = talk.server.store.dead()
    assert "omething else" in dead.error
    await talk.telegram.say(LAN, "b")
    assert await talk.texts(LAN, 1) == ["đáp: b"], "it holds up nothing"
    talk.server.store.replay(dead.id)
    talk.server.delivery.wake()
    assert await talk.texts(LAN, 2) == ["đáp: b", "đáp: a"]


async def test_a_long_answer_goes_on_where_it_stopped(talk: Talk) -> None:
    _says(talk.rasa, "\n\n".join(f"Đoạn {number}. " + "chữ " * 240 for number in range(12)))
    await talk.telegram.say(LAN, "a")
    await talk.texts(LAN, 3)
    await talk.quiet()
    found = talk.telegram.texts(LAN)
    assert [one[:5] for one in found] == [f"({at}/{len(found)})" for at in range(1, len(found) + 1)]
    assert talk.telegram.buttons(LAN) and not any(
        "reply_markup" in one for one in talk.telegram.called("sendMessage")[:-1]
    )


async def test_an_officers_reply_and_a_reminder_arrive(talk: Talk) -> None:
    await talk.telegram.say(LAN, "a")
    await talk.texts(LAN, 1)
    with talk.database.session() as session:
        outbox.put(session, f"telegram:{LAN}", Answer(AnswerStatus.SMALL_TALK, "nhắc hạn", TODAY))
    talk.server.delivery.wake()
    assert await talk.texts(LAN, 2) == ["đáp: a", "nhắc hạn"]
    await talk.quiet()
    with talk.database.session() as session:
        said = [one["text"] for one in export_person(session, f"telegram:{LAN}")["conversations"]]
    assert said == ["a", "đáp: a", "nhắc hạn"]


async def test_pictures_and_files_arrive_as_such(talk: Talk) -> None:
    keep = talk.server.files.keep
    picture = keep(f"telegram:{LAN}", KeptFile("bieu-do.png", "image/png", b"\x89PNG"))
    report = keep(f"telegram:{LAN}", KeptFile("bao-cao.pdf", "application/pdf", b"%PDF"))
    attachments = [
        {"kind": "image", "url": picture, "title": "Biểu đồ", "media_type": "image/png", "alt": "x"},
        {"kind": "file", "url": report, "title": "Báo cáo", "media_type": "application/pdf"},
        {"kind": "file", "url": "/lich/gtclqg.ics", "title": "Lịch", "media_type": "text/calendar"},
    ]
    _says(talk.rasa, "Kết quả", attachments=attachments)
    await talk.telegram.say(LAN, "a")
    assert (await talk.telegram.until("sendPhoto"))[0]["photo"] == b"\x89PNG"
    assert (await talk.telegram.until("sendDocument"))[0]["document"] == b"%PDF"
    await talk.texts(LAN, 1)
    assert '<a href="https://award.example/lich/gtclqg.ics">Lịch</a>' in talk.telegram.called("sendMessage")[0]["text"]


async def test_an_apology_leaves_the_message_to_be_replayed(talk: Talk) -> None:
    talk.rasa.failure = AWAY
    await talk.telegram.say(LAN, "điều kiện? sđt 0912345678")
    apology = (await talk.texts(LAN, 1))[0]
    (dead,) = talk.server.inbox.dead()
    assert dead.text == "điều kiện? sđt [đã che]" and "Mã lỗi: 1" in apology
    talk.rasa.failure = None
    talk.server.inbox.replay(dead.id)  # as the command line does, which the server notices by itself
    assert (await talk.texts(LAN, 2))[1] == "đáp: điều kiện? sđt [đã che]"
    assert talk.server.inbox.dead() == []


async def test_deletion_reaches_everything_and_a_repeat_brings_nothing_back(talk: Talk) -> None:
    first = talk.telegram.message(LAN, "điều kiện?")
    await talk.telegram.push(first)
    await talk.texts(LAN, 1)
    await talk.telegram.say(MINH, "khác")
    await talk.texts(MINH, 1)
    confirmed = talk.telegram.message(LAN, DELETE_ALL)
    await talk.telegram.push(confirmed)
    assert (await talk.texts(LAN, 2))[-1].startswith("Đã xoá")
    for update in (confirmed, first):
        assert (await talk.telegram.push(update)).status_code == 200
    await talk.quiet()
    assert len(talk.telegram.texts(LAN)) == 2
    with talk.database.session() as session:
        kept = export_person(session, f"telegram:{LAN}")
        assert [one["text"][:6] for one in kept["conversations"]] == ["Đã xoá"] and set(kept) == {"conversations"}
        assert export_person(session, f"telegram:{MINH}")["conversations"]


async def test_while_rasa_starts_messages_wait(sqlite: Database, tmp_path: Path) -> None:
    async with talking(sqlite, tmp_path, resume=False) as talk:
        assert (await talk.telegram.say(LAN, "sớm quá")).status_code == 200
        await asyncio.sleep(0.2)
        assert talk.rasa.asked == []
        await talk.server.worker.resume()
        assert await talk.texts(LAN, 1) == ["đáp: sớm quá"]


async def test_what_a_stopped_server_left_is_answered_once_by_the_next(sqlite: Database, tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with talking(sqlite, tmp_path, telegram, rasa=FakeRasa(seconds=60)) as talk:
        update = telegram.message(LAN, "dở dang")
        await telegram.push(update)
        while not talk.rasa.asked:
            await asyncio.sleep(0.01)
    async with talking(sqlite, tmp_path, telegram) as talk:
        assert await talk.texts(LAN, 1) == ["đáp: dở dang"]
        await telegram.push(update)
        await talk.quiet()
        assert len(telegram.texts(LAN)) == 1


async def test_a_server_starts_while_telegram_is_away_and_says_so(sqlite: Database, tmp_path: Path) -> None:
    telegram = FakeTelegram(secret=CREDENTIALS.telegram_secret, webhook="set before")
    telegram.fail("getMe", Failure(500))
    async with running(telegram):
        channels = ChannelSettings(telegram=TelegramSettings(api=telegram.url))
        async with apps_server(sqlite, tmp_path, CREDENTIALS, channels) as server:
            telegram.webhook = server.url + WEBHOOK
            async with asyncio.timeout(10):
                while not server.state("telegram").startswith("degraded"):
                    await asyncio.sleep(0.01)
            await telegram.say(LAN, "vẫn nhận")
            await telegram.until("sendMessage")
            await server.ready("telegram")


async def test_polling_confirms_what_was_stored(sqlite: Database, tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(telegram):
        telegram.pending = [telegram.message(LAN, "a"), telegram.message(LAN, "b")]
        channels = ChannelSettings(telegram=TelegramSettings(api=telegram.url, mode="polling"))
        async with apps_server(sqlite, tmp_path, CREDENTIALS, channels) as server:
            await telegram.until("sendMessage", 2)
            assert telegram.texts(LAN) == ["đáp: a", "đáp: b"]
            assert server.state("telegram").startswith("ready")
            async with apps_server(sqlite, tmp_path, CREDENTIALS, channels) as second:
                async with asyncio.timeout(10):
                    while not second.state("telegram").startswith("failed"):
                        await asyncio.sleep(0.01)

"""Reminders from the wish to the outbox, on both databases: said once, whatever stops and whoever runs beside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import cast

import pytest
from sqlalchemy import select

from actions import outbox
from actions.answer import Answer, AnswerStatus
from actions.answering import Answerer
from actions.files import Files
from actions.outbox import OutboxRow
from actions.personal_data import delete_person, export_person
from actions.reminder import respond
from actions.reminders import wording
from actions.reminders.request import read_request
from actions.reminders.store import MOST_REMINDERS, ToldRow, reminders_of
from actions.runtime import Runtime
from bot.reminding import Reminding
from knowledge.calendar import VIETNAM, EventKind, EventState, SeasonEvent
from knowledge.calendar_store import put_event, remove_event
from knowledge.database import Database
from season_events import event

HOUR = time(8)
ME, YOU = "web:me", "web:you"


@dataclass
class World:
    """A database, a clock that the test sets, and what stands in the outbox."""

    database: Database
    moment: datetime = field(default_factory=lambda: at(1, 15))

    @property
    def runtime(self) -> Runtime:
        files = Files(self.database, days=30)
        return Runtime(
            lambda: cast(Answerer, None), lambda: self.moment.date(), 0.6, self.database, files, now=lambda: self.moment
        )

    def ask(self, text: str, sender: str = ME) -> Answer:
        return respond(self.runtime, sender, read_request(text))

    def put(self, one: SeasonEvent) -> None:
        with self.database.session() as session:
            put_event(session, one, self.moment)

    def round(self, moment: datetime | None = None) -> int:
        self.moment = moment or self.moment
        return Reminding(self.database, lambda: self.moment, HOUR).round()

    def said(self, sender: str = ME) -> list[str]:
        with self.database.session() as session:
            rows = session.scalars(select(OutboxRow).where(OutboxRow.sender == sender).order_by(OutboxRow.id))
            return [row.answer["text"] for row in rows]


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_a_reminder_comes_at_its_hour_and_once(world: World) -> None:
    world.put(event())
    confirmed = world.ask("nhắc em trước hạn 7 ngày")
    assert confirmed.status is AnswerStatus.FORM
    assert "trước hạn đăng ký, nộp hồ sơ 7 ngày, lúc 08:00" in confirmed.text
    assert "Hạn nộp hồ sơ: 10/03/2027 (toàn quốc; dự kiến) → nhắc 08:00 ngày 03/03/2027" in confirmed.text
    assert "Lịch tính đến ngày 15/01/2027" in confirmed.text
    assert world.round(at(3, 2)) == 0
    assert world.round(at(3, 3, 7, 59)) == 0
    assert world.round(at(3, 3, 8)) == 1
    (text,) = world.said()
    assert text.startswith("Nhắc bạn: còn 7 ngày nữa đến ngày này.\n- Hạn nộp hồ sơ: 10/03/2027")
    assert [world.round(at(3, day)) for day in (3, 4, 9, 10, 11)] == [0] * 5


def test_several_days_and_the_day_itself(world: World) -> None:
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày và trước 1 ngày")
    world.ask("nhắc em đúng ngày hạn")
    for day in range(1, 12):
        world.round(at(3, day))
    assert [text.split(".")[0] for text in world.said()] == [
        "Nhắc bạn: còn 7 ngày nữa đến ngày này",
        "Nhắc bạn: còn 1 ngày nữa đến ngày này",
        "Nhắc bạn: hôm nay là ngày này",
    ]


def test_two_wishes_that_fall_on_one_morning_are_one_message(world: World) -> None:
    world.put(event())
    world.moment = at(3, 8)
    world.ask("nhắc em trước hạn 7 ngày")  # too late for seven days: the day before
    assert "nhắc 08:00 ngày 09/03/2027" in world.ask("nhắc em trước hạn nộp hồ sơ 1 ngày").text
    assert world.round(at(3, 9, 8)) == 1


def test_a_wish_without_dates_is_kept_until_there_are_some(world: World) -> None:
    confirmed = world.ask("nhắc tôi khi có lịch")
    assert "chưa có ngày nào như vậy được công bố" in confirmed.text and "giaithuong.org.vn" in confirmed.text
    assert world.round() == 0
    world.put(event(province="Tây Ninh", state=EventState.CONFIRMED))
    assert world.round() == 1
    assert world.round() == 0
    (text,) = world.said()
    assert text.startswith("Báo bạn: lịch giải có ngày mới.\n- Hạn nộp hồ sơ: 10/03/2027 (Tây Ninh; đã xác nhận)")
    assert [world.round(at(3, day)) for day in (3, 9, 10)] == [0, 0, 0]  # no days were asked for


def test_changes_are_told_once_each_and_only_to_those_who_asked(world: World) -> None:
    world.put(event())
    world.ask("nhắc em hạn nộp hồ sơ")
    world.ask("nhắc em trước lễ trao giải 3 ngày", YOU)
    moved = event(start=date(2027, 3, 20), state=EventState.MOVED, moved_from=date(2027, 3, 10))
    world.put(moved)
    assert [world.round(), world.round()] == [1, 0]
    world.put(replace(moved, note="Sửa lời văn"))
    assert world.round() == 0
    world.put(replace(moved, state=EventState.CANCELLED))
    assert [world.round(), world.round()] == [1, 0]
    first, second = world.said()
    assert "đã dời" in first and "20/03/2027 (toàn quốc; đã dời ngày, trước là 10/03/2027)" in first
    assert "đã bị huỷ" in second
    assert world.said(YOU) == []
    assert [world.round(at(3, day)) for day in (3, 10, 13, 20)] == [0] * 4  # neither the old day nor the cancelled one


def test_the_reminder_follows_the_day_that_moved(world: World) -> None:
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày")
    world.put(event(start=date(2027, 4, 20), state=EventState.MOVED, moved_from=date(2027, 3, 10)))
    assert [world.round(at(3, 3)), world.round(at(4, 12)), world.round(at(4, 13)), world.round(at(4, 14))] == [
        1,
        0,
        1,
        0,
    ]
    assert "còn 7 ngày nữa" in world.said()[-1] and "20/04/2027" in world.said()[-1]


def test_who_never_heard_of_it_is_not_told_that_it_is_cancelled(world: World) -> None:
    world.ask("nhắc tôi khi có lịch")
    world.put(event(state=EventState.CANCELLED))
    assert world.round() == 0


def test_after_a_stop_the_reminder_is_late_and_says_so(world: World) -> None:
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày")
    assert world.round(at(3, 6, 9)) == 1
    (text,) = world.said()
    assert "còn 4 ngày nữa" in text and "muộn hơn đã hẹn vì hệ thống bị gián đoạn" in text


@pytest.mark.parametrize(("day", "count"), [(11, 1), (24, 1), (25, 0)])
def test_after_a_long_stop_an_apology_and_after_two_weeks_nothing(world: World, day: int, count: int) -> None:
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày")
    assert world.round(at(3, day)) == count
    assert all("ngày cần nhắc đã qua" in text and "xin lỗi" in text for text in world.said())


def test_nobody_is_written_to_at_night(world: World) -> None:
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày")
    world.put(event("b", title="Mốc khác"))
    assert [world.round(at(3, 4, hour)) for hour in (0, 3, 7, 20, 23)] == [0] * 5
    assert world.round(at(3, 5, 8)) == 2 + 1  # two reminders, and the new date


def test_the_list_shows_what_comes_next(world: World) -> None:
    assert "chưa đặt lời nhắc nào" in world.ask("em đang có nhắc gì").text
    world.ask("nhắc em trước hạn 7 ngày và trước 1 ngày")
    assert "Lịch hiện chưa có ngày nào" in world.ask("em đang có nhắc gì").text
    world.put(event())
    world.round(at(3, 3, 8))
    text = world.ask("em đang có nhắc gì").text
    assert (
        "1. Nhắc trước hạn đăng ký, nộp hồ sơ 7 ngày.\n2. Nhắc" in text
    )  # the first was said, so it has no line below
    assert "08:00 ngày 09/03/2027: Hạn nộp hồ sơ" in text
    assert "03/03/2027: Hạn" not in text


def test_cancelling(world: World) -> None:
    assert "chưa đặt lời nhắc nào" in world.ask("huỷ nhắc").text
    world.ask("nhắc em trước hạn 7 ngày")
    world.ask("nhắc em trước lễ trao giải 3 ngày")
    which = world.ask("huỷ nhắc")
    assert which.status is AnswerStatus.CLARIFY
    assert [one.payload for one in which.suggestions] == ["Huỷ nhắc số 1", "Huỷ nhắc số 2", "Huỷ tất cả lời nhắc"]
    assert world.ask("Huỷ nhắc số 3").status is AnswerStatus.CLARIFY
    assert world.ask("Huỷ nhắc số 1").text.startswith(
        "Mình đã huỷ: nhắc trước hạn đăng ký, nộp hồ sơ 7 ngày. Bạn còn 1"
    )
    assert "không còn lời nhắc nào" in world.ask("huỷ nhắc").text
    world.ask("nhắc em trước hạn 7 ngày")
    world.ask("nhắc em hạn nộp hồ sơ")
    assert "Bạn còn 1" in world.ask("bỏ nhắc hạn nộp hồ sơ").text
    assert "không còn" in world.ask("đừng nhắc nữa").text


def test_nothing_comes_after_a_cancellation(world: World) -> None:
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày")
    world.ask("đừng nhắc nữa")
    world.put(event(start=date(2027, 3, 20), state=EventState.MOVED, moved_from=date(2027, 3, 10)))
    assert [world.round(at(3, day)) for day in (3, 10, 13)] == [0, 0, 0]
    with world.database.session() as session:
        assert session.scalars(select(ToldRow)).all() == []


def test_the_same_wish_is_kept_once_and_there_is_a_limit(world: World) -> None:
    for _ in range(3):
        world.ask("nhắc em trước hạn 7 ngày")
    for days in range(20, 20 + MOST_REMINDERS):
        answer = world.ask(f"nhắc em trước hạn {days} ngày")
    assert "nhiều nhất" in answer.text
    with world.database.session() as session:
        assert len(reminders_of(session, ME)) == MOST_REMINDERS
        assert reminders_of(session, YOU) == []


@pytest.mark.parametrize("text", ["nhắc em trước hạn 7 ngày", "em đang có nhắc gì", "huỷ nhắc"])
def test_a_channel_that_only_answers_says_so(world: World, text: str) -> None:
    answer = world.ask(text, "rest:app")
    assert "không chủ động nhắn" in answer.text
    assert [one.url for one in answer.attachments] == ["/lich/gtclqg.ics"]
    with world.database.session() as session:
        assert reminders_of(session, "rest:app") == []


def test_what_is_not_offered_is_said_with_what_is(world: World) -> None:
    answer = world.ask("nhắc em ngày 5/3")
    assert answer.status is AnswerStatus.CLARIFY and "theo lịch của giải" in answer.text
    assert answer.suggestions[0].payload == "Nhắc tôi trước hạn 7 ngày"
    with world.database.session() as session:
        assert reminders_of(session, ME) == []


def test_a_removed_event_reminds_of_nothing(world: World) -> None:
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày")
    with world.database.session() as session:
        remove_event(session, event().id)
    assert world.round(at(3, 3)) == 0


def test_people_can_have_and_delete_what_is_kept(world: World) -> None:
    world.put(event())
    world.ask("nhắc em hạn nộp hồ sơ")
    with world.database.session() as session:
        assert export_person(session, ME)["reminders"][0]["nhắc trước (ngày)"] == 7
        assert delete_person(session, ME)["reminders"] == 1
    with world.database.session() as session:
        assert "reminders" not in export_person(session, ME)
        assert session.scalars(select(ToldRow)).all() == []


def test_a_server_that_dies_half_way_has_said_nothing_and_the_next_says_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message and the note that it was said are one transaction, so there is no moment between them."""
    world.put(event())
    world.ask("nhắc em trước hạn 7 ngày")
    world.ask("nhắc em trước hạn 7 ngày", YOU)
    real, calls = outbox.put, []

    def dies_at_the_second(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 2:
            raise SystemExit("killed")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "put", dies_at_the_second)
    with pytest.raises(SystemExit):
        world.round(at(3, 3))
    assert (world.said(ME), world.said(YOU)) == ([], [])
    monkeypatch.setattr(outbox, "put", real)
    assert world.round() == 2
    assert (len(world.said(ME)), len(world.said(YOU))) == (1, 1)


def test_servers_side_by_side_say_it_once(world: World) -> None:
    world.put(event())
    for number in range(20):
        world.ask("nhắc em trước hạn 7 ngày", f"web:{number}")
    world.moment = at(3, 3)
    said: list[int] = []
    start = threading.Barrier(4)

    def server() -> None:
        start.wait()
        said.append(Reminding(world.database, lambda: world.moment, HOUR).round())

    _run([server] * 4)
    assert sum(said) == 20
    assert all(len(world.said(f"web:{number}")) == 1 for number in range(20))


def _run(work: list[Callable[[], None]]) -> None:
    failed: list[BaseException] = []

    def guarded(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_one_broken_event_does_not_silence_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.put(event("a"))
    world.put(event("b", title="Mốc khác", kind=EventKind.REGISTRATION))
    world.ask("nhắc em trước hạn 7 ngày")
    real = wording.reminder

    def broken(one: SeasonEvent, due: datetime, now: datetime) -> Answer:
        if one.id == "a":
            raise ValueError("no words")
        return real(one, due, now)

    monkeypatch.setattr(wording, "reminder", broken)
    assert world.round(at(3, 3)) == 1
    assert "Mốc khác" in world.said()[0]
    monkeypatch.setattr(wording, "reminder", real)
    assert world.round(at(3, 3) + timedelta(minutes=1)) == 1

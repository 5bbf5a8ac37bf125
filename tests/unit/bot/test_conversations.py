"""Conversations and turns in the database, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from actions.answer import AnswerStatus
from actions.personal_data import delete_person
from bot.conversations import ConversationRow, Conversations, MessageRow, Turn, TurnRow
from bot.messages import AnswerMessage
from knowledge.database import Database

ANSWER = AnswerMessage(status=AnswerStatus.ANSWERED, text="đáp", as_of="2026-11-22")


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database, session_days=30)


def _delete(database: Database, conversation: str) -> None:
    with database.session() as session:
        delete_person(session, f"web:{conversation}")


def _count(database: Database, table: type[MessageRow | ConversationRow | TurnRow]) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _turn(conversation: str, question: str = "hỏi", channel: str = "web") -> Turn:
    return Turn(conversation, channel, question, ANSWER, 7, 12)


def test_a_token_opens_its_own_conversation_only(conversations: Conversations, database: Database) -> None:
    mine, other = conversations.open("web"), conversations.open("web")
    assert conversations.find(mine.token) == mine.id != other.id
    assert conversations.find("wrong") is None
    assert conversations.find("") is None
    with database.session() as session:
        digests = list(session.scalars(select(ConversationRow.token_digest)))
    assert mine.token not in digests, "only a digest is kept"


def test_an_expired_token_opens_nothing(conversations: Conversations, database: Database) -> None:
    new = conversations.open("web")
    assert new.expires_at > datetime.now(UTC) + timedelta(days=29)
    with database.session() as session:
        session.execute(update(ConversationRow).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert conversations.find(new.token) is None


def test_messages_are_numbered_in_order(conversations: Conversations) -> None:
    new = conversations.open("web")
    greeting = conversations.add_message(new.id, ANSWER)
    question, is_new = conversations.add_question(new.id, "a" * 8, "hỏi")
    answer = conversations.add_answer(new.id, question.seq, ANSWER)
    assert answer is not None
    assert is_new
    assert [greeting.seq, question.seq, answer.seq] == [1, 2, 3]
    assert [(one.seq, one.role, one.text) for one in conversations.after(new.id, 0)] == [
        (1, "assistant", "đáp"),
        (2, "user", "hỏi"),
        (3, "assistant", "đáp"),
    ]
    assert [one.seq for one in conversations.after(new.id, 1)] == [2, 3]
    assert [one.seq for one in conversations.after(new.id, 0, limit=2)] == [1, 2]
    assert conversations.after(new.id, 3) == []


def test_times_travel_with_their_zone(conversations: Conversations) -> None:
    new = conversations.open("web")
    conversations.add_message(new.id, ANSWER)
    moment = datetime.fromisoformat(conversations.after(new.id, 0)[0].to_json()["at"])
    assert moment.tzinfo is not None
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)


def test_a_message_sent_twice_is_stored_once(conversations: Conversations, database: Database) -> None:
    new = conversations.open("web")
    first, is_new = conversations.add_question(new.id, "client-1", "hỏi")
    second, is_new_again = conversations.add_question(new.id, "client-1", "hỏi khác")
    assert (is_new, is_new_again) == (True, False)
    assert (second.seq, second.text) == (first.seq, "hỏi")
    third, _ = conversations.add_question(new.id, "client-2", "nữa")
    assert third.seq == first.seq + 1, "a repeated message uses no number"
    elsewhere, is_new = conversations.add_question(conversations.open("web").id, "client-1", "hỏi")
    assert is_new


def test_numbers_stay_whole_under_many_writers(conversations: Conversations) -> None:
    new = conversations.open("web")
    start = threading.Barrier(8)

    def write(writer: int) -> list[int]:
        start.wait()
        return [conversations.add_question(new.id, f"writer-{writer}-{number}", "hỏi")[0].seq for number in range(10)]

    with ThreadPoolExecutor(8) as pool:
        given = [seq for numbers in pool.map(write, range(8)) for seq in numbers]
    assert sorted(given) == list(range(1, 81))
    assert [one.seq for one in conversations.after(new.id, 0)] == list(range(1, 81))


def test_the_same_message_from_many_at_once_is_stored_once(conversations: Conversations) -> None:
    new = conversations.open("web")
    start = threading.Barrier(6)

    def write(_: int) -> tuple[int, bool]:
        start.wait()
        stored, is_new = conversations.add_question(new.id, "same-message", "hỏi")
        return stored.seq, is_new

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(write, range(6)))
    assert {seq for seq, _ in given} == {1}
    assert sum(is_new for _, is_new in given) == 1


def test_a_question_is_answered_once(conversations: Conversations) -> None:
    new = conversations.open("web")
    question, _ = conversations.add_question(new.id, "client-1", "hỏi")
    start = threading.Barrier(4)

    def answer(_: int) -> bool:
        start.wait()
        return conversations.add_answer(new.id, question.seq, ANSWER) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(answer, range(4))) == 1
    assert len(conversations.after(new.id, 0)) == 2


def test_what_was_left_unanswered_is_found(conversations: Conversations) -> None:
    first, second, third = (conversations.open("web") for _ in range(3))
    for conversation, name in ((first, "a"), (first, "b"), (second, "c"), (third, "d")):
        conversations.add_question(conversation.id, f"client-{name}", name)
    conversations.add_answer(second.id, 1, ANSWER)
    conversations.add_answer(first.id, 1, ANSWER)
    assert conversations.waiting_conversations() == sorted([first.id, third.id])
    assert [(seq, text) for seq, text, _ in conversations.unanswered(first.id)] == [(2, "b")]
    assert conversations.unanswered(second.id) == []


def test_seen_only_grows_and_never_past_the_end(conversations: Conversations, database: Database) -> None:
    new = conversations.open("web")
    conversations.add_message(new.id, ANSWER)
    conversations.add_message(new.id, ANSWER)
    for told, kept in ((1, 1), (2, 2), (1, 2), (99, 2)):
        conversations.mark_seen(new.id, told)
        with database.session() as session:
            assert session.scalar(select(ConversationRow.seen_seq)) == kept


def test_delete_removes_everything_of_one_conversation(conversations: Conversations, database: Database) -> None:
    gone, kept = conversations.open("web"), conversations.open("web")
    for one in (gone, kept):
        conversations.add_question(one.id, "client-1", "hỏi")
        conversations.add_answer(one.id, 1, ANSWER)
        conversations.record(_turn(one.id, "hỏi"))
    _delete(database, gone.id)
    assert conversations.find(gone.token) is None
    assert conversations.after(gone.id, 0) == []
    assert conversations.find(kept.token) == kept.id
    assert (_count(database, ConversationRow), _count(database, MessageRow), _count(database, TurnRow)) == (1, 2, 1)
    with database.session() as session:
        dump = [
            str(row)
            for table in ("conversations", "messages", "turns")
            for row in session.execute(text(f"SELECT * FROM {table}"))
        ]
    assert not any(gone.id in row for row in dump)


def test_an_answer_that_comes_after_the_deletion_is_not_kept(conversations: Conversations, database: Database) -> None:
    new = conversations.open("web")
    question, _ = conversations.add_question(new.id, "client-1", "hỏi")
    _delete(database, new.id)
    assert conversations.add_answer(new.id, question.seq, ANSWER) is None
    conversations.record(_turn(new.id))
    assert (_count(database, MessageRow), _count(database, TurnRow)) == (0, 0)


def test_personal_numbers_are_masked_before_they_are_stored(conversations: Conversations, database: Database) -> None:
    new = conversations.open("web")
    conversations.add_question(new.id, "client-1", "gọi em 0912345678, a@b.vn")
    conversations.record(_turn(new.id, "gọi em 0912345678"))
    with database.session() as session:
        stored = [*session.scalars(select(MessageRow.text)), *session.scalars(select(TurnRow.question))]
    assert len(stored) == 2
    assert not any("0912345678" in one or "a@b.vn" in one for one in stored)


@pytest.mark.parametrize("odd", ["a\x00b", "\x00", "🙂", "\ud7ff", "x" * 2000, "'; DROP TABLE turns; --"])
def test_any_character_can_be_stored(conversations: Conversations, database: Database, odd: str) -> None:
    new = conversations.open("web")
    question, _ = conversations.add_question(new.id, "client-1", odd)
    conversations.add_answer(new.id, question.seq, ANSWER)
    conversations.record(_turn(new.id, odd))
    assert (len(conversations.after(new.id, 0)), _count(database, TurnRow)) == (2, 1)


@pytest.mark.parametrize("sender", ["rest:" + "x" * 200, "rest:a\x00b", "rest:" + "đ" * 200])
def test_a_turn_of_any_sender_is_recorded(conversations: Conversations, database: Database, sender: str) -> None:
    conversations.record(_turn(sender, channel="rest"))
    assert _count(database, TurnRow) == 1

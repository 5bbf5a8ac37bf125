"""Nothing that is kept of a person is forgotten: every table has a holder, every holder exports and deletes."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, func, select
from sqlalchemy.orm import Session

import bot.cli  # with everything that a running product imports
from actions import personal_data
from actions.answer import AnswerStatus
from actions.personal_data import (
    MOST_SENDER,
    PersonalDataHolder,
    delete_person,
    export_person,
    holders,
    personal_tables,
    register,
)
from bot.conversations import Conversations, Turn
from bot.messages import AnswerMessage
from knowledge.database import Base, Database
from shipped import ROOT

assert bot.cli  # imported for what it registers


def test_every_table_that_keeps_something_of_people_has_a_holder() -> None:
    held = [table for holder in holders() for table in holder.tables]
    assert sorted(held) == sorted(set(held)), "a table has two holders"
    assert set(held) <= set(Base.metadata.tables)
    missing = personal_tables(Base.metadata) - set(held)
    assert not missing, f"no holder in actions/personal_data.py answers for {', '.join(sorted(missing))}"
    assert {"conversations", "messages", "turns"} <= personal_tables(Base.metadata)


def test_the_rule_would_see_a_new_table() -> None:
    metadata = MetaData()
    Table("plain", metadata, Column("id", Integer, primary_key=True))
    own = Table("of_person", metadata, Column("id", Integer, primary_key=True), Column("sender", String(MOST_SENDER)))
    Table("said_in", metadata, Column("conversation_id", ForeignKey("talks.id")))
    Table("talks", metadata, Column("id", Integer, primary_key=True))
    Table("of_it", metadata, Column("id", Integer, primary_key=True), Column("own", ForeignKey(own.c.id)))
    assert personal_tables(metadata) == {"of_person", "of_it", "said_in", "talks"}


def test_every_module_that_has_a_table_is_imported_by_the_command_line() -> None:
    """What is not imported is not registered, and would be forgotten by a deletion in the running product."""
    program = """
import pkgutil, sys, actions, bot, bot.cli
from knowledge.database import Base
before = set(Base.metadata.tables)
for room in (actions, bot):
    for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        if module.name != "bot.dialogue.boot":
            __import__(module.name)
print(sorted(set(Base.metadata.tables) - before))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _rows(database: Database, table: str) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0


def _talk(conversations: Conversations) -> str:
    new = conversations.open("web")
    stored, _ = conversations.add_question(new.id, "12345678", "điều kiện?")
    answer = AnswerMessage(status=AnswerStatus.ANSWERED, text="36 tháng", as_of="2026-11-22")
    conversations.add_answer(new.id, stored.seq, answer)
    conversations.record(Turn(new.id, "web", "điều kiện?", answer, 1, 5))
    return f"web:{new.id}"


def test_a_web_conversation_is_exported_and_deleted_and_no_other(database: Database) -> None:
    conversations = Conversations(database, 30)
    mine, other = _talk(conversations), _talk(conversations)
    with database.session() as session:
        said = export_person(session, mine)["conversations"]
        assert [(one["role"], one["text"]) for one in said] == [("user", "điều kiện?"), ("assistant", "36 tháng")]
        assert delete_person(session, mine)["conversations"] == 4
    with database.session() as session:
        assert export_person(session, mine) == {}
        assert len(export_person(session, other)["conversations"]) == 2
    assert [_rows(database, table) for table in ("conversations", "messages", "turns")] == [1, 2, 1]


def test_turns_of_another_channel_are_exported_and_deleted(database: Database) -> None:
    conversations = Conversations(database, 30)
    answer = AnswerMessage(status=AnswerStatus.ANSWERED, text="36 tháng", as_of="2026-11-22")
    for sender in ("rest:a", "rest:b", "rest:web:a"):
        conversations.record(Turn(sender, "rest", "điều kiện?", answer, 1, 5))
    with database.session() as session:
        assert [one["text"] for one in export_person(session, "rest:a")["conversations"]] == ["điều kiện?", "36 tháng"]
        assert delete_person(session, "rest:a")["conversations"] == 1
        assert delete_person(session, "rest:a")["conversations"] == 0
    assert _rows(database, "turns") == 2


@pytest.fixture
def own_holders(monkeypatch: pytest.MonkeyPatch) -> dict[str, PersonalDataHolder]:
    """The registry, restored afterwards."""
    registry = dict(personal_data._holders)
    monkeypatch.setattr(personal_data, "_holders", registry)
    return registry


def test_all_is_deleted_or_nothing(database: Database, own_holders: dict[str, PersonalDataHolder]) -> None:
    sender = _talk(Conversations(database, 30))
    order: list[str] = []

    def fails(session: Session, sender: str) -> int:
        order.append("fails")
        raise RuntimeError("a bug")

    def nothing(session: Session, sender: str) -> list[dict[str, Any]]:
        return []

    first, *rest = own_holders
    holder = own_holders.pop(first)
    own_holders.clear()
    register(PersonalDataHolder("fails", (), nothing, fails))

    def deletes(session: Session, sender: str) -> int:
        order.append(holder.name)
        return holder.delete(session, sender)

    register(PersonalDataHolder(holder.name, holder.tables, holder.export, deletes))
    with pytest.raises(RuntimeError, match="a bug"), database.session() as session:
        delete_person(session, sender)
    assert order == [holder.name, "fails"], "what refers to others goes first"
    assert _rows(database, "messages") == 2


def test_a_name_is_taken_once(own_holders: dict[str, PersonalDataHolder]) -> None:
    first = next(iter(own_holders.values()))
    with pytest.raises(ValueError, match=first.name):
        register(first)

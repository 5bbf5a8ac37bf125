"""A turn is answered again from its own publication; where that can't be, the replay says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from actions.answer import AnswerStatus, Query
from bot.conversations import Conversations, Turn, TurnRow
from bot.errors import TurnNotKept
from bot.messages import AnswerMessage
from bot.publication import index_folder, open_answerer
from bot.publishing import Publisher
from bot.replay import Replayer
from bot.settings import IndexSettings, Settings
from bot.turn_record import answering_stamp, query_answered, query_record, read_query
from fake_encoder import HashEncoder
from knowledge.corpus import Corpus
from knowledge.database import Database, replace_content
from knowledge.publications import read_publication
from small_corpus import small_corpus

TODAY = date(2026, 11, 22)
QUESTION = "Doanh nghiệp phải hoạt động bao lâu thì được dự giải?"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, index=IndexSettings(encoder="hash", publications_kept=1))


@pytest.fixture
def replayer(settings: Settings, database: Database) -> Replayer:
    def opened(number: int) -> object:
        Publisher(settings, database, encoder=HashEncoder("hash")).index(number)
        with database.session() as session:
            return open_answerer(settings, read_publication(session, number), HashEncoder("hash"))

    return Replayer(settings, database, opened)  # type: ignore[arg-type]


def _publish(settings: Settings, database: Database, answer: str) -> int:
    small = small_corpus()
    entry = replace(small.faq[0], vietnamese=replace(small.faq[0].vietnamese, answer=answer))
    with database.session() as session:
        replace_content(session, Corpus(small.documents, small.guidance, (entry, *small.faq[1:])))
    return Publisher(settings, database, encoder=HashEncoder("hash")).publish("Lan").current.number


def _record(settings: Settings, database: Database, number: int, query: Query, stamp: str | None = None) -> int:
    """A turn as the assistant keeps it, answered from that publication."""
    with database.session() as session:
        answerer = open_answerer(settings, read_publication(session, number), HashEncoder("hash"))
    said = answerer.answer(query)
    message = AnswerMessage.model_validate(said.to_json())
    asked = query_answered([(query, said)], message)
    assert asked == query
    stamp = stamp or answering_stamp(settings)
    Conversations(database, 30).record(Turn("rest:a", "rest", query.text, message, number, 5, asked=asked, stamp=stamp))
    with database.session() as session:
        return session.scalars(select(TurnRow.id).order_by(TurnRow.id.desc())).first() or 0


@pytest.mark.parametrize(
    "query",
    [
        Query(QUESTION, TODAY),
        Query("thế còn mẫu đơn?", TODAY, QUESTION, TODAY),
        Query("bảy tiêu chí năm 2020 là gì", TODAY),
        Query("số của em là [đã che], xin mẫu đơn ở đâu", TODAY),
    ],
)
def test_the_same_bytes_come_from_an_old_publication(
    settings: Settings, database: Database, replayer: Replayer, query: Query
) -> None:
    first = _publish(settings, database, "Ít nhất 36 tháng.")
    turn = _record(settings, database, first, query)
    _publish(settings, database, "Ít nhất 40 tháng.")
    assert not index_folder(settings, first).exists()  # pruned: built anew from the snapshot
    replayed = replayer.replay(turn)
    assert replayed.same and replayed.same_program
    assert f"from publication {first}: the same status, text and citations" in replayed.words()


def test_another_version_of_the_program_is_named(settings: Settings, database: Database, replayer: Replayer) -> None:
    turn = _record(settings, database, _publish(settings, database, "36 tháng."), Query(QUESTION, TODAY), "another")
    assert "although another version of the program answers now" in replayer.replay(turn).words()
    with database.session() as session:
        session.execute(update(TurnRow).values(answer_digest="0" * 64))
    replayed = replayer.replay(turn)
    assert not replayed.same
    assert "another version of the program, its model or its settings answers now" in replayed.words()


def test_what_a_form_put_together_is_shown_from_the_record(
    settings: Settings, database: Database, replayer: Replayer
) -> None:
    number = _publish(settings, database, "36 tháng.")
    form = AnswerMessage(status=AnswerStatus.FORM, text="Công ty hoạt động từ khi nào?", as_of="2026-11-22")
    Conversations(database, 30).record(Turn("rest:a", "rest", "kiểm tra", form, number, 5, stamp="s"))
    with database.session() as session:
        turn = session.scalars(select(TurnRow.id)).one()
        assert session.scalar(text("SELECT count(*) FROM turns WHERE asked IS NULL")) == 1
    replayed = replayer.replay(turn)
    assert (replayed.again, replayed.same) == (None, False)
    assert "shown from the record only: the answer was put together by a form" in replayed.words()


def test_a_turn_from_before_says_so_and_one_that_is_not_kept_too(database: Database, replayer: Replayer) -> None:
    old = AnswerMessage(status=AnswerStatus.ERROR, text="bận", as_of="")
    Conversations(database, 30).record(Turn("rest:a", "rest", "hỏi", old, None, 5))
    with database.session() as session:
        turn = session.scalars(select(TurnRow.id)).one()
    assert "the turn did not come from a publication" in replayer.replay(turn).words()
    with pytest.raises(TurnNotKept, match="turn 999999 is not kept"):
        replayer.replay(999_999)


def test_a_time_in_vietnam_finds_its_publication_and_turns(
    settings: Settings, database: Database, replayer: Replayer
) -> None:
    number = _publish(settings, database, "36 tháng.")
    turn = _record(settings, database, number, Query(QUESTION, TODAY))
    now = datetime.now(UTC).astimezone(timezone(timedelta(hours=7)))
    around = replayer.around(now)
    assert around.current is not None and around.current.number == number
    assert [one.id for one in around.turns] == [turn]
    before = replayer.around(now - timedelta(days=1))
    assert (before.current, before.turns) == (None, ())


def test_a_query_survives_its_record_and_personal_numbers_do_not() -> None:
    query = Query("gọi 0912345678", TODAY, "hỏi trước", TODAY)
    kept = query_record(query)
    assert "0912345678" not in str(kept)
    assert read_query(kept) == replace(query, text=kept["text"])

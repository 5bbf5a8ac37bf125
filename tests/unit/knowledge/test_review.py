"""Review marks: one for each reason, confirmed by number or by item, part of what is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.setup import read_corpus
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content, replace_content
from knowledge.errors import ContentError, UnknownId
from knowledge.files import write_content
from knowledge.marks import MarkedKind, ReviewMark
from knowledge.publications import read_publication, take_snapshot
from knowledge.review import add_marks, confirm_marks, list_marks
from small_corpus import pid, small_corpus

AT = datetime(2026, 11, 20, 8, 30, 1, 5, tzinfo=UTC)


def _mark(item: str = "diem", kind: MarkedKind = MarkedKind.FAQ, **more: object) -> ReviewMark:
    mark = ReviewMark(1, kind, item, pid("ND37-2026:59.1"), pid("ND37-2026:97.2"), date(2027, 1, 1), 3, AT)
    return replace(mark, **more)  # type: ignore[arg-type]


def _load(database: Database, *marks: ReviewMark) -> None:
    small = small_corpus()
    with database.session() as session:
        replace_content(session, Corpus(small.documents, small.guidance, small.faq, marks))


def test_a_reason_marks_an_item_once_even_after_it_was_confirmed(database: Database) -> None:
    with database.session() as session:
        first = add_marks(session, [_mark(), _mark(), _mark("iso")])
    with database.session() as session:
        confirm_marks(session, "diem", "Lan")
    with database.session() as session:
        again = add_marks(session, [_mark(import_number=9), _mark(day=date(2028, 1, 1)), _mark("iso")])
        open_now = list_marks(session)
        known = list_marks(session, include_confirmed=True)
    assert [(one.number, one.item) for one in first] == [(1, "diem"), (2, "iso")]
    assert [(one.number, one.item, one.day.year) for one in again] == [(3, "diem", 2028)]
    assert [one.number for one in open_now] == [2, 3]
    assert [one.number for one in known] == [1, 2, 3]


def test_confirming_says_who_and_when(database: Database) -> None:
    with database.session() as session:
        add_marks(session, [_mark(), _mark("iso")])
    with database.session() as session:
        (done,) = confirm_marks(session, "2", "Lan")
    assert (done.item, done.confirmed_by, done.open) == ("iso", "Lan", False)
    assert done.confirmed_at is not None
    assert done.confirmed_at.tzinfo is not None
    with database.session() as session, pytest.raises(UnknownId, match="nothing open under 2; award review"):
        confirm_marks(session, "2", "Lan")


def test_marks_are_published_and_read_back(database: Database) -> None:
    _load(database)
    with database.session() as session:
        before = take_snapshot(session)
        add_marks(session, [_mark()])
    with database.session() as session:
        marked = take_snapshot(session)
        assert marked.number == before.number + 1
        assert read_publication(session, marked.number).corpus == read_content(session)
        assert read_publication(session, before.number).corpus.open_marks(MarkedKind.FAQ) == ()
        confirm_marks(session, "1", "Lan")
    with database.session() as session:
        assert take_snapshot(session).number == marked.number + 1
        assert read_publication(session, marked.number).corpus.open_marks(MarkedKind.FAQ, "diem") == (_mark(),)


def test_marks_survive_files_and_database_byte_for_byte(database: Database, tmp_path: Path) -> None:
    marks = (_mark(), _mark("now.a", MarkedKind.GUIDANCE, number=2, confirmed_by="Lan", confirmed_at=AT))
    _load(database, *marks)
    written = []
    for name in ("1", "2"):
        with database.session() as session:
            content = read_content(session)
        assert content.marks == marks
        write_content(tmp_path / name, content.documents, content.guidance, content.faq, content.marks)
        written.append({one.relative_to(tmp_path / name): one.read_bytes() for one in (tmp_path / name).rglob("*.yml")})
        with database.session() as session:
            replace_content(session, read_corpus(tmp_path / name))
    assert written[0] == written[1]
    assert Path("review/marks.yml") in written[0]


def test_a_file_without_marks_takes_the_old_ones_away(tmp_path: Path) -> None:
    small = small_corpus()
    write_content(tmp_path, small.documents, small.guidance, small.faq, [_mark()])
    write_content(tmp_path, small.documents, small.guidance, small.faq)
    assert read_corpus(tmp_path).marks == ()


def test_fictional_content_is_never_published(database: Database) -> None:
    small = small_corpus()
    with database.session() as session:
        replace_content(
            session,
            Corpus(
                (*small.documents, replace(small.documents[0], id="ND9", provisions=(), fictional=True)), (), small.faq
            ),
        )
    with (
        database.session() as session,
        pytest.raises(ContentError, match="ND9: a fictional regulation is never published"),
    ):
        take_snapshot(session)

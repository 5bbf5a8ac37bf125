"""The steps between a fresh clone and a serving chat, as far as they need no model and no Rasa."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot import publishing, setup
from bot.publication import index_folder, open_publication
from bot.settings import IndexSettings, Settings
from bot.setup import folder_stamp, load_starting_content, prepare_database, prepare_publication, read_corpus
from fake_encoder import HashEncoder
from index.build import Manifest, build_index
from index.errors import IndexNotBuilt
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content, replace_content
from knowledge.errors import DatabaseError
from knowledge.files import write_content
from knowledge.publications import Reason, history, make_current, newest_number, read_publication, take_snapshot
from small_corpus import small_corpus


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, index=IndexSettings(encoder="hash"))


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of starting content in the place of knowledge/data."""
    folder = tmp_path / "content"
    _write(folder, small_corpus())
    monkeypatch.setattr(setup, "DATA", folder)
    monkeypatch.setattr(read_corpus, "__defaults__", (folder,))
    monkeypatch.setattr(publishing, "open_encoder", lambda name, threads: HashEncoder())
    return folder


def _write(folder: Path, corpus: Corpus) -> None:
    write_content(folder, corpus.documents, corpus.guidance, corpus.faq)


def _answers(database: Database) -> list[str]:
    with database.session() as session:
        return [one.vietnamese.answer for one in read_content(session).faq]


def _changed(answer: str = "Bốn mươi tháng.") -> Corpus:
    small = small_corpus()
    first = replace(small.faq[0], vietnamese=replace(small.faq[0].vietnamese, answer=answer))
    return Corpus(small.documents, small.guidance, (first, *small.faq[1:]))


def test_the_schema_is_brought_up_once(sqlite: Database) -> None:
    assert prepare_database(sqlite) is None


def test_starting_content_is_loaded_once(settings: Settings, sqlite: Database, content: Path) -> None:
    assert load_starting_content(settings, sqlite) == "5 FAQ entries, 4 provisions"
    assert load_starting_content(settings, sqlite) is None


def test_changed_files_are_loaded_again(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    _write(content, _changed())
    assert load_starting_content(settings, sqlite) == "5 FAQ entries, 4 provisions"
    assert "Bốn mươi tháng." in _answers(sqlite)


def test_what_staff_have_changed_is_never_replaced(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    with sqlite.session() as session:
        replace_content(session, _changed())
    _write(content, _changed("Năm mươi tháng."))
    said = load_starting_content(settings, sqlite)
    assert said is not None
    assert "left as the staff have changed it" in said
    assert "Bốn mươi tháng." in _answers(sqlite)


def test_the_first_content_is_published_once(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    said: list[str] = []
    assert prepare_publication(settings, sqlite, said.append) == "publication 1"
    assert "5 of 5 entries are found first by their own question" in said[0]
    assert prepare_publication(settings, sqlite, said.append) is None
    _write(content, _changed())
    load_starting_content(settings, sqlite)
    assert prepare_publication(settings, sqlite, said.append) == "publication 2"
    with sqlite.session() as session:
        assert [one.author for one in history(session)] == ["award setup", "award setup"]


def test_an_index_of_other_content_is_built_anew(settings: Settings, sqlite: Database, content: Path) -> None:
    """var/ outlived a database: its folder of that number holds what another publication was."""
    load_starting_content(settings, sqlite)
    prepare_publication(settings, sqlite, lambda line: None)
    folder = index_folder(settings, 1)
    build_index(_changed(), HashEncoder(), folder)
    assert prepare_publication(settings, sqlite, lambda line: None) == "12 passages, 23 wordings"
    with sqlite.session() as session:
        assert Manifest.read(folder).corpus_digest == read_publication(session).corpus.digest
    assert prepare_publication(settings, sqlite, lambda line: None) is None


def test_a_var_of_another_database_is_built_over(settings: Settings, sqlite: Database, content: Path) -> None:
    """The first publication of a new database finds a folder of its own number and of other content."""
    build_index(_changed(), HashEncoder(), index_folder(settings, 1))
    load_starting_content(settings, sqlite)
    assert prepare_publication(settings, sqlite, lambda line: None) == "publication 1"
    assert open_publication(settings, sqlite, HashEncoder()).number == 1


def test_an_index_that_went_away_is_built_again(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    prepare_publication(settings, sqlite, lambda line: None)
    shutil.rmtree(settings.var / "index")
    assert prepare_publication(settings, sqlite, lambda line: None) == "12 passages, 23 wordings"
    assert prepare_publication(settings, sqlite, lambda line: None) is None
    with sqlite.session() as session:
        assert len(history(session)) == 1


def test_what_staff_have_not_published_stays_unpublished(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    prepare_publication(settings, sqlite, lambda line: None)
    with sqlite.session() as session:
        replace_content(session, _changed())
    assert prepare_publication(settings, sqlite, lambda line: None) is None
    with sqlite.session() as session:
        assert read_publication(session).corpus.digest == small_corpus().digest
        assert newest_number(session) == 1


def test_a_set_up_that_was_stopped_before_publishing_publishes(
    settings: Settings, sqlite: Database, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_starting_content(settings, sqlite)
    prepare_publication(settings, sqlite, lambda line: None)
    _write(content, _changed())
    load_starting_content(settings, sqlite)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(publishing, "open_encoder", lambda name, threads: HashEncoder(fail_at=1))
        prepare_publication(settings, sqlite, lambda line: None)
    assert load_starting_content(settings, sqlite) is None
    assert prepare_publication(settings, sqlite, lambda line: None) == "publication 2"


def test_starting_content_that_is_refused_leaves_the_old_one(
    settings: Settings, sqlite: Database, content: Path
) -> None:
    load_starting_content(settings, sqlite)
    prepare_publication(settings, sqlite, lambda line: None)
    small = small_corpus()
    shutil.rmtree(content)
    _write(content, Corpus(small.documents, small.guidance, (small.faq[2],)))
    load_starting_content(settings, sqlite)
    said: list[str] = []
    done = prepare_publication(settings, sqlite, said.append)
    assert done == "the new starting content was refused as publication 2; the one before stays"
    assert "only 1 of 5 FAQ entries are left" in said[0]
    assert prepare_publication(settings, sqlite, said.append) is None  # and is not tried at every start
    with sqlite.session() as session:
        assert read_publication(session).corpus.digest == small.digest


def test_the_stamp_of_a_folder_is_of_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("x")
    first = folder_stamp(tmp_path)
    (tmp_path / "notes.txt").write_text("not content")
    assert folder_stamp(tmp_path) == first
    (tmp_path / "a.yml").rename(tmp_path / "b.yml")
    assert folder_stamp(tmp_path) != first


def test_an_index_that_was_never_built_is_refused(settings: Settings, sqlite: Database, content: Path) -> None:
    from bot.publication import open_publication

    load_starting_content(settings, sqlite)
    with pytest.raises(DatabaseError, match="run: award setup"):
        open_publication(settings, sqlite, HashEncoder())
    with sqlite.session() as session:
        make_current(session, take_snapshot(session).number, "", Reason.PUBLISHED)
    with pytest.raises(IndexNotBuilt, match="run: award index build"):
        open_publication(settings, sqlite, HashEncoder())

"""The steps between a fresh clone and a serving chat, as far as they need no model and no Rasa."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import setup
from bot.settings import IndexSettings, Settings
from bot.setup import folder_stamp, load_starting_content, prepare_database, prepare_index, read_corpus
from fake_encoder import HashEncoder
from index.errors import IndexNotBuilt
from knowledge.corpus import Corpus
from knowledge.database import Database, newest_number, publish, read_content, replace_content
from knowledge.files import write_content
from shipped import ROOT
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
    monkeypatch.setattr(setup, "open_encoder", lambda name, threads: HashEncoder())
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
    assert load_starting_content(settings, sqlite) == "5 FAQ entries, 4 provisions: publication 1"
    assert load_starting_content(settings, sqlite) is None


def test_changed_files_are_loaded_again(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    _write(content, _changed())
    assert load_starting_content(settings, sqlite) == "5 FAQ entries, 4 provisions: publication 2"
    assert "Bốn mươi tháng." in _answers(sqlite)


def test_what_staff_have_changed_is_never_replaced(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    with sqlite.session() as session:
        replace_content(session, _changed())
        session.flush()
        publish(session)
    _write(content, _changed("Năm mươi tháng."))
    said = load_starting_content(settings, sqlite)
    assert said is not None
    assert "left as the staff have changed it" in said
    assert "Bốn mươi tháng." in _answers(sqlite)


def test_the_index_is_built_once_for_a_publication(settings: Settings, sqlite: Database, content: Path) -> None:
    load_starting_content(settings, sqlite)
    said: list[str] = []
    built = prepare_index(settings, sqlite, said.append)
    assert built is not None
    assert "wordings" in built
    assert said
    assert prepare_index(settings, sqlite, said.append) is None
    with sqlite.session() as session:
        replace_content(session, _changed())
        session.flush()
        assert publish(session).number == newest_number(session) == 2
    assert prepare_index(settings, sqlite, said.append) is not None
    assert sorted(path.name for path in (settings.var / "index").iterdir()) == ["publication-1", "publication-2"]


@pytest.mark.parametrize(
    "name", ["abbreviations.py", "features.py", "restoration.py", "everyday.txt", "training/out_of_scope.txt"]
)
def test_the_index_is_built_anew_when_what_decides_it_changes(name: str) -> None:
    """Each of these is read while an index is built; the stamp must change with it."""
    path = ROOT / "index" / name
    stamped = setup._code_stamp()
    before = path.read_bytes()
    real = Path.read_bytes

    def changed(self: Path) -> bytes:
        return before + b"#" if self == path else real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", changed)
        assert setup._code_stamp() != stamped


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
    with pytest.raises(IndexNotBuilt, match="run: award index build"):
        open_publication(settings, sqlite, HashEncoder())

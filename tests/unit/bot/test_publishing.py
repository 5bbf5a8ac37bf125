"""Publishing as one step: the change is written last, whatever fails leaves the old publication, an index can always be built anew."""

from __future__ import annotations

import json
import select
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import publishing
from bot.errors import PublicationRefused
from bot.publication import index_folder, open_answerer, open_publication
from bot.publishing import Publisher
from bot.settings import ROOT, IndexSettings, Settings
from bot.verification import Verification
from fake_encoder import HashEncoder
from index.build import DRAFT
from knowledge.corpus import Corpus
from knowledge.database import Database, replace_content
from knowledge.errors import DatabaseError, PublicationError
from knowledge.publications import (
    Reason,
    current,
    current_number,
    history,
    last_check,
    list_publications,
    make_current,
    newest_number,
    read_publication,
)
from small_corpus import small_corpus


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, index=IndexSettings(encoder="hash", publications_kept=2))


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder("hash")


@pytest.fixture
def publisher(settings: Settings, database: Database, encoder: HashEncoder) -> Publisher:
    return Publisher(settings, database, encoder=encoder)


def edit(database: Database, answer: str, **more: Any) -> None:
    """The small corpus with another first answer becomes the content."""
    small = small_corpus()
    entry = replace(small.faq[0], vietnamese=replace(small.faq[0].vietnamese, answer=answer, **more))
    with database.session() as session:
        replace_content(session, Corpus(small.documents, small.guidance, (entry, *small.faq[1:])))


def test_publishing_makes_current_what_was_edited(publisher: Publisher, database: Database, settings: Settings) -> None:
    edit(database, "36 tháng.")
    first = publisher.publish("Lan")
    edit(database, "40 tháng.")
    second = publisher.publish("Minh")
    assert (first.changed, second.changed) == (True, True)
    assert second.verification is not None and second.verification.passed
    served = open_publication(settings, database, HashEncoder("hash"))
    assert served.current == second.current
    assert served.answerer.corpus.faq[0].vietnamese.answer == "40 tháng."
    with database.session() as session:
        assert [(one.number, one.author) for one in history(session)] == [
            (first.current.number, "Lan"),
            (second.current.number, "Minh"),
        ]


def test_unchanged_content_is_current_already(publisher: Publisher, database: Database, settings: Settings) -> None:
    edit(database, "36 tháng.")
    first = publisher.publish("Lan")
    shutil.rmtree(index_folder(settings, first.current.number))
    again = publisher.publish("Minh")
    assert (again.changed, again.current, again.verification) == (False, first.current, None)
    assert index_folder(settings, first.current.number).is_dir()  # built again on the way


def test_one_changed_entry_encodes_little(publisher: Publisher, database: Database, encoder: HashEncoder) -> None:
    """Its own texts, and those typed without accents that are read in another way now."""
    edit(database, "36 tháng.")
    publisher.publish("Lan")
    before = encoder.encoded
    assert before > 1_000
    edit(database, "40 tháng.", variants=("câu hỏi mới",))
    publisher.publish("Lan")
    assert 2 <= encoder.encoded - before < 20


def test_an_incremental_build_is_the_full_build(
    publisher: Publisher, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Byte for byte: nothing in an index tells what was there before it."""
    edit(database, "36 tháng.")
    publisher.publish("Lan")
    edit(database, "40 tháng.", variants=("một cách hỏi khác hẳn", "hoi khong dau"))
    number = publisher.publish("Lan").current.number
    incremental = index_folder(settings, number)
    other = Settings(**{**dict(settings), "root": tmp_path / "other"})
    Publisher(other, database, encoder=HashEncoder("hash")).index(number)
    full = index_folder(other, number)
    names = sorted(path.relative_to(full) for path in full.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(incremental) for path in incremental.rglob("*") if path.is_file())
    assert len(names) > 10
    assert [name for name in names if (full / name).read_bytes() != (incremental / name).read_bytes()] == []


@pytest.mark.parametrize("step", ["build_index", "open_answerer", "note_check"])
def test_a_failure_at_any_step_leaves_the_old_publication(
    publisher: Publisher, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    edit(database, "36 tháng.")
    first = publisher.publish("Lan")
    edit(database, "40 tháng.")

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(publishing, step, broken)
        publisher.publish("Lan")
    assert open_publication(settings, database, HashEncoder("hash")).current == first.current
    assert [path for path in (settings.var / "index").iterdir() if path.name.endswith(DRAFT)] == []
    second = publisher.publish("Lan")
    assert second.current.number == first.current.number + 1  # the snapshot that was taken, not one more


def test_content_that_mostly_went_away_is_refused_and_told(publisher: Publisher, database: Database) -> None:
    small = small_corpus()
    edit(database, "36 tháng.")
    first = publisher.publish("Lan")
    with database.session() as session:
        replace_content(session, Corpus(small.documents, small.guidance, small.faq[2:3]))
    with pytest.raises(
        PublicationRefused, match=r"only 1 of 5 FAQ entries are left; see award publication 2"
    ) as refused:
        publisher.publish("Lan")
    assert refused.value.number == first.current.number + 1
    with database.session() as session:
        assert current(session) == first.current
        assert list_publications(session)[0].checked is False
        check = last_check(session, refused.value.number)
    assert check is not None
    assert Verification.from_json(check[1]) == refused.value.verification
    named = publisher.publish("Minh", despite="Bộ câu hỏi cũ được rút")
    with database.session() as session:
        now = current(session)
        check = last_check(session, refused.value.number)
    assert now == named.current
    assert now is not None and now.reason is Reason.OVERRIDDEN
    assert check is not None and (check[1]["despite"], check[1]["author"]) == ("Bộ câu hỏi cũ được rút", "Minh")


def test_an_entry_that_its_own_question_does_not_find_is_a_loser(publisher: Publisher, database: Database) -> None:
    """A variant that takes over another entry's question: the share falls below the floor."""
    edit(database, "36 tháng.")
    publisher.publish("Lan")
    taken = small_corpus().faq[2].vietnamese.question
    edit(database, "36 tháng.", variants=(taken,))
    with pytest.raises(PublicationRefused, match="found first by their own question") as refused:
        publisher.publish("Lan")
    (loser,) = refused.value.verification.losers
    assert (loser.entry, loser.place, loser.first) == ("mau-don", 2, "dieu-kien-36-thang")
    assert "mau-don (place 2; first is dieu-kien-36-thang)" in refused.value.verification.text()


def test_golden_questions_decide(publisher: Publisher, database: Database, settings: Settings) -> None:
    golden = settings.root / settings.knowledge.golden
    golden.parent.mkdir(parents=True)
    question = {"id": "g", "question": small_corpus().faq[0].vietnamese.question, "must": [["36 tháng"]]}
    golden.write_text(json.dumps(question), encoding="utf-8")
    edit(database, "Ít nhất 36 tháng.")
    publisher.publish("Lan")
    edit(database, "Ít nhất 24 tháng.")
    with pytest.raises(PublicationRefused, match="golden questions answered") as refused:
        publisher.publish("Lan")
    assert refused.value.verification.missed == (question["question"],)


def test_the_first_publication_is_taken_with_its_losses(publisher: Publisher, database: Database) -> None:
    """There is nothing to go on with; the report tells."""
    edit(database, "36 tháng.", variants=(small_corpus().faq[2].vietnamese.question,))
    first = publisher.publish("Lan")
    assert first.changed
    assert first.verification is not None and not first.verification.passed


def test_going_back_is_verified_and_builds_what_was_pruned(
    publisher: Publisher, database: Database, settings: Settings
) -> None:
    numbers = []
    for months in (36, 40, 44):
        edit(database, f"{months} tháng.")
        numbers.append(publisher.publish("Lan").current.number)
    assert not index_folder(settings, numbers[0]).exists()
    back = publisher.roll_back(numbers[0], "Minh")
    assert (back.changed, back.current.number, back.current.reason) == (True, numbers[0], Reason.ROLLED_BACK)
    assert back.verification is not None
    served = open_publication(settings, database, HashEncoder("hash"))
    assert served.answerer.corpus.faq[0].vietnamese.answer == "36 tháng."
    assert publisher.roll_back(numbers[0], "Minh").changed is False
    kept = sorted(path.name.split("-")[1] for path in (settings.var / "index").glob("publication-*"))
    assert kept == [str(numbers[0]), str(numbers[2])]
    with pytest.raises(DatabaseError, match="no publication 99"):
        publisher.roll_back(99, "Minh")


def test_going_back_to_what_never_was_current_is_refused_where_it_lost(
    publisher: Publisher, database: Database
) -> None:
    edit(database, "36 tháng.")
    first = publisher.publish("Lan")
    edit(database, "36 tháng.", variants=(small_corpus().faq[2].vietnamese.question,))
    with pytest.raises(PublicationRefused):
        publisher.publish("Lan")
    with pytest.raises(PublicationRefused):
        publisher.roll_back(first.current.number + 1, "Lan")
    with database.session() as session:
        assert current_number(session) == first.current.number


def test_who_was_overtaken_while_building_is_told(
    publisher: Publisher, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines, one database: the lock is of a machine, the row decides."""
    edit(database, "36 tháng.")
    first = publisher.publish("Lan")
    edit(database, "40 tháng.")
    real = open_answerer

    def overtaken(*given: Any) -> Any:
        with database.session() as session:
            make_current(session, first.current.number, "elsewhere", Reason.ROLLED_BACK)
        return real(*given)

    monkeypatch.setattr(publishing, "open_answerer", overtaken)
    with pytest.raises(PublicationError, match="became current meanwhile"):
        publisher.publish("Lan")
    with database.session() as session:
        assert current_number(session) == first.current.number
        assert newest_number(session) == first.current.number + 1


def test_indexes_of_other_programs_and_of_tests_are_left_or_pruned_by_name(
    publisher: Publisher, database: Database, settings: Settings, tmp_path: Path
) -> None:
    indexes = settings.var / "index"
    for name in ("publication-1", "publication-7-0badc0de", "test-abc"):
        (indexes / name).mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (indexes / "publication-900001-link").symlink_to(tmp_path / "elsewhere")
    edit(database, "36 tháng.")
    number = publisher.publish("Lan").current.number
    assert {path.name for path in indexes.iterdir()} == {
        index_folder(settings, number).name,
        "test-abc",
        "publication-900001-link",
        "lock",
    }


HOLD = """
import sys
from pathlib import Path
from bot.publishing import Publisher
from bot.settings import Settings
from knowledge.database import Database
with Publisher(Settings(root=Path(sys.argv[1])), Database("sqlite://"))._alone():
    print("held", flush=True)
    sys.stdin.readline()
"""


def _hold(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(root)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_second_process_waits_for_the_first(settings: Settings) -> None:
    with _hold(settings.root) as first, _hold(settings.root) as second:
        outputs = [one.stdout for one in (first, second) if one.stdout]
        ready, _, _ = select.select(outputs, [], [], 60)
        assert len(ready) == 1
        ahead, behind = (first, second) if ready[0] is first.stdout else (second, first)
        late = [one for one in outputs if one is behind.stdout]
        assert not select.select(late, [], [], 2)[0]
        ahead.communicate("go on\n", timeout=60)
        assert select.select(late, [], [], 60)[0]
        behind.communicate("go on\n", timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)


def test_a_publication_without_its_index_can_be_read_and_indexed(publisher: Publisher, database: Database) -> None:
    edit(database, "36 tháng.")
    number = publisher.publish("Lan").current.number
    with database.session() as session:
        digest = read_publication(session, number).corpus.digest
    assert publisher.index(number).corpus_digest == digest

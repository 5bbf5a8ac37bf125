"""What the checklist says: the current rules apart from former ones, what is awaited, what this applicant does not need."""

from __future__ import annotations

from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.dossier import wording
from actions.dossier.store import Dossier, Dossiers, Mark
from actions.dossier.wording import Board
from actions.personal_data import delete_person, export_person
from knowledge.corpus import Corpus
from knowledge.database import Database
from knowledge.dossier import checklist_on
from knowledge.dossier_files import FILE, read_dossier
from knowledge.errors import ContentError
from knowledge.files import DATA

PARTS = read_dossier()
TODAY = date(2026, 11, 22)


def board(marks: dict[str, Mark] | None = None, day: date = TODAY, **more: Any) -> Board:
    return Board(checklist_on(PARTS, day), Dossier(None, marks or {}), **more)


def test_every_clause_is_in_the_corpus(corpus: Corpus) -> None:
    for part in PARTS:
        for citation in chain(part.citations, *(item.citations for item in part.items)):
            assert corpus.provision(citation, part.valid.start or TODAY), citation


@pytest.mark.parametrize(
    ("day", "current", "former"),
    [
        (date(2020, 12, 31), [], []),
        (date(2025, 5, 1), ["ho-so-cu"], []),
        (date(2026, 1, 23), ["dang-ky", "dieu-kien", "bang-chung", "ho-so-cu"], []),
        (date(2026, 6, 30), ["dang-ky", "dieu-kien", "bang-chung", "ho-so-cu"], []),
        (date(2026, 7, 1), ["dang-ky", "dieu-kien", "bang-chung"], ["ho-so-cu"]),
    ],
)
def test_the_day_tells_rules_from_orientation(day: date, current: list[str], former: list[str]) -> None:
    checklist = checklist_on(PARTS, day)
    assert [one.id for one in checklist.current] == current
    assert [one.id for one in checklist.former] == former
    assert [checklist.number(item) for item in checklist.items] == [*range(1, len(checklist.items) + 1)]


def test_the_list_keeps_former_rules_apart_and_says_what_nobody_knows_yet() -> None:
    text = wording.list_text(board())
    now, _, former = text.partition(wording.FORMER)
    assert "Chưa có mẫu chính thức" in now and "mst.gov.vn" in now and "chờ mẫu do Bộ hướng dẫn" in now
    assert "Phú Thọ" not in now and "Phú Thọ" in former and "không phải yêu cầu hiện hành" in former.lower()
    assert "xong 0/11 mục" in now


def test_ticks_count_for_the_current_rules_only() -> None:
    one = board({"thanh-lap": Mark.DONE, "giai-truoc": Mark.NOT_NEEDED, "cu-khac": Mark.DONE})
    assert wording.progress(one) == "xong 2/11 mục"
    assert (
        "☑ 4. " in wording.list_text(one) and "– 8. " in wording.list_text(one) and "☑ 19. " in wording.list_text(one)
    )


def test_who_never_won_needs_no_paper_on_a_prize() -> None:
    assert "– 8." in wording.list_text(board(won_before=False))
    assert "☐ 8." in wording.list_text(board(won_before=True))
    assert "(nếu đã từng đạt giải)" in wording.list_text(board())
    assert "☑ 8." in wording.list_text(board({"giai-truoc": Mark.DONE}, won_before=False))


def test_what_is_missing_tells_what_can_be_done_from_what_must_wait() -> None:
    text = wording.missing_text(board({"thanh-lap": Mark.DONE}))
    ready, _, waiting = text.partition("Còn phải chờ")
    assert "5. Bằng chứng hoạt động" in ready and "4. Giấy" not in text
    assert "1. Bản đăng ký" in waiting and "1. Bản đăng ký" not in ready
    everything = {item.id: Mark.DONE for item in board().checklist.current_items()}
    assert wording.missing_text(board(everything)) == wording.NOTHING_MISSING


def test_an_item_tells_its_footing() -> None:
    checklist = board().checklist
    assert "Theo dõi: mst.gov.vn" in wording.item_text(board(), checklist.items[0])
    assert "suy ra" in wording.item_text(board(), checklist.items[3])
    assert wording.FORMER in wording.item_text(board(), checklist.items[-1])


def test_services_and_deadlines_are_remarked() -> None:
    text = wording.list_text(board(only_services=True, deadlines=("Nộp hồ sơ, 31/05/2027 (Hà Nội)",)))
    assert "hãy hỏi cơ quan thường trực" in text and "Mốc đã công bố: Nộp hồ sơ, 31/05/2027 (Hà Nội)." in text
    assert "chưa có ngày nào được công bố" in wording.list_text(board())


def test_a_list_is_kept_exported_and_deleted(database: Database) -> None:
    dossiers = Dossiers(database)
    assert dossiers.find("web:1") is None
    kept = Dossier(2027, {"thanh-lap": Mark.DONE, "giai-truoc": Mark.NOT_NEEDED})
    dossiers.save("web:1", Dossier())
    dossiers.save("web:1", kept)
    dossiers.save("web:2", Dossier())
    assert dossiers.find("web:1") == kept
    with database.session() as session:
        assert export_person(session, "web:1")["dossier checklist"][0]["season"] == 2027
        assert delete_person(session, "web:1")["dossier checklist"] == 1
    assert dossiers.find("web:1") is None and dossiers.find("web:2") == Dossier()


@pytest.mark.parametrize(
    ("place", "value", "complaint"),
    [
        ([0, "items", 0, "words"], ["Đơn"], "without marks and capitals"),
        ([0, "items", 0, "words"], [], "words"),
        ([0, "items", 0, "id"], "thanh-lap", "thanh-lap stands twice"),
        ([0, "items", 0, "colour"], "x", "colour"),
        ([0, "citations"], ["Điều 62"], "no id of a provision"),
        ([0, "valid_from"], "x", "valid_from"),
    ],
)
def test_wrong_content_is_named(tmp_path: Path, place: list[Any], value: Any, complaint: str) -> None:
    record = yaml.safe_load((DATA / FILE).read_text(encoding="utf-8"))
    at = record
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    (tmp_path / FILE).write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=complaint):
        read_dossier(tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"dossier\.yml can't be read"):
        read_dossier(tmp_path)

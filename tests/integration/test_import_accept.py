"""Accepting official documents onto the shipped content, through the command line and through files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accepting import SAMPLES, accepted
from bot.setup import read_corpus
from databases import sqlite_url
from knowledge.acceptance import Choices
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.database import Database, read_content, replace_content
from knowledge.files import write_content
from knowledge.history import history, official_text_on, wording_on
from knowledge.importing import import_file
from knowledge.publications import Reason, make_current, take_snapshot
from shipped import SHARED, shared_file

ROOT = Path(__file__).parents[2]


def _amending() -> list[Any]:
    manifest = SHARED / "regulations" / "manifest.json"
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"] if manifest.exists() else []
    found = [(one["path"], one["expected"]) for one in files if one["expected"].get("amendments")]
    skipped = [pytest.param("", {}, marks=pytest.mark.skip(reason="../shared is absent"))]
    return [pytest.param(*one, id=one[0]) for one in found] or skipped


@pytest.mark.parametrize(("path", "expected"), _amending())
@pytest.mark.parametrize("with_text", [False, True], ids=["summaries", "official text"])
def test_an_amending_file_gives_the_expected_versions(
    corpus: Corpus, path: str, expected: dict[str, Any], with_text: bool
) -> None:
    folder = shared_file("regulations")
    before = corpus
    if with_text:
        for name in ("nd-37-2026-chuong-5.md", "nd-132-2008-trich.md"):
            before = accepted(before, import_file(folder / name)).corpus
    after = accepted(before, import_file(folder / path)).corpus
    for one in expected["amendments"]:
        _check_amendment(after, ProvisionId.parse(one["target"]), date.fromisoformat(one["valid_from"]), one)
    for side in ("before", "after"):
        if side in expected:
            _check_words(after, expected[side])
    for untouched in map(ProvisionId.parse, expected.get("unchanged", [])):
        assert after.versions(untouched) == before.versions(untouched)


def _check_amendment(corpus: Corpus, target: ProvisionId, day: date, expected: dict[str, Any]) -> None:
    old = corpus.versions(target)[0]
    assert old.valid.end is not None
    assert (day - old.valid.end).days == 1
    assert old.ended_by is not None
    new = corpus.provision(target, day)
    if expected.get("complete", True):
        assert new is not None
        assert (new.valid.start, new.made_by) == (day, old.ended_by)
    else:
        assert new is None


def _check_words(corpus: Corpus, expected: dict[str, Any]) -> None:
    wording = wording_on(corpus, ProvisionId.parse(expected["id"]), date.fromisoformat(expected["as_of"]))
    assert wording is not None
    assert all(words in wording.text for words in expected["contains"])


def test_every_official_text_goes_onto_the_shipped_content_and_through_files(corpus: Corpus, tmp_path: Path) -> None:
    folder = shared_file("regulations")
    after = corpus
    for path in sorted(folder.glob("*.md")):
        if path.name != "README.md":
            after = accepted(after, import_file(path), Choices()).corpus
    for path in sorted(folder.glob("samples/mau-thu-*")):
        after = accepted(after, import_file(path)).corpus
    assert sum(one.official_text is not None for _, one in after.provisions()) > 200
    summaries = {(one.id, one.valid.start): one.summary for _, one in corpus.provisions()}
    kept = {(one.id, one.valid.start): one.summary for _, one in after.provisions() if one.summary}
    assert kept == summaries
    assert len(history(after, ProvisionId.parse("ND37-2026:59"))) == 2
    _same_through_files_and_database(after, tmp_path)


def test_own_samples_go_onto_the_shipped_content_and_through_files(corpus: Corpus, tmp_path: Path) -> None:
    after = corpus
    for name in ("giai-mau.pdf", "sua-doi.txt", "giai-mau.html"):
        after = accepted(after, import_file(SAMPLES / name)).corpus
    text = official_text_on(after, ProvisionId.parse("ND0001-2099:4.2"), date(2099, 5, 1))
    assert text == "2. Tổng điểm cao nhất là 900 điểm."
    _same_through_files_and_database(after, tmp_path)


def _same_through_files_and_database(corpus: Corpus, tmp_path: Path) -> None:
    """Out, in, and out again: the same bytes and the same content."""
    database = Database(sqlite_url(tmp_path))
    database.upgrade()
    written = []
    for name in ("1", "2"):
        write_content(tmp_path / name, corpus.documents, corpus.guidance, corpus.faq, corpus.marks)
        files = sorted((tmp_path / name).rglob("*.yml"))
        written.append({one.relative_to(tmp_path / name): one.read_bytes() for one in files})
        with database.session() as session:
            replace_content(session, read_corpus(tmp_path / name))
        with database.session() as session:
            read = read_content(session)
        assert read.digest == corpus.digest
        corpus = read
    database.close()
    assert written[0] == written[1]


# -- the command line


@pytest.fixture
def url(corpus: Corpus, tmp_path: Path) -> str:
    """A database with the shipped content, published."""
    database = Database(sqlite_url(tmp_path))
    database.upgrade()
    with database.session() as session:
        replace_content(session, corpus)
    with database.session() as session:
        make_current(session, take_snapshot(session).number, "test", Reason.PUBLISHED)
    database.close()
    return sqlite_url(tmp_path)


def _award(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"AWARD_DATABASE_URL": url},
        check=False,
    )


def test_from_file_to_review_on_the_command_line(url: str) -> None:
    base, amending = str(SAMPLES / "giai-mau.txt"), str(SAMPLES / "sua-doi.txt")
    tried = _award(url, "import", "--dry-run", base)
    assert (tried.returncode, "(không lưu)" in tried.stdout) == (0, True)
    assert "Chưa có đề xuất nào" in _award(url, "imports").stdout
    told = _award(url, "import", base, amending, str(SAMPLES / "rong.txt"))
    assert told.returncode == 1
    assert "rong.txt: Tệp rỗng" in told.stderr
    assert [line.split(".")[0] for line in told.stdout.splitlines() if line.startswith("Đề xuất")] == [
        "Đề xuất 1",
        "Đề xuất 2",
    ]
    again = json.loads(_award(url, "import", "--json", base).stdout)
    assert (again["number"], again["new"], again["state"]) == (1, False, "proposed")
    assert again["report"]["outcome"] == "imported"
    assert [one["number"] for one in json.loads(_award(url, "imports", "--json").stdout)] == [2, 1]
    _accept_on_the_command_line(url)


def _accept_on_the_command_line(url: str) -> None:
    refused = _award(url, "import-accept", "2")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "không có thật" in refused.stderr
    assert "23 điều, khoản, điểm" in _award(url, "import-accept", "1", "--by", "Lan").stdout
    done = json.loads(_award(url, "import-accept", "2", "--trial", "--json").stdout)
    assert (done["document"], done["created"], len(done["changes"])) == ("ND0099-2099", True, 7)
    shown = _award(url, "provision", "ND0001-2099:4.2", "--history").stdout
    assert "■ 01/02/2099 – 30/04/2099\n  hết theo: điểm a khoản 3 Điều 1 Nghị định 0099/2099/NĐ-CP" in shown
    assert "■ từ 01/05/2099\n  có từ: điểm a khoản 3 Điều 1 Nghị định 0099/2099/NĐ-CP\n  [nguyên văn]" in shown
    on_a_day = json.loads(_award(url, "provision", "ND0001-2099:4.2", "--as-of", "2099-04-30", "--json").stdout)
    assert [one["text"] for one in on_a_day] == ["2. Tổng điểm cao nhất là 1.000 điểm."]
    assert "Không có gì chờ rà soát" in _award(url, "review").stdout
    assert _award(url, "import-discard", "1").returncode == 1

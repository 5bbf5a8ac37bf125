"""Files made for a person: found by whoever has the address, by nobody else, and gone when they should be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from actions import files as files_module
from actions.files import MOST_BYTES, MOST_FILES, FileRow, Files, KeptFile
from actions.personal_data import delete_person, export_person
from fake_dialogue import FakeServer
from knowledge.database import Database

PICTURE = KeptFile("bieu-do.svg", "image/svg+xml", b"<svg/>")
REPORT = KeptFile("Báo cáo tự đánh giá.pdf", "application/pdf", b"%PDF")


@pytest.mark.anyio
async def test_a_file_is_handed_out_sandboxed_and_uncached(server: FakeServer) -> None:
    answered = await server.http.get(server.files.keep("web:1", REPORT))
    assert (answered.status_code, answered.content) == (200, b"%PDF")
    headers = answered.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith("attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o")
    assert (
        "sandbox" in headers["content-security-policy"] and "default-src 'none'" in headers["content-security-policy"]
    )
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "private, no-store")


@pytest.mark.anyio
async def test_a_picture_is_shown_in_place_and_may_be_asked_for_by_head(server: FakeServer) -> None:
    address = server.files.keep("web:1", PICTURE)
    answered = await server.http.head(address)
    assert (answered.status_code, answered.content) == (200, b"")
    assert answered.headers["content-disposition"].startswith("inline")
    assert answered.headers["content-length"] == "6"


@pytest.mark.anyio
@pytest.mark.parametrize("identity", ["x", "A" * 32, "%00", "é", "x%2fy"])
async def test_any_other_address_is_a_404(server: FakeServer, identity: str) -> None:
    server.files.keep("web:1", PICTURE)
    answered = await server.http.get(f"/tep/{identity}")
    assert answered.status_code == 404
    assert "svg" not in answered.text


def test_an_address_is_long_and_only_its_digest_is_kept(database: Database) -> None:
    files = Files(database, days=30)
    first, second = files.keep("web:1", PICTURE), files.keep("web:1", PICTURE)
    assert first != second
    identity = first.removeprefix("/tep/")
    assert len(identity) >= 32
    assert files.find(identity) == PICTURE
    with database.session() as session:
        assert identity not in {row.digest for row in session.query(FileRow)}


def test_a_file_goes_when_its_time_is_over(database: Database) -> None:
    files = Files(database, days=1)
    old, new = files.keep("web:1", PICTURE), files.keep("web:2", REPORT)
    with database.session() as session:
        session.execute(
            update(FileRow).where(FileRow.sender == "web:1").values(expires_at=datetime.now(UTC) - timedelta(minutes=1))
        )
    assert files.find(old.rpartition("/")[2]) is None
    assert files.find(new.rpartition("/")[2]) == REPORT
    files.keep("web:3", PICTURE)  # keeping one clears what is over
    with database.session() as session:
        assert {row.sender for row in session.query(FileRow)} == {"web:2", "web:3"}


def test_a_file_goes_with_the_data_of_its_person(database: Database) -> None:
    files = Files(database, days=30)
    mine, theirs = files.keep("web:1", PICTURE), files.keep("web:2", REPORT)
    with database.session() as session:
        assert [one["name"] for one in export_person(session, "web:1")["files"]] == ["bieu-do.svg"]
        assert delete_person(session, "web:1")["files"] == 1
    assert files.find(mine.rpartition("/")[2]) is None
    assert files.find(theirs.rpartition("/")[2]) == REPORT


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
def test_a_file_too_large_or_empty_is_refused(database: Database, size: int) -> None:
    with pytest.raises(ValueError, match=r"bieu-do\.png has \d+ bytes"):
        Files(database, days=30).keep("web:1", KeptFile("bieu-do.png", "image/png", b"x" * size))


def test_the_oldest_make_room(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "MOST_FILES", 3)
    files = Files(database, days=30)
    other = files.keep("web:2", PICTURE)
    kept = [files.keep("web:1", PICTURE) for _ in range(5)]
    assert [files.find(one.rpartition("/")[2]) is not None for one in (other, *kept)] == [
        True,
        False,
        False,
        True,
        True,
        True,
    ]
    assert MOST_FILES == 40

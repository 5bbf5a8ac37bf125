"""The archive: whole or absent, its digests checked, closed to who has not the key."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backups.archive import Archive, BackupKey, Manifest, Part, new_key, write_archive
from bot.errors import BackupError


def _manifest(parts: tuple[Part, ...]) -> Manifest:
    return Manifest("2026-11-22T08:00:00+00:00", "sqlite", "", "0009", 1, {"turns": 3}, parts)


def _written(folder: Path, key: BackupKey | None = None, content: bytes = b"content" * 1000) -> Path:
    staged = folder / ".backup-x"
    staged.mkdir()
    (staged / "award.db").write_bytes(content)
    (staged / "config.yml").write_text("bot: {}\n")
    target = folder / "backup.tar.gz"
    write_archive(target, staged, _manifest, key)
    return target


def _read(file: Path, key: BackupKey | None = None) -> Archive:
    folder = file.parent / ".backup-y"
    folder.mkdir()
    return Archive(file, folder, key)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = _written(tmp_path)
    archive = _read(file)
    assert archive.manifest == _manifest(archive.manifest.parts)
    assert [part.name for part in archive.manifest.parts] == ["award.db", "config.yml"]
    part = archive.part("award.db")
    assert part and part.read_bytes() == b"content" * 1000
    assert archive.part("other") is None
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        assert tar.getnames()[0] == "manifest.json"
        assert {(one.uid, one.uname) for one in tar} == {(0, "")}


def test_an_archive_is_never_replaced(tmp_path: Path) -> None:
    file = _written(tmp_path)
    before = file.read_bytes()
    (tmp_path / ".backup-z").mkdir()
    with pytest.raises(BackupError, match="is there already"):
        write_archive(file, tmp_path / ".backup-z", _manifest, None)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["backup.tar.gz"]


def test_only_the_secret_key_opens_it(tmp_path: Path) -> None:
    public, other = new_key(tmp_path / "key"), new_key(tmp_path / "other")
    file = _written(tmp_path, BackupKey(public))
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    assert b"content" not in file.read_bytes()
    for number, (key, said) in enumerate(
        [
            (None, "is encrypted"),
            (BackupKey(public), "is encrypted"),
            (BackupKey((tmp_path / "other").read_text()), "can't be read"),
        ]
    ):
        folder = tmp_path / f".try-{number}"
        folder.mkdir()
        with pytest.raises(BackupError, match=said):
            Archive(file, folder, key)
    assert other != public
    assert _read(file, BackupKey((tmp_path / "key").read_text())).manifest.counts == {"turns": 3}
    assert [path.name for path in tmp_path.glob(".backup-y*")] == [".backup-y"], (
        "nothing in the clear is left beside it"
    )


def test_a_key_is_private_and_never_replaced(tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="never replaced"):
        new_key(tmp_path / "key")


@pytest.mark.parametrize("text", ["", "secret", "age1x", "AGE-SECRET-KEY-1X", "age1\nage1"])
def test_what_is_no_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BackupError, match="award backup-key") as refused:
        BackupKey(text)
    assert text not in str(refused.value) or text in ("", "age1x")


def test_the_key_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    public = new_key(tmp_path / "key")
    assert BackupKey.of_environment({}) is None
    by_file = BackupKey.of_environment({"AWARD_BACKUP_KEY_FILE": str(tmp_path / "key")})
    by_text = BackupKey.of_environment({"AWARD_BACKUP_KEY": public})
    assert by_file and by_file.identity and by_text and not by_text.identity
    assert str(by_file.recipient) == str(by_text.recipient) == public
    with pytest.raises(BackupError, match="AWARD_BACKUP_KEY_FILE"):
        BackupKey.of_environment({"AWARD_BACKUP_KEY_FILE": str(tmp_path / "none")})


@given(st.data())
def test_any_damage_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """One byte changed, or the end cut off: nothing that differs from what was backed up is ever handed out."""
    folder = tmp_path_factory.mktemp("damaged")
    content = bytes(range(256)) * 8
    file = _written(folder, content=content)
    whole = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, 1 << 20)) % len(whole)  # the archive is not the same in every run
    if data.draw(st.booleans()):
        whole = whole[:at]
    else:
        whole[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(whole)
    try:
        archive = _read(file)
    except BackupError:
        return
    part = archive.part("award.db")  # a byte of gzip's header that carries no meaning
    assert part and part.read_bytes() == content


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "folder/inside", ".hidden", "link"])
def test_an_archive_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        if name == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        member.size = 0 if name == "link" else 4
        tar.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(BackupError, match="no backup of ours"):
        _read(file)
    assert not list(tmp_path.parent.glob("outside"))


def test_a_later_format_is_refused_in_words() -> None:
    text = _manifest(()).to_json().replace(b'"format": 1', b'"format": 2')
    with pytest.raises(BackupError, match="upgrade first"):
        Manifest.from_json(text)
    with pytest.raises(BackupError, match="no backup"):
        Manifest.from_json(b"{}")

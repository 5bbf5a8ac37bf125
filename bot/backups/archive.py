"""The archive: a compressed tar with a manifest first, every part with its SHA-256, encrypted with age where a key is given.

It appears under its name only when it is whole and on the disk: whoever sees the file may trust that it was finished.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io, x25519

from bot.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
SUFFIX, ENCRYPTED = ".tar.gz", ".age"
COMPRESSION = 3  # of 9: the last levels cost minutes for a few per cent
MOST_MANIFEST = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive; `bytes` is its length."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an archive. `counts` are rows by table, `publication` the current one; `schema` is PostgreSQL's."""

    created_at: str  # UTC, ISO 8601
    database: str  # sqlite or postgresql
    schema: str
    revision: str
    publication: int | None
    counts: dict[str, int]
    parts: tuple[Part, ...]
    format: int = FORMAT

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises BackupError where it is not one, or of a later program."""
        try:
            record: dict[str, Any] = json.loads(text)
            if record["format"] > FORMAT:
                raise BackupError(
                    f"the archive has format {record['format']}, this program reads {FORMAT}; upgrade first"
                )
            return cls(**(record | {"parts": tuple(Part(**part) for part in record["parts"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise BackupError("the archive's manifest can't be read: this is no backup, or a damaged one") from error

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


class BackupKey:
    """An age key: `age1…` encrypts only, `AGE-SECRET-KEY-1…` encrypts and decrypts."""

    def __init__(self, text: str) -> None:
        """Raises BackupError where it is neither."""
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        try:
            (key,) = lines
            self.identity = None if key.startswith("age1") else x25519.Identity.from_str(key)
            self.recipient = self.identity.to_public() if self.identity else x25519.Recipient.from_str(key)
        except (ValueError, IdentityError, RecipientError) as error:
            raise BackupError(
                "the backup key is no age key (age1… or AGE-SECRET-KEY-1…); make one: award backup-key FILE"
            ) from error

    @classmethod
    def of_environment(cls, environment: dict[str, str]) -> BackupKey | None:
        """From AWARD_BACKUP_KEY, or the file that AWARD_BACKUP_KEY_FILE names; None where neither is set. Raises BackupError."""
        if text := environment.get("AWARD_BACKUP_KEY"):
            return cls(text)
        if path := environment.get("AWARD_BACKUP_KEY_FILE"):
            try:
                return cls(Path(path).read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                raise BackupError(f"AWARD_BACKUP_KEY_FILE can't be read: {error}") from error
        return None


def new_key(path: Path) -> str:
    """Write a secret key that only the owner reads, and return its public half. Raises BackupError where the file is there."""
    identity = x25519.Identity.generate()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    except FileExistsError as error:
        raise BackupError(
            f"{path} is there already; a key is never replaced, its backups could not be read any more"
        ) from error
    return str(identity.to_public())


def write_archive(
    target: Path, staged: Path, manifest: Callable[[tuple[Part, ...]], Manifest], key: BackupKey | None
) -> Manifest:
    """Pack the files of `staged` into `target`, in one step that other processes see. Raises BackupError, OSError."""
    parts = tuple(_part(path) for path in sorted(staged.iterdir()))
    written = manifest(parts)
    (staged / MANIFEST).write_bytes(written.to_json())
    packed = staged.parent / f"{staged.name}{SUFFIX}"
    try:
        with _private(packed) as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=COMPRESSION) as tar:
            for name in (MANIFEST, *(part.name for part in parts)):
                tar.add(staged / name, arcname=name, filter=_anonymous)
        if key is not None:
            packed = _encrypted(packed, key)
        _on_disk(packed)
        os.link(packed, target)  # unlike a rename it never replaces a file
        _on_disk(target.parent)
    except FileExistsError as error:
        raise BackupError(f"{target} is there already; give another name") from error
    finally:
        for left in staged.parent.glob(f"{staged.name}.*"):
            left.unlink()
    return written


class Archive:
    """An archive that was unpacked into `folder`, its digests checked; nothing of it is used before that."""

    def __init__(self, path: Path, folder: Path, key: BackupKey | None) -> None:
        """Raises BackupError where the file is damaged, or encrypted and the key does not open it."""
        self.folder = folder
        try:
            with path.open("rb") as file, _opened(file, folder, key) as clear:
                self._unpack(clear)
            self.manifest = Manifest.from_json((folder / MANIFEST).read_bytes())
            found = {_part(folder / part.name) for part in self.manifest.parts}
        except FileNotFoundError as error:
            raise BackupError(f"{error.filename} is not there, or not in the archive") from error
        except (tarfile.TarError, EOFError, OSError, DecryptError) as error:
            raise BackupError(f"{path.name} can't be read: {error}; take another backup") from error
        for part in self.manifest.parts:
            if part not in found:
                raise BackupError(f"{path.name} is damaged: {part.name} is not what was backed up; take another backup")

    def part(self, name: str) -> Path | None:
        return self.folder / name if any(part.name == name for part in self.manifest.parts) else None

    def _unpack(self, file: IO[bytes]) -> None:
        """Plain files at the top only, so that no archive writes elsewhere."""
        with tarfile.open(fileobj=file, mode="r:gz") as tar:
            for member in tar:
                if not member.isfile() or "/" in member.name or member.name.startswith("."):
                    raise BackupError(f"the archive holds «{member.name}», which no backup of ours does")
                tar.extract(member, self.folder, filter="data")


def _opened(file: IO[bytes], folder: Path, key: BackupKey | None) -> IO[bytes]:
    """The archive in the clear; decrypted into the folder, which is private."""
    if not file.read(21).startswith(b"age-encryption.org/v1"):
        file.seek(0)
        return file
    file.seek(0)
    if key is None or key.identity is None:
        raise BackupError("the archive is encrypted; set AWARD_BACKUP_KEY_FILE to the file with the secret key")
    clear = folder.parent / f"{folder.name}{SUFFIX}"
    with _private(clear) as output:
        decrypt_io(file, output, [key.identity])
    opened = clear.open("rb")
    clear.unlink()  # goes with the last who reads it
    return opened


def _encrypted(packed: Path, key: BackupKey) -> Path:
    encrypted = packed.with_name(packed.name + ENCRYPTED)
    with packed.open("rb") as clear, _private(encrypted) as output:
        encrypt_io(clear, output, [key.recipient])
    packed.unlink()
    return encrypted


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _part(path: Path) -> Part:
    with path.open("rb") as file:
        return Part(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who owns the files on this machine is nobody's business elsewhere."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

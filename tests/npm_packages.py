"""Packages of npm that tests drive unmodified: fetched once into var/npm, checked against the digest that is written here."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import ROOT

FOLDER = ROOT / "var" / "npm"


@dataclass(frozen=True, slots=True)
class Pinned:
    version: str
    integrity: str  # as npm writes it


PACKAGES = {
    "axe-core": Pinned(
        "4.14.1", "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
    ),
    "deep-chat": Pinned(
        "2.4.2", "sha512-wQNd6Z6HDoH7OMeoQKpmxDm9XdWrRjMkBJ2yl5tsYND9Dz2UCv/BdGVM8vK2V0mhO1u+OniHYPWDGvjlNxjCeQ=="
    ),
    "rasa-webchat": Pinned(
        "1.0.1", "sha512-Ld1zVJvTAaTrs6A5p8t70agNNrKYRyXlvqXZRgBoDvKKUXbA0jhJKECi5bdPGlaR6jsmqWtVylHS+YqIqo0x8w=="
    ),
}


def npm_package(name: str) -> Path:
    """The unpacked package. Skips the test where it can't be had; in CI the test fails."""
    pinned = PACKAGES[name]
    folder = FOLDER / f"{name}-{pinned.version}"
    if not folder.exists():
        _fetch(name, pinned, folder)
    return folder


def _fetch(name: str, pinned: Pinned, folder: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as work:
        packed = _packed(name, pinned.version, Path(work))
        digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        assert f"sha512-{digest}" == pinned.integrity, f"{name} {pinned.version} is not the package that is pinned here"
        with tarfile.open(packed) as archive:
            archive.extractall(work, filter="data")
        Path(work, "package").rename(folder)


def _packed(name: str, version: str, work: Path) -> Path:
    """npm only fetches: nothing is installed, no script of the package runs."""
    if shutil.which("npm") is None:
        _refuse("npm is missing; install it with: apt-get install npm")
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(work)]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode != 0:
        _refuse(f"npm could not fetch {name}@{version}: {done.stderr.strip()[-300:]}")
    (packed,) = work.glob("*.tgz")
    return packed


def _refuse(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)

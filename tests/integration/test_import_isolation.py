"""A file is read in a process that can't do anything else, and that ends in time."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge.importing import ImportRefused, Situation, import_bytes, import_file, parse_upload

SAMPLES = Path(__file__).parents[1] / "samples" / "regulations"
ROOT = Path(__file__).parents[2]


def test_the_same_as_in_this_process() -> None:
    path = SAMPLES / "giai-mau.docx"
    assert import_file(path) == parse_upload(path.read_bytes(), path.name)


def test_a_refusal_comes_back_with_its_words() -> None:
    path = SAMPLES / "bom-nen.docx"
    with pytest.raises(ImportRefused) as isolated:
        import_file(path)
    with pytest.raises(ImportRefused) as here:
        parse_upload(path.read_bytes(), path.name)
    assert (isolated.value.situation, str(isolated.value)) == (here.value.situation, str(here.value))


def test_time_is_bounded() -> None:
    started = time.monotonic()
    with pytest.raises(ImportRefused) as refused:
        import_bytes(("Điều 1. A\n" + "1. B\n" * 300_000).encode(), "lau.txt", seconds=1)
    assert refused.value.situation == Situation.LIMIT_EXCEEDED
    assert time.monotonic() - started < 2.5


def test_memory_is_bounded() -> None:
    with pytest.raises(ImportRefused) as refused:
        import_bytes(("Điều 1. A\n" + "1. B\n" * 100_000).encode(), "nang.txt", seconds=20, memory_mb=80)
    assert refused.value.situation == Situation.LIMIT_EXCEEDED
    assert "80 MB" in str(refused.value)


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "open('/etc/hostname').read()",
        "open('/tmp/ghi-ra', 'w')",
        "open('config.yml').read()",
        "import os; os.open('/etc/hostname', os.O_RDONLY)",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "import os; os.remove('/tmp/khong-co')",
    ],
)
def test_what_the_process_can_not_do(deed: str) -> None:
    program = (
        "import socket, subprocess, os\nfrom knowledge.importing import worker\n"
        f"worker._limit(5, 300)\nworker._forbid()\ntry:\n    {deed}\nexcept PermissionError:\n    print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout == "refused\n", done.stderr


def test_the_kernel_refuses_written_files_too() -> None:
    program = (
        "from knowledge.importing import worker\nworker._limit(5, 300)\n"
        "import ctypes, errno, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "libc = ctypes.CDLL(None, use_errno=True)\nfile = libc.open(b'/tmp/kernel-thu', 0o1101, 0o600)\n"
        "print(libc.write(file, b'x', 1), ctypes.get_errno() == errno.EFBIG)\nlibc.unlink(b'/tmp/kernel-thu')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout == "-1 True\n", done.stderr


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        import_file(tmp_path / "khong-co.docx")

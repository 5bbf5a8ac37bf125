"""Files from people are read in a process of their own, with limits, and come back as JSON.

A parser may meet a file that its authors never thought of. In the server it would take the server along; here it can only be
ended, and the person is told so in a sentence. Nothing is stored by reading: the proposal is all that comes back.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from knowledge.errors import ContentError
from knowledge.importing import limits
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.proposal import ImportProposal
from knowledge.importing.records import from_record

_WORKER = "knowledge.importing.worker"
_ROOT = Path(__file__).resolve().parents[2]


def import_file(path: Path, *, seconds: int = 5, memory_mb: int = 300, document: str = "") -> ImportProposal:
    """The proposal of the file at that path; `document` as for `parse_upload`.

    Raises ImportRefused within about the given seconds, whatever the file does.
    """
    limits.check_upload(path.stat().st_size)
    with path.open("rb") as file:
        return import_bytes(
            file.read(limits.UPLOAD_BYTES + 1), path.name, seconds=seconds, memory_mb=memory_mb, document=document
        )


def import_bytes(
    data: bytes, filename: str, *, seconds: int = 5, memory_mb: int = 300, document: str = ""
) -> ImportProposal:
    """The proposal of an uploaded file that is no file on this machine yet. Raises ImportRefused as `import_file` does."""
    limits.check_upload(len(data))
    command = [sys.executable, "-B", "-P", "-s", "-m", _WORKER, filename[-200:], document, str(seconds), str(memory_mb)]
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8", "MALLOC_ARENA_MAX": "1"}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            answer, complaint = process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise ImportRefused(Situation.LIMIT_EXCEEDED, f"lâu hơn {seconds} giây") from error
        except BaseException:
            _end(process)
            raise
    return _understand(answer, complaint, process.returncode, seconds, memory_mb)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _understand(answer: bytes, complaint: bytes, code: int, seconds: int, memory_mb: int) -> ImportProposal:
    if code != 0:
        raise _refusal_for(code, complaint, seconds, memory_mb)
    try:
        record = json.loads(answer)
        if "refused" in record:
            raise ImportRefused(Situation(record["refused"]["situation"]), str(record["refused"]["detail"]))
        return from_record(ImportProposal, record["proposal"])
    except (ValueError, KeyError, TypeError, RecursionError, ContentError) as error:
        raise ImportRefused(Situation.DAMAGED_FILE, "bộ đọc không cho kết quả") from error


def _refusal_for(code: int, complaint: bytes, seconds: int, memory_mb: int) -> ImportRefused:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return ImportRefused(Situation.LIMIT_EXCEEDED, f"lâu hơn {seconds} giây")
    if b"MemoryError" in complaint or b"bad_alloc" in complaint:
        return ImportRefused(Situation.LIMIT_EXCEEDED, f"cần hơn {memory_mb} MB bộ nhớ")
    last = complaint.decode("utf-8", errors="replace").strip().rsplit("\n", 1)[-1][:120]
    return ImportRefused(Situation.DAMAGED_FILE, f"bộ đọc dừng giữa chừng: {last or code}")

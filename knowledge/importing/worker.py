"""The process that reads one file: `python -m knowledge.importing.worker NAME DOCUMENT SECONDS MEGABYTES < file > answer.json`.

It gives up its own rights before it looks at the file. The kernel then holds memory, processor time and the size of written
files; an audit hook of the interpreter, which can't be taken off again, refuses sockets, programs and every file that is not
part of the installation. What is left to a hostile file is to use up its seconds.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from knowledge.importing.errors import ImportRefused, Situation

ANSWER_BYTES = 64_000_000
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile",
                     "pty.", "ftplib.", "http.", "urllib.", "smtplib.", "telnetlib.", "webbrowser.", "shutil.", "tempfile.",
                     "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.link", "os.symlink",
                     "os.truncate", "os.kill", "os.putenv", "signal.")  # fmt: skip
_PARSERS = ("knowledge.importing.upload", "lxml.etree", "yaml", "encodings.cp1258", "encodings.utf_16", "encodings.utf_8_sig",
            "encodings.latin_1", "encodings.idna")  # fmt: skip
_PARSERS_OF = {".docx": ("docx",), ".docm": ("docx",), ".pdf": ("pypdfium2", "pypdfium2.raw")}


def main(arguments: list[str]) -> int:
    """Read the file on standard input, write the answer to standard output; the exit code is 0 for proposals and refusals."""
    name, document, seconds, megabytes = arguments
    _limit(int(seconds), int(megabytes))
    _load(name)
    _forbid()
    try:
        answer = _read(name, document)
    except MemoryError:
        answer = _refusal(ImportRefused(Situation.LIMIT_EXCEEDED, f"cần hơn {megabytes} MB bộ nhớ"))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def _read(name: str, document: str) -> bytes:
    from knowledge.importing.upload import parse_upload

    try:
        answer = parse_upload(sys.stdin.buffer.read(), name, document).to_json().encode()
    except ImportRefused as refusal:
        return _refusal(refusal)
    if len(answer) > ANSWER_BYTES:
        return _refusal(ImportRefused(Situation.TOO_LARGE_UNPACKED, f"{len(answer) / 1e6:.0f} MB kết quả"))
    return b'{"proposal": ' + answer + b"}"


def _refusal(refusal: ImportRefused) -> bytes:
    return json.dumps({"refused": {"situation": str(refusal.situation), "detail": refusal.detail}}).encode()


def _limit(seconds: int, megabytes: int) -> None:
    """Memory, processor time, no written files, no core image; the kernel holds them, for libraries in C too."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    os.environ.clear()  # no proxy, no key, no path


def _load(name: str) -> None:
    """Import what this kind of file needs while files may still be opened."""
    for module in (*_PARSERS, *_PARSERS_OF.get(Path(name).suffix.lower(), ())):
        importlib.import_module(module)


def _forbid() -> None:
    package = Path(__file__).resolve().parents[1]  # of this project only this room: the database lies beside it
    roots = tuple(f"{Path(root).resolve()}/" for root in (sys.prefix, sys.base_prefix, package))

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, roots)
        elif event.startswith(_FORBIDDEN_EVENTS):
            raise PermissionError(f"reading a file may not use {event}")

    sys.addaudithook(refuse)


def _check_open(arguments: tuple[Any, ...], roots: tuple[str, ...]) -> None:
    """Only parts of the installation, and only to read: a module may still load another one."""
    path, mode = arguments[0], arguments[1]
    writes = isinstance(mode, str) and set(mode) & set("wax+")
    if isinstance(path, int):
        return
    if writes or not os.path.realpath(os.fspath(path)).startswith(roots):
        raise PermissionError("reading a file may not open others")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

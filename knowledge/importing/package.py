"""The zip package of a .docx, opened with bounds before any XML parser sees it.

A package can claim small sizes and unpack to gigabytes, hold the same bytes under many names, or bring XML that asks the
parser for files and addresses. So the parts are unpacked here, piece by piece, against limits on what is declared and on what
comes out, and every XML part is looked through for a DOCTYPE before it is parsed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from knowledge.importing import limits
from knowledge.importing.errors import ImportRefused, Situation

_PIECE = 65_536
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_FORBIDDEN = re.compile(rb"<!\s*(doctype|entity)", re.IGNORECASE)
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"ascii")
_XML_ENDINGS = (".xml", ".rels")


def read_package(data: bytes) -> dict[str, bytes]:
    """The parts by name. Raises ImportRefused for what is no package, is damaged, too large, or holds forbidden XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _read_parts(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, IndexError) as error:
        raise ImportRefused(Situation.DAMAGED_FILE, "gói .docx không mở được") from error
    except RuntimeError as error:  # zipfile's word for a part with a password
        raise ImportRefused(Situation.ENCRYPTED) from error


def _read_parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    entries = package.infolist()
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > limits.ZIP_ENTRIES:
        raise ImportRefused(Situation.TOO_LARGE_UNPACKED, f"{len(entries)} phần")
    if declared > limits.UNPACKED_BYTES:
        raise _too_large(declared, limits.UNPACKED_BYTES)
    parts: dict[str, bytes] = {}
    for entry in entries:
        part = _unpack(package, entry, limits.UNPACKED_BYTES - sum(map(len, parts.values())))
        if entry.filename.lower().endswith(_XML_ENDINGS):
            check_xml(part)
        parts[entry.filename] = part
    return parts


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    xml = entry.filename.lower().endswith(_XML_ENDINGS)
    most = min(left, limits.XML_PART_BYTES) if xml else left
    if entry.file_size > most:
        raise _too_large(entry.file_size, most)
    pieces, size = [], 0
    with package.open(entry) as part:
        while piece := part.read(_PIECE):
            size += len(piece)
            if size > most:
                raise _too_large(size, most)
            pieces.append(piece)
    return b"".join(pieces)


def _too_large(size: int, most: int) -> ImportRefused:
    return ImportRefused(Situation.TOO_LARGE_UNPACKED, f"{size / 1e6:.0f} MB, giới hạn {most / 1e6:.0f} MB")


def check_xml(part: bytes) -> None:
    """Raises ImportRefused for a DOCTYPE, an entity, or an encoding that could hide one."""
    declaration = _DECLARATION.search(part[:400].replace(b"\0", b""))
    if declaration and declaration[1].lower() not in _ENCODINGS:
        raise ImportRefused(Situation.FORBIDDEN_XML)
    if _FORBIDDEN.search(part.replace(b"\0", b"")):  # without the zero bytes, UTF-16 reads like ASCII
        raise ImportRefused(Situation.FORBIDDEN_XML)

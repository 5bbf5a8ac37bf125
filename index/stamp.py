"""Which code and data decide what an index holds: an index of another stamp is built anew, one of the same stamp would be the same."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOMS = Path(__file__).resolve().parent.parent
DECIDING = (
    *(
        "abbreviations.py",
        "analysis.py",
        "bm25.py",
        "build.py",
        "conversion.py",
        "dense.py",
        "encoder.py",
        "features.py",
    ),
    *(
        "passages.py",
        "projection.py",
        "projection.npz",
        "restoration.py",
        "spelling.py",
        "term_rows.py",
        "tokenizer.py",
        "everyday.txt",
    ),
    "training/out_of_scope.txt",
)


@cache
def index_stamp(encoder: str) -> str:
    """For an encoder's folder or name; read once a process. Where the folder lies does not count."""
    digest = hashlib.sha256(f"{Path(encoder).name if Path(encoder).is_absolute() else encoder}\0".encode())
    converted = Path(encoder) / "converted-by"
    for path in (*(ROOMS / "index" / name for name in DECIDING), ROOMS / "knowledge" / "vietnamese.py", converted):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()

"""Tables as CSV that spreadsheets open as they are meant: UTF-8 with its mark, and no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows under their head. A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection)."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_plain(one) for one in head])
    writer.writerows([_plain(one) for one in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _plain(value: object) -> str:
    text = "" if value is None else str(value).replace("\x00", "")
    if isinstance(value, str) and text.lstrip(" \xa0\ufeff").startswith(_FORMULA):
        return f"'{text}"
    return text

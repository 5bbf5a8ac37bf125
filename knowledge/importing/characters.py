"""From bytes to characters, for the formats that do not say their encoding themselves."""

from __future__ import annotations

import re

from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.legacy import READABLE, recognise
from knowledge.vietnamese import syllable_share

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_SAMPLE_BYTES = 20_000
_BINARY_SHARE = 0.02
_BROKEN_SHARE = 0.05  # of the letters that are no ASCII; in a text of another encoding nearly all are broken
_TAG = re.compile(r"<[^<>]{0,1000}>")


def decode(data: bytes) -> tuple[str, str]:
    """The characters and the name of the encoding.

    One-byte letters come back as they are: `legacy` finds out whether they are TCVN3 or VNI. Raises ImportRefused where the
    bytes are no text at all, or a text that no known encoding makes readable.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, codec), name
    if b"\0" in data[:_SAMPLE_BYTES]:
        return _utf16_or_binary(data)
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _one_byte(data)


def _strict(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise ImportRefused(Situation.DAMAGED_FILE, f"sai mã {codec} ở byte {error.start}") from error


def _utf16_or_binary(data: bytes) -> tuple[str, str]:
    sample = data[:_SAMPLE_BYTES]
    for codec, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if high.count(0) > len(high) // 4 and low.count(0) <= len(low) // 50:
            return _strict(data, codec), "UTF-16"
    raise ImportRefused(Situation.WRONG_FORMAT, "nội dung không phải văn bản")


def _one_byte(data: bytes) -> tuple[str, str]:
    sample = data[:_SAMPLE_BYTES]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if controls > _BINARY_SHARE * len(sample):
        raise ImportRefused(Situation.WRONG_FORMAT, "nội dung không phải văn bản")
    nearly = data.decode("utf-8", errors="replace")
    lost = nearly.count("\ufffd")
    if lost <= _BROKEN_SHARE * sum(letter > "\x7f" for letter in nearly):
        return nearly, "UTF-8"  # with a few broken bytes: the report will say so
    latin = data.decode("latin-1")
    if recognise([_words(latin)]):
        return latin, "một byte"
    windows = data.decode("cp1258", errors="replace")
    words = _words(windows)
    if "\ufffd" not in words and syllable_share(words) >= READABLE:
        return windows, "Windows-1258"
    raise ImportRefused(Situation.LEGACY_ENCODING, "không phải UTF-8, UTF-16, Windows-1258, TCVN3 hay VNI")


def _words(text: str) -> str:
    """The beginning of a text, without the tags of a web page."""
    return _TAG.sub(" ", text[: 2 * _SAMPLE_BYTES])[:_SAMPLE_BYTES]

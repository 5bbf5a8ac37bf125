"""Old encodings are recognised by the words that they give, and text that is fine is left alone."""

from __future__ import annotations

import unicodedata

import pytest

from knowledge.importing.characters import decode
from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.legacy import TCVN3, VNI, from_font, from_tcvn3, from_vni, modernise, recognise

UNICODE = "Người đọc khen bài viết rõ ràng, đúng đắn và nghiêm túc; Ủy ban đã ghi nhận những lời ấy vào sổ."


def windows_1258(text: str) -> bytes:
    """Vowels with their hook or roof in one letter, tones as marks after them."""
    pieces = [unicodedata.normalize("NFD", letter) for letter in text]
    tones = "\u0300\u0301\u0303\u0309\u0323"
    kept = ["".join(c for c in piece if c not in tones) for piece in pieces]
    marks = ["".join(c for c in piece if c in tones) for piece in pieces]
    return "".join(unicodedata.normalize("NFC", base) + mark for base, mark in zip(kept, marks, strict=True)).encode(
        "cp1258"
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("§iÒu kiÖn", "Điều kiện"),
        ("b¶n mÉu ®· duyÖt", "bản mẫu đã duyệt"),
        ("\uf0a7i\uf0d2u", "Điều"),
        ("l­îng", "lượng"),
    ],
)
def test_tcvn3(typed: str, read: str) -> None:
    assert from_tcvn3(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ñieàu kieän", "Điều kiện"),
        ("ÑIEÀU KIEÄN", "ĐIỀU KIỆN"),
        ("töôùng, tröôøng, ngöôïc", "tướng, trường, ngược"),
        ("aên, aéng, baèng", "ăn, ắng, bằng"),
        ("yù kyõ, quyeån, kyû luaät", "ý kỹ, quyển, kỷ luật"),
        ("thò tröôøng, tæ leä", "thị trường, tỉ lệ"),
    ],
)
def test_vni(typed: str, read: str) -> None:
    assert from_vni(typed) == read


@pytest.mark.parametrize(
    ("text", "font", "read", "encoding"),
    [
        ("§iÒu", ".VnTime", "Điều", TCVN3),
        ("®iÒu", ".VnTimeH", "ĐIỀU", TCVN3),
        ("Ñieàu", "VNI-Times", "Điều", VNI),
        ("Điều", ".VnTime", "Điều", None),  # typed in Unicode, only the font is old
        ("café", "Times New Roman", "café", None),
    ],
)
def test_font_tells_the_encoding(text: str, font: str, read: str, encoding: str | None) -> None:
    assert from_font(text, font) == (read, encoding)


@pytest.mark.parametrize("text", [UNICODE, "", "Le café est très bon, déjà prêt à être bu où l'on veut.", "1.000 §"])
def test_text_that_is_fine_is_left_alone(text: str) -> None:
    assert recognise([text]) is None


def test_a_paragraph_typed_in_unicode_is_kept_among_old_ones() -> None:
    assert modernise(UNICODE, TCVN3) == UNICODE


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (UNICODE.encode(), "UTF-8"),
        (UNICODE.encode("utf-8-sig"), "UTF-8"),
        (UNICODE.encode("utf-16"), "UTF-16"),
        (UNICODE.encode("utf-16-le"), "UTF-16"),
        (windows_1258(UNICODE), "Windows-1258"),
        (UNICODE.encode()[:50] + b"\xff" + UNICODE.encode()[50:], "UTF-8"),
        (b"<html><body><p class='MsoNormal'>" + windows_1258(UNICODE) + b"</p></body></html>", "Windows-1258"),
    ],
)
def test_encoding_of_a_file(data: bytes, encoding: str) -> None:
    assert decode(data)[1] == encoding


@pytest.mark.parametrize(
    ("data", "situation"),
    [
        (b"\x00\x01\x02" * 100, Situation.WRONG_FORMAT),
        (bytes(range(1, 256)) * 10, Situation.WRONG_FORMAT),
        (b"\xff\xfe\x00", Situation.DAMAGED_FILE),
        (b"\xe9\xf1\xfa \xe8\xf9 " * 50, Situation.LEGACY_ENCODING),
    ],
)
def test_unreadable_bytes_are_refused(data: bytes, situation: Situation) -> None:
    with pytest.raises(ImportRefused) as refused:
        decode(data)
    assert refused.value.situation == situation

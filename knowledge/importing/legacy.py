"""Text in the encodings of before 2001: TCVN3 (ABC, fonts «.VnTime») and VNI (fonts «VNI-Times»), turned into Unicode.

Both kept Vietnamese in one-byte fonts, so a file, a clipboard or Word itself hands them on as Latin letters that look wrong
(«§iÒu», «Ñieàu»). No byte says which encoding it was. What decides is the result: the reading is taken whose words are
Vietnamese syllables, and none is taken that does not read much better than the letters as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from knowledge.vietnamese import nfc, syllable_share

TCVN3 = "TCVN3 (ABC)"
VNI = "VNI"

READABLE = 0.85  # share of syllables of a text that was decoded right; foreign names keep it below 1
_BETTER_BY = 0.15
_SAMPLE_CHARACTERS = 20_000

_TCVN3 = dict(
    zip(
        "\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae"
        "\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe\xc6\xc7\xc8\xc9\xca\xcb\xcc\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6"
        "\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee"
        "\xef\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_BREVE, _CIRCUMFLEX = "\u0306", "\u0302"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR = re.compile("([aeouyôö])([" + "".join(_VNI_MARKS) + "])", re.IGNORECASE)
_VNI_LETTER = re.compile("[" + "".join(_VNI_LETTERS) + "]", re.IGNORECASE)


def from_tcvn3(text: str) -> str:
    """TCVN3 letters, held as Latin-1 or in the private area that Word uses for symbol fonts, as Unicode."""
    return _out_of_private_area(text).translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    """VNI letters, a vowel and a mark beside it, as Unicode."""
    paired = _VNI_PAIR.sub(_vni_pair, _out_of_private_area(text))
    return nfc(_VNI_LETTER.sub(_vni_letter, paired))


def _vni_pair(match: re.Match[str]) -> str:
    vowel, mark = match.groups()
    lower = _VNI_LETTERS.get(vowel.lower(), vowel.lower())
    # decomposed here and composed at the end, so that the marks just set are not read as VNI letters again
    decomposed = {"ơ": "o\u031b", "ư": "u\u031b"}.get(lower, lower) + _VNI_MARKS[mark.lower()]
    return decomposed.upper() if vowel.isupper() else decomposed


def _vni_letter(match: re.Match[str]) -> str:
    letter = match[0]
    unicode_letter = _VNI_LETTERS[letter.lower()]
    return unicode_letter.upper() if letter.isupper() else unicode_letter


def _out_of_private_area(text: str) -> str:
    return "".join(chr(ord(c) - 0xF000) if "\uf020" <= c <= "\uf0ff" else c for c in text)


DECODERS: dict[str, Callable[[str], str]] = {TCVN3: from_tcvn3, VNI: from_vni}


def encoding_of_font(font: str) -> str | None:
    """The encoding that a font's name gives away: «.VnTime» is TCVN3, «VNI-Times» is VNI."""
    name = font.strip().lower()
    if name.startswith((".vn", "vntime", "vnarial")):
        return TCVN3
    return VNI if name.startswith(("vni-", "vni ")) else None


def from_font(text: str, font: str) -> tuple[str, str | None]:
    """A run of text by the font it is set in; untouched where its letters are Unicode already."""
    encoding = encoding_of_font(font)
    if encoding is None or any("\u0100" <= c <= "\u1fff" for c in text):
        return text, None
    decoded = DECODERS[encoding](text)
    if encoding == TCVN3 and font.strip().lower().endswith("h"):  # «.VnTimeH» draws every letter as a capital
        decoded = decoded.upper()
    return decoded, encoding


def recognise(texts: Sequence[str]) -> str | None:
    """The encoding in which paragraphs were typed, or None where they read as Vietnamese, or as nothing, as they stand."""
    sample = "\n".join(texts)[:_SAMPLE_CHARACTERS]
    if not any("\xa1" <= c <= "\xff" or "\uf020" <= c <= "\uf0ff" for c in sample):
        return None
    plain = syllable_share(sample)
    shares = {name: syllable_share(decode(sample)) for name, decode in DECODERS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= max(READABLE, plain + _BETTER_BY) else None


def modernise(text: str, encoding: str) -> str:
    """One paragraph of a text in that encoding; untouched where it reads worse for it, as a paragraph typed in Unicode does."""
    decoded = DECODERS[encoding](text)
    return decoded if syllable_share(decoded) >= syllable_share(text) else text

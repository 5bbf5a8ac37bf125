"""Questions as people type them, made from clean ones: accents left out here and there, short forms, a typing
error, Telex leftovers.

The shared sets have no typed questions of this kind in any number; generated ones at least say by how much ranking
falls. All choices come from a seed and the question, so the same question is always spoilt in the same way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from knowledge.vietnamese import fold, nfc, split_tone

SEED = 20_261_122
ACCENTS_LOST = 0.5  # share of the syllables
TELEX_LEFT = 0.5
# The commonest short forms of chats; most, not all, are known to index/abbreviations.py.
SHORT_FORMS = (
    ("như thế nào", "ntn"), ("bao nhiêu", "bn"), ("bao giờ", "bh"), ("doanh nghiệp", "dn"), ("công ty", "cty"),
    ("điều kiện", "đk"), ("đăng ký", "đky"), ("hồ sơ", "hs"), ("thời gian", "tgian"), ("quyết định", "qđ"),
    ("nghị định", "nđ"), ("giấy chứng nhận", "gcn"), ("sản phẩm", "sp"), ("nhân viên", "nv"), ("mọi người", "mn"),
    ("bảo hiểm xã hội", "bhxh"), ("ủy ban nhân dân", "ubnd"), ("không", "ko"), ("được", "đc"), ("người", "ng"),
    ("với", "vs"), ("gì", "j"), ("rồi", "r"), ("trước", "trc"), ("vậy", "z"), ("nhiều", "nh"), ("năm", "nm"),
)  # fmt: skip
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")  # neighbours in a row are what fingers mix up
_WORD = re.compile(r"[^\W\d_]+")
_TELEX = {"â": "aa", "ă": "aw", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}


def lose_accents(text: str, chance: random.Random) -> str:
    """Half of the syllables without marks."""
    return _each_word(text, lambda word: _plain(word) if chance.random() < ACCENTS_LOST else word)


def shorten(text: str, chance: random.Random) -> str:
    """Every short form that fits, and a third of the other accents gone."""
    short = nfc(text).lower()
    for long, form in SHORT_FORMS:
        short = re.sub(rf"\b{long}\b", form, short)
    return _each_word(short, lambda word: _plain(word) if chance.random() < ACCENTS_LOST / 1.5 else word)


def mistype(text: str, chance: random.Random) -> str:
    """One typing error: a letter left out, doubled, swapped with the next, or its neighbour on the keyboard."""
    words = [match for match in _WORD.finditer(nfc(text)) if len(match[0]) >= 3]
    if not words:
        return text
    word = chance.choice(words)
    at = chance.randrange(1, len(word[0]) - 1)
    letter = word[0][at]
    near = chance.choice(_neighbours(fold(letter)))
    wrong = chance.choice(["", letter * 2, word[0][at + 1] + letter, near])
    rest = word[0][at + 2 :] if len(wrong) == 2 and wrong != letter * 2 else word[0][at + 1 :]
    return nfc(text)[: word.start()] + word[0][:at] + wrong + rest + nfc(text)[word.end() :]


def leave_telex(text: str, chance: random.Random) -> str:
    """Half of the syllables as the keystrokes of an input method that was off: «điều» → «ddieeuf»."""
    return _each_word(text, lambda word: telex(word) if chance.random() < TELEX_LEFT else word)


def telex(word: str) -> str:
    """The keystrokes of a word, the tone last."""
    base, tone = split_tone(word.lower())
    keys = "".join(_TELEX.get(letter, letter) for letter in base).replace("uwow", "uow") + tone
    return keys[:1].upper() + keys[1:] if word[:1].isupper() else keys


NOISES: Mapping[str, Callable[[str, random.Random], str]] = {
    "half of the accents": lose_accents,
    "short forms": shorten,
    "one typing error": mistype,
    "Telex leftovers": leave_telex,
}


def spoil(text: str, noise: str) -> str:
    """The question with one of `NOISES`."""
    return NOISES[noise](text, random.Random(f"{SEED} {noise} {text}"))  # noqa: S311 - chance that can be repeated is the aim


def _neighbours(letter: str) -> str:
    row = next((row for row in _KEYS if letter in row), letter)
    at = row.index(letter)
    return row[max(0, at - 1) : at] + row[at + 1 : at + 2] or letter


def _each_word(text: str, change: Callable[[str], str]) -> str:
    return _WORD.sub(lambda match: change(match[0]), nfc(text))


def _plain(word: str) -> str:
    plain = fold(word)
    return plain[:1].upper() + plain[1:] if word[:1].isupper() else plain

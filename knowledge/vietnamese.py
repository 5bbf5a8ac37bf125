"""Vietnamese writing: one normal form, folding of accents, valid syllables, leftovers of Telex typing.

The same letter reaches us composed or decomposed, with the tone mark in the old or the new place («hoà», «hòa»), without any
mark at all, or as the keystrokes of an input method that was off («ddieeuf»). Everything that compares text goes through here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_TONE_OF_KEY = {key: mark for mark, key in TONES.items()}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LETTERS = re.compile(r"[^\W\d_]+")

# Onsets and rimes of written Vietnamese (tone taken off); a syllable is valid where it splits into one of each.
_ONSETS = frozenset(
    ["", *"b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()],
)
_RIMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong oong op ot oc ooc
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
    uy uya uych uyên uyêt uynh uyt uyu uân ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y yêm yên yêng yêt yêu ym yn ynh yp yt
    """.split()
)
# «thuởng» for «thưởng»: phones put one horn where two belong; «uơ» before a letter occurs in no syllable.
_HALF_HORNED = re.compile("(?:uơ|ưo)(?=[a-zđ])")
_MARKED_VOWEL = "ăâêôơư"
_VOWELS = "aăâeêioôơuưy"


def nfc(text: str) -> str:
    """Composed form, without control and invisible characters; line breaks stay."""
    return _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def fold(text: str) -> str:
    """Lower case without any mark: «Điều kiện» → «dieu kien»."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


@lru_cache(maxsize=65_536)
def fold_syllable(syllable: str) -> str:
    """`fold` of one syllable, remembered: a few thousand syllables make up all texts."""
    return fold(syllable)


def has_marks(text: str) -> bool:
    """True where the text holds any Vietnamese mark or đ."""
    return fold(text) != text.lower()


@lru_cache(maxsize=65_536)
def canonical(syllable: str) -> str:
    """A lower-case syllable with its tone mark in the one place that all comparisons use («hoà» and «hòa» become one)."""
    base, tone = split_tone(syllable)
    base = _HALF_HORNED.sub("ươ", base)
    return place_tone(base, tone) if tone else base


def split_tone(syllable: str) -> tuple[str, str]:
    """Letters without the tone and the tone as its Telex key («điều» → «điêu», «f»); the key is empty without one."""
    tone = ""
    kept = []
    for character in unicodedata.normalize("NFD", syllable):
        if character in TONES and not tone:
            tone = TONES[character]
        else:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def place_tone(base: str, tone: str) -> str:
    """Put a tone (Telex key) on a syllable without one, by the traditional-phonetic («new») rule."""
    at = _tone_position(base)
    if at is None or tone not in _TONE_OF_KEY:
        return base
    marked = unicodedata.normalize("NFC", base[at] + _TONE_OF_KEY[tone])
    return base[:at] + marked + base[at + 1 :]


def _tone_position(base: str) -> int | None:
    start = 2 if base.startswith("qu") or (base.startswith("gi") and len(base) > 2 and base[2] in _VOWELS) else 0
    vowels = [i for i in range(start, len(base)) if base[i] in _VOWELS]
    if not vowels:
        vowels = [i for i, letter in enumerate(base) if letter in _VOWELS]
    if not vowels:
        return None
    marked = [i for i in vowels if base[i] in _MARKED_VOWEL]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return vowels[0]
    if len(vowels) == 3 or vowels[-1] < len(base) - 1:  # «oai» → middle; a closed syllable → the last vowel
        return vowels[1]
    return vowels[1] if base[vowels[0] : vowels[1] + 1] in ("oa", "oe", "uy") else vowels[0]


@lru_cache(maxsize=65_536)
def is_syllable(word: str) -> bool:
    """True where the lower-case word is a possible written Vietnamese syllable (of any or no tone)."""
    base, _ = split_tone(word)
    if base in _RIMES:
        return True
    for length in (3, 2, 1):
        onset, rime = base[:length], base[length:]
        if onset in _ONSETS and rime in _RIMES:
            return True
        if onset == "gi" and ("i" + rime) in _RIMES:  # «gì», «giêng»
            return True
    return base == "gi"


def syllable_share(text: str) -> float:
    """Share of the words of letters that are valid Vietnamese syllables, 0 to 1; 1 for a text without words."""
    words = _LETTERS.findall(nfc(text).lower())
    return sum(is_syllable(word) for word in words) / len(words) if words else 1.0


_TELEX_PAIRS = (
    ("dd", "đ"),
    ("aa", "â"),
    ("aw", "ă"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("uow", "ươ"),
    ("ow", "ơ"),
    ("uw", "ư"),
)


_STOP = re.compile("(?:c|ch|p|t)$")
_NOT_BEFORE_STOPS = frozenset("frx")  # syllables closed by a stop bear sắc or nặng alone: «part» is no «pảt»
# Words of English questions that are also keystrokes of syllables which hardly anybody asks with: «is» is no «í», «of» no «ò».
ENGLISH = frozenset(
    """
    been best car chair chosen cost cups does down final firm first goes ground has here host how is keep keeps last law laws
    list long lose lost maps meet meets more most must news now of or past pays per poor post seen sets term test tests there these
    this those tips too trust turn us visa
    """.split()
)


@lru_cache(maxsize=16_384)
def undo_telex(word: str) -> str:
    """The word that Telex keystrokes stand for («ddieeuf» → «điều»), or the word itself where it stands for none."""
    if not word.isascii() or not word.isalpha() or word in ENGLISH or is_syllable(word):
        return word
    letters, tone = word, ""
    for at in range(len(word) - 1, 0, -1):
        if word[at] in _TONE_OF_KEY and word[:at].strip("bcdghklmnpqrstvx"):
            letters, tone = word[:at] + word[at + 1 :], word[at]
            break
    for candidate, key in ((word, ""), (letters, tone)):
        for keys, letter in _TELEX_PAIRS:
            candidate = candidate.replace(keys, letter)
        if candidate.endswith("w") and len(candidate) > 2:
            candidate = _horn(candidate[:-1])
        if not candidate.isascii() or key:
            decoded = place_tone(candidate, key) if key else candidate
            if is_syllable(decoded) and decoded != word and not (key in _NOT_BEFORE_STOPS and _STOP.search(candidate)):
                return decoded
    return word


def _horn(word: str) -> str:
    """A trailing w belongs to the vowel before: «duocw» → «dươc», «tranw» → «trăn»."""
    if "uo" in word:
        return word.replace("uo", "ươ")
    for plain, horned in (("u", "ư"), ("o", "ơ"), ("a", "ă")):
        if plain in word:
            return word.replace(plain, horned, 1)
    return word

"""Whether a message is English: the product is Vietnamese, and English must say so itself."""

from __future__ import annotations

from actions.answer import Language
from index.tokenizer import syllables
from knowledge.vietnamese import has_marks, is_syllable

_ENGLISH = frozenset(
    """a about after again all an and any apply application are as at award awards be before benefit benefits by can company could criteria
    deadline did do does eligible enter fee fees for from get give gold has have how i if in is it many may much must my need no not of on or
    our please points prize product products quality requirement requirements score should silver than that the their them there they this
    to us was we what when where which who why will winner winners with won would year years you your""".split()
)


def language_of(text: str) -> Language:
    """English where two words or more in five are everyday English, one of them no Vietnamese syllable, and no mark was typed.

    «the can gi» is «thế cần gì»: unaccented syllables look like English words.
    """
    words = syllables(text)
    english = [word for word in words if word in _ENGLISH]
    plain = any(not is_syllable(word) for word in english)
    if plain and len(english) >= max(2, len(words) * 0.4) and not has_marks(text):
        return Language.ENGLISH
    return Language.VIETNAMESE

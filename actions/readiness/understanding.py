"""What a reply in the self-assessment means: a level, a percentage, or a wish such as «quay lại».

Words count only where every word of the reply (or of its first clause) is one that people rate with: «có rồi ạ» is a level,
«có phải nộp phí không» is a question for the knowledge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from actions.eligibility.extraction import is_cancel, is_question
from knowledge.readiness import Form, Rating, Rubric
from knowledge.vietnamese import fold, nfc


class Wish(StrEnum):
    """What somebody wants instead of rating."""

    SKIP = "skip"
    BACK = "back"
    STOP = "stop"
    LEGEND = "legend"
    AFRESH = "afresh"
    SUMMARY = "summary"
    FINISH = "finish"
    GO_ON = "go_on"


@dataclass(frozen=True, slots=True)
class Reply:
    """`about` is the number of the question meant, from 1; None: the one that was asked. Empty: not understood."""

    rating: Rating | None = None
    wish: Wish | None = None
    about: int | None = None
    correction: bool = False
    question: bool = False


_SHORT = {
    word: meant
    for words, meant in {
        "ko k kh kg hok hong hk khum": "khong",
        "r rui roai": "roi",
        "dc dx": "duoc",
        "ch chx": "chua",
        "j": "gi",
        "cx": "cung",
        "bt bthg": "binh thuong",
        "e": "em",
        "mk mik": "minh",
        "ns": "noi",
        "lv": "lam viec",
    }.items()
    for word in words.split()
}
_FILLERS = frozenset(
    """da a o u um uh vang thi la em minh toi ben cong ty don vi chac khoang tam chung cung van con nay do day nhe nha nhi ne ha ad ban
    anh chi luon het ca nua thoi hien tai gio ma nhung o roi muc so chon cho cham diem level lay de y moi cau duoc voi va nhung""".split()
)

_LEAD = r"(?:(?:da|a|o|u|ok|thoi|em|minh|toi|cho|xin|muon|hay|vui long|lam on|ad|ban|oi|vay|thi) )*"
_TAIL = r"(?: (?:a|nhe|nha|di|giup|em|minh|toi|voi|luon|ad|ban|oi|cai|nay|do|da|lai|roi|xem|thu|nao))*"


def _whole(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"^{_LEAD}(?:{'|'.join(alternatives)}){_TAIL}$")


_WISHES: list[tuple[Wish, re.Pattern[str]]] = [
    (
        Wish.FINISH,
        _whole(
            "bo qua (?:het|tat ca)(?: cac cau con lai)?|(?:ket thuc|dung|chot)(?: luon)? (?:va |de )?(?:xem|tinh|ra) (?:ket qua|diem|tong)",
            "(?:xem|cho|ra|tinh) (?:ket qua|tong diem) luon|tong ket|ket thuc(?: bai)?|hoan thanh|cham xong|bo qua cac cau con lai",
        ),
    ),
    (
        Wish.SKIP,
        _whole(
            "bo qua(?: (?:cau|muc|phan|y|hang muc))?|skip|qua cau (?:khac|sau|tiep(?: theo)?|ke tiep)|cau (?:tiep(?: theo)?|sau|ke)",
            "next|pass|(?:khong|chua) (?:biet|ro|chac|nho|nam ro|co so lieu de cham)|khong ap dung|chiu|de sau (?:cham|tra loi)",
        ),
    ),
    (
        Wish.BACK,
        _whole(
            "(?:quay|tro|lui|ve) (?:lai|ve)?(?: (?:cau|muc|phan))?(?: (?:truoc|vua roi|ban nay))?",
            "(?:sua|cham|lam) lai (?:cau|muc) (?:truoc|vua roi|ban nay)|(?:cau|muc) truoc(?: do)?|back|previous",
        ),
    ),
    (
        Wish.AFRESH,
        _whole(
            "(?:lam|cham|danh gia|bat dau|tu danh gia|quay)(?: lai)?(?: ban)? (?:lai )?tu dau|lam lai(?: tat ca| het)?|bat dau lai|start over",
            "lam (?:lan|bai|ban) moi|tu danh gia lai|doi (?:thang|ban|sang ban (?:ngan|day du))",
        ),
    ),
    (
        Wish.STOP,
        _whole(
            "(?:tam )?(?:dung|ngung|nghi|thoat|huy|cat)(?: (?:lai|o day|tai day|nua|tam|thoi|viec))*|thoi|luu lai(?: da)?",
            "de (?:mai|sau|hom khac|khi khac|lat)",
            "(?:mai|hom khac|lat|toi|tuan sau|khi khac)(?: (?:em|minh|toi))? (?:lam|cham|tra loi) (?:tiep|sau)",
            "ban roi|stop|exit|cancel|quit|khong lam nua",
        ),
    ),
    (
        Wish.LEGEND,
        _whole(
            "(?:giai thich|noi ro|huong dan|nhac lai|xem|liet ke|nghia)(?: (?:lai|ve|cac|tung|cach))* (?:muc|thang|cham)(?: (?:do|diem|nao))*",
            r"(?:cac )?muc(?: do)?(?: \d)?(?: (?:la|nghia la|tuc la|co nghia la))? (?:gi|sao|the nao|nhu the nao|nghia la gi)",
            "(?:cac|nhung) muc(?: (?:nao|do))?|cham (?:the nao|sao|nhu the nao|kieu gi)|tra loi (?:the nao|sao)|lam sao (?:de )?cham|vi du|help",
        ),
    ),
    (
        Wish.SUMMARY,
        _whole(
            "(?:xem )?(?:ket qua|diem|tong)(?: diem)? tam(?: tinh)?|tam tinh|(?:dang )?duoc (?:bao nhieu|may) diem(?: roi)?",
            "(?:dang )?(?:o|den|toi) cau (?:may|thu may)|con (?:may|bao nhieu) cau(?: nua)?",
        ),
    ),
    (Wish.GO_ON, _whole("(?:lam |cham )?tiep(?: tuc)?(?: (?:tu danh gia|cham|bai|lam))?|hoi tiep|continue|go on")),
]

# Tried in this order; a denial stands before what it denies.
_WORDS: list[tuple[int, re.Pattern[str]]] = [
    (level, re.compile(rf"\b(?:{words})\b"))
    for level, words in [
        (
            1,
            r"so so|so sai|so khai|(?:mot|chut) (?:it|xiu)|it(?: thoi)?|moi (?:bat dau|lam|co|trien khai|tap|hoc|xay dung|chop|dau)|"
            r"dang (?:lam|xay dung|trien khai|chuan bi|hoc|lam do)|lac dac|vai (?:cho|noi|mat|cai|bo phan|so)|mot (?:so|phan|vai)|"
            r"(?:chua|khong) (?:deu|day du|du|tot|bai ban|ky|on|chuan|thuong xuyen|lau|nhieu|xong|hoan chinh)|chap va|luc co luc khong|"
            r"khi co khi khong|tuy luc|con (?:yeu|thieu|so)|yeu|kem|buoc dau|lam lat vat",
        ),
        (0, r"chua|khong|zero|con so khong|trang tay|never|no"),
        (
            4,
            r"xuat sac|hoan hao|tuyet doi|hon muc 3|rat (?:tot|bai ban|manh)|vuot troi|dan dau|hang dau|cuc tot|tren 65",
        ),
        (
            3,
            r"tot|bai ban|(?:rat )?(?:day du|deu dan|deu|thuong xuyen|chuyen nghiep|hoan chinh|chat che|chuan)|co he thong|dau vao day|tot phan lon",
        ),
        (
            2,
            r"co|roi|kha|tuong doi|on|binh thuong|trung binh|tam on|tam duoc|cung duoc|duoc|nen nep|(?:cung|tam) tam|da lam|da co|du dung",
        ),
    ]
]
_RATING_WORDS = frozenset(
    """chua khong co roi kha tuong doi on binh thuong trung tam duoc nen nep no never da lam moi bat dau trien khai
    tap hoc xay dung chop dang chuan bi do lac dac vai cho noi mat cai bo phan mot so it xiu chut phan sai khai deu day du tot bai ban ky
    chuan thuong xuyen lau nhieu xong hoan chinh chap va luc khi tuy con yeu thieu kem buoc lat vat zero trang tay xuat sac hao tuyet hon
    muc 3 rat manh vuot troi dan hang cuc tren 65 chuyen nghiep chat che he thong dau vao gi ca het bao gio tung nghi toi ai deu dan lieu
    lon quy trinh viec""".split()
)
_PERCENT = re.compile(
    r"(?<![\d.,/])(?P<low>\d{1,3})(?:\s*(?:%\s*)?(?:-|den|toi)\s*(?P<high>\d{1,3}))?\s*(?:%|phan tram|pt\b|percent)|"
    r"(?<![\d.,/])(?P<of>\d{1,3})\s*/\s*(?P<whole>100?)(?![\d/])"
)
_TENS = {
    "muoi": 10,
    "hai muoi": 20,
    "ba muoi": 30,
    "bon muoi": 40,
    "nam muoi": 50,
    "sau muoi": 60,
    "bay muoi": 70,
    "tam muoi": 80,
    "chin muoi": 90,
    "mot tram": 100,
}
_SPELLED = re.compile(rf"\b({'|'.join(sorted(_TENS, key=len, reverse=True))})(?= (?:phan tram|%))")
_DIGITS = {"khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4}
_NAMED = re.compile(r"^(?:muc )?([0-4])\s*[:.)·–-]\s+(?=[^\W\d])")  # a button: «Mức 2: Có nền nếp»
_LEVEL_RANGE = re.compile(r"^(?:muc |tu )?([0-4])\s*(?:-|den|toi)\s*(?:muc )?([0-4])$")
_PER_STATEMENT = re.compile(r"\by (\d)\s*(?:la|:|=|thi|duoc|cham|muc)*\s*(?:muc )?([0-4])\b")
_ABOUT = re.compile(r"\b(?:cau|muc so|hang muc) (?:so |thu )?(\d{1,2})(?!\d)")
_CORRECTION = re.compile(
    r"\b(?:nham|lon|sua(?: lai)?(?: thanh)?|doi(?: lai)?(?: thanh)?|y (?:em|toi|minh) la|thuc ra|dung ra|cau (?:truoc|vua roi)|"
    r"noi lai)\b|^(?:a|o|ui|khong|khong phai) ?,"
)


_RESULT_AGAIN = re.compile(
    r"\b(?:ket qua|diem) (?:\w+ ){0,3}(?:tu (?:danh gia|cham)|danh gia|cham)\b|\bxem lai (?:\w+ ){0,3}(?:ket qua|diem)\b"
)
_FILE = re.compile(
    r"\b(?:tai|xuat|in|gui|lay|download)\b.*\b(?:bao cao|ket qua|file|pdf|word|docx)\b|\bbao cao tu danh gia cua\b"
)


def read_reply(text: str, rubric: Rubric, statements: int) -> Reply:
    """What the reply to a question with that many statements means."""
    words = plain(text)
    about, rest = _about(words)
    correction = _CORRECTION.search(rest) is not None
    rest = " ".join(_CORRECTION.sub(" ", rest).split()).strip(" ,:;.-") if correction else rest
    rating = _rating(rest, rubric, statements)
    if rating is not None and not _plainly_asks(text, rating):
        return Reply(rating, about=about, correction=correction)
    if about is not None and (not rest or Wish.BACK in _wishes(rest)):
        return Reply(wish=Wish.BACK, about=about)
    if found := _wishes(words):
        return Reply(wish=found[0])
    if is_cancel(text):
        return Reply(wish=Wish.STOP)
    return Reply(question=asks(text))


def read_form(text: str) -> Form | None:
    """Short or full, where the words say so."""
    words = plain(text)
    if re.search(r"\b(?:ngan|nhanh|gon|7 cau|bay cau|rut gon|so bo|short|it cau|co ban)\b", words) or words == "7":
        return Form.SHORT
    if re.search(r"\b(?:day du|chi tiet|dai|17|muoi bay|full|ky|tung hang muc|hang muc)\b", words):
        return Form.FULL
    return None


def read_scale(text: str) -> str | None:
    """The id of a scale, where the words say so; «thang nào cũng được» is the former table."""
    words = plain(text)
    if re.search(r"\b(?:baldrige|ban dri|hoa ky|my|nuoc ngoai|17 hang muc)\b", words):
        return "baldrige"
    if re.search(
        r"\b(?:cu|che do cu|7 tieu chi|bay tieu chi|viet nam|vn|nao cung duoc|gi cung duoc|tuy|sao cung duoc)\b", words
    ):
        return "former"
    return None


def read_wish(text: str) -> Wish | None:
    """A wish outside a question, say while the form is still being chosen."""
    found = _wishes(plain(text))
    return found[0] if found else Wish.STOP if is_cancel(text) else None


def asks(text: str) -> bool:
    """True where the message is a question."""
    return is_question(text) or "?" in text


def wants_afresh(text: str) -> bool:
    """«tự đánh giá lại», «làm lại từ đầu» in the message that opens the form."""
    return re.search(r"\b(?:tu dau|lan moi|ban moi|bai moi|danh gia lai|cham lai|lam lai)\b", plain(text)) is not None


def wants_product(text: str) -> bool:
    """The three questions on the product are asked for."""
    return re.search(r"\b(?:soi|danh gia|cham|xem)\b.*\b(?:phan )?san pham\b|\bnhom b\b", plain(text)) is not None


def wants_result(text: str) -> bool:
    """The last result is asked for again, or its report."""
    return wants_file(text) or _RESULT_AGAIN.search(plain(text)) is not None


def wants_file(text: str) -> bool:
    """The report as a file, rather than the result in the chat."""
    return _FILE.search(plain(text)) is not None


def plain(text: str) -> str:
    """Lower-case words without marks, common short forms spelled out. «dừng» stays apart from «đúng»."""
    words = re.sub(r"\bđúng\b", "có", nfc(text).lower())
    words = fold(words.replace("–", "-").replace("—", "-"))
    words = re.sub(r"[^\w%/:;,.()=?+-]+", " ", words)
    return " ".join(_SHORT.get(word, word) for word in words.split()).strip(" .,;:!?")


def _about(words: str) -> tuple[int | None, str]:
    """The number of the question that is named, and the words without it."""
    found = _ABOUT.search(words)
    if found is None:
        return None, words
    rest = f"{words[: found.start()]} {words[found.end() :]}"
    return int(found[1]), " ".join(rest.split()).strip(" ,:;.-")


def _wishes(words: str) -> list[Wish]:
    bare = " ".join(re.sub(r"[,.;:!?]+", " ", words).split())
    return [wish for wish, pattern in _WISHES if pattern.match(bare)]


def _plainly_asks(text: str, rating: Rating) -> bool:
    """A mark behind words («có chưa?») makes a question; behind a number it is an unsure answer."""
    return "?" in text and rating.percent is None and not re.search(r"\d", text)


def _rating(words: str, rubric: Rubric, statements: int) -> Rating | None:
    most = len(rubric.bands) - 1
    if found := _NAMED.match(words):
        return Rating((int(found[1]),))
    if percent := _percent(words):
        return Rating(percent=percent)
    if found := _LEVEL_RANGE.match(words):
        low, high = sorted((int(found[1]), int(found[2])))
        return Rating(percent=(rubric.bands[low].low, rubric.bands[high].high))
    named = {int(one[1]): int(one[2]) for one in _PER_STATEMENT.finditer(words)}
    if named:
        return (
            Rating(tuple(named[at] for at in sorted(named))) if sorted(named) == [*range(1, statements + 1)] else None
        )
    if levels := _numbers(words, most, statements):
        return Rating(levels) if isinstance(levels, tuple) else Rating(percent=(levels, levels))
    return _by_words(words, statements)


def _percent(words: str) -> tuple[int, int] | None:
    """One percentage, or one range of them, among words that ask nothing."""
    digits = _SPELLED.sub(lambda found: str(_TENS[found[1]]), words)
    found = [*_PERCENT.finditer(digits)]
    if len(found) != 1 or re.search(r"\bla gi\b|\bbao nhieu\b|\bnghia\b|\bthe nao\b", digits):
        return None
    one = found[0]
    if one["of"]:
        low = high = int(one["of"]) * (100 // int(one["whole"]))
    else:
        low, high = int(one["low"]), int(one["high"] or one["low"])
    return (low, high) if 0 <= low <= high <= 100 else None


def _numbers(words: str, most: int, statements: int) -> tuple[int, ...] | int | None:
    """Levels written as numbers, one for all or one a statement; a single number from 10 on is a percentage."""
    said = [one for one in re.split(r"[\s,;/.]+", words) if one and one not in _FILLERS]
    if not said:
        return None
    digits = [int(one) if one.isdecimal() and len(one) < 4 else _DIGITS.get(one) for one in said]
    if any(one is None for one in digits) or (len(said) == 1 and said[0] == "khong"):
        return None
    numbers = [one for one in digits if one is not None]
    if len(numbers) in (1, statements) and all(one <= most for one in numbers):
        return tuple(numbers)
    return numbers[0] if len(numbers) == 1 and 10 <= numbers[0] <= 100 else None


def _by_words(words: str, statements: int) -> Rating | None:
    parts = [one.strip() for one in re.split(r"[,;.]+", words) if one.strip()]
    levels = [_level(one) for one in parts]
    if len(parts) == statements and all(level is not None for level in levels):
        return Rating(tuple(level for level in levels if level is not None))
    if (level := _level(words)) is not None:
        return Rating((level,))
    return Rating((levels[0],)) if levels and levels[0] is not None else None


def _level(clause: str) -> int | None:
    """The level of a clause made of nothing but words that people rate with."""
    words = re.sub(r"[^\w ]+", " ", clause).split()
    if not words or len(words) > 9 or any(one not in _RATING_WORDS and one not in _FILLERS for one in words):
        return None
    text = " ".join(words)
    return next((level for level, pattern in _WORDS if pattern.search(text)), None)

"""What people type, made comparable: no accents, teencode spelled out, look-alikes told apart while accents still show.

The rules of extraction match plain ASCII. Folding makes many words alike («bán» and «bạn», «vàng» and «vâng», «dừng» and
«đúng»), so those that matter are renamed first; a trailing underscore marks a word that is to match nothing.
"""

from __future__ import annotations

import re

from knowledge.vietnamese import canonical, fold, nfc

_MEANT: dict[str, str] = {
    "bạn bản bàn bận bẩn bắn bần": "ban_",
    "hạng hãng hằng háng": "hang_",
    "cơ cổ cờ cố cỏ cô": "co_",
    "bắc bác bậc": "bac_",
    "thời thổi thói": "thoi_",
    "chùa chứa chữa": "chua_",
    "bà bả bá": "ba_",
    "tầm cỡ độ chừng": "khoang",
    "dừng ngừng ngưng": "ngung",
    "lộn nhầm lầm": "nham",
    "hông hổng hôg khôg": "khong",
    "rùi ròi roài": "roi",
    "bít bík": "biet",
    "zậy dzậy": "vay",
    "vâng vầng": "vang_yes",
    "vàng": "vangg",
    "đừng": "khong",
    "nhằm": "nham_",
    "phát": "phat_",
    "sáu": "sauu",
    "tám": "tamm",
    "lớn": "lon_",
    "thắng": "thang_",
    "kìa": "kia_",
    "tự": "tu_",
    "nghĩ": "nghi_",
    "những": "nhung_",
    "ngót": "gan",
    "đc": "duoc",
    "đk": "dang ky",
    "đký": "dang ky",
    "đkdn": "giay phep",
    "đkkd": "giay phep",
    "hđ": "hoat dong",
    "máy": "may_",
    "mối": "moi_",
    "mỗi": "moi_",
    "hỏng": "hong_",
    "hồng": "hong_",
}
_LOOK_ALIKES = {canonical(word): meant for words, meant in _MEANT.items() for word in words.split()}

# Short forms as typed without accents; whole words only.
_SHORT: dict[str, str] = {
    "ko k kh kg khg hok hong hk khum hem hog kog": "khong",
    "dc dx duok": "duoc",
    "cty cti cthy ctyy congty": "cong ty",
    "dn dnghiep": "doanh nghiep",
    "sp spham sanpham": "san pham",
    "r rui roai rr": "roi",
    "dky dki dangky dangki": "dang ky",
    "hs hoso": "ho so",
    "gpkd dkkd gcn gp dkdn gcndkdn": "giay phep",
    "kd": "kinh doanh",
    "hd": "hoat dong",
    "bik bit bjt biec": "biet",
    "thui hoy thoy": "thoi",
    "z zay dzay": "vay",
    "hnay homnay": "hom nay",
    "hum": "hom",
    "trc truok": "truoc",
    "oke okie okay okela okla oki okey": "ok",
    "thg thag": "thang",
    "ch chx chuaa chz": "chua",
    "vp": "vi pham",
    "pl": "phap luat",
    "bn": "bao nhieu",
    "ntn": "nhu the nao",
    "j": "gi",
    "mk mik": "minh",
    "e": "em",
    "bh bjo bgio": "bay gio",
    "qg": "quoc gia",
    "dr": "dung roi",
    "gtclqg gtcl": "giai thuong chat luong quoc gia",
    "hkd": "ho kinh doanh",
}
_TEENCODE = {word: meant for words, meant in _SHORT.items() for word in words.split()}

# Phrases whose words would be taken for something else: replaced on the folded text, in this order.
_PHRASES = [
    (r"\b24/7\b", ""),
    (r"\b(quen(?: (?:mat|cai|luon|bang))*) nam roi\b", r"\1 nam"),  # forgotten the year, not «last year»
    (r"\b(?:muoi|chuc) may (?=(?:nam|thang)\b)", "hon 10 "),
    (r"\bmay chuc (?=(?:nam|thang)\b)", "hon 20 "),
    (r"\b1/2 nam\b", "nua nam"),
    (r"\bviet nam\b|\bvn\b", "vietnam"),
    (r"\biso[\s/:-]*\d[\d:.-]*(?: *: *\d+)?", "iso"),
    (r"\b(?:nghi dinh|nd|thong tu|tt|luat|quyet dinh|qd)(?: so)? ?\d+(?:/\d{4})?(?:/[a-z-]+)*", "vanban"),
    (r"\b\d+/\d{4}/[a-z][a-z-]*", "vanban"),
    (r"(?<=\bdu )dk\b", "dieu kien"),
    (r"\bdk(?= (?:\d|hon|gan|may|nua|khoang|tren))", "duoc"),
    (r"\bdk\b", "dang ky"),
    (r"\bsan pham(?:, *| va )hang hoa\b", "san pham"),
    (
        r"\b(san pham|hang hoa)(?: (?:ma|minh|em|ben|nay|do|dinh|muon|se))* (?:dang ky|tham du|du giai|du thi|xet giai)"
        r"(?: (?:tham du|du giai|du thi|giai))*\b",
        r"\1",
    ),
    (r"\bgiay(?: cn)? giay phep\b", "giay phep"),
    (r"\bdang ky (?:kinh doanh|doanh nghiep|thanh lap)\b", "giayphep"),
    (
        r"\bgiay (?:phep|chung nhan|to)(?: (?:dang ky|kinh doanh|giayphep|thanh lap|doanh nghiep|hoat dong))*\b",
        "giayphep",
    ),
    (r"\bgiay (?=giayphep\b)", ""),
    (r"\bho kinh doanh(?: ca the)?\b|\bho ca the\b", "hokinhdoanh"),
    (r"\bsua chua_?\b|\bca chua\b|\b(?:vi|canh|mang) chua\b", "suachua"),
    (r"\b(?:cong ty )?co_? phan\b", "cophan"),
    (r"\bco_? (?:so|khi|quan|cau)\b", "coso"),
    (r"\bphat_? (?:trien|hanh(?! chinh)|minh|huy|dat|hien)\b", "phattrien"),
    (r"\bgiai (?:doan|quyet|thich|phap|trinh|tri|khat|phong|dap|toa|ngan|the)\b", "giaidoan"),
    (r"\bsan pham(?: dich vu)?(?= la)", "san pham"),
    (r"\bmo (?=ban\b)", ""),
    (r"\bmo rong\b", "morong"),
    (r"\bban (?:quan ly|giam doc|dau|be|oi|tu van|lanh dao|than|do|ke hoach)\b", "ban_"),
    (r"\b(?:chao|cam on) ban\b(?! (?:ra|hang|duoc|tu|le|si|san))", "ban_"),
    (r"\bngay mai\b|\bmai(?= (?:nop|dang ky|luon))", "ngaymai"),
    (r"\b(?:hang|hang_) (?=(?:vangg?|bac)\b)", "giai "),
    (r"\bhang(?= (?:gi|nao|may|nhat|nhi)\b)", "hang_"),
    (r"\b(thang \d{1,2}|ngay \d{1,2})\s*,\s*(?=thang|nam)", r"\1 "),
    (r"\btrach nhiem huu han\b", "tnhh"),
    (
        r"\b(?:(?:dau|giua|cuoi) )?(?:nam )?((?:19|20)\d\d),? (?:(?:chinh xac|cu the|dau|hinh nhu|khoang|chac|tam)(?: la)? )?"
        r"thang (\d{1,2})\b(?! ?[/.-]? ?\d)",
        r"thang \2/\1",
    ),
    (
        r"\bthang (\d{1,2}) (hay|hoac|-|den|toi) (?:la )?(?:thang )?(\d{1,2}) ?[/ -]? ?(?:nam )?((?:19|20)\d\d)\b",
        r"thang \1/\4 \2 thang \3/\4",
    ),
    (r"\b(nam|years?) va (?=(?:\d|mot|hai|ba|nua))", r"\1 "),
]
_COMPILED = [(re.compile(pattern), instead) for pattern, instead in _PHRASES]
_UNITS = "năm|nam|tháng|thang|thg|years?|months?|yrs?|ngày|ngay|tuần|tuan|rưỡi|ruoi|weeks?|days?"


def plain(text: str) -> str:
    """The words in lower-case ASCII with punctuation kept, one blank between words."""
    lowered = nfc(text).lower().replace("’", "'").replace("–", "-").replace("—", "-")
    words = re.sub(r"[^\W\d_]+", lambda found: _word(found[0]), _loosened(lowered))
    words = re.sub(r"[ \t]+", " ", words)
    for pattern, instead in _COMPILED:
        words = pattern.sub(instead, words)
    return re.sub(r"[ \t]+", " ", words).strip()


def _word(word: str) -> str:
    if word.isascii():
        return _TEENCODE.get(word, word)
    return _LOOK_ALIKES.get(canonical(word)) or fold(word)


def _loosened(words: str) -> str:
    """Signs as words, digits apart from the unit glued to them («36tháng», «3+ năm», «T3/2022», «2k22»)."""
    words = re.sub(r">=|≥", " it nhat ", words)
    words = re.sub(r"<=|≤", " toi da ", words)
    words = words.replace(">", " hon ").replace("<", " duoi ").replace("~", " khoang ")
    words = re.sub(r"\b2k(\d\d)\b", r"20\1", words)
    words = re.sub(r"\bt(?=\d{1,2}\b(?!\s*\d))", "thang ", words)
    words = re.sub(r"(\d)\s?n\b", r"\1 nam", words)
    words = re.sub(rf"(\d+)\s*\+\s*(?=(?:{_UNITS})\b)", r"hon \1 ", words)
    words = re.sub(rf"(\d)(?=(?:{_UNITS})\b)", r"\1 ", words)
    return re.sub(rf"\b((?:{_UNITS}))(?=\d)", r"\1 ", words)

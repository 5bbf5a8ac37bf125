"""Words that name a provision or a document, resolved to ids.

«điểm a, c khoản 1 Điều 2 Thông tư này» is a chain that climbs from the point to the document; what a chain leaves out comes from
the place where it stands («khoản 2 Điều này»). A name is resolved only where it can mean one thing: a law that is only named
by its title needs to be known, a circular of another ministry has no id of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.citations import ProvisionId
from knowledge.importing.markers import POINT_LETTERS
from knowledge.importing.numbers import (
    DAY,
    NUMBER,
    document_id,
    shares_its_number,
    tidy_number,
)
from knowledge.importing.proposal import ProposedProvision, Reference
from knowledge.vietnamese import fold

KNOWN_LAWS: Mapping[str, str] = {"luat chat luong san pham, hang hoa": "L05-2007"}
"""Folded titles of laws that official texts name without a number."""

_LETTER = r"[a-zđ](?![\w])"
_DIGITS = r"\d{1,4}[a-zđ]?(?:\.\d{1,2})?(?![\w])(?![.,]\d)"
_JOIN = r"\s?(?:,\svà|,\shoặc|,|và|hoặc|đến hết|đến)\s?"
_KIND = r"Bộ luật|Luật|Nghị định|Nghị quyết|Thông tư liên tịch|Thông tư|Quyết định|Pháp lệnh|Chỉ thị"
_ENDS_NAME = (
    r"(?:số|được|ngày|của|theo|tại|quy|khi|có|thì|là|này|năm|về|và các|trong|đối|cho|để|như|điểm|khoản|Điều|Luật|Bộ luật|"
    r"Nghị|Thông|Quyết|Pháp)\b"
)
_NAME_WORDS = rf"[^\W\d_]*(?:,?\s(?!{_ENDS_NAME})[^\W\d_]+){{0,11}}"
_TOKEN = re.compile(
    rf"\b(?:(?:[Cc]ác\s)?(?:(?P<point>[Đđ]iểm)\s(?P<letters>này\b|{_LETTER}(?:{_JOIN}{_LETTER})*)"
    rf"|(?P<unit>[Kk]hoản|[Đđ]iều)\s(?P<numbers>này\b|{_DIGITS}(?:{_JOIN}{_DIGITS})*))"
    rf"|(?P<kind>{_KIND})(?:\s(?P<this>này)\b|\s(?:số\s?:?\s?)?(?P<number>{NUMBER})(?:\s{DAY})?"
    rf"|\s(?P<name>[A-ZĐÀ-Ỹ]{_NAME_WORDS})|(?P<bare>\b)))"
)
_LABEL = re.compile(rf"(?P<join>{_JOIN})?(?P<label>này|{_DIGITS}|{_LETTER})")
_ATTACHED = re.compile(r"\s?(?:của\s|tại\s|,\s)?")
_BESIDE = re.compile(r"\s?(?:,|;|và|hoặc|,\svà|,\shoặc|đến)\s?(?:(?:các|tại|của)\s)?")
_RANGE = re.compile(r"\s?đến\s(?:hết\s)?")
_ALIAS = re.compile(
    r"sau đây (?:gọi|viết)(?: tắt)? là (?P<alias>(?:Bộ luật|Luật|Nghị định|Thông tư)(?:\s[^\W\d_]+){0,6})\)"
)
_NUMBER_IN_NAME = re.compile(rf"\ssố\s(?P<number>{NUMBER})")
_BY = ("bởi ", "theo ")
_RANK = {"point": 0, "clause": 1, "article": 2, "document": 3}
_LONGEST_RANGE = 60
_LONGEST_CHAIN = 60  # units; official texts name up to about twenty in one breath


@dataclass(slots=True)
class _Label:
    text: str
    start: int
    end: int
    range: bool


@dataclass(slots=True)
class _Token:
    rank: int
    start: int
    end: int
    labels: list[_Label] = field(default_factory=list)
    document: str = ""
    named: str = ""
    this: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands, and what it means by a number that says no more.

    `own` is what «Điều này» and «Nghị định này» are; `meant` is what a chain leaves out. They are the same except in the
    instructions of an amending document, where «khoản 3» is a clause of the article that the words above it have named.
    """

    own: ProvisionId
    meant: ProvisionId

    @classmethod
    def of(cls, identity: ProvisionId) -> Place:
        return cls(identity, identity)


class ReferenceReader:
    """Finds references with the same knowledge of names throughout a document."""

    def __init__(self, laws: Mapping[str, str] = KNOWN_LAWS) -> None:
        self._laws = dict(laws)
        self._aliases: dict[str, str] = {}

    def learn(self, text: str) -> None:
        """Take up «(sau đây gọi là Luật)»: from then on the word alone means that document."""
        for match in _ALIAS.finditer(text):
            before = text[: match.start()]
            named = [one for one in self._tokens(before) if one.document and not before[: one.start].endswith(_BY)]
            if named:
                self._aliases[fold(match["alias"])] = named[-1].document

    def of_provision(self, provision: ProposedProvision, meant: ProvisionId | None = None) -> Iterator[Reference]:
        """The references in the words of a provision, its own number left out."""
        place = Place(provision.id, meant or provision.id)
        yield from self.read(provision.text, place, provision.key, skip=len(provision.marker))
        yield from self.read(provision.closing_text, place, provision.key, closing=True)

    def read(
        self, text: str, place: Place, owner: str = "", closing: bool = False, skip: int = 0
    ) -> Iterator[Reference]:
        """The references in a text that stands at that place, in order; those without an id have no targets."""
        for chain in _chains(text, self._tokens(text, skip)):
            yield from _Chain(text, chain, place, owner, closing).references()

    def _tokens(self, text: str, skip: int = 0) -> list[_Token]:
        tokens = []
        match = _TOKEN.search(text, skip)
        while match:
            token = self._token(match)
            if token is not None:
                tokens.append(token)
            match = _TOKEN.search(text, max(token.end if token else match.end(), match.start() + 1))
        return tokens

    def _token(self, match: re.Match[str]) -> _Token | None:
        if match["point"]:
            return _Token(_RANK["point"], match.start(), match.end(), _labels(match, "letters"))
        if match["unit"]:
            rank = _RANK["clause" if match["unit"].lower() == "khoản" else "article"]
            return _Token(rank, match.start(), match.end(), _labels(match, "numbers"))
        return self._document(match)

    def _document(self, match: re.Match[str]) -> _Token | None:
        token = _Token(_RANK["document"], match.start(), match.end(), this=bool(match["this"]))
        if match["number"]:
            number = tidy_number(match["number"])
            year = int(match["year"]) if match["year"] else None
            token.named = f"{match['kind']} {number}"
            token.document = "" if shares_its_number(number) else document_id(number, match["kind"], year)
        elif match["name"]:
            return self._named(match, token)
        elif not match["this"]:
            token.document = self._aliases.get(fold(match["kind"]), "")
            token.bare = True
        return token if token.document or token.named or token.this else None

    def _named(self, match: re.Match[str], token: _Token) -> _Token:
        """«Luật Chất lượng sản phẩm, hàng hóa số 05/2007/QH12», or a title alone where it is known."""
        text = match.string
        words = fold(f"{match['kind']} {match['name']}")
        numbered = _NUMBER_IN_NAME.match(text, match.end())
        if numbered:
            token.end = numbered.end()
            token.document = document_id(numbered["number"], match["kind"])
            token.named = text[match.start() : token.end]
            return token
        titles = self._laws | {alias: document for alias, document in self._aliases.items() if " " in alias}
        known = max((title for title in titles if _begins(words, title)), key=len, default="")
        token.end -= len(" và") if match["name"].endswith(" và") else 0
        token.named = text[match.start() : token.end]
        if known:
            token.document = titles[known]
            token.end = min(
                match.start() + len(known), len(text)
            )  # folding keeps the number of letters of a text in NFC
            token.named = text[match.start() : token.end]
        return token


def _begins(words: str, title: str) -> bool:
    return words == title or (words.startswith(title) and not words[len(title)].isalnum())


def _labels(match: re.Match[str], group: str) -> list[_Label]:
    labels = []
    for label in _LABEL.finditer(match.string, match.start(group), match.end(group)):
        is_range = bool(label["join"]) and "đến" in label["join"]
        labels.append(_Label(label["label"], label.start("label"), label.end("label"), is_range))
    return labels


def _chains(text: str, tokens: list[_Token]) -> Iterator[list[_Token]]:
    chain: list[_Token] = []
    for token in tokens:
        if chain:
            between = text[chain[-1].end : token.start]
            ended = chain[-1].rank == _RANK["document"] or len(chain) >= _LONGEST_CHAIN
            if ended or not (_ATTACHED.fullmatch(between) or _BESIDE.fullmatch(between)):
                yield chain
                chain = []
        chain.append(token)
    if chain:
        yield chain


class _Chain:
    """One chain of units, from left to right, and the document at its end if it names one."""

    def __init__(self, text: str, tokens: list[_Token], place: Place, owner: str, closing: bool) -> None:
        self._text, self._tokens, self._place = text, tokens, place
        self._owner, self._closing = owner, closing
        self._document = tokens[-1] if tokens[-1].rank == _RANK["document"] else None
        if self._document and len(tokens) > 1 and not self._attached(len(tokens) - 1):
            self._document = None  # «Điều 5 và Luật …» are two things

    def references(self) -> Iterator[Reference]:
        for at, token in enumerate(self._tokens):
            if token.rank == _RANK["document"]:
                if not (token.this or token.bare) and (len(self._tokens) == 1 or token is not self._document):
                    yield self._reference(
                        token.start, token.end, [ProvisionId(token.document)] if token.document else [], token.named
                    )
            elif not (at and self._attached(at) and self._tokens[at - 1].rank < token.rank):
                yield from self._leaves(at, token)  # what is attached to a lower unit is its parent, not a leaf

    def _attached(self, at: int) -> bool:
        return bool(_ATTACHED.fullmatch(self._text[self._tokens[at - 1].end : self._tokens[at].start]))

    def _leaves(self, at: int, token: _Token) -> Iterator[Reference]:
        above = self._above(at)
        named = self._document.named if self._document else ""
        for place, label in enumerate(token.labels):
            before = token.labels[place - 1].text if place else self._range_from(at)
            labels = _range(before, label.text) if before and (label.range or not place) else [label.text]
            targets = [one for text in labels if (one := self._target(token.rank, text, above)) is not None]
            end = self._climb(at) if place == len(token.labels) - 1 else label.end
            yield self._reference(label.start if place else token.start, end, targets, named)

    def _range_from(self, at: int) -> str:
        """The first number of «khoản 1 đến khoản 5», seen from the second."""
        if at == 0 or self._tokens[at - 1].rank != self._tokens[at].rank:
            return ""
        before = self._tokens[at - 1]
        return before.labels[-1].text if _RANGE.fullmatch(self._text[before.end : self._tokens[at].start]) else ""

    def _climb(self, at: int) -> int:
        """Where the words of a unit end: with the last of the parents that follow it directly."""
        while (
            at + 1 < len(self._tokens) and self._attached(at + 1) and self._tokens[at + 1].rank > self._tokens[at].rank
        ):
            at += 1
        return self._tokens[at].end

    def _above(self, at: int) -> dict[int, _Token]:
        """The parents of a unit: the first of each higher rank to its right that is attached to what is before it."""
        found: dict[int, _Token] = {}
        rank = self._tokens[at].rank
        for place in range(at + 1, len(self._tokens)):
            token = self._tokens[place]
            if token.rank > rank and self._attached(place):
                found[token.rank] = token
                rank = token.rank
        before = self._tokens[at - 1] if at else None
        if not found and before and before.rank > rank and self._text[before.end : self._tokens[at].start] == " ":
            return {before.rank: before}  # «Điều 5 khoản 2»
        return found

    def _target(self, rank: int, label: str, above: dict[int, _Token]) -> ProvisionId | None:
        document = self._document_id()
        parts = {rank: label, **{one: token.labels[0].text for one, token in above.items() if token.labels}}
        here, meant = self._place.own, self._place.meant
        own = {0: here.point, 1: here.clause, 2: here.article}
        for one, number in own.items():
            if parts.get(one) == "này":
                parts[one] = number
                document, meant = here.document, here
        if 2 not in parts and self._document is None:
            parts[2] = meant.article
            if 1 not in parts and rank == 0:
                parts[1] = meant.clause
        if not document or not parts.get(2) or (rank < 2 and not parts.get(rank)):
            return None
        clause = parts.get(1, "").removeprefix(f"{parts[2]}.")
        identity = ProvisionId(document, parts[2], clause.lstrip("0") or clause, parts.get(0, ""))
        return identity if _well_formed(identity) else None

    def _document_id(self) -> str:
        if self._document is None:
            return self._place.meant.document
        return self._place.own.document if self._document.this else self._document.document

    def _reference(self, start: int, end: int, targets: list[ProvisionId], named: str) -> Reference:
        note = "" if targets else f"chưa rõ {named}".strip()
        return Reference(self._owner, self._closing, start, end, self._text[start:end], tuple(targets), note)


def _well_formed(identity: ProvisionId) -> bool:
    return "." not in identity.clause and "." not in identity.article


def _range(first: str, last: str) -> list[str]:
    """«3», «7» → 4, 5, 6, 7: what a range adds to its first label."""
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= _LONGEST_RANGE:
        return [str(number) for number in range(int(first) + 1, int(last) + 1)]
    start, end = POINT_LETTERS.find(first), POINT_LETTERS.find(last)
    return list(POINT_LETTERS[start + 1 : end + 1]) if 0 <= start < end else [last]

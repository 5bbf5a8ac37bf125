"""The head of a document: number, type, issuer, place and day of signing, title.

A Markdown file says all this in its front matter. Elsewhere it stands in a fixed form on the first page, whose two columns come
out of the file in many ways, so each part is looked for by its own words and not by its place.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from knowledge.importing.blocks import Block, Paragraph, normal
from knowledge.importing.markers import OMISSION, all_capitals, names_nation
from knowledge.importing.numbers import (
    DAY,
    NUMBER,
    day_of,
    document_id,
    document_type,
    issuer,
    tidy_number,
)
from knowledge.importing.proposal import Header, InForceRule
from knowledge.vietnamese import nfc

_NUMBER_LINE = re.compile(rf"\b(?:(?P<kind>Luật|Bộ luật|Nghị quyết|Pháp lệnh)\s)?[Ss]ố\s?:\s?(?P<number>{NUMBER})")
_NUMBER = re.compile(NUMBER)
_PLACE_AND_DAY = re.compile(rf"(?P<place>[A-ZĐÀ-Ỹ][^\W\d_]+(?: [A-ZĐÀ-Ỹ][^\W\d_]+){{0,3}}),\s{DAY}")
_TYPES = (
    "Bộ luật",
    "Luật",
    "Nghị định",
    "Nghị quyết",
    "Thông tư liên tịch",
    "Thông tư",
    "Quyết định",
    "Pháp lệnh",
    "Chỉ thị",
)
_TYPE_LINE = {kind.upper(): kind for kind in _TYPES}
_AFTER_TITLE = re.compile(
    r"Căn cứ|Theo đề nghị|Xét đề nghị|(?:Quốc hội|Chính phủ|Bộ trưởng|Thủ tướng)[^.]{0,80}ban hành|_{3,}|-{3,}|\*"
)
_ADOPTED = re.compile(rf"Luật này (?:đã )?được Quốc hội .{{0,200}}?thông qua {DAY}")
_TITLE_LINES = 6


def read_header(
    preamble: list[Block], front_matter: dict[str, object], page_title: str, tail: list[Block], given: str
) -> Header:
    """What is known of the document; `given` is the id that a person says it has, for excerpts without a first page."""
    header = _from_front_matter(front_matter) if front_matter else _from_first_page(preamble, tail)
    if not header.number and page_title:
        header = _with_number(header, _NUMBER.search(page_title))
    kind = header.type or document_type(header.number)
    header = replace(
        header,
        type=kind,
        issuer=header.issuer or issuer(header.number),
        document=header.document or document_id(header.number, kind, header.signed.year if header.signed else None),
    )
    return replace(header, document=header.document or given)


def _with_number(header: Header, match: re.Match[str] | None) -> Header:
    return replace(header, number=tidy_number(match[0])) if match else header


def _from_first_page(preamble: list[Block], tail: list[Block]) -> Header:
    lines = _lines(preamble)
    text = "\n".join(lines)
    number = _NUMBER_LINE.search(text)
    place = _PLACE_AND_DAY.search(text)
    kind, title = _title(lines)
    if number and number["kind"]:
        kind = number["kind"]
    signed = day_of(place) if place else None
    if signed is None:
        adopted = _ADOPTED.search("\n".join(_lines(tail)))
        signed = day_of(adopted) if adopted else None
    return Header(
        number=tidy_number(number["number"]) if number else "",
        type=kind,
        issuer=_issuer_line(lines) if number and not issuer(number["number"]) else "",
        place=place["place"] if place else "",
        signed=signed,
        title=title,
    )


def _lines(blocks: list[Block]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        paragraphs = [block] if isinstance(block, Paragraph) else block.paragraphs()
        lines.extend(normal(line) for one in paragraphs for line in one.official.split("\n"))
    return [line for line in lines if line]


def _issuer_line(lines: list[str]) -> str:
    """The line above the number: the issuer, in capitals, where the number does not tell it."""
    for line in lines:
        if all_capitals(line) and not names_nation(line) and line not in _TYPE_LINE and not _NUMBER.search(line):
            return line.capitalize() if len(line) > 3 else line
    return ""


def _title(lines: list[str]) -> tuple[str, str]:
    for at, line in enumerate(lines):
        kind = _TYPE_LINE.get(re.sub(r"\s?\(.*\)$", "", line).strip())
        if kind is None:
            continue
        title: list[str] = []
        for following in lines[at + 1 : at + 1 + _TITLE_LINES]:
            if _AFTER_TITLE.match(following) or OMISSION.match(following):
                break
            title.append(following)
        return kind, " ".join(title)
    return "", ""


def _from_front_matter(record: dict[str, object]) -> Header:
    number = _NUMBER.search(_word(record, "number"))
    identity = _word(record, "id")
    start = _day(record, "in_force_from")
    return Header(
        document=identity if re.fullmatch(r"[A-ZĐ]{1,3}\d{1,5}(-\d{4})?", identity) else "",
        number=tidy_number(number[0]) if number else "",
        type=re.sub(r"\s?\(.*\)$", "", _word(record, "type")),
        issuer=_word(record, "issuer"),
        signed=_day(record, "signed"),
        title=_word(record, "title"),
        in_force_from=start,
        in_force_to=_day(record, "in_force_to"),
        in_force_rule=InForceRule.FIXED if start else InForceRule.UNKNOWN,
        in_force_evidence="phần đầu của tệp" if start else "",
        amends=_words(record, "amends"),
        excerpt=_word(record, "excerpt"),
        complete=complete if isinstance(complete := record.get("complete"), bool) else None,
        source=_word(record, "source"),
        checked_against=_word(record, "checked_against"),
        notes=_words(record, "notes") + _words(record, "in_force_note"),
        articles_in_force_to=_days(record, "articles_in_force_to"),
        articles_unverified=_words(record, "articles_unverified"),
    )


def _word(record: dict[str, object], key: str) -> str:
    value = record.get(key)
    return " ".join(nfc(value).split()) if isinstance(value, str) else ""


def _words(record: dict[str, object], key: str) -> tuple[str, ...]:
    value = record.get(key)
    if isinstance(value, str):
        return (_word(record, key),)
    return (
        tuple(" ".join(nfc(str(one)).split()) for one in value if isinstance(one, str | int))
        if isinstance(value, list)
        else ()
    )


def _day(record: dict[str, object], key: str) -> date | None:
    return _as_day(record.get(key))


def _as_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _days(record: dict[str, object], key: str) -> tuple[tuple[str, date], ...]:
    value = record.get(key)
    pairs = [(str(one), _as_day(day)) for one, day in value.items()] if isinstance(value, dict) else []
    return tuple((one, day) for one, day in pairs if day is not None)

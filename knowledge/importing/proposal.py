"""What an import proposes: header, provisions, changes to other documents, and the report. Nothing is stored by it.

Provisions come as one list in the order of the text; each names its parent, so that a database can take them as rows and a
page can draw them as a tree. Where a number occurs twice both stand here: `key` tells them apart, `id` is what each claims
to be, and the report asks a person to choose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.citations import ProvisionId
from knowledge.errors import ContentError
from knowledge.importing.records import from_record, parse_json, to_record
from knowledge.importing.report import ImportReport, Outcome


class Format(StrEnum):
    """The kinds of file that are read."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"


class Level(StrEnum):
    """Điều, khoản, điểm."""

    ARTICLE = "article"
    CLAUSE = "clause"
    POINT = "point"


class HeadingKind(StrEnum):
    """Phần, chương, mục, tiểu mục: headings above the articles, which carry no rule of their own."""

    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    SUBSECTION = "subsection"


class ChangeKind(StrEnum):
    """What an amending document does to a provision of another."""

    AMEND = "amend"
    ADD = "add"
    REPEAL = "repeal"
    REPLACE_PHRASE = "replace_phrase"


class ChangePart(StrEnum):
    """How much of the target a change touches; a whole article, or only its title or the words before its clauses."""

    WHOLE = "whole"
    TITLE = "title"
    OPENING = "opening"
    PHRASE = "phrase"


class InForceRule(StrEnum):
    """How a document says from when it applies; a day counted from the gazette can't be known from the text alone."""

    FIXED = "fixed"
    ON_SIGNING = "on_signing"
    AFTER_SIGNING = "after_signing"
    AFTER_GAZETTE = "after_gazette"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Header:
    """What the first page, or the front matter of a Markdown file, says about the document; empty where it says nothing."""

    document: str = ""
    number: str = ""
    type: str = ""
    issuer: str = ""
    place: str = ""
    signed: date | None = None
    title: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    in_force_rule: InForceRule = InForceRule.UNKNOWN
    in_force_evidence: str = ""
    amends: tuple[str, ...] = ()
    excerpt: str = ""
    complete: bool | None = None
    source: str = ""
    checked_against: str = ""
    notes: tuple[str, ...] = ()
    articles_in_force_to: tuple[tuple[str, date], ...] = ()
    articles_unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter or section; `parent` is the place of the heading above it in the list of headings."""

    kind: HeadingKind
    number: str
    title: str
    official_text: str
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class ProposedProvision:
    """One article, clause or point with its own words; those of the provisions below it are not repeated.

    `official_text` is what the file holds, marker included, one line a paragraph; `text` is the same in normal form (NFC, white
    space folded). The closing texts are unnumbered paragraphs that stand after the children and belong to this provision.
    """

    key: str
    id: ProvisionId
    level: Level
    marker: str
    title: str
    official_text: str
    text: str
    closing_official_text: str = ""
    closing_text: str = ""
    parent: str = ""
    heading: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class ProposedTable:
    """A table of the text; `owner` is the key of the provision in which it stands, empty outside of all."""

    owner: str
    official_rows: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note at the foot of a page and the provision that points to it."""

    marker: str
    owner: str
    official_text: str
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that name a provision or a document: a span of `text` (or of `closing_text`) of the owner, and what they name."""

    owner: str
    closing: bool
    start: int
    end: int
    words: str
    targets: tuple[ProvisionId, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change to one provision of another document, from its first day on.

    `provisions` is the new text as a tree (for amend and add), `text` the same in one piece. `complete` is False where the file
    leaves out a part of the new text: such a change must not be applied as it stands.
    """

    kind: ChangeKind
    target: ProvisionId
    part: ChangePart
    effective: date | None
    evidence: str
    source: str
    official_text: str = ""
    text: str = ""
    provisions: tuple[ProposedProvision, ...] = ()
    references: tuple[Reference, ...] = ()
    after: ProvisionId | None = None
    old_phrase: str = ""
    new_phrase: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class DocumentRepeal:
    """A whole document that ends; `effective` is the first day without it, `document` empty where the name has no id."""

    document: str
    name: str
    effective: date | None
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class InForceClause:
    """A clause about the first day in force, of the whole document or (with targets) of some of its provisions."""

    rule: InForceRule
    start: date | None
    targets: tuple[ProvisionId, ...]
    evidence: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Appendix:
    """What stands after the articles under «PHỤ LỤC»; kept as text, since its parts have no ids."""

    heading: str
    official_text: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportProposal:
    """Everything that was read from one file; nothing changes until a person accepts it."""

    filename: str
    format: Format
    sha256: str
    size: int
    encoding: str
    header: Header
    headings: tuple[Heading, ...]
    provisions: tuple[ProposedProvision, ...]
    tables: tuple[ProposedTable, ...]
    footnotes: tuple[Footnote, ...]
    references: tuple[Reference, ...]
    amendments: tuple[Amendment, ...]
    repeals: tuple[DocumentRepeal, ...]
    in_force: tuple[InForceClause, ...]
    appendices: tuple[Appendix, ...]
    preamble: str
    signature: str
    fictional: bool
    report: ImportReport

    @property
    def outcome(self) -> Outcome:
        """What may happen with the proposal."""
        return self.report.outcome

    @property
    def unresolved(self) -> tuple[Reference, ...]:
        """References whose words name nothing that has an id."""
        return tuple(one for one in self.references if not one.targets)

    def provision(self, key: str) -> ProposedProvision:
        """The provision of that key; raises ContentError where there is none."""
        for one in self.provisions:
            if one.key == key:
                return one
        raise ContentError(f"the proposal from {self.filename} has no provision {key}")

    def full_text(self, key: str) -> str:
        """The text of a provision with everything below it, one line a paragraph."""
        return "\n".join(_whole(self.provisions, self.provision(key), official=False))

    def full_official_text(self, key: str) -> str:
        """The official text of a provision with everything below it, one line a paragraph."""
        return "\n".join(_whole(self.provisions, self.provision(key), official=True))

    def to_json(self) -> str:
        """The proposal for the database and for another process; `from_json` reads it back."""
        return json.dumps(to_record(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ImportProposal:
        """Raises ContentError for anything but a proposal."""
        return from_record(cls, parse_json(text))


def _whole(provisions: tuple[ProposedProvision, ...], top: ProposedProvision, official: bool) -> list[str]:
    """The paragraphs below `top`, three levels at most."""
    opening, closing = (top.official_text, top.closing_official_text) if official else (top.text, top.closing_text)
    below = [line for one in provisions if one.parent == top.key for line in _whole(provisions, one, official)]
    return [part for part in (opening, *below, closing) if part]


def paragraphs_below(provisions: tuple[ProposedProvision, ...], top: ProposedProvision) -> tuple[str, str]:
    """Official text and text of a provision with everything below it."""
    return "\n".join(_whole(provisions, top, official=True)), "\n".join(_whole(provisions, top, official=False))

"""Blocks in reading order into the tree of a regulation: chapters, sections, articles, clauses, points.

The numbering is the writer's: a paragraph is a clause because it begins like one, not because it was expected. What does not
fit is kept and reported. Two things need care. New text that an amending document quotes has numbers of its own and must not
be counted as the document's. And a paragraph without a number belongs to what it closes: after the last item of a list that was
announced with a colon it speaks for the whole list, between two items it continues the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.citations import ProvisionId
from knowledge.importing import markers
from knowledge.importing.blocks import Block, Paragraph, Table, normal
from knowledge.importing.proposal import Heading, HeadingKind, Level, ProposedProvision
from knowledge.importing.quotations import FARTHEST, Quotation, find_quotation

_HEADINGS = (
    (HeadingKind.PART, markers.PART),
    (HeadingKind.CHAPTER, markers.CHAPTER),
    (HeadingKind.SUBSECTION, markers.SUBSECTION),
    (HeadingKind.SECTION, markers.SECTION),
)
_RANK = {HeadingKind.PART: 0, HeadingKind.CHAPTER: 1, HeadingKind.SECTION: 2, HeadingKind.SUBSECTION: 3}
_DASHES = ("-", "–", "—", "+", "•", "·", "*")
_TITLE_CHARACTERS = 400
_TITLE_LINES = 4


@dataclass(slots=True, eq=False)
class Draft:
    """A provision while it is read."""

    id: ProvisionId
    level: Level
    marker: str
    title: str = ""
    parent: Draft | None = None
    occurrence: int = 1
    heading: int | None = None
    page: int = 1
    after_omission: bool = False
    opening: list[Paragraph] = field(default_factory=list)
    closing: list[Paragraph] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Unique in the document: «ND37-2026:57.2», and «ND37-2026:57.2#2» where it stands there a second time."""
        return str(self.id) if self.occurrence == 1 else f"{self.id}#{self.occurrence}"

    def freeze(self) -> ProposedProvision:
        """The provision as it is proposed."""
        return ProposedProvision(
            key=self.key,
            id=self.id,
            level=self.level,
            marker=self.marker,
            title=self.title,
            official_text="\n".join(one.official for one in self.opening),
            text="\n".join(one.text for one in self.opening),
            closing_official_text="\n".join(one.official for one in self.closing),
            closing_text="\n".join(one.text for one in self.closing),
            parent=self.parent.key if self.parent else "",
            heading=self.heading,
            page=self.page,
        )


@dataclass(slots=True)
class Structure:
    """What was found, in the order of the text."""

    drafts: list[Draft] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    preamble: list[Block] = field(default_factory=list)
    tables: list[tuple[str, Table]] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    odd_numbers: list[tuple[str, str]] = field(default_factory=list)
    omissions: int = 0
    marker_lines: int = 0

    def of_level(self, level: Level) -> list[Draft]:
        """The articles, the clauses or the points."""
        return [draft for draft in self.drafts if draft.level == level]

    @property
    def unnumbered(self) -> int:
        """Paragraphs without a number, of all provisions."""
        return sum(len(one.opening) - 1 + len(one.closing) for one in self.drafts)


def build(blocks: list[Block], document: str, article: str = "", clause: str = "") -> Structure:
    """The tree of these blocks; `article` and `clause` say where a quoted fragment without headings belongs."""
    return _Builder(document, article, clause).build(blocks)


class _Builder:
    def __init__(self, document: str, article: str, clause: str) -> None:
        self._document = document
        self._outer_article, self._outer_clause = article, clause
        self._found = Structure()
        self._seen: dict[ProvisionId, int] = {}
        self._article: Draft | None = None
        self._clause: Draft | None = None
        self._point: Draft | None = None
        self._loose: list[Paragraph] = []
        self._heading: int | None = None
        self._omitted = False
        self._blocks: list[Block] = []
        self._at = 0
        self._reach = 40 * FARTHEST  # or a file of nothing but opening quotation marks would take hours

    def build(self, blocks: list[Block]) -> Structure:
        self._blocks = blocks
        while self._at < len(blocks):
            block = blocks[self._at]
            if isinstance(block, Table):
                if not self._take_table(block):
                    break
            elif not self._take(block):
                break
        self._settle(None)
        self._found.tail = blocks[self._at :]
        return self._found

    @property
    def _current(self) -> Draft | None:
        return self._point or self._clause or self._article

    def _take(self, paragraph: Paragraph) -> bool:
        """Take one paragraph, or more where a heading or a quotation goes on; False where the articles have ended."""
        text = paragraph.text
        if self._article and (markers.SIGNATURE.match(text) or markers.begins_appendix(text)):
            return False
        if is_marker_line(text):
            self._found.marker_lines += 1
        elif markers.is_omission(text):
            self._found.omissions += 1
            self._omitted = True
        elif self._take_quotation(paragraph) or self._take_heading(paragraph):
            return True
        elif not self._take_numbered(paragraph):
            self._take_loose(paragraph)
        self._at += 1
        return True

    def _take_loose(self, paragraph: Paragraph) -> None:
        if self._current is None and not self._fragment:
            self._found.preamble.append(paragraph)
            return
        if self._current is None:
            self._outer().opening.append(paragraph)
            return
        if markers.ODD_POINT.match(paragraph.text):
            self._found.odd_numbers.append((self._current.key, paragraph.text[:40]))
        self._loose.append(paragraph)

    @property
    def _fragment(self) -> bool:
        return bool(self._outer_article)

    def _outer(self) -> Draft:
        """The provision of another document into which a quoted text without a number goes."""
        level = Level.CLAUSE if self._outer_clause else Level.ARTICLE
        draft = Draft(ProvisionId(self._document, self._outer_article, self._outer_clause), level, "")
        self._open(draft)
        return draft

    def _take_table(self, table: Table) -> bool:
        words = normal(" ".join(cell for row in table.rows for cell in row))
        if self._article and "Nơi nhận" in words:
            return False
        self._at += 1
        if self._current is None and (markers.names_nation(words) or "Số:" in words):
            self._found.preamble.append(table)
            return True
        self._settle(self._current)
        self._found.tables.append((self._current.key if self._current else "", table))
        return True

    def _take_heading(self, paragraph: Paragraph) -> bool:
        for kind, pattern in _HEADINGS:
            match = pattern.fullmatch(paragraph.text)
            if match and _stands_alone(match["title"], paragraph):
                self._settle(None)
                self._article = self._clause = self._point = None
                self._add_heading(kind, match["number"], match["title"].strip(), paragraph)
                return True
        return False

    def _add_heading(self, kind: HeadingKind, number: str, title: str, paragraph: Paragraph) -> None:
        lines = [paragraph]
        self._at += 1
        while not title or (len(lines) > 1 and self._continues_title()):
            following = self._blocks[self._at] if self._at < len(self._blocks) else None
            if len(lines) > _TITLE_LINES or not isinstance(following, Paragraph) or not _is_title(following.text):
                break
            title = f"{title} {following.text}".strip()
            lines.append(following)
            self._at += 1
        parent = self._heading
        while parent is not None and _RANK[self._found.headings[parent].kind] >= _RANK[kind]:
            parent = self._found.headings[parent].parent
        self._heading = len(self._found.headings)
        official = "\n".join(line.official for line in lines)
        self._found.headings.append(Heading(kind, number, title, official, parent))

    def _continues_title(self) -> bool:
        following = self._blocks[self._at] if self._at < len(self._blocks) else None
        return isinstance(following, Paragraph) and markers.all_capitals(following.text) and _is_title(following.text)

    def _take_numbered(self, paragraph: Paragraph) -> bool:
        text = paragraph.text
        match = markers.ARTICLE.fullmatch(text) or markers.BARE_ARTICLE.fullmatch(text)
        if match:
            self._add_article(match["number"], match["marker"], match["title"].strip(), paragraph)
            return True
        if self._article is None and not self._fragment:
            return False
        dotted = markers.DOTTED_CLAUSE.match(text)
        if dotted and self._add_dotted(dotted["first"], dotted["second"], dotted["marker"], paragraph):
            return True
        clause = markers.CLAUSE.match(text)
        if clause:
            self._add_clause(clause["number"], clause["marker"], paragraph)
            return True
        point = markers.POINT.match(text)
        if point:
            self._add_point(point["letter"], point["marker"], paragraph)
        return point is not None

    def _add_article(self, number: str, marker: str, title: str, paragraph: Paragraph) -> None:
        draft = Draft(ProvisionId(self._document, number), Level.ARTICLE, marker, title, None, page=paragraph.page)
        draft.opening.append(paragraph)
        self._open(draft)

    def _add_dotted(self, first: str, second: str, marker: str, paragraph: Paragraph) -> bool:
        """«2.1.» is clause 1 of article 2; under another number it is no clause that has an id."""
        if int(first) == _leading_number(self._article_number):
            self._add_clause(str(int(second)), marker, paragraph)
            return True
        if self._current is not None and marker.endswith("."):
            self._found.odd_numbers.append((self._current.key, paragraph.text[:40]))
        return False

    def _add_clause(self, number: str, marker: str, paragraph: Paragraph) -> None:
        identity = ProvisionId(self._document, self._article_number, _without_zeros(number))
        draft = Draft(identity, Level.CLAUSE, marker, parent=self._article, page=paragraph.page)
        draft.opening.append(paragraph)
        self._open(draft)

    def _add_point(self, letter: str, marker: str, paragraph: Paragraph) -> None:
        clause = self._clause.id.clause if self._clause else self._outer_clause
        identity = ProvisionId(self._document, self._article_number, clause, letter)
        draft = Draft(identity, Level.POINT, marker, parent=self._clause or self._article, page=paragraph.page)
        draft.opening.append(paragraph)
        self._open(draft)

    @property
    def _article_number(self) -> str:
        return self._article.id.article if self._article else self._outer_article

    def _open(self, draft: Draft) -> None:
        self._settle(draft)
        draft.after_omission, self._omitted = self._omitted, False
        draft.heading = self._heading
        inherited = draft.parent.occurrence if draft.parent else 1
        draft.occurrence = max(self._seen.get(draft.id, 0) + 1, inherited)
        self._seen[draft.id] = draft.occurrence
        self._found.drafts.append(draft)
        if draft.level == Level.ARTICLE:
            self._article, self._clause, self._point = draft, None, None
        elif draft.level == Level.CLAUSE:
            self._clause, self._point = draft, None
        else:
            self._point = draft

    def _settle(self, following: Draft | None) -> None:
        """Give the waiting paragraphs without a number to the provision that they belong to."""
        current, loose = self._current, self._loose
        self._loose = []
        if current is None:
            return
        own = 0
        while own < len(loose) and _continues(current, loose[own], following):
            current.opening.append(loose[own])
            own += 1
        if current.parent:
            current.parent.closing.extend(loose[own:])

    def _take_quotation(self, paragraph: Paragraph) -> bool:
        current = self._current
        if current is None:
            return False
        before = self._loose[-1] if self._loose else current.opening[-1] if current.opening else None
        quotation = find_quotation(self._blocks, self._at, before, self._omitted, self._next_numbers(), self._reach)
        if quotation is None:
            return False
        self._reach -= quotation.end - self._at if quotation.closed else min(self._reach, FARTHEST)
        self._settle_before_quotation(current)
        holder = self._with_instruction(paragraph, quotation) or current
        holder.quotations.append(quotation)
        if not quotation.closed:
            self._found.unclosed.append(holder.key)
        self._found.omissions += quotation.omissions
        self._at = quotation.end
        return True

    def _settle_before_quotation(self, current: Draft) -> None:
        current.opening.extend(self._loose)
        self._loose = []

    def _with_instruction(self, paragraph: Paragraph, quotation: Quotation) -> Draft | None:
        """The provision of a paragraph that holds both: «1. Khoản 2 được sửa đổi như sau: “2. …»."""
        if not quotation.instruction:
            return None
        own = Paragraph(quotation.official_instruction, quotation.instruction, paragraph.page)
        if not self._take_numbered(own) and self._current is not None:
            self._current.opening.append(own)
        return self._current

    def _next_numbers(self) -> tuple[str, str, str]:
        """How the next article, clause and point of the document itself would begin, where it is known."""
        article = _leading_number(self._article_number) + 1
        clause = _leading_number(self._clause.id.clause) + 1 if self._clause else 1
        letters = markers.POINT_LETTERS
        place = letters.find(self._point.id.point) + 1 if self._point else 0
        return f"Điều {article}.", f"{clause}.", f"{letters[place]})" if 0 < place < len(letters) else ""


def is_marker_line(text: str) -> bool:
    """True for a line by which a sample says that it is one; it is no text of a regulation."""
    short = len(text) < 120 and markers.all_capitals(text)
    return short and text.startswith("MẪU THỬ") and "GIẢ ĐỊNH" in text


def _stands_alone(title: str, paragraph: Paragraph) -> bool:
    """False for a sentence that begins with the words «Chương V Nghị định này quy định …»."""
    if len(title) > _TITLE_CHARACTERS:
        return False
    return (
        not title
        or bool(paragraph.heading)
        or markers.all_capitals(title)
        or title[0] in "[("
        or _after_stop(title, paragraph)
    )


def _after_stop(title: str, paragraph: Paragraph) -> bool:
    before = paragraph.text[: len(paragraph.text) - len(title)].rstrip()
    return before.endswith((".", ":")) and title[0].isupper() and not title.endswith((".", ";"))


def _is_title(text: str) -> bool:
    return len(text) <= _TITLE_CHARACTERS and not markers.starts_provision(text) and not text.endswith((".", ";", ":"))


def _continues(current: Draft, paragraph: Paragraph, following: Draft | None) -> bool:
    """Whether a paragraph without a number belongs to the provision before it rather than to the one around it."""
    if current.level == Level.ARTICLE or paragraph.text.startswith(_DASHES):
        return True
    before = current.opening[-1].text if current.opening else ""
    if before.endswith(":") or paragraph.text.endswith(";") or before[-1:].isalnum():
        return True
    if following is current:  # a table comes next: it stands in the provision, and so does what is before it
        return True
    if following is not None and following.level == current.level and following.parent is current.parent:
        return True
    lead = current.parent.opening[-1].text if current.parent and current.parent.opening else ""
    return not lead.endswith(":")


def _leading_number(number: str) -> int:
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyzđ")
    return int(digits) if digits else 0


def _without_zeros(number: str) -> str:
    return number.lstrip("0") or "0"

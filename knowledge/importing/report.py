"""The import report: what was found and what looks wrong, for people in Vietnamese and for machines as JSON.

A finding never decides: `refuse` means that the proposal can't be accepted until a person has settled the matter, `warning`
that a person must have read it, `info` that it is only told.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from knowledge.importing.records import from_record, parse_json, to_record


class Severity(StrEnum):
    """What a finding asks of the person who accepts."""

    INFO = "info"
    WARNING = "warning"
    REFUSE = "refuse"


class Outcome(StrEnum):
    """What may happen with a proposal; a file that gives none at all is `rejected` (ImportRefused)."""

    IMPORTED = "imported"
    IMPORTED_WITH_WARNINGS = "imported_with_warnings"
    NEEDS_REVIEW = "needs_review"


class Code(StrEnum):
    """What a finding is about; the first block has the names of the samples' manifest."""

    OMISSION = "Omission"
    UNICODE_NORMALISED = "UnicodeNormalised"
    LEGACY_ENCODING = "LegacyEncoding"
    BROKEN_SPACING = "BrokenSpacing"
    NUMBERING_GAP = "NumberingGap"
    DUPLICATE_NUMBER = "DuplicateNumber"
    HIDDEN_TEXT = "HiddenText"
    ACTIVE_CONTENT_REMOVED = "ActiveContentRemoved"
    REPEATED_PAGE_TEXT = "RepeatedPageText"
    TABLE = "Table"
    NO_ARTICLES = "NoArticles"
    AMENDS_OTHER = "AmendsOther"
    FICTIONAL = "Fictional"
    PARAGRAPH_TOO_LONG = "ParagraphTooLong"

    SAMPLE_MARKER = "SampleMarker"
    MISSING_HEADER = "MissingHeader"
    SHARED_NUMBER = "SharedNumber"
    FRONT_MATTER_UNREADABLE = "FrontMatterUnreadable"
    LOW_SYLLABLE_SHARE = "LowSyllableShare"
    LOST_ACCENTS = "LostAccents"
    LOST_CHARACTERS = "LostCharacters"
    UNUSUAL_NUMBERING = "UnusualNumbering"
    AUTOMATIC_NUMBERING = "AutomaticNumbering"
    TRACKED_CHANGES = "TrackedChanges"
    IMAGES = "Images"
    UNRESOLVED_REFERENCE = "UnresolvedReference"
    ARTICLES_AFTER_END = "ArticlesAfterEnd"
    UNCLOSED_QUOTATION = "UnclosedQuotation"
    AMENDMENT_UNCLEAR = "AmendmentUnclear"
    ENDS_OTHER = "EndsOther"
    IN_FORCE_UNKNOWN = "InForceUnknown"
    IN_FORCE_MISMATCH = "InForceMismatch"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know; `where` is a place in the document («Điều 57», «trang 3»), empty for the whole."""

    code: Code
    severity: Severity
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PageShare:
    """How much of a page reads as Vietnamese: words of letters, and the share that are possible syllables."""

    page: int
    words: int
    share: float


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found; articles, clauses and points are those of the document, not those that it quotes."""

    pages: int = 0
    chapters: int = 0
    sections: int = 0
    articles: int = 0
    clauses: int = 0
    points: int = 0
    unnumbered: int = 0
    tables: int = 0
    footnotes: int = 0
    appendices: int = 0
    references: int = 0
    unresolved_references: int = 0
    amendments: int = 0
    repeals: int = 0
    characters: int = 0


_COUNT_WORDS = {
    "pages": "trang",
    "chapters": "chương",
    "sections": "mục",
    "articles": "điều",
    "clauses": "khoản",
    "points": "điểm",
    "unnumbered": "đoạn không đánh số",
    "tables": "bảng",
    "footnotes": "chú thích cuối trang",
    "appendices": "phụ lục",
    "references": "viện dẫn",
    "unresolved_references": "viện dẫn chưa rõ",
    "amendments": "nội dung sửa văn bản khác",
    "repeals": "văn bản bị bãi bỏ",
    "characters": "chữ cái",
}
_OUTCOME_WORDS = {
    Outcome.IMPORTED: "Nhập được, không có cảnh báo.",
    Outcome.IMPORTED_WITH_WARNINGS: "Nhập được; phải đọc các cảnh báo trước khi công bố.",
    Outcome.NEEDS_REVIEW: "Cần người quyết định trước khi nhận; hệ thống không tự nhận.",
}
_SEVERITY_WORDS = {Severity.REFUSE: "PHẢI QUYẾT ĐỊNH", Severity.WARNING: "CẢNH BÁO", Severity.INFO: "GHI NHẬN"}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The findings in order of weight, then as they stand in the document."""

    counts: Counts
    page_shares: tuple[PageShare, ...]
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The heaviest finding decides."""
        severities = {finding.severity for finding in self.findings}
        if Severity.REFUSE in severities:
            return Outcome.NEEDS_REVIEW
        return Outcome.IMPORTED_WITH_WARNINGS if Severity.WARNING in severities else Outcome.IMPORTED

    def codes(self, *severities: Severity) -> frozenset[Code]:
        """The codes of the findings, of these severities or of all."""
        return frozenset(one.code for one in self.findings if not severities or one.severity in severities)

    def text(self) -> str:
        """The report for people, in Vietnamese."""
        lines = [_OUTCOME_WORDS[self.outcome], "Tìm thấy: " + self._found() + "."]
        if self.page_shares:
            lowest = min(self.page_shares, key=lambda one: (one.share, one.page))
            lines.append(f"Âm tiết hợp lệ: thấp nhất {_percent(lowest.share)} (trang {lowest.page}).")
        for severity in (Severity.REFUSE, Severity.WARNING, Severity.INFO):
            findings = [one for one in self.findings if one.severity == severity]
            if findings:
                lines += ["", f"{_SEVERITY_WORDS[severity]} ({len(findings)})"]
                lines += [f"  - [{one.code}] {one.where + ': ' if one.where else ''}{one.sentence}" for one in findings]
        return "\n".join(lines) + "\n"

    def _found(self) -> str:
        counted = [(getattr(self.counts, name), words) for name, words in _COUNT_WORDS.items()]
        return (
            ", ".join(f"{number:,} {words}".replace(",", ".") for number, words in counted if number) or "không có gì"
        )

    def to_json(self) -> str:
        """The report for machines; `from_json` reads it back."""
        return json.dumps(to_record(self) | {"outcome": str(self.outcome)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ImportReport:
        """Raises ContentError for anything but a report."""
        return from_record(cls, parse_json(text))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")

"""Words of stored text that name another provision, as links: resolved while somebody reads, stored nowhere.

The importer's own reader of references (importing/references.py) resolves them, in the place where the text stands. A link is
made only where the words can mean one thing and that thing is held here: no link is better than a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.errors import UnknownId
from knowledge.importing import markers
from knowledge.importing.blocks import normal
from knowledge.importing.references import Place, ReferenceReader

_MARKERS = (markers.ARTICLE, markers.DOTTED_CLAUSE, markers.CLAUSE, markers.POINT)
_INSTRUCTS = re.compile(
    r"(?:sửa đổi|bổ sung|thay thế|bãi bỏ|hủy bỏ|thay)\b[^.;:]{0,60}\b(?:điểm|khoản|điều|chương|cụm từ)\b", re.IGNORECASE
)
_AMENDS = re.compile(r"\bsửa đổi, bổ sung\b|\bsửa đổi\b")
# «Điều 6c của luật», «khoản 2 Điều 27 mới»: our own summaries name other documents in words that are no names.
_OF_ANOTHER = re.compile(
    r"\s?(?:(?:của|trong|tại|theo)\s)?(?:các\s|hai\s)?(?:luật|nghị định|thông tư|quyết định|văn bản|bộ luật)\b(?!\snày)|\s(?:mới|cũ|nói trên)\b"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A span of a text and the provision or document that its words name."""

    start: int
    end: int
    target: ProvisionId


class Linker:
    """Finds the links of one corpus; each text is read once, and what a document means by a short name is learned once."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._readers: dict[str, ReferenceReader] = {}
        self._found: dict[tuple[ProvisionId, str], tuple[Link, ...]] = {}  # grows no larger than the corpus

    def links(self, text: str, at: ProvisionId) -> tuple[Link, ...]:
        """The links in a text of the corpus that stands at that place, in order, none overlapping; spans count its characters."""
        if (at, text) not in self._found:
            self._found[at, text] = self._read(text, at)
        return self._found[at, text]

    def _read(self, text: str, at: ProvisionId) -> tuple[Link, ...]:
        folded, places = _normal_form(text)
        careful = self._speaks_of_another(at)
        found: list[Link] = []
        for one in self._reader(at.document).read(folded, Place.of(at), skip=_after_marker(folded, at)):
            target = one.targets[-1] if one.targets else None  # of «khoản 1 đến khoản 3», the words of the end mean 3
            if target is None or target == at or not self._held(target):
                continue
            own = target.document == at.document
            if own and (careful or not target.article or _OF_ANOTHER.match(folded, one.end)):
                continue
            if not found or places[one.start] >= found[-1].end:
                found.append(Link(places[one.start], places[one.end], target))
        return tuple(found)

    def _reader(self, document: str) -> ReferenceReader:
        if document not in self._readers:
            reader = ReferenceReader()
            for provision in self._corpus.document(document).provisions:
                reader.learn(_normal_form(provision.official_text or provision.summary)[0])
            self._readers[document] = reader
        return self._readers[document]

    def _held(self, identity: ProvisionId) -> bool:
        try:
            self._corpus.document(identity.document)
        except UnknownId:
            return False
        return not identity.article or bool(self._corpus.versions(identity))

    def _speaks_of_another(self, at: ProvisionId) -> bool:
        """True in an amending document and in an amending clause, where «khoản 3» is a clause of what is amended."""
        if _AMENDS.search(self._corpus.document(at.document).title or ""):
            return True
        around: ProvisionId | None = at
        while around is not None and around.article:
            if any(_INSTRUCTS.search(one.official_text or one.summary) for one in self._corpus.versions(around)):
                return True
            around = around.parent()
        return False


def _after_marker(text: str, at: ProvisionId) -> int:
    """Where the words begin: «Điều 59.» at its own beginning is no reference."""
    if not at.article:
        return 0
    match = next((found for pattern in _MARKERS if (found := pattern.match(text))), None)
    return match.end("marker") if match else 0


def _normal_form(text: str) -> tuple[str, list[int]]:
    """The normal form that references are read in, line by line, and for each of its characters its place in `text`.

    The list has one more entry, the end. Where a character cannot be followed back, the text is read as it stands.
    """
    letters: list[str] = []
    places: list[int] = []
    for match in re.finditer(r"\S+|\n", text):
        if match[0] == "\n" or (letters and letters[-1] != "\n"):
            letters.append("\n" if match[0] == "\n" else " ")
            places.append(match.start() if match[0] == "\n" else match.start() - 1)
        if match[0] != "\n":
            for start, cluster in _clusters(match[0]):
                composed = normal(cluster)
                letters += composed
                places += [match.start() + start] * len(composed)
    folded = "".join(letters)
    if folded != "\n".join(map(normal, text.split("\n"))):
        return text, list(range(len(text) + 1))
    return folded, [*places, len(text)]


def _clusters(word: str) -> list[tuple[int, str]]:
    """Letters with the marks that follow them, and where each begins."""
    starts = [at for at, letter in enumerate(word) if not at or not unicodedata.combining(letter)]
    return [(start, word[start:end]) for start, end in zip(starts, [*starts[1:], len(word)], strict=True)]

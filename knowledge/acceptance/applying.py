"""What a settled proposal makes of the content: the document with its official text, and the changes that it orders in others.

A pure function over values; knowledge/acceptance/store.py puts the result into the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from knowledge.acceptance.amending import Amender, Change, Effect, Log, end_document, words_of
from knowledge.acceptance.choices import Choices, Settled
from knowledge.acceptance.consolidation import ONE_DAY, Consolidation, Words, same_text
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Document, Period, Provision
from knowledge.errors import AcceptanceRefused
from knowledge.importing import markers
from knowledge.importing.proposal import Amendment, DocumentRepeal, Header, ImportProposal, ProposedProvision

_RANKS = {
    "Bộ luật": 1,
    "Luật": 1,
    "Pháp lệnh": 1,
    "Nghị quyết": 1,
    "Nghị định": 2,
    "Quyết định": 3,
    "Thông tư": 4,
    "Thông tư liên tịch": 4,
}
T = TypeVar("T", Amendment, DocumentRepeal)
_LOWEST_RANK = 5
_NAMED = 3  # provisions that a refusal names


@dataclass(frozen=True, slots=True)
class Applied:
    """The content afterwards, and what is different: `texts` counts provisions that got official words, `created` a new document."""

    corpus: Corpus
    documents: tuple[Document, ...]
    created: bool
    texts: int
    changes: tuple[Change, ...]
    findings: tuple[str, ...]


def apply(settled: Settled, corpus: Corpus, choices: Choices) -> Applied:
    """Raises AcceptanceRefused where other official words stand in the way, ContentError where the result is not sound."""
    application = _Application(settled, corpus, choices)
    application.put_text()
    application.amend()
    application.end_documents()
    return application.result()


class _Application:
    def __init__(self, settled: Settled, corpus: Corpus, choices: Choices) -> None:
        self._settled, self._corpus, self._choices = settled, corpus, choices
        self._log = Log()
        self._texts = 0
        held = {one.id: one for one in corpus.documents}
        self._created = settled.document not in held
        document = held.get(settled.document) or _new_document(settled.proposal, settled.start)
        self._documents = {one.id: Consolidation(one) for one in corpus.documents if one.id != document.id}
        self._own = Consolidation(_completed(document, settled.proposal.header))
        self._own.begin(settled.start)

    # -- the document's own text

    def put_text(self) -> None:
        """Official words beside the summaries of the versions that stand in the document from the beginning."""
        differing: list[ProposedProvision] = []
        for piece in self._settled.provisions:
            words = self._with_tables(piece)
            version = self._original(piece.id)
            if _left_out(piece):
                continue
            if version is None:
                self._add(piece.id, words)
            elif version.official_text is None:
                self._own.add_text(version, words)
                self._texts += 1
            elif not _same(version, words):
                differing.append(piece)
                self._correct(version, words)
        if differing and not self._choices.replace_text:
            raise AcceptanceRefused(_other_words(differing))

    def _original(self, identity: ProvisionId) -> Provision | None:
        """The version of the document's first day, not one that an amendment has made; also where it is known to begin later."""
        first = self._settled.first_day(identity) or self._settled.start
        version = self._own.on(identity, first)
        return version if version is not None and version.made_by is None else None

    def _add(self, identity: ProvisionId, words: Words) -> None:
        first = self._settled.first_day(identity)
        if first is None:
            self._say(identity, "chưa rõ ngày bắt đầu có hiệu lực của riêng nội dung này, nên chưa nhận")
        elif self._own.on(identity, first) is not None:
            self._say(identity, f"bản từ {first:%d/%m/%Y} do văn bản khác tạo ra, nên không ghi nguyên văn của bản gốc")
        elif any(one.valid.end and one.valid.end < first for one in self._own.versions(identity)):
            self._say(identity, f"trong kho đã hết hiệu lực trước {first:%d/%m/%Y}, nên chưa nhận")
        else:
            self._own.add(identity, first, None, words)
            self._end_early(identity, first)
            self._texts += 1

    def _end_early(self, identity: ProvisionId, first: date) -> None:
        """Articles of which the file itself says that they ended before their document."""
        ends = dict(self._settled.proposal.header.articles_in_force_to)
        version = self._own.on(identity, first)
        last = ends.get(identity.article)
        if version is not None and last is not None and (version.valid.end is None or last < version.valid.end):
            self._own.shorten(version, last)

    def _correct(self, version: Provision, words: Words) -> None:
        self._own.add_text(version, words)
        self._texts += 1
        day = version.valid.start or self._settled.start
        self._log.change(Effect.CORRECTED, version.id, day, ProvisionId(self._settled.document))

    def _with_tables(self, piece: ProposedProvision) -> Words:
        """Rows of a table are lines of the provision in which it stands, their cells apart by tabs."""
        words = words_of(piece)
        tables = [one.official_rows for one in self._settled.proposal.tables if one.owner == piece.key]
        rows = ["\t".join(" ".join(cell.split()) for cell in row) for table in tables for row in table]
        return replace(words, official_text="\n".join((piece.official_text, *rows)))

    # -- what it does to others

    def amend(self) -> None:
        """Its changes, earliest first."""
        for day, source, amendment in self._dated(self._settled.proposal.amendments):
            target = self._target(amendment.target.document)
            if target is None:
                self._say(source, f"{amendment.target} thuộc văn bản không có trong kho, nên không đổi gì")
            elif day is None:
                self._say(source, f"chưa rõ ngày thay đổi {amendment.target} có hiệu lực, nên chưa áp dụng")
            else:
                Amender(target, amendment, day, source, self._log).apply()

    def end_documents(self) -> None:
        """The documents that it repeals, and its own end where the file names one."""
        for day, source, repeal in self._dated(self._settled.proposal.repeals):
            target = self._target(repeal.document)
            if target is None:
                self._say(source, f"«{repeal.name[:120]}» không có trong kho, nên không có gì để chấm dứt")
            elif day is None:
                self._say(source, f"chưa rõ ngày {repeal.name} hết hiệu lực, nên chưa áp dụng")
            else:
                end_document(target, day, source, self._log)
        last = self._settled.proposal.header.in_force_to
        if last is not None and self._own.document.valid.end is None:
            end_document(self._own, last + ONE_DAY, ProvisionId(self._settled.document), self._log)

    def _dated(self, ordered: Iterable[T]) -> list[tuple[date | None, ProvisionId, T]]:
        """Each with its first day and the clause that orders it, earliest first, else in the order of the text."""
        dated = []
        for one in ordered:
            source = ProvisionId.parse(one.source.split("#")[0])
            dated.append((self._settled.effective(one.effective, source), source, one))
        return sorted(dated, key=lambda each: each[0] or date.max)

    def _target(self, identity: str) -> Consolidation | None:
        return self._own if identity == self._settled.document else self._documents.get(identity)

    def _say(self, source: ProvisionId, what: str) -> None:
        self._log.findings.append(f"{source}: {what}.")

    # -- the result

    def result(self) -> Applied:
        """The content with every document in its place, a new one at the end. Raises ContentError where it is not sound."""
        after = {
            identity: one.frozen() for identity, one in (*self._documents.items(), (self._settled.document, self._own))
        }
        documents = tuple(after.pop(one.id) for one in self._corpus.documents) + tuple(after.values())
        corpus = replace(self._corpus, documents=documents)
        corpus.check()
        before = set(self._corpus.documents)
        return Applied(
            corpus=corpus,
            documents=tuple(one for one in documents if one not in before),
            created=self._created,
            texts=self._texts,
            changes=tuple(dict.fromkeys(self._log.changes)),
            findings=tuple(dict.fromkeys(self._log.findings)),
        )


def _new_document(proposal: ImportProposal, start: date) -> Document:
    header = proposal.header
    return Document(
        id=header.document,
        number=header.number or header.document,
        type=header.type or "Văn bản",
        title=header.title or None,
        issuer=header.issuer or "chưa rõ",
        signed=header.signed,
        valid=Period(start, None),
        source=header.source or None,
        checked_against=header.checked_against or f"Nhập từ tệp {proposal.filename} (SHA-256 {proposal.sha256[:16]}…).",
        status_note=None,
        rank=_RANKS.get(header.type, _LOWEST_RANK),
        fictional=proposal.fictional,
    )


def _completed(document: Document, header: Header) -> Document:
    """What the content does not know yet of a document, taken from the file."""
    return replace(
        document,
        title=document.title or header.title or None,
        signed=document.signed or header.signed,
        source=document.source or header.source or None,
    )


def _left_out(piece: ProposedProvision) -> bool:
    """True for «12. […]»: a number whose words the file does not have."""
    return markers.is_omission(piece.text.removeprefix(piece.marker).strip()) and not piece.closing_text


def _same(version: Provision, words: Words) -> bool:
    return same_text(version.official_text, words.official_text) and same_text(
        version.official_closing, words.official_closing
    )


def _other_words(pieces: list[ProposedProvision]) -> str:
    named = ", ".join(str(one.id) for one in pieces[:_NAMED])
    more = f" và {len(pieces) - _NAMED} chỗ khác" if len(pieces) > _NAMED else ""
    return (
        f"Nguyên văn khác với nguyên văn đã nạp ở {named}{more}: so với bản chính thức; "
        "nếu tệp này đúng thì nhận lại với --replace-text."
    )

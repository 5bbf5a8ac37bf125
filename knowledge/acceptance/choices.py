"""What a person decides before a proposal can be accepted, and the proposal with those decisions made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Document
from knowledge.errors import AcceptanceRefused
from knowledge.importing.in_force import effective_day
from knowledge.importing.proposal import ImportProposal, ProposedProvision
from knowledge.importing.report import Code, Severity

_SETTLED_BY_CHOICE = (Code.DUPLICATE_NUMBER, Code.IN_FORCE_MISMATCH)


@dataclass(frozen=True, slots=True)
class Choices:
    """`keep` are keys of provisions whose number occurs twice; `replace_text` lets other official words take the place of those
    that are loaded; `trial` accepts a fictional document, in a database that is never published from.
    """

    in_force: date | None = None
    keep: tuple[str, ...] = ()
    replace_text: bool = False
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """A proposal that nothing stands in the way of: its document, first day and provisions, each number once."""

    proposal: ImportProposal
    document: str
    start: date
    provisions: tuple[ProposedProvision, ...]

    def first_day(self, source: ProvisionId) -> date | None:
        """From when a provision of the document applies; None where a clause of its own gives a day that nobody can know yet."""
        header = replace(self.proposal.header, in_force_from=self.start)
        return effective_day(source, header, [one for one in self.proposal.in_force if one.targets])

    def effective(self, day: date | None, source: ProvisionId) -> date | None:
        """The first day of a change: as the text gives it, else that of its source; a day that a person has put right, right."""
        return self.first_day(source) if day in (None, self.proposal.header.in_force_from) else day


def settle(proposal: ImportProposal, choices: Choices, corpus: Corpus) -> Settled:
    """Raises AcceptanceRefused, with what to decide on and how, where the proposal can't be accepted."""
    document = proposal.header.document
    if not document:
        raise AcceptanceRefused(
            "Tệp không ghi số, ký hiệu nên chưa rõ là văn bản nào: nhập lại với --document MÃ, ví dụ --document ND37-2026."
        )
    if proposal.fictional and not choices.trial:
        raise AcceptanceRefused(
            "Văn bản mẫu thử, không có thật: không nhận vào kho. Để thử phần mềm, dùng kho riêng và --trial."
        )
    for finding in proposal.report.findings:
        if finding.severity is Severity.REFUSE and finding.code not in _SETTLED_BY_CHOICE:
            where = f"{finding.where}: " if finding.where else ""
            raise AcceptanceRefused(f"Chưa nhận được. {where}{finding.sentence} Hãy sửa tệp rồi nhập lại.")
    held = {one.id: one for one in corpus.documents}
    return Settled(
        proposal=proposal,
        document=document,
        start=_first_day(proposal, choices, held),
        provisions=tuple(_without_repeats(proposal.provisions, choices.keep)),
    )


def _first_day(proposal: ImportProposal, choices: Choices, held: Mapping[str, Document]) -> date:
    stored = held.get(proposal.header.document)
    known = stored.valid.start if stored else None
    said = proposal.header.in_force_from
    if choices.in_force is not None:
        return choices.in_force
    if Code.IN_FORCE_MISMATCH in proposal.report.codes():
        sentence = next(one.sentence for one in proposal.report.findings if one.code is Code.IN_FORCE_MISMATCH)
        raise AcceptanceRefused(
            f"Chưa nhận được. {sentence} Nhận lại với --in-force NGÀY, ví dụ --in-force 2026-01-23."
        )
    if said and known and said != known:
        raise AcceptanceRefused(
            f"Tệp ghi có hiệu lực từ {said:%d/%m/%Y}, trong kho là từ {known:%d/%m/%Y}: nhận lại với --in-force NGÀY."
        )
    first = said or known
    if first is None:
        why = next((one.note for one in proposal.in_force if not one.targets and one.note), "tệp không nói")
        raise AcceptanceRefused(
            f"Chưa rõ ngày có hiệu lực ({why}): nhận lại với --in-force NGÀY, ví dụ --in-force 2026-01-23."
        )
    return first


def _without_repeats(provisions: tuple[ProposedProvision, ...], keep: Iterable[str]) -> Iterable[ProposedProvision]:
    """The provisions with each number once, as chosen; what stands below one that is left out is left out with it."""
    keys: dict[ProvisionId, list[str]] = {}
    for one in provisions:
        keys.setdefault(one.id, []).append(one.key)
    left_out: set[str] = set()
    decided: set[str] = set()  # keys that were chosen, and all below them
    for one in provisions:
        if one.parent in left_out:
            left_out.add(one.key)
        elif one.parent in decided:
            decided.add(one.key)
        elif len(keys[one.id]) > 1:
            chosen = _chosen(one, keys[one.id], keep)
            (decided if chosen == one.key else left_out).add(one.key)
    return (one for one in provisions if one.key not in left_out)


def _chosen(provision: ProposedProvision, rivals: list[str], keep: Iterable[str]) -> str:
    chosen = [key for key in rivals if key in keep]
    if len(chosen) != 1:
        label = provision.id.label("").strip()
        raise AcceptanceRefused(
            f"{label[:1].upper()}{label[1:]} xuất hiện hai lần: chọn bản đúng bằng --keep KHÓA, một trong "
            f"{', '.join(rivals)}."
        )
    return chosen[0]

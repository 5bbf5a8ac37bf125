"""Putting an answer together: stored text, what it rests on, and what to ask next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from actions import sentences as say
from actions.addresses import reading_address
from actions.answer import Answer, AnswerStatus, CitedProvision, Language, Suggestion
from actions.quotation import MOST_QUOTED, MOST_SAID, excerpt
from index.hybrid import Hit
from index.passages import PassageKind
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.faq import FaqEntry, FaqKind, Wording
from knowledge.guidance import Guidance, Regime
from knowledge.history import Wording as StoredWording
from knowledge.history import official_text_on, wording_on
from knowledge.vietnamese import fold

MAX_CITATIONS = 3
MAX_SUGGESTIONS = 3
_STATUS = {
    FaqKind.ANSWER: AnswerStatus.ANSWERED,
    FaqKind.PARTIAL: AnswerStatus.PARTIAL,
    FaqKind.UNKNOWN: AnswerStatus.UNKNOWN,
    FaqKind.OUT_OF_SCOPE: AnswerStatus.OUT_OF_SCOPE,
    FaqKind.CLARIFY: AnswerStatus.CLARIFY,
}


class Composer:
    """Draws answers from the content of one publication; which content answers, the answerer has chosen."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def compose(self, hits: list[Hit], day: date, today: date, language: Language, question: str) -> Answer:
        """The best hit's content as of that day, and what to ask next."""
        best = hits[0]
        composers = {
            PassageKind.FAQ: self.of_entry,
            PassageKind.PROVISION: self.of_provision,
            PassageKind.GUIDANCE: self._of_guidance,
        }
        answer = composers[best.passage.kind](best.passage.key, day, today, language)
        if not best.passage.valid.contains(today):
            answer = self.as_of_another_day(answer, day, today, language)
        suggestions = answer.suggestions or self.questions_of(hits[1:], language)
        return replace(answer, evidence=best.evidence, question=question, suggestions=suggestions[:MAX_SUGGESTIONS])

    def as_of_another_day(self, answer: Answer, day: date, today: date, language: Language) -> Answer:
        """Headed by the day whose rules it gives, which are not today's."""
        banner = (say.COMING_RULE if day > today else say.FORMER_RULE)[language].format(day=f"{day:%d/%m/%Y}")
        return replace(answer, text=f"{banner}\n{answer.text}")

    def as_history(self, hit: Hit, today: date, language: Language, question: str) -> Answer:
        """The only answer is of former rules and nobody named their time: said plainly, never as today's rule."""
        day = hit.passage.valid.end or today
        answer = self.compose([hit], day, today, language, question)
        note = say.ONLY_FORMER[language].format(period=hit.passage.valid.words())
        return replace(answer, status=AnswerStatus.PARTIAL, text=f"{note}\n{answer.text}", as_of=day)

    def as_current(self, answer: Answer, since: date, language: Language) -> Answer:
        """Headed as today's rule, where the question named another time."""
        head = say.CURRENT_RULE[language].format(day=f"{since:%d/%m/%Y}")
        return replace(answer, text=f"{head}\n{answer.text}")

    def side_by_side(self, now: Answer, before: Answer, since: date, language: Language) -> Answer:
        """Today's answer, then the former one under its own heading; at least one provision of each is cited where it has any."""
        mine = now.citations[: MAX_CITATIONS - min(1, len(before.citations))]
        unknown = now.status is AnswerStatus.UNKNOWN
        return replace(
            now,
            status=AnswerStatus.PARTIAL if unknown else now.status,
            text=f"{self.as_current(now, since, language).text}\n{before.text}",
            citations=(*mine, *before.citations[: MAX_CITATIONS - len(mine)]),
            evidence=min(now.evidence, before.evidence),
        )

    def offer(self, hits: list[Hit], day: date, today: date, language: Language, question: str) -> Answer:
        """Likely but not sure: the answer, headed by the question that it answers, and the next candidates to choose from."""
        answer = self.compose(hits, day, today, language, question)
        if answer.status not in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL):
            return answer
        head = say.NEAREST[language].format(question=self._title(hits[0], language))
        others = self.questions_of(hits[1:4], language)
        return replace(answer, status=AnswerStatus.PARTIAL, text=f"{head}\n{answer.text}", suggestions=others)

    def of_entry(self, key: str, day: date, today: date, language: Language) -> Answer:
        """The stored answer of an FAQ entry, with its citations as of that day."""
        entry = self._corpus.entry(key)
        wording = _wording(entry, language)
        notices = [say.CONFIDENCE[language][entry.confidence]]
        if language is Language.ENGLISH and entry.english is None:
            notices.append(say.NOT_QUOTED[language])
        citations = self.cite(entry.citations, day, today)
        return Answer(
            _STATUS[entry.kind],
            _with_where(wording.answer, entry),
            day,
            citations=citations,
            suggestions=self._next_questions(entry, language),
            notices=tuple(filter(None, notices)),
            entry=entry.id,
        )

    def of_provision(self, key: str, day: date, today: date, language: Language) -> Answer:
        """What an article, clause or point says on that day."""
        identity = ProvisionId.parse(key)
        version = self._corpus.provision(identity, day)
        text = self._provision_text(identity, version, day, language) if version else say.UNKNOWN[language]
        citations = self.cite([identity], day, today)
        return Answer(AnswerStatus.ANSWERED, text, day, citations=citations, entry=key)

    def _of_guidance(self, key: str, day: date, today: date, language: Language) -> Answer:
        item = self._corpus.guide(key)
        citations = self.cite(item.citations, day, today)
        return Answer(
            AnswerStatus.PARTIAL,
            _guidance_text(item),
            day,
            citations=citations,
            entry=key,
        )

    def _provision_text(self, identity: ProvisionId, version: Provision, day: date, language: Language) -> str:
        """The official words as a quotation where all of them are held, else the summary, called one."""
        label = self._corpus.label(identity)
        label = label[:1].upper() + label[1:]
        official = official_text_on(self._corpus, identity, day) or (None if version.summary else version.official_text)
        if official is not None:
            said = excerpt(official, MOST_SAID)
            more = "" if said == official else f"\n{say.MORE_TO_READ[language]}"
            return f"{say.QUOTED[language].format(label=label, text=said)}{more}"
        parts = [say.SUMMARISED[language].format(label=label), version.summary]
        for child in self._corpus.below(identity):
            wording = wording_on(self._corpus, child, day)
            if wording is not None:
                name = f"Khoản {child.clause}" if not child.point else f"Điểm {child.point}"
                parts.append(f"- {name}: " + (f"“{wording.text}”" if wording.official else wording.text))
        return "\n".join(parts)

    def cite(self, identities: Iterable[ProvisionId], day: date, today: date) -> tuple[CitedProvision, ...]:
        """Up to three, those in force on the day first; a provision that was not in force is named as what it is."""
        ordered = sorted(identities, key=lambda identity: not self._in_force(identity, day))
        return self.cite_all(ordered[:MAX_CITATIONS], day, today)

    def cite_all(self, identities: Iterable[ProvisionId], day: date, today: date) -> tuple[CitedProvision, ...]:
        """All of them, as they stand; their addresses are those of the reading pages, which show `today` unless told another day."""
        return tuple(self._cited(identity, day, today) for identity in identities)

    def _in_force(self, identity: ProvisionId, day: date) -> bool:
        if not identity.article:
            return self._corpus.document(identity.document).valid.contains(day)
        return self._corpus.provision(identity, day) is not None

    def _cited(self, identity: ProvisionId, day: date, today: date) -> CitedProvision:
        document = self._corpus.document(identity.document)
        version = self._version_for(identity, day)
        valid = version.valid if version else document.valid
        read = day if version is None or valid.contains(day) else _a_day_in(valid)
        wording = wording_on(self._corpus, identity, read) if version else None
        if wording is None:
            wording = StoredWording(document.status_note or document.title or "", False)
        return CitedProvision(
            id=str(identity),
            label=self._corpus.label(identity),
            quote=excerpt(wording.text, MOST_QUOTED) if wording.official else wording.text,
            quote_kind="official" if wording.official else "summary",
            period=valid.words(),
            url=reading_address(identity, read if read != today else None),
        )

    def _version_for(self, identity: ProvisionId, day: date) -> Provision | None:
        """In force on the day, else the last that was before it, else the first that will be."""
        versions = self._corpus.versions(identity)
        begun = [one for one in versions if one.valid.start is None or one.valid.start <= day]
        return self._corpus.provision(identity, day) or (begun[-1] if begun else next(iter(versions), None))

    def _next_questions(self, entry: FaqEntry, language: Language) -> tuple[Suggestion, ...]:
        keys = entry.choices if entry.kind is FaqKind.CLARIFY else entry.follow_ups
        return tuple(_button(_wording(self._corpus.entry(key), language).question) for key in keys)

    def questions_of(self, hits: Iterable[Hit], language: Language) -> tuple[Suggestion, ...]:
        """What those hits answer, as buttons."""
        entries = [self._corpus.entry(hit.passage.key) for hit in hits if hit.passage.kind is PassageKind.FAQ]
        useful = [entry for entry in entries if entry.kind in (FaqKind.ANSWER, FaqKind.PARTIAL, FaqKind.UNKNOWN)]
        return tuple(_button(_wording(entry, language).question) for entry in useful[:MAX_SUGGESTIONS])

    def _title(self, hit: Hit, language: Language) -> str:
        if hit.passage.kind is PassageKind.FAQ:
            return _wording(self._corpus.entry(hit.passage.key), language).question
        return hit.passage.wordings[0]

    def starters(self, language: Language) -> tuple[Suggestion, ...]:
        """Questions to begin with."""
        return tuple(_button(text) for text in say.STARTERS[language][:MAX_SUGGESTIONS])


def _a_day_in(valid: Period) -> date:
    return valid.end or valid.start or date.min


def _wording(entry: FaqEntry, language: Language) -> Wording:
    return entry.english if language is Language.ENGLISH and entry.english else entry.vietnamese


def _button(question: str) -> Suggestion:
    return Suggestion(question, question)


def _with_where(text: str, entry: FaqEntry) -> str:
    """Where the official word is, unless the answer says so itself."""
    if (
        not entry.where
        or fold(entry.where) in fold(text)
        or re.search(r"\.(?:vn|org|gov)\b|[Cc]ơ quan thường trực|Sở K", text)
    ):
        return text
    return f"{text}\nNơi có thông tin chính thức: {entry.where.rstrip('.')}."


_REGIME_NOTE = {
    Regime.CURRENT: "Diễn giải để tham khảo; nội dung chi tiết do Bộ Khoa học và Công nghệ hướng dẫn.",
    Regime.FORMER: "Theo quy định cũ (đến 30/6/2026), không phải quy định hiện hành.",
    Regime.REFERENCE: "Tham khảo bộ tiêu chí Baldrige (Hoa Kỳ), không phải quy định của Việt Nam.",
}


def _guidance_text(item: Guidance) -> str:
    points = f" – {item.points} điểm" if item.points else ""
    lines = [f"{item.title}{points}. {_REGIME_NOTE[item.regime]}", *(f"- {ask}" for ask in item.asks)]
    if item.evidence:
        lines.append("Bằng chứng thường giúp ích: " + "; ".join(item.evidence) + ".")
    return "\n".join(lines)

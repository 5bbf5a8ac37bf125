"""From a question to an answer: stored text, chosen by evidence, with its citation. Nothing is generated freely."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from actions import sentences as say
from actions.answer import Answer, AnswerStatus, CitedProvision, Language, Query, Suggestion, Thresholds
from actions.cases import judge_case
from actions.dates import QuestionDate, question_date
from actions.guards import MASK, clean, has_personal, is_abuse, is_injection, mask_personal
from actions.language import language_of
from index.hybrid import Hit, HybridRetriever, Retrieval
from index.mentions import find_mention
from index.passages import PassageKind
from index.scope import ScopeModel
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Period, Provision
from knowledge.eligibility import Verdict
from knowledge.eligibility_rules import read_rules
from knowledge.faq import FaqEntry, FaqKind, Wording
from knowledge.guidance import Guidance, Regime
from knowledge.vietnamese import fold

CURRENT_DECREE = "ND37-2026"
ELIGIBILITY = "điều kiện"  # the FAQ's topic
MAX_CITATIONS = 3
MAX_SUGGESTIONS = 3
LONGEST_UNCLEAR = 4  # syllables
_STATUS = {
    FaqKind.ANSWER: AnswerStatus.ANSWERED,
    FaqKind.PARTIAL: AnswerStatus.PARTIAL,
    FaqKind.UNKNOWN: AnswerStatus.UNKNOWN,
    FaqKind.OUT_OF_SCOPE: AnswerStatus.OUT_OF_SCOPE,
    FaqKind.CLARIFY: AnswerStatus.CLARIFY,
}
_LEANS_BACK = re.compile(
    r"^(?:the (?:con|thi|neu|nhu)|con |vay (?:con|thi|neu)|the |vay |y (?:minh|toi|em|la)|nghia la|tuc la|rieng |neu (?:the|vay)|"
    r"thoi (?!tiet|gian|han|diem|ky)|quay lai|cu the|bao lau|khi nao|o dau|khoan (?:nao|may)|dieu (?:nao|may)|what about|how about|and |then )|"
    r"thi sao\b|con .{1,40} thi\b|hoi nay|vua (?:roi|noi)|o tren"
)

_MARKUP = re.compile(r"<[^<>]{1,200}>")  # the letters of tags are no words
_ASKS_FOR_ANOTHER = re.compile(r"^(?:the (?:con|phan|neu|thi)|con |vay con|rieng |what about|how about)|thi sao\b")


class Answerer:
    """Holds one publication's content and index; immutable, so one object serves all conversations at once."""

    def __init__(self, corpus: Corpus, retriever: HybridRetriever, scope: ScopeModel, thresholds: Thresholds) -> None:
        self.corpus = corpus
        self.retriever = retriever
        self._scope = scope
        self._thresholds = thresholds
        self._rules = read_rules()
        self._old_regime_ended = (corpus.document(CURRENT_DECREE).valid.start or date(2026, 1, 23)) - timedelta(days=1)

    def answer(self, query: Query) -> Answer:
        """The one answer to a message; never raises for what a person may type."""
        text = clean(query.text)
        language = language_of(text)
        if not any(character.isalnum() for character in text):
            return Answer(
                AnswerStatus.CLARIFY,
                say.EMPTY[language],
                query.today,
                suggestions=self._starters(language),
                language=language,
            )
        question = clean(_MARKUP.sub(" ", mask_personal(text).replace(MASK, " "))) or text
        answer = self._from_knowledge(question, query, language)
        if has_personal(text):
            answer = self._warn_of_personal_data(answer)
        elif (
            answer.status in (AnswerStatus.OUT_OF_SCOPE, AnswerStatus.UNKNOWN)
            or answer.evidence < self._thresholds.answer
        ):
            answer = self._guarded(text, answer)
        return replace(answer, language=language)

    def evidence(self, text: str, today: date) -> float:
        """How sure we are that the knowledge answers the text as it stands."""
        hits = self.retriever.retrieve(clean(text), today, top_k=1).hits
        return hits[0].evidence if hits else 0.0

    def cite(self, identities: Iterable[ProvisionId], day: date) -> tuple[CitedProvision, ...]:
        """Provisions as they are shown under an answer, all of them."""
        return tuple(self._cited(identity, day) for identity in identities)

    # -- choosing what answers

    def _from_knowledge(self, question: str, query: Query, language: Language) -> Answer:
        asked = question_date(question, query.today, self._old_regime_ended)
        direct = self._direct(question, query.today, language)
        if direct:
            return direct
        alone = self._attempt(question, self._dated_by_document(question, asked, query.today), query.today, language)
        if query.previous_question is None or not self._leans_on_context(question, alone):
            return alone
        inherited = (
            asked
            if asked.moved
            else QuestionDate(query.previous_as_of or query.today, query.previous_as_of not in (None, query.today))
        )
        joined = self._attempt(f"{query.previous_question} {question}", inherited, query.today, language)
        if joined.evidence < alone.evidence and alone.status is not AnswerStatus.OUT_OF_SCOPE:
            return alone
        if _LEANS_BACK.search(fold(question)) is None:  # «phở bò ngon» must not bring the last answer once more
            before = self._attempt(query.previous_question, inherited, query.today, language)
            return alone if joined.entry == before.entry else joined
        return self._other_than_before(question, query.previous_question, joined, inherited, query.today, language)

    def _other_than_before(
        self, question: str, previous: str, joined: Answer, asked: QuestionDate, today: date, language: Language
    ) -> Answer:
        """«Thế phần kết quả thì sao?» asks for another thing than the question before, whose words are still in the joined one."""
        if _ASKS_FOR_ANOTHER.search(fold(question)) is None:
            return joined
        if self._attempt(previous, asked, today, language).entry != joined.entry:
            return joined
        other = self._attempt(f"{previous} {question}", asked, today, language, skip=joined.entry)
        return other if other.evidence >= self._thresholds.answer else joined

    def _leans_on_context(self, question: str, alone: Answer) -> bool:
        short = len(question.split()) <= 6 and alone.status is not AnswerStatus.OUT_OF_SCOPE
        leans = _LEANS_BACK.search(fold(question)) is not None
        return (leans and alone.evidence < 0.9) or (short and alone.evidence < self._thresholds.answer)

    def _dated_by_document(self, question: str, asked: QuestionDate, today: date) -> QuestionDate:
        """A question that names an ended regulation asks about the law of its last day."""
        mention = find_mention(question, self.corpus.documents, CURRENT_DECREE)
        if asked.moved or mention is None or mention.document is None:
            return asked
        ended = self._last_day(mention.document)
        return QuestionDate(ended, True) if ended and ended < today else asked

    def _last_day(self, document_id: str) -> date | None:
        document = self.corpus.document(document_id)
        ends = [one.valid.end for one in document.provisions]
        if document.valid.end:
            return document.valid.end
        return max((end for end in ends if end), default=None) if ends and None not in ends else None

    def _attempt(
        self, question: str, asked: QuestionDate, today: date, language: Language, skip: str | None = None
    ) -> Answer:
        retrieval = self.retriever.retrieve(question, None, top_k=30)
        hits = [hit for hit in _without_clarifying(retrieval) if hit.passage.key != skip]
        in_force = [hit for hit in hits if self._rules_on(hit.passage.valid, asked.day)]
        best = in_force[0].evidence if in_force else 0.0
        scope = self._scope.probability(retrieval)
        if self._about_something_else(scope, hits):
            return self._declined(in_force, asked, language)
        case = None if asked.moved else self._own_case(in_force, question, today, language)
        if case:
            return case
        if best >= self._thresholds.answer:
            return self._compose(in_force, asked, today, language, question)
        if asked.moved:  # the year named may have nothing to do with the law: what holds today may answer better
            now = self._attempt(question, QuestionDate(today, False), today, language, skip)
            if now.evidence >= max(best, self._thresholds.answer):
                return now
        begun = [hit for hit in hits if (hit.passage.valid.start or asked.day) <= asked.day]
        other = [hit for hit in begun if not self._rules_on(hit.passage.valid, asked.day)]
        if not asked.moved and other and other[0].evidence >= max(self._thresholds.answer, best + 0.2):
            return self._as_history(other[0], today, language, question)
        return self._below_threshold(in_force, asked, today, language, question)

    def _rules_on(self, valid: Period, day: date) -> bool:
        """In force on the day; while both regimes were (23/01 to 30/06/2026), only what began with today's."""
        outlived = valid.end is not None and valid.start is not None and valid.start <= self._old_regime_ended
        return valid.contains(day) and not (outlived and day > self._old_regime_ended)

    def _own_case(self, hits: list[Hit], question: str, today: date, language: Language) -> Answer | None:
        """A question on eligibility that tells months or dates of the asker's own company is answered for that case."""
        near = [self.corpus.entry(hit.passage.key) for hit in hits[:3] if hit.passage.kind is PassageKind.FAQ]
        if not any(entry.topic == ELIGIBILITY for entry in near):
            return None
        case = judge_case(question, today, self._rules, self.corpus)
        if case is None:
            return None
        citations = self._cite(case.clauses, today)
        status = AnswerStatus.PARTIAL if case.verdict is Verdict.UNKNOWN else AnswerStatus.ANSWERED
        return Answer(
            status,
            case.text,
            today,
            citations=citations,
            suggestions=self._questions_of(hits, language),
            notices=(say.NOT_QUOTED[language],) if say.NOT_QUOTED[language] else (),
            entry="eligibility",
            evidence=max(hits[0].evidence, self._thresholds.sure),
            question=question,
        )

    def _about_something_else(self, scope: float, hits: list[Hit]) -> bool:
        """Little sign of our subject and no wording that fits so well that this would not count."""
        fits = max((hit.evidence for hit in hits[:1] if hit.passage.faq_kind is not FaqKind.OUT_OF_SCOPE), default=0.0)
        outside = scope < self._thresholds.scope and fits < self._thresholds.sure
        return outside or scope + fits < self._thresholds.doubt

    def _declined(self, hits: list[Hit], asked: QuestionDate, language: Language) -> Answer:
        """Not about the award: with the pointer to who is competent where an entry has one, else in general words."""
        pointers = [hit for hit in hits[:3] if hit.passage.faq_kind is FaqKind.OUT_OF_SCOPE]
        if pointers and pointers[0].evidence >= self._thresholds.answer:
            return self._of_entry(pointers[0].passage.key, asked.day, language)
        text = say.OUT_OF_SCOPE[language]
        return Answer(AnswerStatus.OUT_OF_SCOPE, text, asked.day, suggestions=self._starters(language))

    def _below_threshold(
        self, hits: list[Hit], asked: QuestionDate, today: date, language: Language, question: str
    ) -> Answer:
        best = hits[0].evidence if hits else 0.0
        if best >= self._thresholds.offer:
            return self._offer(hits, asked, today, language, question)
        suggestions = self._questions_of(hits[:MAX_SUGGESTIONS], language)
        return Answer(
            AnswerStatus.UNKNOWN,
            say.UNKNOWN[language],
            asked.day,
            suggestions=suggestions,
            evidence=best,
            question=question,
        )

    # -- putting an answer together

    def _compose(self, hits: list[Hit], asked: QuestionDate, today: date, language: Language, question: str) -> Answer:
        best = hits[0]
        composers = {
            PassageKind.FAQ: self._of_entry,
            PassageKind.PROVISION: self._of_provision,
            PassageKind.GUIDANCE: self._of_guidance,
        }
        answer = composers[best.passage.kind](best.passage.key, asked.day, language)
        if not best.passage.valid.contains(today):
            banner = say.FORMER_RULE[language].format(day=f"{asked.day:%d/%m/%Y}")
            answer = replace(answer, text=f"{banner}\n{answer.text}")
        suggestions = answer.suggestions or self._questions_of(hits[1:], language)
        return replace(answer, evidence=best.evidence, question=question, suggestions=suggestions[:MAX_SUGGESTIONS])

    def _as_history(self, hit: Hit, today: date, language: Language, question: str) -> Answer:
        """The only answer is of former rules and nobody named their time: said plainly, never as today's rule."""
        day = hit.passage.valid.end or today
        answer = self._compose([hit], QuestionDate(day, True), today, language, question)
        note = say.ONLY_FORMER[language].format(period=hit.passage.valid.words())
        return replace(answer, status=AnswerStatus.PARTIAL, text=f"{note}\n{answer.text}", as_of=day)

    def _offer(self, hits: list[Hit], asked: QuestionDate, today: date, language: Language, question: str) -> Answer:
        """Likely but not sure: the answer, headed by the question that it answers, and the next candidates to choose from."""
        answer = self._compose(hits, asked, today, language, question)
        if answer.status not in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL):
            return answer
        head = say.NEAREST[language].format(question=self._title(hits[0], language))
        others = self._questions_of(hits[1:4], language)
        return replace(answer, status=AnswerStatus.PARTIAL, text=f"{head}\n{answer.text}", suggestions=others)

    def _of_entry(self, key: str, day: date, language: Language) -> Answer:
        entry = self.corpus.entry(key)
        wording = _wording(entry, language)
        notices = [say.CONFIDENCE[language][entry.confidence]]
        if language is Language.ENGLISH and entry.english is None:
            notices.append(say.NOT_QUOTED[language])
        citations = self._cite(entry.citations, day)
        return Answer(
            _STATUS[entry.kind],
            _with_where(wording.answer, entry),
            day,
            citations=citations,
            suggestions=self._next_questions(entry, language),
            notices=tuple(filter(None, notices)),
            entry=entry.id,
        )

    def _of_provision(self, key: str, day: date, language: Language) -> Answer:
        identity = ProvisionId.parse(key)
        provision = self.corpus.provision(identity, day)
        text = self._provision_text(identity, provision, day) if provision else say.UNKNOWN[language]
        citations = self._cite([identity], day)
        return Answer(AnswerStatus.ANSWERED, text, day, citations=citations, entry=key)

    def _of_guidance(self, key: str, day: date, language: Language) -> Answer:
        item = self.corpus.guide(key)
        citations = self._cite(item.citations, day)
        return Answer(
            AnswerStatus.PARTIAL,
            _guidance_text(item),
            day,
            citations=citations,
            entry=key,
        )

    def _direct(self, question: str, today: date, language: Language) -> Answer | None:
        """«Điều 59 nói gì», «khoản 2 điều 58 nghị định 37»: straight to the provision, where the question asks for nothing else."""
        mention = find_mention(question, self.corpus.documents, CURRENT_DECREE)
        if mention is None or mention.place is None or not _only_asks_for_text(question):
            return None
        day = self._last_day(mention.place.document) or today
        day = min(day, today)
        versions = self.corpus.versions(mention.place)
        if not versions:
            return None
        if not versions[-1].valid.contains(day):
            day = versions[-1].valid.end or day
        answer = self._of_provision(str(mention.place), day, language)
        if day < today and not versions[-1].valid.contains(today):
            banner = say.FORMER_RULE[language].format(day=f"{day:%d/%m/%Y}")
            answer = replace(answer, text=f"{banner}\n{answer.text}")
        return replace(answer, evidence=1.0, question=question)

    def _provision_text(self, identity: ProvisionId, provision: Provision, day: date) -> str:
        parts = [provision.official_text or provision.summary]
        children = [
            one
            for _, one in self.corpus.provisions()
            if one.id.parent() == identity and one.valid.contains(day) and not provision.official_text
        ]
        for child in children:
            name = f"Khoản {child.id.clause}" if not child.id.point else f"Điểm {child.id.point}"
            parts.append(f"- {name}: {child.summary}")
        return "\n".join(parts)

    def _cite(self, identities: Iterable[ProvisionId], day: date) -> tuple[CitedProvision, ...]:
        """Up to three, those in force on the day first; a provision that was not in force is named as what it is."""
        ordered = sorted(identities, key=lambda identity: not self._in_force(identity, day))
        return tuple(self._cited(identity, day) for identity in ordered[:MAX_CITATIONS])

    def _in_force(self, identity: ProvisionId, day: date) -> bool:
        if not identity.article:
            return self.corpus.document(identity.document).valid.contains(day)
        return self.corpus.provision(identity, day) is not None

    def _cited(self, identity: ProvisionId, day: date) -> CitedProvision:
        document = self.corpus.document(identity.document)
        versions = self.corpus.versions(identity)
        provision = self.corpus.provision(identity, day) or (versions[-1] if versions else None)
        valid = provision.valid if provision else document.valid
        quote = (
            (provision.official_text or provision.summary)
            if provision
            else (document.status_note or document.title or "")
        )
        kind = "official" if provision and provision.official_text else "summary"
        return CitedProvision(str(identity), self.corpus.label(identity), quote, kind, valid.words(), document.source)

    def _next_questions(self, entry: FaqEntry, language: Language) -> tuple[Suggestion, ...]:
        keys = entry.choices if entry.kind is FaqKind.CLARIFY else entry.follow_ups
        return tuple(_button(_wording(self.corpus.entry(key), language).question) for key in keys)

    def _questions_of(self, hits: Iterable[Hit], language: Language) -> tuple[Suggestion, ...]:
        entries = [self.corpus.entry(hit.passage.key) for hit in hits if hit.passage.kind is PassageKind.FAQ]
        useful = [entry for entry in entries if entry.kind in (FaqKind.ANSWER, FaqKind.PARTIAL, FaqKind.UNKNOWN)]
        return tuple(_button(_wording(entry, language).question) for entry in useful[:MAX_SUGGESTIONS])

    def _title(self, hit: Hit, language: Language) -> str:
        if hit.passage.kind is PassageKind.FAQ:
            return _wording(self.corpus.entry(hit.passage.key), language).question
        return hit.passage.wordings[0]

    def _starters(self, language: Language) -> tuple[Suggestion, ...]:
        return tuple(_button(text) for text in say.STARTERS[language][:MAX_SUGGESTIONS])

    # -- what is no question

    def _guarded(self, text: str, answer: Answer) -> Answer:
        language = answer.language
        if is_injection(text):
            return Answer(AnswerStatus.REFUSED, say.REFUSED[language], answer.as_of)
        if is_abuse(text):
            return Answer(AnswerStatus.SMALL_TALK, say.ABUSE[language], answer.as_of)
        return answer

    def _warn_of_personal_data(self, answer: Answer) -> Answer:
        warning = say.PERSONAL_DATA[answer.language]
        if answer.evidence >= self._thresholds.answer and answer.status in (
            AnswerStatus.ANSWERED,
            AnswerStatus.PARTIAL,
        ):
            return replace(answer, notices=(*answer.notices, warning))
        return Answer(AnswerStatus.REFUSED, warning, answer.as_of)


def _without_clarifying(retrieval: Retrieval) -> list[Hit]:
    """Asking back is for a word or two («điểm», «hồ sơ»); whoever wrote a sentence gets an answer."""
    if len(retrieval.analysis.tokens) <= LONGEST_UNCLEAR:
        return list(retrieval.hits)
    return [hit for hit in retrieval.hits if hit.passage.faq_kind is not FaqKind.CLARIFY]


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


_ASKS_FOR_TEXT = re.compile(
    r"\b(?:dieu|khoan|diem|muc|article|clause|point|so|nam|nghi dinh|thong tu|luat|nd|tt|decree|circular|law|quyet dinh|qd|cua|noi|quy dinh|gi|"
    r"nhu the nao|the nao|ve|dung|hien hanh|hien nay|co|noi dung|ghi|la|what|does|say|says|is|in|of|the|about|a|ad|cho|xem|hoi|em|minh|vay|"
    r"nhung|cau|ra sao|chinh phu|chat luong san pham hang hoa|bkhcn|cp|qh\d*|nd cp|tt bkhcn|[a-z]|\d+[a-z]?|giai thuong chat luong quoc gia)\b"
)


def _only_asks_for_text(question: str) -> bool:
    """True where nothing but the place and words like «nói gì» is in the question."""
    rest = _ASKS_FOR_TEXT.sub(" ", re.sub(r"[^\w\s]", " ", fold(question)))
    return not re.search(r"\w", rest)

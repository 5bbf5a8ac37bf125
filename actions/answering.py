"""From a question to an answer: stored text, chosen by evidence, with its citation. Nothing is generated freely."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from actions import sentences as say
from actions.answer import Answer, AnswerStatus, Candidate, CitedProvision, Language, Query, Thresholds
from actions.cases import judge_case
from actions.composing import MAX_SUGGESTIONS, Composer
from actions.dates import QuestionDate, compares_regimes, is_comparison, question_date, without_time
from actions.guards import MASK, clean, has_personal, is_abuse, is_injection, mask_personal
from actions.language import language_of
from actions.notices import with_notices
from actions.season import asks_for_dates, with_dates
from index.hybrid import Hit, HybridRetriever, Retrieval
from index.mentions import find_mention
from index.passages import PassageKind
from index.scope import ScopeModel
from knowledge.calendar import SeasonEvent
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Period
from knowledge.eligibility import Verdict
from knowledge.eligibility_rules import read_rules
from knowledge.errors import UnknownId
from knowledge.faq import FaqEntry, FaqKind
from knowledge.stages import timed
from knowledge.vietnamese import fold

CURRENT_DECREE = "ND37-2026"
ELIGIBILITY = "điều kiện"  # the FAQ's topic
LONGEST_UNCLEAR = 4  # syllables
MAX_CANDIDATES = 5
_LEANS_BACK = re.compile(
    r"^(?:the (?:con|thi|neu|nhu)|con |vay (?:con|thi|neu)|the |vay |y (?:minh|toi|em|la)|nghia la|tuc la|rieng |neu (?:the|vay)|"
    r"thoi (?!tiet|gian|han|diem|ky)|quay lai|cu the|bao lau|khi nao|o dau|khoan (?:nao|may)|dieu (?:nao|may)|what about|how about|and |then )|"
    r"thi sao\b|con .{1,40} thi\b|hoi nay|vua (?:roi|noi)|o tren"
)

_MARKUP = re.compile(r"<[^<>]{1,200}>")  # the letters of tags are no words
SIBLING_GAIN = 1.5  # a follow-up must make a passage more than four times as likely
_ASKS_FOR_ANOTHER = re.compile(r"^(?:the (?:con|phan|neu|thi)|con |vay con|rieng |what about|how about)|thi sao\b")


def _log_odds(evidence: float) -> float:
    kept = min(max(evidence, 1e-4), 1 - 1e-4)  # what is next to nothing must not count as a gain from nothing
    return math.log(kept / (1 - kept))


class Answerer:
    """Holds one publication's content and index; immutable, so one object serves all conversations at once."""

    def __init__(
        self,
        corpus: Corpus,
        retriever: HybridRetriever,
        scope: ScopeModel,
        thresholds: Thresholds,
        calendar: Callable[[], Sequence[SeasonEvent]] = tuple,
    ) -> None:
        self.corpus = corpus
        self.retriever = retriever
        self._composer = Composer(corpus)
        self._scope = scope
        self._thresholds = thresholds
        self._calendar = calendar
        self._rules = read_rules()
        self._regime_began = corpus.document(CURRENT_DECREE).valid.start or date(2026, 1, 23)
        self._old_regime_ended = self._regime_began - timedelta(days=1)

    def answer(self, query: Query) -> Answer:
        """The one answer to a message; never raises for what a person may type."""
        return self._with_season_dates(self._from_publication(query), query.today)

    @timed("answer")
    def _from_publication(self, query: Query) -> Answer:
        """The answer without season dates, which the publication does not hold."""
        text = clean(query.text)
        language = language_of(text)
        if not any(character.isalnum() for character in text):
            return Answer(
                AnswerStatus.CLARIFY,
                say.EMPTY[language],
                query.today,
                suggestions=self._composer.starters(language),
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
        return with_notices(self.corpus, replace(answer, language=language), query.today)

    def evidence(self, text: str, today: date) -> float:
        """How sure we are that the knowledge answers the text as it stands."""
        hits = self.retriever.retrieve(clean(text), today, top_k=1).hits
        return hits[0].evidence if hits else 0.0

    def scope_of(self, retrieval: Retrieval) -> float:
        """Probability that the question behind a retrieval is about the award."""
        return self._scope.probability(retrieval)

    def cite(self, identities: Iterable[ProvisionId], today: date) -> tuple[CitedProvision, ...]:
        """Provisions as they are shown under an answer about today, all of them."""
        return self._composer.cite_all(identities, today, today)

    # -- choosing what answers

    def _from_knowledge(self, question: str, query: Query, language: Language) -> Answer:
        asked = question_date(question, query.today, self._old_regime_ended)
        direct = self._direct(question, query.today, language)
        if direct:
            return direct
        alone = self._alone(question, self._dated_by_document(question, asked, query.today), query.today, language)
        if query.previous_question is None or not self._leans_on_context(question, alone):
            return alone
        inherited = (
            asked
            if asked.moved
            else QuestionDate(query.previous_as_of or query.today, query.previous_as_of not in (None, query.today))
        )
        joined = self._attempt(f"{query.previous_question} {question}", inherited, query.today, language)
        if joined.evidence < alone.evidence and alone.status is not AnswerStatus.OUT_OF_SCOPE:
            if not inherited.moved or _ASKS_FOR_ANOTHER.search(fold(question)) is None:
                return alone
            return self._sibling(question, query.previous_question, inherited, query.today, language) or alone
        if _LEANS_BACK.search(fold(question)) is None:  # «phở bò ngon» must not bring the last answer once more
            before = self._attempt(query.previous_question, inherited, query.today, language)
            return alone if joined.entry == before.entry else joined
        return self._other_than_before(question, query.previous_question, joined, inherited, query.today, language)

    def _alone(self, question: str, asked: QuestionDate, today: date, language: Language) -> Answer:
        """The answer to the question as it stands, without the conversation."""
        whole = self._attempt(question, asked, today, language)
        if asked.moved:
            return self._of_its_time(question, whole, asked, today, language)
        if compares_regimes(question):
            return self._side_by_side(question, whole, today, language)
        return whole

    def _of_its_time(
        self, question: str, whole: Answer, asked: QuestionDate, today: date, language: Language
    ) -> Answer:
        """«Năm 2022 cần mấy điểm»: the year also draws entries that only tell of that year; the rule is named by the rest."""
        bare = without_time(question)
        if bare == question or self._is_former(whole):
            return whole
        rule = self._attempt(bare, asked, today, language, on=asked.day)
        return rule if rule.evidence > whole.evidence and self._is_former(rule) else whole

    def _side_by_side(self, question: str, whole: Answer, today: date, language: Language) -> Answer:
        """Then and now, each with its time, unless an entry compares them already."""
        entry = self._entry_of(whole)
        if entry and entry.valid.contains(today) and is_comparison(entry.vietnamese.question):
            return whole
        bare, then = without_time(question), QuestionDate(self._old_regime_ended, True)
        now = self._attempt(bare, QuestionDate(today, False), today, language, on=today)
        both = [self._attempt(text, then, today, language, on=then.day) for text in (bare, question)]
        before = max(both, key=lambda answer: self._is_former(answer) * answer.evidence)
        if not self._is_former(before) or self._entry_of(now) is None or now.entry == before.entry:
            return whole
        if min(now.evidence, before.evidence) < self._thresholds.answer:
            return whole
        return self._composer.side_by_side(now, before, self._regime_began, language)

    def _is_former(self, answer: Answer) -> bool:
        """True where an entry on rules that ended answers."""
        entry = self._entry_of(answer)
        return entry is not None and entry.valid.end is not None

    def _entry_of(self, answer: Answer) -> FaqEntry | None:
        try:
            return self.corpus.entry(answer.entry or "")
        except UnknownId:  # a provision, a guidance item, or nothing answered
            return None

    def _other_than_before(
        self, question: str, previous: str, joined: Answer, asked: QuestionDate, today: date, language: Language
    ) -> Answer:
        """«Thế phần kết quả thì sao?» asks for another thing than the question before, whose words are still in the joined one."""
        if _ASKS_FOR_ANOTHER.search(fold(question)) is None:
            return joined
        if asked.moved and joined.as_of != asked.day:  # today's rules instead of those that were talked about
            return self._sibling(question, previous, asked, today, language) or joined
        if self._attempt(previous, asked, today, language).entry != joined.entry:
            return joined
        other = self._attempt(f"{previous} {question}", asked, today, language, skip=joined.entry)
        if other.evidence >= self._thresholds.answer:
            return other
        return self._sibling(question, previous, asked, today, language) or joined

    def _sibling(
        self, question: str, previous: str, asked: QuestionDate, today: date, language: Language
    ) -> Answer | None:
        """What the follow-up's words speak for: of the same topic and the rules on that day, what gains the most log-odds by them.

        The words of the question before still name its own subject, so what is meant now seldom comes near it in evidence itself.
        """
        answered = self._attempt(previous, asked, today, language).entry
        known = {entry.id: entry.topic for entry in self.corpus.faq}
        before = {hit.passage.key: hit.evidence for hit in self.retriever.retrieve(previous, None, top_k=30).hits}
        hits = [
            hit
            for hit in self.retriever.retrieve(f"{previous} {question}", None, top_k=30).hits
            if hit.passage.kind is PassageKind.FAQ
            and hit.passage.faq_kind in (FaqKind.ANSWER, FaqKind.PARTIAL)
            and hit.passage.key != answered
            and known.get(hit.passage.key, "") == known.get(answered or "")
            and self._rules_on(hit.passage.valid, asked.day)
        ]
        gains = [(_log_odds(hit.evidence) - _log_odds(before.get(hit.passage.key, 0.0)), hit) for hit in hits]
        gain, best = max(gains, key=lambda one: (one[0], one[1].passage.key), default=(0.0, None))
        if best is None or gain < SIBLING_GAIN:
            return None
        return self._composer.compose([best], asked.day, today, language, f"{previous} {question}")

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
        began = self.corpus.document(mention.document).valid.start
        if ended and began and began <= self._old_regime_ended:  # it outlived its regime by some months: see _rules_on
            ended = min(ended, self._old_regime_ended)
        return QuestionDate(ended, True) if ended and ended < today else asked

    def _last_day(self, document_id: str) -> date | None:
        document = self.corpus.document(document_id)
        ends = [one.valid.end for one in document.provisions]
        if document.valid.end:
            return document.valid.end
        return max((end for end in ends if end), default=None) if ends and None not in ends else None

    def _attempt(
        self,
        question: str,
        asked: QuestionDate,
        today: date,
        language: Language,
        skip: str | None = None,
        on: date | None = None,
    ) -> Answer:
        """The best answer among the rules in force `on` a day, or among everything: then what held before and will hold competes too."""
        retrieval = self.retriever.retrieve(question, on, top_k=30)
        if on is not None:
            rules = (
                hit for hit in retrieval.hits if hit.passage.valid.start and hit.passage.faq_kind is not FaqKind.CLARIFY
            )
            retrieval = replace(retrieval, hits=tuple(rules))
        answer = self._chosen(retrieval, question, asked, today, language, skip)
        best = tuple(Candidate(hit.passage.key, round(hit.evidence, 4)) for hit in retrieval.hits[:MAX_CANDIDATES])
        return replace(answer, candidates=best)

    def _chosen(
        self,
        retrieval: Retrieval,
        question: str,
        asked: QuestionDate,
        today: date,
        language: Language,
        skip: str | None,
    ) -> Answer:
        hits = [hit for hit in _without_clarifying(retrieval) if hit.passage.key != skip]
        in_force = [hit for hit in hits if self._rules_on(hit.passage.valid, asked.day)]
        best = in_force[0].evidence if in_force else 0.0
        scope = self.scope_of(retrieval)
        if self._about_something_else(scope, hits):
            return self._declined(in_force, asked, today, language)
        case = None if asked.moved else self._own_case(in_force, question, today, language)
        if case:
            return case
        if best >= self._thresholds.answer:
            return self._composer.compose(in_force, asked.day, today, language, question)
        if asked.moved:  # the year named may have nothing to do with the law: what holds today may answer better
            now = self._attempt(question, QuestionDate(today, False), today, language, skip)
            if now.evidence >= max(best, self._thresholds.answer):
                entry = self._entry_of(now)
                dated = entry is not None and entry.valid.start is not None and entry.valid.start > asked.day
                return self._composer.as_current(now, self._regime_began, language) if dated else now
        begun = [hit for hit in hits if (hit.passage.valid.start or asked.day) <= asked.day]
        other = [hit for hit in begun if not self._rules_on(hit.passage.valid, asked.day)]
        if not asked.moved and other and other[0].evidence >= max(self._thresholds.answer, best + 0.2):
            return self._composer.as_history(other[0], today, language, question)
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
        citations = self._composer.cite(case.clauses, today, today)
        status = AnswerStatus.PARTIAL if case.verdict is Verdict.UNKNOWN else AnswerStatus.ANSWERED
        return Answer(
            status,
            case.text,
            today,
            citations=citations,
            suggestions=self._composer.questions_of(hits, language),
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

    def _declined(self, hits: list[Hit], asked: QuestionDate, today: date, language: Language) -> Answer:
        """Not about the award: with the pointer to who is competent where an entry has one, else in general words."""
        pointers = [hit for hit in hits[:3] if hit.passage.faq_kind is FaqKind.OUT_OF_SCOPE]
        if pointers and pointers[0].evidence >= self._thresholds.answer:
            return self._composer.of_entry(pointers[0].passage.key, asked.day, today, language)
        text = say.OUT_OF_SCOPE[language]
        return Answer(AnswerStatus.OUT_OF_SCOPE, text, asked.day, suggestions=self._composer.starters(language))

    def _below_threshold(
        self, hits: list[Hit], asked: QuestionDate, today: date, language: Language, question: str
    ) -> Answer:
        best = hits[0].evidence if hits else 0.0
        if best >= self._thresholds.offer:
            return self._composer.offer(hits, asked.day, today, language, question)
        suggestions = self._composer.questions_of(hits[:MAX_SUGGESTIONS], language)
        return Answer(
            AnswerStatus.UNKNOWN,
            say.UNKNOWN[language],
            asked.day,
            suggestions=suggestions,
            evidence=best,
            question=question,
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
        begun = [one for one in versions if one.valid.start is None or one.valid.start <= day]
        valid = (begun[-1] if begun else versions[0]).valid
        if not valid.contains(day):
            day = (valid.end if begun else valid.start) or day
        answer = self._composer.of_provision(str(mention.place), day, today, language)
        if not valid.contains(today):
            answer = self._composer.as_of_another_day(answer, day, today, language)
        return replace(answer, evidence=1.0, question=question)

    def _with_season_dates(self, answer: Answer, today: date) -> Answer:
        """Read from the calendar anew each time: a date that has moved must not wait for a publication."""
        entry = self._entry_of(answer)
        if entry is None or answer.as_of != today or not asks_for_dates(entry):
            return answer
        return with_dates(answer, entry, self._calendar(), today)

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


_ASKS_FOR_TEXT = re.compile(
    r"\b(?:dieu|khoan|diem|muc|article|clause|point|so|nam|nghi dinh|thong tu|luat|nd|tt|decree|circular|law|quyet dinh|qd|cua|noi|quy dinh|gi|"
    r"nhu the nao|the nao|ve|dung|hien hanh|hien nay|co|noi dung|ghi|la|what|does|say|says|is|in|of|the|about|a|ad|cho|xem|hoi|em|minh|vay|"
    r"nhung|cau|ra sao|chinh phu|chat luong san pham hang hoa|bkhcn|cp|qh\d*|nd cp|tt bkhcn|[a-z]|\d+[a-z]?|giai thuong chat luong quoc gia)\b"
)


def _only_asks_for_text(question: str) -> bool:
    """True where nothing but the place and words like «nói gì» is in the question."""
    rest = _ASKS_FOR_TEXT.sub(" ", re.sub(r"[^\w\s]", " ", fold(question)))
    return not re.search(r"\w", rest)

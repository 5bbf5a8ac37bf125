"""What is settled before Rasa is asked: a person owns the chat, wants the assistant back, rates an answer, confirms a deletion.

A message to an owned chat goes to the officer and never to Rasa. All methods block, so async callers use a thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from actions import privacy
from actions.answer import Answer, AnswerStatus, Language, Suggestion
from actions.files import Files
from actions.guards import MASK, contact_details
from actions.handover import cases, wording
from actions.handover.case import Case, CaseState
from actions.language import language_of
from bot.conversations import StoredMessage
from bot.feedback import Feedback, Rating, Reason, keep_feedback, ratings_of, read_feedback
from bot.messages import AnswerMessage, SuggestionMessage
from knowledge.database import Database
from knowledge.vietnamese import fold

VI, EN = Language.VIETNAMESE, Language.ENGLISH
MOST_WORDS_BESIDE_CONTACT = 8
THANKS = {VI: "Cảm ơn bạn đã đánh giá.", EN: "Thank you for your feedback."}
WHY = {
    VI: "Cảm ơn bạn. Câu trả lời chưa ổn ở điểm nào? Bạn có thể chọn một ý, hoặc gặp cán bộ.",
    EN: "Thank you. What was wrong with the answer? Choose one, or talk to an officer.",
}
NO_SUCH_TURN = {VI: "Mình không tìm thấy câu trả lời này để đánh giá.", EN: "I can't find that answer."}
REASONS = {
    VI: {
        Reason.WRONG: "Sai",
        Reason.INCOMPLETE: "Thiếu",
        Reason.UNCLEAR: "Khó hiểu",
        Reason.OUTDATED: "Cũ",
        Reason.OTHER: "Khác",
    },
    EN: {
        Reason.WRONG: "Wrong",
        Reason.INCOMPLETE: "Incomplete",
        Reason.UNCLEAR: "Unclear",
        Reason.OUTDATED: "Outdated",
        Reason.OTHER: "Other",
    },
}
# As /nguoi, and the case knows why.
AFTER_FEEDBACK, AFTER_FAILURES = "/nguoi_danhgia", "/nguoi_chuaduoc"
_BACK = re.compile(
    r"/troly|(?:cho |xin )?(?:(?:toi|em|minh) )?(?:muon )?(?:quay lai|tro lai|quay ve|hoi lai|noi chuyen (?:lai )?voi|gap lai) "
    r"(?:voi )?(?:tro ly|bot|may)(?: (?:ao|di|nhe|a|nha|duoc khong))*|(?:go )?back to (?:the )?(?:assistant|bot)"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a turn ends in.

    `quiet`: it need not be said in a channel that shows receipts. `stored`: it stands in the conversation already.
    `by_rasa`: an officer may have taken the chat meanwhile.
    """

    answer: AnswerMessage
    quiet: bool = False
    stored: StoredMessage | None = None
    by_rasa: bool = False


class Reception:
    """Looks at every message first."""

    def __init__(self, database: Database, files: Files, today: Callable[[], date]) -> None:
        self._database = database
        self._files = files
        self._today = today

    def note_contact(self, sender: str, text: str) -> None:
        """Keep the contact details in a message, as it was typed, for the officer who was asked for; nothing where none was."""
        if details := contact_details(text):
            with self._database.session() as session:
                cases.note_contact(session, sender, details)

    def settle(self, sender: str, text: str, key: str | None) -> Reply | None:
        """The reply to a message that Rasa need not see, else None. `key` names the message, should it come twice."""
        if (feedback := read_feedback(text)) is not None:
            return Reply(_message(self._thanked(sender, feedback)))
        if text == privacy.DELETE_ALL:
            return Reply(_message(privacy.deleted(self._today(), VI)))
        with self._database.session() as session:
            if _BACK.fullmatch(_plain(text)):
                back = cases.return_to_assistant(session, sender)
                return Reply(_message(wording.returned(back) if back else wording.never_away(language_of(text))))
            case = cases.live_case(session, sender)
            if case is None:
                return None
            if case.state is CaseState.OWNED and (right := self._right(sender, text, case.language)):
                return Reply(_message(right))
            return self._heard(session, sender, text, key) or _contact_noted(case, text)

    def overtaken(self, session: Session, sender: str, text: str, key: str | None) -> Reply | None:
        """The officer took the chat while the assistant was thinking: the message is theirs, and the answer must not be given.

        Where None is returned, nobody can take the chat before the session's transaction ends.
        """
        return None if _is_right(text) else self._heard(session, sender, text, key, lock=True)

    def late(self, sender: str, text: str, key: str | None) -> Reply | None:
        """As `overtaken`, in a transaction of its own."""
        with self._database.session() as session:
            return self.overtaken(session, sender, text, key)

    def offer_person(self, sender: str, answer: AnswerMessage) -> AnswerMessage:
        """The second failure in a row: a person is offered, unless one was asked for already."""
        with self._database.session() as session:
            if cases.live_case(session, sender):
                return answer
        language = Language(answer.language)
        button = SuggestionMessage(title=wording.TO_PERSON[language], payload=AFTER_FAILURES)
        notices = (*answer.notices, wording.OFFER[language])
        return answer.model_copy(update={"notices": notices, "suggestions": (button, *answer.suggestions)})

    def _heard(self, session: Session, sender: str, text: str, key: str | None, *, lock: bool = False) -> Reply | None:
        heard = cases.hear(session, sender, text, key, lock=lock)
        return Reply(_message(wording.heard(heard.case)), quiet=not heard.first) if heard else None

    def _right(self, sender: str, text: str, language: Language) -> Answer | None:
        """The right to one's data holds while an officer owns the chat, too."""
        if privacy.asks_deletion(text):
            return privacy.deletion_offer(self._today(), language)
        if privacy.asks_export(text):
            return privacy.exported(self._database, self._files, sender, self._today(), language)
        return privacy.not_deleted(self._today(), language) if text in privacy.KEEP.values() else None

    def rate(self, sender: str, feedback: Feedback) -> bool:
        """Keep a rating; False where the sender had no such turn."""
        with self._database.session() as session:
            return keep_feedback(session, sender, feedback)

    def ratings(self, turns: list[str]) -> dict[str, str]:
        """«up» or «down» for each of the turns that was rated."""
        with self._database.session() as session:
            return ratings_of(session, turns)

    def _thanked(self, sender: str, feedback: Feedback) -> Answer:
        language = VI
        if not self.rate(sender, feedback):
            return self._said(NO_SUCH_TURN[language], language)
        if feedback.rating is Rating.UP or feedback.reason or feedback.comment:
            return self._said(THANKS[language], language)
        reasons = [
            Suggestion(title, f"/feedback {feedback.turn} down {reason}") for reason, title in REASONS[language].items()
        ]
        person = Suggestion(wording.TO_PERSON[language], AFTER_FEEDBACK)
        return self._said(WHY[language], language, (*reasons, person))

    def _said(self, text: str, language: Language, suggestions: tuple[Suggestion, ...] = ()) -> Answer:
        return Answer(AnswerStatus.SMALL_TALK, text, self._today(), suggestions=suggestions, language=language)


def _is_right(text: str) -> bool:
    return privacy.asks_deletion(text) or privacy.asks_export(text) or text in privacy.KEEP.values()


def _contact_noted(case: Case, text: str) -> Reply | None:
    """Hardly more than contact details were sent, by somebody who waits for an officer."""
    little = MASK in text and len(text.replace(MASK, " ").split()) <= MOST_WORDS_BESIDE_CONTACT
    return Reply(_message(wording.contact_noted(case))) if little and case.contact else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w/]+", fold(text)))


def _message(answer: Answer) -> AnswerMessage:
    return AnswerMessage.model_validate(answer.to_json())

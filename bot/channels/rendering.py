"""Draws an answer for chat apps: cut into messages that the app takes, marked up or plain, with buttons or numbers to choose by.

Texts are cut before they are marked up, so that no tag straddles two messages. The answer is a row of runs of one style each; a
message is a stretch of it.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from actions.answer import SOURCES, AnswerStatus, Language
from bot.messages import OFFICER, AnswerMessage, AttachmentMessage, SuggestionMessage
from knowledge.vietnamese import nfc

CHOOSE = {"vi": "Bạn nhắn số để chọn.", "en": "Send the number to choose."}
NO_FILE = {"vi": "«{title}»: kênh này chưa gửi được tệp.", "en": "“{title}”: this channel can't send files."}
RATED = (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.UNKNOWN)
_MARK = len("(99/99) ")
# Where a text is best cut, from best to worst: after a paragraph, a line, a sentence, a word.
_BREAKS = (re.compile(r"\n[ \t]*\n\s*"), re.compile(r"\n\s*"), re.compile(r"(?<=[.!?;…])\s+"), re.compile(r"\s+"))
_LEAST = 3  # a break counts where it leaves at least a third of the message


class Style(StrEnum):
    PLAIN = ""
    BOLD = "b"
    ITALIC = "i"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style; with `url`, a link."""

    text: str
    style: Style = Style.PLAIN
    url: str = ""

    @property
    def html(self) -> str:
        """Telegram's HTML, in which only <, > and & are escaped; in an attribute the quotes too."""
        inner = html.escape(self.text, quote=False)
        if self.url:
            inner = f'<a href="{html.escape(self.url)}">{inner}</a>'
        return f"<{self.style}>{inner}</{self.style}>" if self.style else inner


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a chat app: text, or a picture or file with the text as its caption; buttons under it.

    `message` is the outbox's number, which a tap of a button names; `turn` is what a rating of the answer names.
    """

    runs: tuple[Run, ...] = ()
    buttons: tuple[SuggestionMessage, ...] = ()
    attachment: AttachmentMessage | None = None
    message: int = 0
    turn: str | None = None

    @property
    def plain(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        return "".join(run.html for run in self.runs)


def utf16_units(text: str) -> int:
    """As Telegram counts: a character beyond the basic plane counts twice."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """What an app can show.

    `limit` in what `length` counts; `most_buttons` 0 means numbered text; `links` whether words can be links; `base` the address of
    this server as people reach it, empty where there is none; `uploads` whether pictures and files can be sent as such.
    """

    limit: int
    length: Callable[[str], int] = len
    most_buttons: int = 100
    links: bool = False
    base: str = ""
    uploads: bool = False
    pictures: bool = False

    def draw(self, answer: AnswerMessage, message: int = 0) -> list[Part]:
        """The messages of an answer, in order; what is offered stands on the last one with text."""
        buttons = tuple(answer.suggestions) if len(answer.suggestions) <= self.most_buttons else ()
        runs = self._runs(answer, numbered=bool(answer.suggestions) and not buttons)
        texts = cut(runs, self.limit, self.length)
        attachments = [
            Part(attachment=one, runs=(Run(nfc(one.title)),)) for one in answer.attachments if self._sent(one)
        ]
        parts = [Part(text) for text in texts[:-1]] + attachments
        turn = answer.turn if answer.status in RATED else None
        return [*parts, Part(texts[-1], buttons, message=message, turn=turn)] if texts else attachments

    def _sent(self, attachment: AttachmentMessage) -> bool:
        picture = attachment.media_type in ("image/png", "image/jpeg")
        if not attachment.url.startswith("/tep/"):
            return False  # a page of ours; it is linked
        return self.uploads or (self.pictures and picture and bool(self.base))

    def _runs(self, answer: AnswerMessage, *, numbered: bool) -> list[Run]:
        head = [Run(f"{OFFICER[answer.language]}: ", Style.BOLD)] if answer.author == "officer" else []
        blocks = [
            [*head, Run(answer.text)],
            self._sources(answer),
            *([Run(one, Style.ITALIC)] for one in answer.notices),
        ]
        blocks += [self._link(one, answer.language) for one in answer.attachments if not self._sent(one)]
        if numbered:
            lines = [f"{number}. {one.title}" for number, one in enumerate(answer.suggestions, 1)]
            blocks.append([Run("\n".join([*lines, CHOOSE[answer.language]]))])
        runs: list[Run] = []
        for block in blocks:
            if any(run.text.strip() for run in block):
                runs += [Run("\n\n"), *block] if runs else block
        return [Run(nfc(run.text), run.style, run.url) for run in runs]

    def _sources(self, answer: AnswerMessage) -> list[Run]:
        """«Căn cứ: …; ….», each a link to its place where the app shows links and the server has an address."""
        if not answer.citations:
            return []
        before, after = SOURCES[Language(answer.language)].split("{labels}")
        runs = [Run(before)]
        for at, one in enumerate(answer.citations):
            runs.append(Run(one.label, url=self._address(one.url) if self.links else ""))
            runs.append(Run("; " if at + 1 < len(answer.citations) else after))
        return runs

    def _link(self, attachment: AttachmentMessage, language: str) -> list[Run]:
        address = self._address(attachment.url)
        if not address:
            return [Run(NO_FILE[language].format(title=attachment.title))]
        if self.links:
            return [Run(attachment.title, url=address)]
        return [Run(f"{attachment.title}: {address}")]

    def _address(self, url: str | None) -> str:
        if not url or not self.base:
            return ""
        return f"{self.base.rstrip('/')}{url}" if url.startswith("/") else url


def cut(runs: Sequence[Run], limit: int, length: Callable[[str], int] = len) -> list[tuple[Run, ...]]:
    """The runs as messages of at most `limit`; where there are more than two, each says which it is: «(1/3)»."""
    text = "".join(run.text for run in runs)
    if not text.strip():
        return []
    spans = list(_spans(text, limit, length))
    if len(spans) > 2:
        spans = list(_spans(text, limit - _MARK, length))
    messages = [_between(runs, begin, end) for begin, end in spans]
    if len(messages) <= 2:
        return messages
    return [(Run(f"({at}/{len(messages)}) "), *one) for at, one in enumerate(messages, 1)]


def _spans(text: str, limit: int, length: Callable[[str], int]) -> Iterator[tuple[int, int]]:
    """Stretches of the text without the white space between them."""
    begin = len(text) - len(text.lstrip())
    last = len(text.rstrip())
    while begin < last:
        end = _fitting(text, begin, last, limit, length)
        if end < last:
            end = _break(text, begin, end)
        stripped = begin + len(text[begin:end].rstrip())
        yield begin, stripped
        begin = end + len(text[end:]) - len(text[end:].lstrip())


def _fitting(text: str, begin: int, last: int, limit: int, length: Callable[[str], int]) -> int:
    """The furthest end of a message that begins there."""
    end = min(last, begin + limit)
    while (excess := length(text[begin:end]) - limit) > 0:
        end -= max(1, math.ceil(excess / 2))
    return end


def _break(text: str, begin: int, end: int) -> int:
    least = begin + (end - begin) // _LEAST
    for pattern in _BREAKS:
        # a break may begin inside and end outside: white space is dropped there
        ends = [
            found.start() for found in pattern.finditer(text, begin, min(len(text), end + 1)) if found.start() > least
        ]
        if ends:
            return ends[-1]
    while end > begin + 1 and unicodedata.combining(text[end]):
        end -= 1
    return end


def _between(runs: Sequence[Run], begin: int, end: int) -> tuple[Run, ...]:
    """The runs, cut to a stretch of the text."""
    found, at = [], 0
    for run in runs:
        low, high = max(begin, at), min(end, at + len(run.text))
        if low < high:
            found.append(Run(run.text[low - at : high - at], run.style, run.url))
        at += len(run.text)
    return tuple(found)

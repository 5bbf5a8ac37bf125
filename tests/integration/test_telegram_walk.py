"""A person's way from a deep link through an eligibility check with buttons: the real server, the real Rasa, a Telegram on loopback.

The conversation is kept as docs/telegram-walk.md. AWARD_WRITE_DOCS=1 writes it anew, which is due where she does something else by now;
what the assistant says may change with the content.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from bot.channels.telegram_updates import deep_link
from fakes.telegram import USERNAME, FakeTelegram
from running_server import RunningServer
from shipped import ROOT

LAN = 90_210
DOCUMENT = ROOT / "docs" / "telegram-walk.md"
HEAD = """# A check of eligibility in Telegram

Recorded by `tests/integration/test_telegram_walk.py` (today is 22/11/2026): the real server with the real Rasa, a Telegram of our own on
loopback. Buttons are shown as [words].

"""
# What the person does when asked; a title is tapped where it is offered, else typed.
WALK = (
    "Có",
    "công ty em hoạt động từ tháng 5/2015",
    "lệ phí tham dự là bao nhiêu?",
    "hơn 4 năm",
    "Có",
    "Chưa từng",
    "Hôm nay",
)


@dataclass
class Lan:
    """Somebody with a telephone; `lines` is what she sees."""

    telegram: FakeTelegram
    lines: list[str] = field(default_factory=list)

    def opens(self, topic: str) -> str:
        self.lines.append(f"*{deep_link(USERNAME, topic)}* → **Bắt đầu**\n")
        return self._sends(self.telegram.message(LAN, f"/start {topic}"))

    def does(self, words: str) -> str:
        offered = {one["text"]: one["callback_data"] for one in self.telegram.buttons(LAN)}
        if words in offered:
            self.lines.append(f"**Lan** nhấn [{words}]\n")
            return self._sends(self.telegram.tap(LAN, offered[words]))
        self.lines.append(f"**Lan:** {words}\n")
        return self._sends(self.telegram.message(LAN, words))

    def _sends(self, update: dict[str, object]) -> str:
        seen = len(self.telegram.texts(LAN))
        assert self.telegram.push_now(update).status_code == 200
        self.telegram.wait_until(lambda: len(self.telegram.texts(LAN)) > seen)
        said = "\n\n".join(self.telegram.texts(LAN)[seen:])
        buttons = " ".join(f"[{one['text']}]" for one in self.telegram.buttons(LAN))
        quoted = "\n".join(f"> {line}".rstrip() for line in [*said.splitlines(), *(["", buttons] if buttons else [])])
        self.lines.append(f"**Trợ lý:**\n\n{quoted}\n")
        return said


def test_from_a_deep_link_to_a_verdict(award_server: RunningServer, telegram: FakeTelegram) -> None:
    lan = Lan(telegram)
    lan.opens("dieukien")
    said = [lan.does(words) for words in WALK]
    record = HEAD + "\n".join(lan.lines)
    assert "đủ điều kiện tham dự" in said[-1] and "Nghị định 37/2026" in said[-1]
    assert any("nhấn [" in line for line in lan.lines)
    assert "sendChatAction" in {call.method for call in telegram.calls}
    assert len(telegram.called("answerCallbackQuery")) == sum("nhấn [" in line for line in lan.lines)
    if os.environ.get("AWARD_WRITE_DOCS"):
        DOCUMENT.write_text(record, encoding="utf-8")
    recorded = DOCUMENT.read_text(encoding="utf-8")
    assert [line for line in recorded.splitlines() if "**Lan" in line] == [
        line.strip() for line in lan.lines if "**Lan" in line
    ]

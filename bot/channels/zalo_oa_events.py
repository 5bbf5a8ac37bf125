"""Reads the official account's webhook: is it Zalo's, and what does it say.

The signature is SHA-256 over app id, body, time and the account's secret key, as documented; other forms that some report are taken
only where config.yml lists them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.inbox import Inbound

NAME = "zalooa"
SIGNATURE_HEADER, TIME_HEADER = "X-ZEvent-Signature", "X-ZEvent-Timestamp"
DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A person answers in Zalo's own console."""

    sender: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The person no longer follows the account."""

    key: str
    sender: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The person has everything about them deleted."""

    sender: str


Event = Inbound | TakenOver | Gone | Withdrawn


def matching_forms(
    body: bytes, record: Mapping[str, Any], given: str, header_time: str, app_id: str, secret: str
) -> set[str]:
    """The forms in which the signature is right; «documented» is the one that counts."""
    if record.get("app_id") != app_id or not secret or not app_id:
        return set()
    mac = given.strip().removeprefix("mac=").lower()
    time, oa_id = str(record.get("timestamp", "")), _oa_of(record)
    forms = {
        DOCUMENTED: (app_id, time),
        "oa_id": (oa_id, time),
        "header_timestamp": (app_id, header_time),
    }
    return {
        name
        for name, (first, at) in forms.items()
        if hmac.compare_digest(mac.encode(), _mac(first, body, at, secret).encode())
    }


def is_signed(forms: Collection[str], taken: Collection[str]) -> bool:
    return DOCUMENTED in forms or bool(set(forms) & set(taken))


def read_event(record: Mapping[str, Any]) -> Event | None:
    """None for receipts, echoes of our own messages and whatever else is no message for us."""
    name = str(record.get("event_name", ""))
    time = str(record.get("timestamp", ""))
    if name.startswith("oa_send_"):
        by_person = bool(_part(record, "sender").get("admin_id"))
        person = _identity(record, "recipient")
        return TakenOver(f"{NAME}:{person}") if by_person and person else None
    if name in ("follow", "unfollow"):
        person, key = _identity(record, "follower"), f"{name}:{time}:{_identity(record, 'follower')}"
        if not person:
            return None
        return Inbound(NAME, key, person, text="/start") if name == "follow" else Gone(key, f"{NAME}:{person}")
    person = _identity(record, "sender")
    if not person:
        return None
    if name == "user_withdraw":
        return Withdrawn(f"{NAME}:{person}")
    if not name.startswith("user_send_"):
        return None
    message = _part(record, "message")
    key = str(message.get("msg_id") or f"{name}:{time}:{person}")
    text = message.get("text") if name == "user_send_text" else None
    if name == "user_send_text" and not isinstance(text, str):
        return None
    return Inbound(NAME, key, person, text=text if isinstance(text, str) else None, numbered=True)


def _mac(first: str, body: bytes, time: str, secret: str) -> str:
    return hashlib.sha256(first.encode() + body + time.encode() + secret.encode()).hexdigest()


def _oa_of(record: Mapping[str, Any]) -> str:
    """The account, which is who was written to, or the field of its own."""
    return str(record.get("oa_id") or _identity(record, "recipient"))


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _identity(record: Mapping[str, Any], name: str) -> str:
    found = _part(record, name).get("id")
    return str(found) if isinstance(found, str | int) else ""

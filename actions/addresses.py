"""Where people read a provision: the address of its place on our own reading pages (bot/reading)."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from knowledge.citations import ProvisionId

READING = "/van-ban/"


def reading_address(identity: ProvisionId, day: date | None = None) -> str:
    """«/van-ban/ND37-2026?ngay=2026-03-12#59.1», a path of this server; without a day the page shows today's text."""
    place = str(identity).partition(":")[2]
    query = f"?ngay={day.isoformat()}" if day else ""
    return READING + quote(identity.document) + query + (f"#{quote(place)}" if place else "")

"""One-time codes of an authenticator app (TOTP, RFC 6238), each usable once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

ISSUER = "Trợ lý Giải thưởng Chất lượng Quốc gia"
STEP = 30  # seconds
AROUND = 1  # steps by which a phone's clock may be off


def new_secret() -> str:
    """160 bits, as apps take it."""
    return pyotp.random_base32()


def enrolment_address(secret: str, login: str) -> str:
    """What the QR code for an app holds."""
    return pyotp.TOTP(secret, name=login, issuer=ISSUER).provisioning_uri()


def check_code(secret: str, code: str, last_step: int | None, now: datetime) -> int | None:
    """The time step of a right code, None for a wrong one and for one that was used before."""
    code = "".join(code.split())
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    for step in range(current - AROUND, current + AROUND + 1):
        right = hmac.compare_digest(totp.at(step * STEP).encode(), code.encode())
        if right and (last_step is None or step > last_step):
            return step
    return None

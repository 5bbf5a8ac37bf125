"""Passwords: argon2id with the library's parameters (RFC 9106, low memory), and what a password must be.

Rules after NIST SP 800-63B-4 and OWASP ASVS 5.0 (6.2): length counts, no mix of characters is asked for, nothing easily guessed.
"""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from actions.staff.errors import PasswordRefused
from knowledge.vietnamese import fold, nfc

LEAST, MOST = 12, 200  # characters
LEAST_DIFFERENT = 5
TEMPORARY_LENGTH = 16
# No letters and figures that are read for one another: people copy it from a screen or a note.
_TEMPORARY = "abcdefghjkmnpqrstuvwxyz23456789"
_GUESSED = (
    "matkhau",
    "password",
    "qwerty",
    "123456789",
    "abcdef",
    "giaithuong",
    "iloveyou",
    "vietnam",
    "administrator",
)
TOGETHER = 2  # each takes 64 MiB

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_working = threading.BoundedSemaphore(TOGETHER)


def hash_password(password: str) -> str:
    """Raises PasswordRefused where it is too short, too long or easily guessed."""
    check_password(password)
    with _working:
        return _hasher.hash(nfc(password))


def check_password(password: str, login: str = "") -> None:
    """Raises PasswordRefused."""
    if len(password) < LEAST:
        raise PasswordRefused(f"Mật khẩu cần ít nhất {LEAST} ký tự; một câu dễ nhớ gồm vài từ là tốt nhất.")
    if len(password) > MOST:
        raise PasswordRefused(f"Mật khẩu dài nhất {MOST} ký tự.")
    plain = "".join(fold(password).split())
    guessed = [word for word in (*_GUESSED, fold(login)) if word and word in plain]
    if len(set(plain)) < LEAST_DIFFERENT or any(len(plain) - len(word) < LEAST // 2 for word in guessed):
        raise PasswordRefused("Mật khẩu này dễ đoán; hãy chọn vài từ không liên quan đến nhau.")


def verify_password(stored: str | None, password: str) -> bool:
    """Takes as long for an account that does not exist (`stored` None) as for one that does."""
    if len(password) > MOST:
        return False
    with _working:
        try:
            return _hasher.verify(stored or _of_nobody(), nfc(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def temporary_password() -> str:
    """To be handed over in person and changed at the first login; about 79 bits."""
    return "".join(secrets.choice(_TEMPORARY) for _ in range(TEMPORARY_LENGTH))


@cache
def _of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))

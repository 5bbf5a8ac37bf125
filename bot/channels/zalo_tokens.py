"""The official account's OAuth tokens: encrypted at rest, refreshed by one at a time, written down before they are used.

A refresh token works once. Were the new pair used before it is committed, a crash in between would lose the account's grant for good,
and a person would have to give it again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.channels.http_client import client_for
from bot.errors import ChannelAway, ChannelError, ChannelStopped
from knowledge.database import Base, Database, utc

log = logging.getLogger(__name__)
REFRESHED_AFTER = timedelta(hours=20)  # of the 25 that an access token lives
LOST = "the grant is lost; run: award zalooa authorize"
NO_GRANT = "no grant yet; run: award zalooa authorize"


class TokensRow(Base):
    """`tokens` is Fernet over the JSON of `Tokens`; `trouble` tells why they can't be refreshed."""

    __tablename__ = "zalo_tokens"
    app_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tokens: Mapped[str] = mapped_column(Text)
    refreshed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    trouble: Mapped[str | None] = mapped_column(String(200))


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair; never shown."""

    access: str
    refresh: str

    def __repr__(self) -> str:
        return "Tokens(…)"


class TokenStore:
    """Reads and writes of one app's pair; every method blocks."""

    def __init__(self, database: Database, app_id: str, key: str) -> None:
        """Raises ChannelError where the key is none."""
        self._database = database
        self._app_id = app_id
        try:
            self._cipher = Fernet(key)
        except ValueError as error:
            raise ChannelError("AWARD_ENCRYPTION_KEY is no key; make one with: award zalooa key") from error

    def read(self) -> tuple[Tokens, datetime, str | None] | None:
        """The pair, since when it is there, and what is wrong with it. Raises ChannelStopped where the key is another."""
        with self._database.session() as session:
            row = session.get(TokensRow, self._app_id)
            if row is None:
                return None
            sealed, at, trouble = row.tokens, utc(row.refreshed_at), row.trouble
        try:
            return Tokens(**json.loads(self._cipher.decrypt(sealed.encode()))), at, trouble
        except InvalidToken:
            raise ChannelStopped("the tokens were written with another AWARD_ENCRYPTION_KEY") from None

    def write(self, tokens: Tokens, at: datetime) -> None:
        """Committed when this returns."""
        sealed = self._cipher.encrypt(json.dumps(asdict(tokens)).encode()).decode()
        with self._database.session() as session:
            session.merge(TokensRow(app_id=self._app_id, tokens=sealed, refreshed_at=at, trouble=None))

    def note_trouble(self, trouble: str) -> None:
        with self._database.session() as session:
            if (row := session.get(TokensRow, self._app_id)) is not None:
                row.trouble = trouble


class Grant:
    """The access token to send with, refreshed in time."""

    def __init__(
        self,
        store: TokenStore,
        oauth: str,
        app_id: str,
        app_secret: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._address = f"{oauth.rstrip('/')}/v4/oa/access_token"
        self._app_id = app_id
        self._app_secret = app_secret
        self._http = client_for(oauth, 20.0)
        self._clock = clock
        self._lock = asyncio.Lock()

    async def token(self, stale: str | None = None) -> str:
        """A token that is good, other than `stale`. Raises ChannelStopped where a person must give the grant anew, ChannelAway."""
        async with self._lock:
            found = await asyncio.to_thread(self._store.read)
            if found is None:
                raise ChannelStopped(NO_GRANT)
            tokens, at, trouble = found
            if tokens.access != stale and self._clock() - at < REFRESHED_AFTER:
                return tokens.access
            if trouble:
                raise ChannelStopped(trouble)
            return (await self._refreshed(tokens)).access

    async def give(self, code: str, verifier: str) -> None:
        """Take the code of a consent. Raises DeliveryError."""
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        await asyncio.to_thread(self._store.write, await self._ask(form), self._clock())

    async def close(self) -> None:
        await self._http.aclose()

    async def _refreshed(self, tokens: Tokens) -> Tokens:
        try:
            new = await self._ask({"grant_type": "refresh_token", "refresh_token": tokens.refresh})
        except ChannelStopped as error:
            log.error("Zalo's tokens could not be refreshed: %s", error)
            await asyncio.to_thread(self._store.note_trouble, LOST)
            raise ChannelStopped(LOST) from error
        await asyncio.to_thread(self._store.write, new, self._clock())
        return new

    async def _ask(self, form: dict[str, str]) -> Tokens:
        headers = {"secret_key": self._app_secret}
        try:
            answer = await self._http.post(self._address, data=form | {"app_id": self._app_id}, headers=headers)
            record: Any = answer.json()
        except httpx.HTTPError as error:
            raise ChannelAway(f"Zalo's OAuth can't be reached ({type(error).__name__})") from None
        except ValueError:
            raise ChannelAway(f"Zalo's OAuth answered HTTP {answer.status_code}") from None
        if isinstance(record, dict) and record.get("access_token") and record.get("refresh_token"):
            return Tokens(str(record["access_token"]), str(record["refresh_token"]))
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ChannelAway(f"Zalo's OAuth answered HTTP {answer.status_code}")
        code = record.get("error") if isinstance(record, dict) else "?"
        raise ChannelStopped(f"Zalo's OAuth refuses ({code})")

"""Pages and their files travel compressed; what is said in a conversation does not, and streams pass untouched."""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST = 1_000  # bytes; below, compressing gains nothing
_PRIVATE = ("/api/", "/webhooks/", "/actions/", "/socket.io/", "/staff/", "/tep/")


class CompressedPages:
    """Secrets and words of a caller's choosing never share a compressed answer, so that its length tells nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=SMALLEST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        private = scope["type"] != "http" or scope["path"].startswith(_PRIVATE)
        await (self._app if private else self._compressing)(scope, receive, send)

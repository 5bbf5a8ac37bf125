"""Which websites' pages may call us from a browser: our own, and those that config.yml names. Programs name no origin and may."""

from __future__ import annotations

from urllib.parse import urlsplit


class Origins:
    """`named` are other websites, as `https://host[:port]`."""

    def __init__(self, named: tuple[str, ...]) -> None:
        self.named = named

    def allows(self, origin: str | None, host: str) -> bool:
        """Whether a page of `origin` may call the server that it knows as `host` (name and port)."""
        return origin is None or origin in self.named or (bool(host) and urlsplit(origin).netloc == host)

"""Another website: a real HTTP server that hands out what a test puts into it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast


class Host(ThreadingHTTPServer):
    """`pages` by path, as (media type, body); `headers` go with each. As http://localhost it is named, as http://127.0.0.1 it is not."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.pages: dict[str, tuple[str, bytes]] = {"/favicon.ico": ("image/x-icon", b"")}  # browsers ask by themselves
        self.headers: dict[str, str] = {}

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server_port}"

    def show(self, html: str) -> str:
        """The address of a page."""
        self.pages["/"] = ("text/html; charset=utf-8", html.encode())
        return f"{self.origin}/"


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        host = cast(Host, self.server)
        media_type, body = host.pages.get(self.path, ("text/plain", b""))
        self.send_response(200 if self.path in host.pages else 404)
        for name, value in {"Content-Type": media_type, **host.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def website() -> Iterator[Host]:
    server = Host()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

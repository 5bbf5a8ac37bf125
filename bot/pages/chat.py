"""The chat as a page of its own (`/`) and inside other websites: the widget's loader, its handshake, its frame, its demo page.

Other websites are those that config.yml names (`bot.origins`). Nobody else's page may frame the chat or gets past the handshake.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from bot.pages.rendering import page
from bot.safety import CSP

WEB = Path(__file__).resolve().parent.parent / "web"
NOBODY = "frame-ancestors 'none'"
READING = ["GET", "HEAD"]
DEMO_POLICY = CSP.replace("default-src 'none'", "default-src 'none'; frame-src 'self'")


def chat_routes(origins: tuple[str, ...]) -> APIRouter:
    """`origins` are the other websites that may show the chat, as `https://host[:port]`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=READING)
    async def chat_page() -> FileResponse:
        return FileResponse(WEB / "chat.html", headers={"Cache-Control": "no-cache"})

    @router.api_route("/widget", methods=READING)
    async def framed_page() -> HTMLResponse:
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": frame_policy(origins)}
        return HTMLResponse(_framed(origins), headers=headers)

    @router.api_route("/widget.js", methods=READING)
    async def loader() -> FileResponse:
        headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
        return FileResponse(WEB / "widget" / "loader.js", media_type="text/javascript", headers=headers)

    @router.get("/widget/hello")
    async def hello(request: Request) -> Response:
        """The loader's handshake: only a page that may show the chat learns that it is there."""
        headers = {"Vary": "Origin", "Cross-Origin-Resource-Policy": "cross-origin"}
        origin = request.headers.get("origin")
        if origin is None or origin == _own(request):  # browsers name no origin to a page's own server
            return JSONResponse({"chat": "ready"}, headers=headers)
        if origin not in origins:
            detail = "This website is not named in bot.origins of the assistant's config.yml"
            return JSONResponse({"detail": detail}, 403, headers)
        return JSONResponse({"chat": "ready"}, headers={**headers, "Access-Control-Allow-Origin": origin})

    @router.api_route("/widget/demo", methods=READING)
    async def demo() -> Response:
        shown = page("widget.html", origins=origins)
        shown.headers["Content-Security-Policy"] = DEMO_POLICY
        return shown

    return router


def frame_policy(origins: tuple[str, ...]) -> str:
    """The page's own policy, but these websites (and our own demo page) may frame it."""
    return CSP.replace(NOBODY, " ".join(["frame-ancestors 'self'", *origins]))


@cache
def _framed(origins: tuple[str, ...]) -> str:
    """The chat page, told that it is framed and by whom it may be."""
    facts = f'<html data-framed data-origins="{escape(" ".join(origins))}"'
    return (WEB / "chat.html").read_text(encoding="utf-8").replace("<html", facts, 1)


def _own(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"

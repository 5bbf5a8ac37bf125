"""`/van-ban/` lists the regulations, `/van-ban/ND37-2026` shows one of them; both as the publication in service has them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from actions.addresses import READING, reading_address
from bot.pages import rendering
from bot.pages.rendering import open_templates
from bot.publication import Served
from bot.reading.lists import groups_of, similar
from bot.reading.spans import Typesetter
from bot.reading.view import first_sentence, page_of
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Document
from knowledge.errors import ContentError
from knowledge.links import Linker

TEMPLATES = Path(__file__).with_name("templates")
# No script at all; the form goes nowhere but here.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
METHODS = ["GET", "HEAD"]
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPOKEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One publication with what was found out about its references."""

    number: int
    corpus: Corpus
    linker: Linker


class ReadingRoom:
    """Draws pages of the publication in service."""

    def __init__(self, served: Callable[[], Served | None], today: Callable[[], date]) -> None:
        self._served, self.today = served, today
        self._current: _Shelf | None = None
        self._templates = open_templates(TEMPLATES)
        self._templates.filters["first_sentence"] = first_sentence
        self._templates.globals["reading"] = READING
        self._design = _digest(sorted([*TEMPLATES.iterdir(), *rendering.TEMPLATES.iterdir()]))

    def shelf(self) -> _Shelf | None:
        """None while the server starts."""
        served = self._served()
        if served is None:
            return None
        current, corpus = self._current, served.answerer.corpus
        if current is None or current.number != served.number or current.corpus is not corpus:
            self._current = current = _Shelf(served.number, corpus, Linker(corpus))
        return current

    def draw(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page that is not kept: an error, or one that the next publication changes."""
        html = self._templates.get_template(template).render(values)
        return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})

    def draw_kept(
        self, request: Request, shelf: _Shelf, template: str, values: Callable[[], dict[str, Any]]
    ) -> Response:
        """A page that browsers keep and ask about: it changes with the publication, the day and our own design."""
        asked = (
            f"{shelf.number} {shelf.corpus.digest} {self.today()} {self._design} {request.url.path}?{request.url.query}"
        )
        tag = f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "public, no-cache", "Content-Security-Policy": POLICY}
        known = request.headers.get("if-none-match", "")
        if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
            return Response(status_code=304, headers=headers)
        page = self.draw(template, number=shelf.number, **values())
        page.headers.update(headers)
        return page

    def missing(self, shelf: _Shelf, asked: str, document: Document | None = None) -> Response:
        """404, with where to go on."""
        near = () if document else similar(shelf.corpus, asked)
        return self.draw("missing.html", 404, asked=asked[:120], document=document, near=near, number=shelf.number)


def reading_routes(served: Callable[[], Served | None], today: Callable[[], date]) -> APIRouter:
    """`served` is the publication in service, None while the server starts."""
    router, room = APIRouter(include_in_schema=False), ReadingRoom(served, today)

    @router.api_route("/van-ban", methods=METHODS)
    def without_slash() -> Response:
        return RedirectResponse(READING, 308)

    @router.api_route(READING, methods=METHODS)
    def documents(request: Request) -> Response:
        shelf = room.shelf()
        if shelf is None:
            return _starting(room)
        return room.draw_kept(
            request, shelf, "documents.html", lambda: {"groups": groups_of(shelf.corpus, room.today())}
        )

    @router.api_route(READING + "{asked:path}", methods=METHODS)
    def document(request: Request, asked: str, ngay: str = "") -> Response:
        shelf = room.shelf()
        if shelf is None:
            return _starting(room)
        found = _document(shelf.corpus, asked)
        if found is None:
            return _place(room, shelf, asked)
        if found.id != asked:
            return RedirectResponse(reading_address(ProvisionId(found.id)), 308)
        day = read_day(ngay)
        typesetter = Typesetter(shelf.linker, day)

        def values() -> dict[str, Any]:
            page = page_of(shelf.corpus, typesetter, found.id, room.today())
            return {"page": page, "document": found, "unread": ngay[:40] if ngay and day is None else ""}

        if ngay and day is None:
            return room.draw("document.html", 400, number=shelf.number, **values())
        return room.draw_kept(request, shelf, "document.html", values)

    return router


def _starting(room: ReadingRoom) -> Response:
    page = room.draw("starting.html", 503, number=None)
    page.headers["Retry-After"] = "10"
    return page


def _document(corpus: Corpus, asked: str) -> Document | None:
    """By id, or by number as people know it («37/2026/NĐ-CP»); capitals do not matter."""
    wanted = asked.strip("/ ").casefold()
    return next((one for one in corpus.documents if wanted in (one.id.casefold(), one.number.casefold())), None)


def _place(room: ReadingRoom, shelf: _Shelf, asked: str) -> Response:
    """`/van-ban/ND37-2026/59.1`: the place on the document's page, since the part of an address after # reaches no server."""
    name, _, place = asked.strip("/").rpartition("/")
    document = _document(shelf.corpus, name) if name else None
    if document is None:
        return room.missing(shelf, asked)
    try:
        identity = ProvisionId.parse(f"{document.id}:{place}")
    except ContentError:
        return room.missing(shelf, place, document)
    if not shelf.corpus.versions(identity):
        return room.missing(shelf, place, document)
    return RedirectResponse(reading_address(identity), 303)


def read_day(text: str) -> date | None:
    """«2026-03-12» or «12/03/2026»; None for anything else."""
    text = text.strip()
    spoken = _SPOKEN.fullmatch(text)
    try:
        if spoken:
            return date(int(spoken[3]), int(spoken[2]), int(spoken[1]))
        return date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None


def _digest(files: list[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()[:16]

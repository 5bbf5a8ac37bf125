"""Who may use a route of the console: the one way by which a route states its role.

A route takes a `Visit` by one of the annotated types below; a test walks over all routes of the app and fails for one that does not.
The session is looked at before anything of the body is read; a POST is refused without the session's CSRF token.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from actions.staff.roles import Role
from actions.staff.sessions import StaffSession, csrf_matches, csrf_token, find_session, new_token, say_next
from actions.staff.users import StaffUser

if TYPE_CHECKING:
    from bot.staff.console import Console

HOME, LOGIN, CODE, PASSWORD = "/staff/", "/staff/login", "/staff/login/code", "/staff/password"
CSRF = "csrf"
OF_ITSELF = "hx-request"  # a header: the page's script asks for a part of it, not a person
MOST_FORM = 1024 * 1024  # bytes
MOST_FIELDS = 2_000
_OPEN_WHEN_MUST_CHANGE = frozenset({PASSWORD, "/staff/logout"})


class LoginNeeded(Exception):
    """Nobody is logged in, or the code or a new password is missing; `to` is where that is done."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class Refused(Exception):
    """The role is not enough, the form is not ours or too large."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a person. `user` is None on the pages before the login only; `form` is empty unless it is a POST."""

    request: Request
    console: Console
    token: str
    session: StaffSession | None
    form: FormData = field(default_factory=FormData)

    @property
    def user(self) -> StaffUser:
        """Raises LookupError on the pages before the login."""
        if self.session is None:
            raise LookupError("nobody is logged in")
        return self.session.user

    @property
    def login(self) -> str:
        """For the audit."""
        return self.user.login

    @property
    def csrf(self) -> str:
        return csrf_token(self.token)

    @property
    def host(self) -> str:
        return self.request.client.host if self.request.client else "?"

    def may(self, role: Role) -> bool:
        return self.session is not None and self.session.complete and self.user.role.covers(role)

    def text(self, name: str, most: int = 20_000) -> str:
        """A field of the form with plain line ends, at most `most` characters of it."""
        value = self.form.get(name, "")
        return value.replace("\r\n", "\n").strip()[:most] if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """All fields of that name that are filled."""
        return [one.strip() for one in self.form.getlist(name) if isinstance(one, str) and one.strip()]

    def upload(self, name: str) -> UploadFile | None:
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def go(self, to: str, words: str = "") -> Response:
        """See another page next, which tells `words`."""
        if words:
            with self.console.database.session() as session:
                say_next(session, self.token, words)
        return RedirectResponse(to, 303)


class Allowed:
    """A dependency: lets in who has the role, or everybody where it is None."""

    def __init__(self, role: Role | None, most_bytes: int = MOST_FORM) -> None:
        self.role, self.most_bytes = role, most_bytes

    async def __call__(self, request: Request) -> AsyncIterator[Visit]:
        console: Console = request.app.state.console
        token = request.cookies.get(cookie_name(request), "")
        visit_of_person = OF_ITSELF not in request.headers
        session = await asyncio.to_thread(_session, console, token, visit_of_person) if token else None
        if self.role is not None:
            self._check(request, session)
        visit = Visit(request, console, token or new_token(), session)
        if request.method not in ("GET", "HEAD"):
            form = await self._form(request, token)
            visit = Visit(request, console, token, session, form)
        yield visit
        await visit.form.close()

    def _check(self, request: Request, session: StaffSession | None) -> None:
        if session is None:
            raise LoginNeeded(_login_address(request))
        if not session.complete:
            raise LoginNeeded(CODE)
        if session.user.must_change and request.url.path not in _OPEN_WHEN_MUST_CHANGE:
            raise LoginNeeded(PASSWORD)
        if self.role is not None and not session.user.role.covers(self.role):
            raise Refused(403, "Tài khoản của bạn không có quyền làm việc này.")

    async def _form(self, request: Request, token: str) -> FormData:
        length = request.headers.get("content-length", "")
        if not length.isdigit():
            raise Refused(411, "Biểu mẫu gửi lên không ghi độ dài.")
        if int(length) > self.most_bytes:
            raise Refused(413, f"Nội dung gửi lên lớn hơn {self.most_bytes // 1024} KB.")
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "Biểu mẫu không được gửi từ trang này.")
        form = await request.form(max_files=1, max_fields=MOST_FIELDS)
        sent = form.get(CSRF, "")
        if not token or not isinstance(sent, str) or not csrf_matches(token, sent):
            raise Refused(403, "Biểu mẫu đã hết hạn; hãy tải lại trang rồi gửi lại.")
        return form


Anyone = Annotated[Visit, Depends(Allowed(None))]
Viewer = Annotated[Visit, Depends(Allowed(Role.VIEWER))]
Editor = Annotated[Visit, Depends(Allowed(Role.EDITOR))]
Reviewer = Annotated[Visit, Depends(Allowed(Role.REVIEWER))]
Administrator = Annotated[Visit, Depends(Allowed(Role.ADMINISTRATOR))]


def is_secure(request: Request) -> bool:
    """Whether the browser came by https; behind a proxy of this machine by what that says (X-Forwarded-Proto)."""
    return request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """By https with the prefix that lets no other site or plain connection set it (RFC 6265bis)."""
    return "__Host-award-staff" if is_secure(request) else "award-staff"


def keep_token(request: Request, response: Response, token: str) -> None:
    """Give the browser a session's token, for as long as the browser runs."""
    response.set_cookie(cookie_name(request), token, path="/", secure=is_secure(request), httponly=True, samesite="lax")


def forget_token(request: Request, response: Response) -> None:
    response.delete_cookie(cookie_name(request), path="/", secure=is_secure(request), httponly=True, samesite="lax")


def safe_next(to: str) -> str:
    """`to` if it is a page of the console, else its first page: a link to the login leads nowhere else."""
    parts = urlsplit(to)
    plain = to.isprintable() and "\\" not in to and not parts.scheme and not parts.netloc
    return to if plain and to.startswith(HOME) and ".." not in parts.path else HOME


def _session(console: Console, token: str, visit: bool) -> StaffSession | None:
    with console.database.session() as session:
        return find_session(session, token, console.limits, visit=visit)


def _login_address(request: Request) -> str:
    if request.method != "GET" or request.url.path == HOME:
        return LOGIN
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{LOGIN}?next={quote(asked, safe='')}"

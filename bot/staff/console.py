"""What the pages of the console work with, and how they are drawn."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment

from actions.handover.office import TIME_ZONE
from actions.staff.roles import WORDS, Role
from actions.staff.sessions import Limits, say_next
from bot.gate.gate import run_apart
from bot.pages.rendering import open_templates
from bot.publication import Served
from bot.settings import Settings
from bot.staff.access import OF_ITSELF, Visit
from knowledge.database import Database, utc

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Section:
    """A page in the menu, for who has the role."""

    path: str
    title: str
    about: str
    role: Role = Role.VIEWER


@dataclass
class Console:
    """One a server. `served` is the publication in service, None while the server starts; `run_gate` begins a run of the gate."""

    settings: Settings
    database: Database
    served: Callable[[], Served | None]
    sections: Sequence[Section] = ()
    run_gate: Callable[[Settings, int], subprocess.Popen[bytes] | None] = run_apart
    _gate: subprocess.Popen[bytes] | None = None
    templates: Environment = field(default_factory=lambda: _templates())

    @property
    def limits(self) -> Limits:
        staff = self.settings.bot.staff
        return Limits(timedelta(minutes=staff.idle_minutes), timedelta(hours=staff.session_hours))

    def start_gate(self, number: int) -> None:
        """Carry out a run of the publish gate in the background."""
        if self._gate is not None:
            self._gate.poll()  # the one before has ended; nothing else asks for its status
        self._gate = self.run_gate(self.settings, number)

    def draw(self, visit: Visit, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A page with the menu of who sees it, and what was to be told them next."""
        session = visit.session
        by_person = OF_ITSELF not in visit.request.headers
        said = session.said if session and by_person else None
        if said:
            with self.database.session() as connection:
                say_next(connection, visit.token, None)
        menu = [one for one in self.sections if visit.may(one.role)]
        path = visit.request.url.path
        here = max((one.path for one in menu if path.startswith(one.path)), key=len, default="")
        html = self.templates.get_template(template).render(
            visit=visit,
            user=session.user if session and session.complete else None,
            csrf=visit.csrf,
            menu=menu,
            here=here,
            said=said,
            **values,
        )
        return HTMLResponse(html, status)


def moment(value: datetime) -> str:
    """«22/11/2026 08:05», Vietnam's time."""
    return f"{utc(value).astimezone(TIME_ZONE):%d/%m/%Y %H:%M}"


def _templates() -> Environment:
    environment = open_templates(TEMPLATES)
    environment.filters["moment"] = moment
    environment.globals["role_words"] = WORDS
    environment.globals["Role"] = Role
    return environment

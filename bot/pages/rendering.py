"""The templates of pages that are read, around one frame; every value is escaped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).with_name("templates")


def open_templates(*folders: Path) -> Environment:
    """Templates of these folders and of this one, which has the frame."""
    environment = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = spoken
    return environment


def spoken(day: date) -> str:
    """«22/11/2026»."""
    return f"{day:%d/%m/%Y}"


_environment = open_templates()


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A whole page; browsers ask again each time, because what it shows may change at any moment."""
    html = _environment.get_template(template).render(**values)
    return HTMLResponse(html, status, {"Cache-Control": "no-cache"})

"""`award person …`: what the law gives a person who asks staff instead of the assistant."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from actions.personal_data import export_person
from bot.erasure import erase
from bot.errors import UnknownPerson
from bot.settings import load_settings
from knowledge.database import Database

app = typer.Typer(no_args_is_help=True, help="Everything that is kept of one person: export it, delete it.")
Sender = Annotated[
    str, typer.Argument(help="as cases and logs name it: web:<conversation>, telegram:<chat>, rest:<name>")
]


@app.command()
def export(sender: Sender) -> None:
    """Print what is kept of a sender, as JSON."""
    database = Database(load_settings().database_url)
    database.check_schema()
    with database.session() as session:
        found = export_person(session, sender)
    database.close()
    if not found:
        raise UnknownPerson(f"nothing is kept of «{sender}»")
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))


@app.command()
def delete(sender: Sender, yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False) -> None:
    """Delete everything that is kept of a sender."""
    if not yes:
        typer.confirm(f"Delete everything of {sender}? It can't be brought back.", abort=True)
    database = Database(load_settings().database_url)
    database.check_schema()
    counts = erase(database, sender).counts
    database.close()
    typer.echo(
        f"✓ deleted: {', '.join(f'{name} {count}' for name, count in counts.items() if count) or 'nothing was kept'}"
    )

"""Everything that keeps something of a person, so that «delete all of mine» and «give me all of mine» forget nothing.

Whoever makes a table that is keyed by a sender registers a holder for it beside the table; a test walks over all tables of the
metadata and fails for one that nobody holds. A sender is Rasa's: `web:<conversation id>`, `rest:<name>`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import Session

MOST_SENDER = 120  # characters of a sender in every table
PERSON_COLUMNS = frozenset({"sender", "sender_id", "conversation", "conversation_id", "contact"})


@dataclass(frozen=True, slots=True)
class PersonalDataHolder:
    """One part of the product that keeps something of people.

    `tables` are those that it answers for; `export` gives JSON records in the words of the person's rights (no internal ids),
    `delete` the number of records that are gone. Both work in the session that they are given and never commit.
    """

    name: str
    tables: tuple[str, ...]
    export: Callable[[Session, str], list[dict[str, Any]]]
    delete: Callable[[Session, str], int]


_holders: dict[str, PersonalDataHolder] = {}


def register(holder: PersonalDataHolder) -> None:
    """Called once, where the module with the holder's tables is imported. Raises ValueError where the name is taken."""
    if holder.name in _holders:
        raise ValueError(f"a holder of personal data is already called {holder.name}")
    _holders[holder.name] = holder


def holders() -> tuple[PersonalDataHolder, ...]:
    """In the order in which they were registered: a table that refers to another is registered after it."""
    return tuple(_holders.values())


def export_person(session: Session, sender: str) -> dict[str, list[dict[str, Any]]]:
    """What is kept of a sender, by holder; holders that keep nothing are left out."""
    found = {holder.name: holder.export(session, sender) for holder in holders()}
    return {name: records for name, records in found.items() if records}


def delete_person(session: Session, sender: str) -> dict[str, int]:
    """Delete what is kept of a sender, in the session's transaction; records deleted, by holder."""
    return {holder.name: holder.delete(session, sender) for holder in reversed(holders())}


def personal_tables(metadata: MetaData) -> set[str]:
    """Tables that keep something of people: by the name of a column, what such a column refers to, and what refers to them."""
    found: set[str] = set()
    for table in metadata.sorted_tables:
        for name in PERSON_COLUMNS & set(table.columns.keys()):
            found |= {table.name, *(key.column.table.name for key in table.columns[name].foreign_keys)}
    for table in metadata.sorted_tables:  # those that are referred to come first
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return found

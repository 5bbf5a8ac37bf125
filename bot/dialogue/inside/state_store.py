"""Where Rasa keeps its conversations: one row a sender in the product's database, the state alone and no history.

Runs in Rasa's own process (Python 3.10, SQLAlchemy 1.4), so it imports nothing of ours; the table is made by the migrations of
the chat server and read there as `DialogueStateRow` (bot/dialogue/states.py). Named in endpoints.yml.

Between two messages a conversation is its slots and the open form; rules and forms need no more. So a turn costs the same
however long the conversation is, a killed Rasa goes on where it was, no text of a message is stored a second time, and a
sender is forgotten by deleting one row. Rasa's own SQLTrackerStore keeps every event: benchmarks/stores.py compares the two.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, create_engine, delete, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.pool import StaticPool

STATES = Table(
    "dialogue_states",
    MetaData(),
    Column("sender", String(120), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)
SWEEP_SECONDS = 3600.0


class StateTrackerStore(TrackerStore):
    """`host` is the database's address; states that nobody has touched for `keep_days` are deleted, looked for once an hour."""

    def __init__(
        self, domain: Domain | None = None, host: str = "", event_broker: Any = None, keep_days: str | int = 30
    ) -> None:
        self._engine = _engine(host)
        self._insert = sqlite.insert if self._engine.dialect.name == "sqlite" else postgresql.insert
        self._keep = timedelta(days=int(keep_days))
        self._swept = -SWEEP_SECONDS
        super().__init__(domain, event_broker)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """An empty tracker, which is not worth a row."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """A tracker in the state that the last turn left, as if it had just begun to listen."""
        with self._engine.connect() as connection:
            text = connection.execute(select(STATES.c.state).where(STATES.c.sender == sender_id)).scalar()
        if text is None:
            return None
        state = json.loads(text)
        tracker = self.init_tracker(sender_id)
        for name, value in state["slots"].items():
            if name in tracker.slots:  # another version of the domain may have written it
                tracker.update(SlotSet(name, value))
        if state["form"] in self.domain.form_names:
            tracker.update(ActiveLoop(state["form"]))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the state; a sender of whom there is nothing to keep loses the row."""
        sender, now = tracker.sender_id, datetime.now(timezone.utc)
        state = _state(tracker)
        with self._engine.begin() as connection:
            if state is None:
                connection.execute(delete(STATES).where(STATES.c.sender == sender))
            else:
                written = {"state": json.dumps(state, ensure_ascii=False), "updated_at": now}
                insert = self._insert(STATES).values(sender=sender, **written)
                connection.execute(insert.on_conflict_do_update(index_elements=[STATES.c.sender], set_=written))
            if time.monotonic() - self._swept >= SWEEP_SECONDS:
                self._swept = time.monotonic()
                connection.execute(delete(STATES).where(STATES.c.updated_at < now - self._keep))

    async def keys(self) -> Iterable[str]:
        """All senders with a state."""
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(select(STATES.c.sender))]


def _state(tracker: DialogueStateTracker) -> dict[str, Any] | None:
    """What outlives the turn; None for a conversation without any."""
    slots = {
        name: value
        for name, value in tracker.current_slot_values().items()
        if value is not None and name != SESSION_START_METADATA_SLOT
    }
    form = tracker.active_loop_name
    return {"slots": slots, "form": form} if slots or form else None


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        # SQLAlchemy 1.4 does not know psycopg 3, with which the chat server speaks to the same database.
        return create_engine(url.replace("+psycopg:", "+psycopg2:", 1), pool_pre_ping=True, future=True)
    # One connection: Rasa's event loop is one thread, and a query never waits inside.
    arguments = {"timeout": 15, "check_same_thread": False}
    engine = create_engine(url, poolclass=StaticPool, connect_args=arguments, future=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.execute(
            "PRAGMA synchronous=NORMAL"
        )  # as the chat server has it; the file itself says that it is WAL

    return engine

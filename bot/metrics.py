"""Figures for Prometheus: what this process counts, and what the database and the parts say when they are asked.

Served at /metrics to the bearer of AWARD_METRICS_TOKEN; without a token in the environment the page is not there. «Only from
loopback» would let everybody in who comes through a reverse proxy on the same machine.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, GCCollector, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.handover.cases import CaseRow
from actions.outbox import OutboxRow
from bot.conversations import WAITING, MessageRow
from bot.publication import Served, index_folder
from bot.settings import Settings
from knowledge.database import Database, utc
from knowledge.errors import DatabaseError
from knowledge.publications import Current, current
from knowledge.stages import observe_stages

PROCESS = CollectorRegistry()
ProcessCollector(registry=PROCESS)
GCCollector(registry=PROCESS)
TURNS = Counter("award_turns", "Turns by channel and how they ended", ["channel", "status"], registry=PROCESS)
TURN_SECONDS = Histogram(
    "award_turn_seconds",
    "From asking Rasa to having the answer",
    ["channel"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
    registry=PROCESS,
)
STAGE_SECONDS = Histogram(
    "award_stage_seconds",
    "Where the time of a turn goes; a stage may hold others",
    ["stage"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20),
    registry=PROCESS,
)


def _observe(stage: str, seconds: float) -> None:
    STAGE_SECONDS.labels(stage).observe(seconds)


observe_stages(_observe)


@dataclass(frozen=True, slots=True)
class Queues:
    """What waits, as the database has it; ages in seconds, 0 where nothing waits."""

    unanswered: int
    oldest_unanswered: float
    outbox: int
    oldest_outbox: float
    cases: dict[str, int]
    current: Current | None


def read_queues(session: Session, now: datetime) -> Queues:
    """One look at the database."""
    waiting = select(func.count(), func.min(MessageRow.at)).where(
        MessageRow.role == "user", MessageRow.state == WAITING
    )
    unanswered, oldest = session.execute(waiting).one()
    outgoing, first = session.execute(select(func.count(), func.min(OutboxRow.at))).one()
    cases = session.execute(select(CaseRow.state, func.count()).group_by(CaseRow.state)).all()
    return Queues(
        unanswered,
        _age(oldest, now),
        outgoing,
        _age(first, now),
        {str(state): count for state, count in cases},
        current(session),
    )


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - utc(moment)).total_seconds()) if moment else 0.0


@dataclass(frozen=True, slots=True)
class DialogueHealth:
    """How the dialogue server is, as its watch sees it."""

    ready: bool
    restarts: int
    memory_mb: int


class ServerCollector(Collector):
    """Gauges of one server, read when somebody asks."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        served: Callable[[], Served | None],
        dialogue: Callable[[], DialogueHealth],
    ) -> None:
        self._settings = settings
        self._database = database
        self._served = served
        self._dialogue = dialogue

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked while it is registered."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield from self._of_database()
        yield from self._of_publication()
        dialogue = self._dialogue()
        yield GaugeMetricFamily("award_dialogue_ready", "1 where Rasa answers", float(dialogue.ready))
        yield GaugeMetricFamily("award_dialogue_memory_bytes", "What Rasa holds", dialogue.memory_mb * 2.0**20)
        yield CounterMetricFamily("award_dialogue_restarts", "How often Rasa was started again", dialogue.restarts)

    def _of_database(self) -> Iterator[Metric]:
        now = datetime.now(UTC)
        try:
            with self._database.session() as session:
                found = read_queues(session, now)
        except DatabaseError:
            yield GaugeMetricFamily("award_database_up", "1 where the database answers", 0.0)
            return
        yield GaugeMetricFamily("award_database_up", "1 where the database answers", 1.0)
        yield GaugeMetricFamily(
            "award_unanswered_messages", "Questions acknowledged and not answered yet", found.unanswered
        )
        yield GaugeMetricFamily(
            "award_oldest_unanswered_seconds", "How long the oldest of them waits", found.oldest_unanswered
        )
        yield GaugeMetricFamily("award_outbox_messages", "Messages not delivered yet", found.outbox)
        yield GaugeMetricFamily("award_oldest_outbox_seconds", "How long the oldest of them waits", found.oldest_outbox)
        cases = GaugeMetricFamily("award_cases", "Cases of people who asked for a person", labels=["state"])
        for state, count in sorted(found.cases.items()):
            cases.add_metric([state], count)
        yield cases
        if found.current:
            yield GaugeMetricFamily(
                "award_publication_current", "The publication that is current", found.current.number
            )
            age = (now - found.current.since).total_seconds()
            yield GaugeMetricFamily("award_publication_age_seconds", "Since when it is current", age)

    def _of_publication(self) -> Iterator[Metric]:
        served = self._served()
        number = served.number if served else 0
        yield GaugeMetricFamily(
            "award_publication_served", "The publication that this server answers from; 0: none", number
        )
        if served:
            size = folder_bytes(index_folder(self._settings, served.number))
            yield GaugeMetricFamily("award_index_bytes", "Its index on disk", size)


def folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def metrics_routes(token: str | None, collector: ServerCollector) -> APIRouter:
    """GET /metrics, for the bearer of the token; to others it is not there."""
    registry = CollectorRegistry()
    registry.register(collector)
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if token is None or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise HTTPException(404)
        text = await asyncio.to_thread(lambda: generate_latest(PROCESS) + generate_latest(registry))
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return router

"""What a turn keeps so that it can be replayed: what the answerer was given, a digest of what it said, a stamp of what decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from actions.answer import Query
from actions.cached_answerer import Asked
from actions.guards import mask_personal
from bot.messages import AnswerMessage
from bot.settings import ROOT, Settings
from index.vector_store import encoder_stamp

# What answers: the content of a publication is kept with it, the rest is here. Conditions of the eligibility check are content that
# is not yet part of publications.
ANSWERING = ("knowledge/*.py", "knowledge/data/eligibility/*", "index/**/*", "actions/**/*.py", "bot/publication.py")
LIBRARIES = ("bm25s", "faiss-cpu", "numpy", "onnxruntime", "tokenizers")  # their arithmetic
STAMP = 16  # characters


def answering_stamp(settings: Settings) -> str:
    """Changes with the code, the model, the libraries and the thresholds: answers of another stamp need not be the same."""
    return _stamp(settings.encoder, settings.index.thresholds.model_dump_json())


@cache
def _stamp(encoder: str, thresholds: str) -> str:
    digest = hashlib.sha256(f"{thresholds}\0{encoder_stamp(encoder)}".encode())
    for library in LIBRARIES:
        digest.update(f"\0{library} {version(library)}".encode())
    for path in _files(ROOT):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:STAMP]


def _files(root: Path) -> list[Path]:
    found = {path for pattern in ANSWERING for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts and "training" not in path.parts)


def answer_digest(answer: Mapping[str, Any]) -> str:
    """SHA-256 over status, text and citations of an answer in its JSON form: what a replay must give again."""
    said = [answer["status"], answer["text"], answer["citations"]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def query_answered(asked: Asked, answer: AnswerMessage) -> Query | None:
    """What the answerer was asked that gave just this answer; None where a form or small talk put the answer together."""
    digest = answer_digest(answer.model_dump(mode="json"))
    return next((query for query, said in reversed(asked) if answer_digest(said.to_json()) == digest), None)


def query_record(query: Query) -> dict[str, Any]:
    """JSON for the turn's row; masked once more, because it is kept."""
    return {
        "text": mask_personal(query.text),
        "today": query.today.isoformat(),
        "previous_question": query.previous_question and mask_personal(query.previous_question),
        "previous_as_of": query.previous_as_of and query.previous_as_of.isoformat(),
    }


def read_query(record: Mapping[str, Any]) -> Query:
    """The query of a turn's row."""
    day = record["previous_as_of"]
    return Query(
        text=record["text"],
        today=date.fromisoformat(record["today"]),
        previous_question=record["previous_question"],
        previous_as_of=date.fromisoformat(day) if day else None,
    )

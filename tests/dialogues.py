"""Whole conversations as data (tests/dialogues/), and a driver that has them with a bot and answers whatever it asks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parent / "dialogues"
MOST_QUESTIONS = 30  # of one stretch; a form that asks on and on is a failure
VERDICT = "verdict"
NONE = "none"
Say = Callable[[str], Mapping[str, Any]]  # a message to the reply in Rasa's REST form


class Step(BaseModel):
    """A message or a stretch of a form, and what its (last) answer must be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str | None = None
    fill: Mapping[str, str] = Field(default_factory=dict)
    until: str | None = None
    status: str | list[str] | None = None
    slot: str | None = None
    verdict: str | None = None
    has: list[str] = Field(default_factory=list)
    lacks: list[str] = Field(default_factory=list)
    cites: list[str] = Field(default_factory=list)
    button: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Step:
        if (self.say is None) == (self.until is None) or bool(self.fill) != (self.until is not None):
            raise ValueError("a step either says something or fills until something")
        return self


class Dialogue(BaseModel):
    """One conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    steps: list[Step] = Field(min_length=1)


def read_dialogues(folder: Path = FOLDER) -> list[Dialogue]:
    """All conversations of a folder, in order; raises ValueError where an ID stands twice."""
    found = [
        Dialogue.model_validate(record)
        for path in sorted(folder.glob("*.yml"))
        for record in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    if len({one.id for one in found}) != len(found):
        raise ValueError("two dialogues have the same ID")
    return found


class Driver:
    """Has one conversation; `problems` says where it went wrong, with everything that was said."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._reply: Mapping[str, Any] = {}
        self.transcript: list[str] = []

    def run(self, dialogue: Dialogue) -> list[str]:
        """The problems of the first step that has some; what follows it would only repeat them."""
        for number, step in enumerate(dialogue.steps, 1):
            problems = self._said(step.say) if step.say is not None else self._filled(step)
            problems += self._held_against(step)
            if problems:
                return [f"step {number}: {problem}" for problem in problems]
        return []

    def _said(self, text: str) -> list[str]:
        self._reply = self._say(text)
        shown = self._reply["text"].replace("\n", " ")
        self.transcript += [
            f"> {text}",
            f"< [{self._custom('status')} {self._custom('requested_slot') or '-'}] {shown}",
        ]
        return []

    def _filled(self, step: Step) -> list[str]:
        for _ in range(MOST_QUESTIONS):
            asked = self._custom("requested_slot")
            if asked is None:
                return [] if step.until == VERDICT else [f"the form ended before {step.until} was asked"]
            words = step.fill.get(asked, step.fill.get("other"))
            if words is None:
                return [f"asked for {asked}, for which the dialogue has no words"]
            self._said(words)
            if asked == step.until:
                return []
        return [f"still asking after {MOST_QUESTIONS} answers"]

    def _held_against(self, step: Step) -> list[str]:
        text = unicodedata.normalize("NFC", self._reply["text"])
        cited = {one["id"] for one in self._custom("citations") or ()}
        titles = [one["title"] for one in self._reply.get("buttons") or ()]
        statuses = [step.status] if isinstance(step.status, str) else step.status
        slot = self._custom("requested_slot") or NONE
        return [
            problem
            for wrong, problem in [
                (
                    statuses is not None and self._custom("status") not in statuses,
                    f"status is {self._custom('status')}",
                ),
                (step.slot not in (None, slot), f"asks for {slot} instead of {step.slot}"),
                (step.verdict not in (None, self._custom(VERDICT)), f"verdict is {self._custom(VERDICT)}"),
                (step.button is not None and step.button not in titles, f"no button «{step.button}» in {titles}"),
                *((one not in cited, f"{one} is not cited but {sorted(cited)}") for one in step.cites),
                *((not _found(one, text), f"«{one}» is missing") for one in step.has),
                *((_found(one, text), f"«{one}» is there") for one in step.lacks),
            ]
            if wrong
        ]

    def _custom(self, key: str) -> Any:
        return self._reply.get("custom", {}).get(key)


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def names(dialogues: Iterable[Dialogue]) -> list[str]:
    """For pytest's IDs."""
    return [one.id for one in dialogues]

"""Which NLU pipeline: what each makes of held-out messages, and what it costs.

    .venv/bin/python -m benchmarks.intents [--only NAME] [--dev FILE]

Trains Rasa with each pipeline on the project's own data, runs it, and asks it for the intent of
- the held-out small talk and requests of tests/golden/dialogue_small_talk.tsv: how many are known, how many mistaken for another;
- questions: tests/golden/dialogue_questions.txt, wordings of FAQ entries of which none is in the training data, and with --dev those of
  a set in the form of award_dev.jsonl: how many are taken for something else («swallowed»).
The sentence embeddings of the retriever are measured outside Rasa, with the same classifier, thresholds and data: inside it, they
would need an encoder in Rasa's environment.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import yaml
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bot.dialogue import DialogueSettings, RasaSupervisor, train
from bot.settings import load_settings
from index.encoder import open_encoder

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
QUESTION = ("ask", "nlu_fallback")
Reading = tuple[str, float]  # intent after the fallback, milliseconds

SPARSE = [
    {"name": "WhitespaceTokenizer"},
    {
        "name": "CountVectorsFeaturizer",
        "strip_accents": "unicode",
        "token_pattern": r"(?u)\b\w+\b",
        "min_ngram": 1,
        "max_ngram": 2,
    },
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 2, "max_ngram": 5},
]
FALLBACK = {"name": "FallbackClassifier", "threshold": 0.6, "ambiguity_threshold": 0.2}


def diet(epochs: int) -> list[dict[str, Any]]:
    return [
        *SPARSE,
        {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "entity_recognition": False},
        FALLBACK,
    ]


PIPELINES: dict[str, list[dict[str, Any]] | None] = {
    "config.yml": None,
    "Rasa's class weights": [*SPARSE, {"name": "LogisticRegressionClassifier", "max_iter": 500}, FALLBACK],
    "DIET, 15 epochs": diet(15),
    "DIET, 40 epochs": diet(40),
}


@dataclass
class Figures:
    """What is printed of a pipeline."""

    name: str
    training_seconds: float
    memory_mb: int
    milliseconds: list[float] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)
    swallowed: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def line(self) -> str:
        total = len(self.known) + len(self.uncertain) + len(self.mistaken)
        shares = "  ".join(
            f"{kind} {len(found)}/{self.asked[kind]} ({len(found) / self.asked[kind]:.2%})"
            for kind, found in self.swallowed.items()
        )
        p50, p95 = np.percentile(self.milliseconds, [50, 95])
        return (
            f"{self.name:28} known {len(self.known)}/{total} uncertain {len(self.uncertain)} mistaken {len(self.mistaken)}"
            f" | swallowed: {shares} | {p50:.1f} / {p95:.1f} ms | training {self.training_seconds:.0f} s | {self.memory_mb} MB"
        )


def spoken() -> list[tuple[str, str]]:
    lines = (GOLDEN / "dialogue_small_talk.tsv").read_text(encoding="utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines if line and not line.startswith("#")]


def training_examples(settings: DialogueSettings) -> list[tuple[str, str]]:
    """(text, intent) of all NLU files."""
    found = []
    for path in sorted((settings.sources / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [
                (line.removeprefix("- ").strip(), block["intent"])
                for line in block["examples"].splitlines()
                if line.strip()
            ]
    return found


def questions(settings: DialogueSettings, most: int, dev: Path | None) -> dict[str, list[str]]:
    """Held-out questions by kind; the FAQ's wordings are sampled with a fixed seed."""
    trained = {text.casefold() for text, _ in training_examples(settings)}
    lines = (GOLDEN / "dialogue_questions.txt").read_text(encoding="utf-8").splitlines()
    kinds = {"golden": [line for line in lines if line and not line.startswith("#")]}
    wordings = []
    for path in sorted((ROOT / "knowledge/data/faq").rglob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            own = [entry["question"], *entry.get("variants", ())]
            wordings += own if not trained & {text.casefold() for text in own} else []
    fresh = sorted(set(wordings))
    kinds["FAQ"] = random.Random(7).sample(fresh, min(most, len(fresh)))
    if dev:
        records = [json.loads(line) for line in dev.read_text(encoding="utf-8").splitlines()]
        kinds["dev"] = [
            one["question"] for one in records if one["style"] != "small_talk" and one["expect"] != "handoff"
        ]
    return kinds


def measured(figures: Figures, read: Callable[[str], Reading], kinds: dict[str, list[str]]) -> Figures:
    for intent, text in spoken():
        found, spent = read(text)
        figures.milliseconds.append(spent)
        where = figures.known if found == intent else figures.uncertain if found in QUESTION else figures.mistaken
        where.append(f"{intent}: {text} → {found}")
    for kind, texts in kinds.items():
        figures.asked[kind] = len(texts)
        taken = [(text, read(text)[0]) for text in texts]
        figures.swallowed[kind] = [f"{text} → {found}" for text, found in taken if found not in QUESTION]
    return figures


async def through_rasa(
    name: str, pipeline: list[dict[str, Any]] | None, project: DialogueSettings, kinds: dict[str, list[str]]
) -> Figures:
    settings = replace(
        project, var=ROOT / "var" / "benchmarks" / "".join(letter for letter in name if letter.isalnum())
    )
    if pipeline is not None:
        config = yaml.safe_load(project.config.read_text(encoding="utf-8")) | {"pipeline": pipeline}
        settings.home.mkdir(parents=True, exist_ok=True)
        settings = replace(settings, config=settings.home / "pipeline.yml")
        settings.config.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    begun = time.perf_counter()
    model = await asyncio.to_thread(train, settings)
    spent = time.perf_counter() - begun
    bare = replace(settings, endpoints=ROOT / "benchmarks/bare/endpoints.yml")
    supervisor = RasaSupervisor(bare, model, "http://127.0.0.1:9/", "none")
    await supervisor.start()
    try:
        await supervisor.wait_ready()
        with httpx.Client(base_url=supervisor.base_url, trust_env=False, timeout=60) as http:

            def read(text: str) -> Reading:
                begun = time.perf_counter()
                answer = http.post(
                    "/model/parse",
                    params={"token": supervisor.token},
                    json={"text": unicodedata.normalize("NFC", text)},
                )
                return answer.raise_for_status().json()["intent"]["name"], (time.perf_counter() - begun) * 1000

            figures = await asyncio.to_thread(measured, Figures(name, spent, 0), read, kinds)
            return replace(figures, memory_mb=supervisor.memory_mb)
    finally:
        await supervisor.stop()


def by_embeddings(project: DialogueSettings, kinds: dict[str, list[str]], with_letters: bool) -> Figures:
    """The retriever's vectors, alone or beside the bags of words and letters."""
    settings = load_settings()
    encoder = open_encoder(settings.encoder, threads=1)
    texts, intents = zip(*training_examples(project), strict=True)
    bags = [
        CountVectorizer(ngram_range=(1, 2), strip_accents="unicode", token_pattern=r"(?u)\b\w+\b"),
        CountVectorizer(ngram_range=(2, 5), analyzer="char_wb"),
    ]

    def features(some: Sequence[str], fit: bool = False) -> Any:
        dense = np.concatenate([encoder.encode_queries(list(some[at : at + 64])) for at in range(0, len(some), 64)]) * 4
        if not with_letters:
            return dense
        sparse = [(bag.fit_transform(some) if fit else bag.transform(some)).toarray() for bag in bags]
        return np.hstack([dense, *sparse])

    begun = time.perf_counter()
    model = LogisticRegression(max_iter=500, class_weight="balanced").fit(features(texts, fit=True), intents)
    spent = time.perf_counter() - begun

    def read(text: str) -> Reading:
        begun = time.perf_counter()
        chances = model.predict_proba(features([text]))[0]
        order = np.argsort(-chances)
        unsure = (
            chances[order[0]] < FALLBACK["threshold"]
            or chances[order[0]] - chances[order[1]] < FALLBACK["ambiguity_threshold"]
        )
        return "nlu_fallback" if unsure else str(model.classes_[order[0]]), (time.perf_counter() - begun) * 1000

    name = "embeddings and letters" if with_letters else "embeddings"
    return measured(Figures(f"{name}, outside Rasa", spent, 0), read, kinds)


async def run(only: str | None, most: int, dev: Path | None, show: int) -> None:
    project = DialogueSettings.of_project(ROOT)
    kinds = questions(project, most, dev)
    for name, pipeline in PIPELINES.items():
        if only in (None, name):
            report(await through_rasa(name, pipeline, project, kinds), show)
    for with_letters in (False, True):
        if only in (None, "embeddings"):
            report(by_embeddings(project, kinds, with_letters), show)


def report(figures: Figures, show: int) -> None:
    print(figures.line(), flush=True)
    for text in [
        *figures.mistaken,
        *(one for kind in figures.swallowed if kind != "dev" for one in figures.swallowed[kind]),
    ][:show]:
        print(f"    {text}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help=f"one of {', '.join(PIPELINES)}, embeddings")
    parser.add_argument("--wordings", type=int, default=1500, help="how many of the FAQ's wordings are asked")
    parser.add_argument(
        "--dev", type=Path, help="a question set in the form of award_dev.jsonl; only its share is printed"
    )
    parser.add_argument("--show", type=int, default=20, help="mistakes shown")
    options = parser.parse_args()
    asyncio.run(run(options.only, options.wordings, options.dev, options.show))


if __name__ == "__main__":
    main()

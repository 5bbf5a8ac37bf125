"""Trains Rasa's model when what it is made of has changed, and only then.

A subprocess of the other environment does it (Rasa can't be imported here). Rasa gets a copy of config.yml that holds
its own keys only, so it can neither trip over the sections after them nor rewrite the file.
"""

import fcntl
import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.environment import rasa_command, rasa_environment
from bot.dialogue.settings import DialogueSettings
from bot.errors import DialogueError

RASA_KEYS = ("recipe", "assistant_id", "language", "pipeline", "policies")
DOMAIN, DATA = "domain", ("nlu", "rules")  # folders with one file a skill
CLASSIFIER = Path(__file__).with_name("inside") / "intent_classifier.py"
MODEL = "dialogue"
TIMEOUT = 600.0


def train(settings: DialogueSettings) -> Path:
    """Return the trained model's path, training first if it is missing or out of date. Raises DialogueError."""
    settings.models.mkdir(parents=True, exist_ok=True)
    model, digest_file = _model(settings), _digest_file(settings)
    with _only_one(settings.models / ".lock"):
        if is_trained(settings):
            return model
        digest = _digest(settings)  # of what is about to be trained, should a file change meanwhile
        made = _run_training(settings, rasa_config(settings.config))
        digest_file.unlink(missing_ok=True)  # so that an old digest never stands beside a new model
        made.replace(model)
        digest_file.write_text(digest)
    return model


def is_trained(settings: DialogueSettings) -> bool:
    """Tell whether the model is there and up to date, so that `train` would do nothing. Raises DialogueError."""
    digest = _digest(settings)
    stored = _digest_file(settings)
    return _model(settings).exists() and stored.exists() and stored.read_text() == digest


def _model(settings: DialogueSettings) -> Path:
    return settings.models / f"{MODEL}.tar.gz"


def _digest_file(settings: DialogueSettings) -> Path:
    return settings.models / f"{MODEL}.digest"


def rasa_config(path: Path) -> dict[str, Any]:
    """Return Rasa's keys of config.yml; all must be there, or Rasa would choose for itself."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DialogueError(f"can't read {path}: {' '.join(str(error).split())}") from error
    missing = [key for key in RASA_KEYS if not isinstance(content, dict) or not content.get(key)]
    if missing:
        raise DialogueError(f"{path} lacks {', '.join(missing)}; Rasa can't train without")
    return {key: content[key] for key in RASA_KEYS}


def _training_files(settings: DialogueSettings) -> list[Path]:
    files = [sorted((settings.sources / folder).glob("*.yml")) for folder in (DOMAIN, *DATA)]
    if not all(files):
        raise DialogueError(f"{settings.sources} needs files in {', '.join((DOMAIN, *DATA))}")
    return [file for folder in files for file in folder]


def _digest(settings: DialogueSettings) -> str:
    """Return a digest of all that the model depends on, Rasa's version too."""
    config = rasa_config(settings.config)
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode())
    for installed in sorted(settings.python.parent.parent.glob("lib/python*/site-packages/rasa-*.dist-info")):
        digest.update(installed.name.encode())
    for file in (*_training_files(settings), CLASSIFIER):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise DialogueError(f"can't read {file}: {error.strerror}") from error
        digest.update(f"\0{file.parent.name}/{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _run_training(settings: DialogueSettings, config: dict[str, Any]) -> Path:
    """Run `rasa train` and return the new model, which lies beside the old one."""
    config_file = settings.home / "config.yml"
    config_file.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    fresh = settings.models / "new"
    log = settings.logs / "rasa-train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    sources = settings.sources.resolve()
    command = rasa_command(
        settings,
        *("train", "--force", "--fail-on-validation-warnings"),
        *("--fixed-model-name", MODEL, "--out", str(fresh.resolve())),
        *("--config", str(config_file.resolve()), "--domain", str(sources / DOMAIN)),
        *("--data", *(str(sources / folder) for folder in DATA)),
    )
    with log.open("wb") as output:
        try:
            done = subprocess.run(
                command,
                cwd=settings.home,
                env=rasa_environment(settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DialogueError(f"rasa train took longer than {TIMEOUT:.0f} s; see {log}") from error
    model = fresh / f"{MODEL}.tar.gz"
    if done.returncode != 0 or not model.exists():
        raise DialogueError(f"rasa train failed: {_last_words(log)}; see {log}")
    return model


def _last_words(log: Path) -> str:
    """Return the line of a log that names the failure: the last that is neither a stack frame nor a pointer to docs."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    telling = [line.strip() for line in lines if line.strip() and not line.startswith(" ") and "http" not in line]
    return telling[-1][:300] if telling else "it said nothing"


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Hold back a second training of the same folder until the first has ended."""
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

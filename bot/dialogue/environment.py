"""How Rasa's processes are started: the command line and the environment, the same for training and for serving."""

import os
from pathlib import Path

from bot.dialogue.settings import DialogueSettings
from bot.errors import DialogueError

BOOT = Path(__file__).with_name("inside") / "boot.py"

# The rest of our environment holds secrets of the chat server, which Rasa needs for nothing.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SYSTEMROOT")

FIXED = {
    "RASA_TELEMETRY_ENABLED": "false",  # opens connections to other hosts otherwise
    "RASA_MAX_CACHE_SIZE": "0",
    "SANIC_WORKERS": "1",  # a second worker needs a shared lock store and tracker store
    "CUDA_VISIBLE_DEVICES": "",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "NO_COLOR": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8",
}


def rasa_command(settings: DialogueSettings, *arguments: str) -> list[str]:
    """Return the command that runs Rasa with `arguments`; raises DialogueError when its environment is missing."""
    if not settings.python.exists():
        raise DialogueError(f"Rasa's Python is not at {settings.python}; run make setup")
    return [str(settings.python), str(BOOT), *arguments]


def rasa_environment(settings: DialogueSettings) -> dict[str, str]:
    """Return the environment of a process that `rasa_command` starts from this process."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return (
        passed_on
        | FIXED
        | {
            # Bytecode lands here also where the environment is read-only: a start takes 5 s with it, 14 s without.
            "PYTHONPYCACHEPREFIX": str(settings.home / "bytecode"),
            "MPLCONFIGDIR": str(settings.home / "matplotlib"),
            "AWARD_PARENT": str(os.getpid()),
        }
    )

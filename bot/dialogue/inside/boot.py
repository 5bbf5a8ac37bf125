"""Runs Rasa's command line. Run as a file by Rasa's own Python 3.10, so it imports nothing of ours.

Three things that no option of Rasa 3.6 gives:

- Its parent's death ends it, also when the parent was killed and could not say so, and also when Rasa itself hangs:
  the kernel does that on Linux, a thread that watches the parent elsewhere.
- Reading the classifier asks skops, which imports all of scikit-learn to learn its class names: 6 s of a start of 11.
  The one class that our pipeline stores is named to it instead.
- Rasa checks its own constant schema of an action's response against the JSON Schema specification in every turn:
  21 ms of a turn of 31. That a schema passed is remembered.
"""

import ctypes
import importlib
import json
import os
import runpy
import signal
import sys
import threading
import time
from typing import Any

PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """End this process when `parent` has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it died before the kernel was told
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def name_the_classifier() -> None:
    """Answer skops's question for all estimators with the one that is stored; any other stays untrusted, so unread."""
    estimators = [("LogisticRegression", importlib.import_module("sklearn.linear_model").LogisticRegression)]
    vars(importlib.import_module("sklearn.utils"))["all_estimators"] = lambda *args, **kwargs: estimators


def check_each_schema_once() -> None:
    """Let jsonschema remember which schemas are valid."""
    validator = importlib.import_module("jsonschema").Draft202012Validator
    check = validator.check_schema
    valid = set()

    def check_once(schema: Any, *args: Any, **kwargs: Any) -> None:
        key = json.dumps(schema, sort_keys=True)
        if key not in valid:
            check(schema, *args, **kwargs)
            valid.add(key)

    validator.check_schema = staticmethod(check_once)


if __name__ == "__main__":
    sys.path.append(sys.path.pop(0))  # this folder, for state_store; behind Rasa's own, so that no name hides one
    die_with(int(os.environ["AWARD_PARENT"]))
    name_the_classifier()
    check_each_schema_once()
    if token := os.environ.pop("AWARD_RASA_TOKEN", None):
        sys.argv.append(f"--auth-token={token}")  # added here, so that no list of processes shows it
    runpy.run_module("rasa", run_name="__main__", alter_sys=True)

"""The small form of `benchmarks.channels deliver`: a server that is killed loses nothing and answers nothing twice beyond what it counts."""

from __future__ import annotations

import subprocess
import sys

from shipped import ROOT


def test_kills_lose_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.channels", "deliver", "--count", "90", "--kills", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0" in done.stdout

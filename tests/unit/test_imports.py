"""Rules about the repository itself: imports point one way, and no file names a machine.

Imports: knowledge ← index ← actions ← bot. bot/dialogue/inside/ is run by Rasa's own Python and imports nothing of ours.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from shipped import ROOT

ROOMS = ("knowledge", "index", "actions", "bot")
INSIDE = "bot/dialogue/inside/"
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def _imports(source: str, path: str) -> set[str]:
    """First names of all modules that are imported, also inside functions and behind a condition."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "importlib.import_module",
            "__import__",
            "import_module",
        ):
            name = node.args[0]
            found.add(str(name.value).partition(".")[0] if isinstance(name, ast.Constant) else "?")
    return found


def _forbidden(room: str) -> set[str]:
    return {*ROOMS[ROOMS.index(room) + 1 :], "tests"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    found = _imports(path.read_text(encoding="utf-8"), name)
    room = name.partition("/")[0]
    assert found & _forbidden(room) == set()
    if name.startswith(INSIDE):
        assert found & set(ROOMS) == set()


def test_the_rule_would_see_an_import_that_points_back() -> None:
    source = "def f():\n    from bot.app import create_app\n    import index.hybrid\n    importlib.import_module('actions.answer')\n"
    assert _imports(source, "x") & _forbidden("knowledge") == {"bot", "index", "actions"}
    assert len(MODULES) > 60


def test_rasa_gets_nothing_of_ours() -> None:
    """Its process is started in a folder of its own with files that import nothing of ours and that Python 3.10 can read."""
    files = sorted((ROOT / INSIDE).glob("*.py"))
    assert len(files) >= 2
    for file in files:
        ast.parse(file.read_text(encoding="utf-8"), file.name, feature_version=(3, 10))
    assert "PYTHONPATH" not in (ROOT / "bot/dialogue/environment.py").read_text(encoding="utf-8")


# What only one machine has, in pieces, so that this file does not name it.
_HOMES = re.compile(
    r"(?<![\w.:/~])/(?:"
    + "|".join(["ho" + "me", "ro" + "ot", "wo" + "rk", "Us" + "ers", "mn" + "t", "priv" + "ate"])
    + r")/[\w.-]"
)
_SHARED = re.compile("/wo" + "rk/sha" + "red")
_REGISTRIES = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "python" + "hosted",
            "npm" + "js",
            "artifact" + "ory",
            "nex" + "us3?[./]",
            "hugging" + r"face\.co",
        ]
    )
)
_INDEX = re.compile(r"--(?:extra-)?index-url|--find-links[= ]['\"]?(?:https?:|/)")
_TEXT = {
    ".py",
    ".md",
    ".yml",
    ".yaml",
    ".toml",
    ".sh",
    ".txt",
    ".in",
    ".json",
    ".jsonl",
    ".js",
    ".css",
    ".html",
    ".svg",
    ".tsv",
    ".cfg",
    ".ini",
    "",
}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix in _TEXT]


def _machine_names(text: str) -> list[str]:
    return [found[0] for pattern in (_HOMES, _SHARED, _REGISTRIES, _INDEX) for found in pattern.finditer(text)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    paths = _tracked()
    assert len(paths) > 100
    named = {}
    for path in paths:
        if found := _machine_names(path.read_text(encoding="utf-8", errors="replace")):
            named[path.relative_to(ROOT).as_posix()] = found[:3]
    assert named == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see /ho" + "me/nam/x", True),
        ("cd /wo" + "rk/main", True),
        ("'/wo" + "rk/sha" + "red/eval'", True),
        ("pip install --index" + "-url https://x", True),
        ("https://pypi" + ".org/simple", True),
        ("~/work/x", False),
        ("https://example.vn/home/tin", False),
        ("bot/web/work/x", False),
        ("./root/x", False),
        ('--find-links "$links"', False),
    ],
)
def test_the_rule_tells_paths_of_machines_from_others(text: str, named: bool) -> None:
    assert bool(_machine_names(text)) is named

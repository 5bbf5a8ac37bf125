"""An index is of the code and the data that decide what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.stamp import DECIDING, index_stamp
from shipped import ROOT


@pytest.mark.parametrize("name", DECIDING)
def test_the_stamp_changes_with_everything_that_decides(name: str) -> None:
    path = ROOT / "index" / name
    stamped, before, real = index_stamp.__wrapped__("model"), path.read_bytes(), Path.read_bytes

    def changed(self: Path) -> bytes:
        return before + b"#" if self == path else real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", changed)
        assert index_stamp.__wrapped__("model") != stamped


def test_another_encoder_has_another_stamp_wherever_its_folder_lies(tmp_path: Path) -> None:
    here, there = tmp_path / "here" / "e5", tmp_path / "there" / "e5"
    assert index_stamp(str(here)) == index_stamp(str(there)) != index_stamp("somebody/e5")
    there.mkdir(parents=True)
    (there / "converted-by").write_text("another conversion")
    assert index_stamp.__wrapped__(str(here)) != index_stamp.__wrapped__(str(there))


def test_every_module_that_builds_is_among_them() -> None:
    """What the modules of the list import within the room is in the list too."""
    for name in [one for one in DECIDING if one.endswith(".py") and one not in ("conversion.py",)]:
        source = (ROOT / "index" / name).read_text(encoding="utf-8")
        imported = {
            line.split()[1].removeprefix("index.") for line in source.splitlines() if line.startswith("from index.")
        }
        assert {f"{one}.py" for one in imported} - {*DECIDING, "errors.py", "vector_store.py"} == set(), name

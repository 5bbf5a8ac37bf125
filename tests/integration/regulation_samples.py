"""Holds an import against what a manifest of samples expects of it; the same for the shared samples and for our own."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from knowledge.importing import ImportProposal, ImportRefused, Severity, import_file
from knowledge.importing.proposal import ChangeKind, ProposedProvision

KINDS = {"replace": ChangeKind.AMEND}  # the manifest's word for ours


def entries(folder: Path) -> list[Any]:
    """One parameter a file of the manifest, none where the folder is absent."""
    if not (folder / "manifest.json").exists():
        return []
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    return [pytest.param(folder, one["path"], one["expected"], id=one["path"]) for one in files]


def check(folder: Path, path: str, expected: dict[str, Any], document: str) -> None:
    """Fails with the difference where a file does not give its expected outcome, or one of its alternatives."""
    if expected["outcome"] == "rejected":
        with pytest.raises(ImportRefused, match=": hãy ") as refused:
            import_file(folder / path, document=document)
        assert str(refused.value.situation) == expected["error"]
        return
    proposal = import_file(folder / path, document=document)
    if str(proposal.outcome) != expected["outcome"]:
        expected = expected | expected["alternative"]
    assert str(proposal.outcome) == expected["outcome"], proposal.report.text()
    check_counts(proposal, expected)
    check_report(proposal, expected)
    check_content(proposal, expected, folder, document)
    assert ImportProposal.from_json(proposal.to_json()) == proposal


def check_counts(proposal: ImportProposal, expected: dict[str, Any]) -> None:
    counts = proposal.report.counts
    for name in ("articles", "clauses", "points", "tables"):
        if name in expected:
            assert getattr(counts, name) == expected[name], name
    if "articles_found" in expected:
        assert counts.articles == expected["articles_found"]
    if "table_rows" in expected:
        rows = proposal.tables[0].rows
        assert (len(rows), len(rows[0])) == (expected["table_rows"], expected["table_columns"])
        plain = [(re.sub(r"^\d+\. ", "", name), points) for name, points in rows]
        assert all((name, str(points)) in plain for name, points in expected["rows"])


def check_report(proposal: ImportProposal, expected: dict[str, Any]) -> None:
    codes = {str(code) for code in proposal.report.codes(Severity.WARNING, Severity.REFUSE)}
    assert set(expected.get("warnings", [])) <= codes
    places = [finding.where for finding in proposal.report.findings]
    assert all(gap in places for gap in expected.get("gaps", []))
    assert all(number in places for number in expected.get("duplicates", []))
    if "encoding" in expected:
        assert proposal.encoding == expected["encoding"]
        assert any(expected["encoding"] in finding.sentence for finding in proposal.report.findings)


def check_content(proposal: ImportProposal, expected: dict[str, Any], folder: Path, document: str) -> None:
    ids = {str(one.id) for one in proposal.provisions}
    assert set(expected.get("ids_include", [])) <= ids
    for name, value in expected.get("metadata", {}).items():
        assert str(getattr(proposal.header, name)) == value
    assert proposal.fictional == expected.get("fictional", False)
    everything = proposal.to_json()
    for words in expected.get("must_not_contain", []):
        assert words not in "\n".join(one.official_text + one.closing_official_text for one in proposal.provisions)
        assert words not in everything or words.startswith("CỘNG HÒA") or words == "Trang "
    check_amendments(proposal, expected)
    if "text_equals" in expected:
        check_text(proposal, expected["text_equals"], folder, document)


def check_amendments(proposal: ImportProposal, expected: dict[str, Any]) -> None:
    found = {(str(one.target), one.kind): one for one in proposal.amendments}
    for one in expected.get("amendments", []):
        amendment = found[one["target"], KINDS.get(one["kind"]) or ChangeKind(one["kind"])]
        assert str(amendment.effective) == one["valid_from"]
        assert amendment.complete == one.get("complete", True)
    after = expected.get("after")
    if after:
        text = found[after["id"], ChangeKind.AMEND].text
        assert all(words in text for words in after["contains"])
    touched = {str(one.target) for one in proposal.amendments}
    assert touched.isdisjoint(expected.get("unchanged", []))


def check_text(proposal: ImportProposal, same_as: str, folder: Path, document: str) -> None:
    """The same provisions with the same words as another file; «Điều 57 của X» is a part of one."""
    match = re.match(r"Điều (\d+) của (\S+)", same_as)
    other = import_file(folder / (match[2] if match else same_as), document=document)
    theirs = [one for one in other.provisions if not match or one.id.article == match[1]]
    assert folded(proposal.provisions) == folded(theirs)


def folded(provisions: Any) -> list[tuple[str, str, str]]:
    """Official texts with the white space folded, as the manifest compares them."""

    def words(text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).split())

    def of(one: ProposedProvision) -> tuple[str, str, str]:
        return str(one.id), words(one.official_text), words(one.closing_official_text)

    return [of(one) for one in provisions]

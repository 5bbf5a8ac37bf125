"""Proposals from texts that are written in the test, and accepting them onto a corpus without a database."""

from __future__ import annotations

from pathlib import Path

from knowledge.acceptance import Choices
from knowledge.acceptance.applying import Applied, apply
from knowledge.acceptance.choices import settle
from knowledge.corpus import Corpus
from knowledge.importing import ImportProposal, parse_upload

SAMPLES = Path(__file__).parent / "samples" / "regulations"


def sample(name: str, document: str = "") -> ImportProposal:
    """The proposal of one of the project's own sample files, read in this process."""
    return parse_upload((SAMPLES / name).read_bytes(), name, document)


def decree(number: str, signed: str, *lines: str) -> ImportProposal:
    """A decree of plain text: «0099/2099/NĐ-CP», «05/3/2099», then its articles; the first line is its title."""
    day, month, year = signed.split("/")
    head = [
        "CHÍNH PHỦ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"Số: {number}",
        f"Hà Nội, ngày {day} tháng {month} năm {year}",
        "NGHỊ ĐỊNH",
    ]
    return parse_upload("\n".join((*head, *lines)).encode(), f"{number.split('/')[0]}.txt")


def accepted(corpus: Corpus, proposal: ImportProposal, choices: Choices | None = None) -> Applied:
    """The content with the proposal in it; samples say that they are fictional, so they are accepted as trials."""
    chosen = choices or Choices(trial=True)
    return apply(settle(proposal, chosen, corpus), corpus, chosen)

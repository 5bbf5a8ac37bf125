"""Who is asked before a publication becomes current: leaving out those that can't lose changes nothing."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from bot import verification
from bot.publication import index_folder, open_answerer
from bot.settings import IndexSettings, Settings
from bot.verification import Verification, entries_to_ask, find_losers
from fake_encoder import HashEncoder
from index import build
from index.build import build_index
from knowledge.corpus import Corpus
from knowledge.faq import FaqEntry
from knowledge.publications import Publication
from knowledge.vietnamese import fold
from small_corpus import entry, small_corpus

WORDS = "hồ sơ giải thưởng điều kiện bao lâu nộp ở đâu lệ phí ai được xét tặng mấy tháng".split()


@pytest.fixture(autouse=True)
def few_declined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seventeen hundred questions of other worlds would be most of the work here."""
    monkeypatch.setattr(
        build, "read_declined", lambda: ["giá vàng hôm nay", "thời tiết ngày mai", "kết quả bóng đá"] * 2
    )


def crowded(seed: int) -> Corpus:
    """Entries of few words, so that many have another's question among their wordings, with accents or without."""
    chance = random.Random(seed)

    def question() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(2, 4)))

    asked = [question() for _ in range(60)]
    entries = [
        entry(f"e-{number}", text, "Đáp.", question(), fold(chance.choice(asked)) if number % 7 == 0 else question())
        for number, text in enumerate(asked)
    ]
    return Corpus(small_corpus().documents, (), tuple(entries))


def ask(corpus: Corpus, before: Corpus | None, folder: Path) -> tuple[tuple[FaqEntry, ...], Verification]:
    settings = Settings(root=folder, index=IndexSettings(encoder="hash"))
    build_index(corpus, HashEncoder("hash"), index_folder(settings, 1))
    answerer = open_answerer(settings, Publication(1, corpus), HashEncoder("hash"))
    found = verification.verify(answerer, before, folder / "none.jsonl", settings.index.verification, settings.today())
    assert found.losers == find_losers(answerer, entries_to_ask(answerer, before))
    everyone = find_losers(answerer, corpus.faq)
    assert found.losers == everyone
    return entries_to_ask(answerer, before), found


@pytest.mark.parametrize("seed", range(4))
def test_who_is_left_out_loses_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "SAMPLE", 1)
    corpus = crowded(seed)
    asked, found = ask(corpus, corpus, tmp_path)
    assert found.losers  # else this test shows nothing
    assert len(asked) == found.asked < found.entries


def test_new_and_changed_entries_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "SAMPLE", 1)
    numbers = "một hai ba bốn năm sáu bảy tám chín".split()
    before = Corpus(
        small_corpus().documents, (), tuple(entry(f"e-{one}", f"câu hỏi số {one}", "Đáp.") for one in numbers)
    )
    changed = replace(before.faq[4], vietnamese=replace(before.faq[4].vietnamese, answer="Khác."))
    after = replace(before, faq=(*before.faq[:4], changed, *before.faq[5:], entry("moi", "câu hỏi mới tinh", "Đáp.")))
    asked, found = ask(after, before, tmp_path)
    assert [one.id for one in asked] == ["e-một", "e-năm", "moi"]  # the first is the sample
    assert (found.entries, found.asked, found.losers) == (10, 3, ())
    assert "10 of 10 entries are found first by their own question (3 asked)" in found.text()


def test_the_first_publication_asks_for_all(tmp_path: Path) -> None:
    corpus = crowded(9)
    asked, found = ask(corpus, None, tmp_path)
    assert asked == corpus.faq
    assert found.asked == found.entries == 60


def test_a_report_of_an_earlier_version_can_be_read() -> None:
    record = Verification(5, 5, (), 0, (), ()).to_json()
    del record["asked"]
    assert Verification.from_json(record).asked == 5

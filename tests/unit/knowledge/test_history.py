"""What a provision said on a day, and what made and ended each wording."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.corpus import Corpus
from knowledge.documents import Document, Period, Provision
from knowledge.errors import ContentError, UnknownId
from knowledge.history import ComingChange, coming_change, history, official_text_on, wording_on
from small_corpus import document, pid

DECREE = Period(date(2026, 1, 23))
BEFORE = Period(date(2026, 1, 23), date(2026, 12, 31))
AFTER = Period(date(2027, 1, 1))
OLD_DAY, LAST_DAY, NEW_DAY = date(2026, 6, 1), date(2026, 12, 31), date(2027, 1, 1)
AMENDING = pid("ND5-2027:1.1")


def _piece(identity: str, valid: Period = DECREE, official: str | None = None, **more: object) -> Provision:
    fields: dict[str, object] = {"summary": f"tóm tắt {identity}", "official_text": official}
    return Provision(pid(identity), valid, **(fields | more))  # type: ignore[arg-type]


def _amended(official: bool = True) -> Corpus:
    """Article 9 with two clauses; the first is replaced on 1 January 2027, the second has a point."""

    def words(text: str) -> str | None:
        return text if official else None

    decree = document(
        "ND1-2026",
        "1/2026/NĐ-CP",
        DECREE,
        _piece("ND1-2026:9", official=words("Điều 9. Mở"), official_closing=words("Đóng."), title="Mở"),
        _piece("ND1-2026:9.1", BEFORE, words("1. Cũ"), ended_by=AMENDING),
        _piece("ND1-2026:9.1", AFTER, words("1. Mới"), made_by=AMENDING, summary="bản mới"),
        _piece("ND1-2026:9.2", official=words("2. Hai:")),
        _piece("ND1-2026:9.2.a", official=words("a) Một.")),
    )
    return _corpus(decree)


def _corpus(*documents: Document) -> Corpus:
    amending = document("ND5-2027", "5/2027/NĐ-CP", AFTER, _piece("ND5-2027:1.1", AFTER))
    return Corpus((*documents, amending), (), ())


def test_a_day_gives_the_words_of_that_day_with_everything_below() -> None:
    corpus = _amended()
    old = wording_on(corpus, pid("ND1-2026:9"), LAST_DAY)
    new = wording_on(corpus, pid("ND1-2026:9"), NEW_DAY)
    assert old is not None
    assert new is not None
    assert (old.text, old.official) == ("Điều 9. Mở\n1. Cũ\n2. Hai:\na) Một.\nĐóng.", True)
    assert (new.text, new.official) == ("Điều 9. Mở\n1. Mới\n2. Hai:\na) Một.\nĐóng.", True)
    assert wording_on(corpus, pid("ND1-2026:9"), date(2026, 1, 22)) is None


def test_an_article_has_a_history_of_its_clauses() -> None:
    corpus = _amended()
    first, second = history(corpus, pid("ND1-2026:9"))
    assert (first.valid, second.valid) == (BEFORE, AFTER)
    assert (first.made_by, first.ended_by) == ((), (AMENDING,))
    assert (second.made_by, second.ended_by) == ((AMENDING,), ())
    assert "1. Cũ" in first.wording.text
    assert "1. Mới" in second.wording.text


def test_a_clause_has_its_own_history_only() -> None:
    corpus = _amended()
    assert [one.valid for one in history(corpus, pid("ND1-2026:9.1"))] == [BEFORE, AFTER]
    assert [one.valid for one in history(corpus, pid("ND1-2026:9.2"))] == [DECREE]
    assert [one.wording.text for one in history(corpus, pid("ND1-2026:9.2"))] == ["2. Hai:\na) Một."]


def test_official_text_and_summary_are_never_mixed() -> None:
    half = document(
        "ND1-2026",
        "1/2026/NĐ-CP",
        DECREE,
        _piece("ND1-2026:9", official="Điều 9. Mở"),
        _piece("ND1-2026:9.1"),
    )
    wording = wording_on(_corpus(half), pid("ND1-2026:9"), OLD_DAY)
    assert wording is not None
    assert (wording.text, wording.official) == ("tóm tắt ND1-2026:9", False)
    assert official_text_on(_corpus(half), pid("ND1-2026:9"), OLD_DAY) is None


def test_a_provision_with_official_text_only_never_shows_an_empty_summary() -> None:
    half = document(
        "ND1-2026",
        "1/2026/NĐ-CP",
        DECREE,
        _piece("ND1-2026:9", official="Điều 9. Mở", summary="", official_closing="Đóng."),
        _piece("ND1-2026:9.1"),
    )
    wording = wording_on(_corpus(half), pid("ND1-2026:9"), OLD_DAY)
    assert wording is not None
    assert (wording.text, wording.official) == ("Điều 9. Mở\nĐóng.", True)


@pytest.mark.parametrize("official", [True, False])
def test_a_stored_change_is_seen_coming_by_the_clause_and_by_its_article(official: bool) -> None:
    corpus = _amended(official)
    change = ComingChange(NEW_DAY, AMENDING, ends=False)
    assert coming_change(corpus, pid("ND1-2026:9.1"), OLD_DAY) == change
    assert coming_change(corpus, pid("ND1-2026:9"), OLD_DAY) == change
    assert coming_change(corpus, pid("ND1-2026:9.2"), OLD_DAY) is None
    assert coming_change(corpus, pid("ND1-2026:9"), NEW_DAY) is None


def test_a_provision_that_ends_is_seen_ending() -> None:
    ended = _piece("ND1-2026:3", BEFORE, ended_by=AMENDING)
    corpus = _corpus(document("ND1-2026", "1/2026/NĐ-CP", DECREE, ended))
    assert coming_change(corpus, ended.id, OLD_DAY) == ComingChange(NEW_DAY, AMENDING, ends=True)
    assert coming_change(corpus, ended.id, NEW_DAY) is None


def test_what_is_not_held_has_no_history() -> None:
    with pytest.raises(UnknownId, match="no provision ND1-2026:77"):
        history(_amended(), pid("ND1-2026:77"))


def test_a_cause_must_be_in_a_regulation_that_is_held() -> None:
    stray = document("ND1-2026", "1/2026/NĐ-CP", DECREE, _piece("ND1-2026:9", made_by=pid("ND9-1999:1")))
    with pytest.raises(ContentError, match="ND1-2026:9 names ND9-1999:1"):
        _corpus(stray).check()

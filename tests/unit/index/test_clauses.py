"""Articles cut into clauses."""

from __future__ import annotations

import pytest

from index.clauses import WORDS, cut_clauses


def words(count: int, mark: str = "") -> str:
    return " ".join(["từ"] * (count - 1) + ["từ" + mark])


def test_short_lines_are_joined() -> None:
    assert cut_clauses("1. Một.\n2. Hai.") == ["1. Một. 2. Hai."]


def test_lines_stay_whole() -> None:
    lines = [words(70, "."), words(70, "."), words(120, ".")]
    assert cut_clauses("\n".join(lines)) == lines


def test_a_long_line_is_cut_at_the_end_of_a_sentence() -> None:
    text = f"{words(80, '.')} {words(80, ';')} {words(20, '.')}"
    assert [len(clause.split()) for clause in cut_clauses(text)] == [80, 100]


@pytest.mark.parametrize("count", [1, 99, 100, 131, 1000])
def test_no_word_is_lost(count: int) -> None:
    clauses = cut_clauses(words(count))
    assert sum(len(clause.split()) for clause in clauses) == count
    assert max(len(clause.split()) for clause in clauses) <= 1.3 * WORDS


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_article_has_one_empty_clause(text: str) -> None:
    assert cut_clauses(text) == [""]

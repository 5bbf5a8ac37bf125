"""Putting questions together: everything is in one group, nothing is lost by looking at rare syllables only."""

from __future__ import annotations

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.staff.grouping import ALIKE, group_alike
from index.tokenizer import folded, syllables

QUESTION = st.lists(st.sampled_from("lệ phí nộp hồ sơ ở đâu bao nhiêu giải thưởng quốc gia hạn".split()), max_size=7)
QUESTIONS = st.lists(QUESTION.map(" ".join), max_size=25)


def test_the_same_question_in_other_words_is_one_group() -> None:
    texts = [
        "Lệ phí dự giải là bao nhiêu?",
        "le phi du giai bao nhieu",
        "Nộp hồ sơ ở Huế được không?",
        "LỆ PHÍ dự giải bao nhiêu vậy",
        "hồ sơ nộp ở Huế được không",
        "Thời tiết hôm nay thế nào?",
    ]
    assert group_alike(texts) == [[0, 1, 3], [2, 4], [5]]


@given(QUESTIONS)
def test_every_text_is_in_one_group_and_like_the_first_of_it(texts: list[str]) -> None:
    groups = group_alike(texts)
    assert sorted(place for one in groups for place in one) == list(range(len(texts)))
    assert all(one == sorted(one) for one in groups)


@given(QUESTIONS)
def test_rare_syllables_find_all_that_is_alike(texts: list[str]) -> None:
    """As comparing each with each would."""
    words = [frozenset(folded(syllables(text))) for text in texts]
    counts = Counter(word for one in words for word in one)
    weight = {word: math.log(1 + len(texts) / count) for word, count in counts.items()}

    def alike(one: int, other: int) -> float:
        both, either = words[one] & words[other], words[one] | words[other]
        return sum(weight[word] for word in both) / sum(weight[word] for word in either) if either else 0.0

    led = [group[0] for group in group_alike(texts)]
    for at, leader in enumerate(led):
        assert all(alike(leader, earlier) < ALIKE + 1e-9 for earlier in led[:at])

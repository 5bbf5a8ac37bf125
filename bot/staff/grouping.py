"""Questions that ask for the same thing, put together by the syllables that they share; no model, so that a page may do it each time.

Syllables weigh by how rare they are among the questions at hand (inverse document frequency), and two questions belong together where
the weight of what they share is at least half of the weight of all that either has (weighted Jaccard similarity). Only groups that share
one of a question's rarest syllables are compared: what is left out weighs too little to reach the half (prefix filtering, as in
Chaudhuri, Ganti and Kaushik, «A primitive operator for similarity joins in data cleaning», 2006).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from index.tokenizer import folded, syllables

ALIKE = 0.5


def group_alike(texts: Sequence[str], alike: float = ALIKE) -> list[list[int]]:
    """Places of the texts, by group; the first of a group is the text that the others are like. Earlier texts lead."""
    words = [frozenset(folded(syllables(text))) for text in texts]
    known = Counter(word for one in words for word in one)
    weight = {word: math.log(1 + len(texts) / count) for word, count in known.items()}
    total = [sum(weight[word] for word in one) for one in words]
    groups: list[list[int]] = []
    led_by: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(words):
        rare = sorted(own, key=lambda word: (-weight[word], word))
        near = dict.fromkeys(group for word in _prefix(rare, weight, alike * total[place]) for group in led_by[word])
        best = max(((_likeness(own, words[groups[one][0]], weight), -one) for one in near), default=(0.0, 0))
        if best[0] >= alike:
            groups[-best[1]].append(place)
            continue
        for word in own:
            led_by[word].append(len(groups))
        groups.append([place])
    return groups


def _prefix(rare: list[str], weight: dict[str, float], needed: float) -> list[str]:
    """So many of the rarest that the others together weigh less than what is needed."""
    left = sum(weight[word] for word in rare)
    for at, word in enumerate(rare):
        if left < needed - 1e-9:
            return rare[:at]
        left -= weight[word]
    return rare


def _likeness(one: frozenset[str], other: frozenset[str], weight: dict[str, float]) -> float:
    both = sum(weight[word] for word in one & other)
    either = sum(weight[word] for word in one | other)
    return both / either if either else 0.0

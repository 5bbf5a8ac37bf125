"""Content of any size for measuring: the shipped one, and made-up regulations and FAQ entries beside it.

Sentences are random walks over the neighbouring syllables of the shipped content, so terms are as frequent and as ambiguous without
accents as in real content; every one is different. Made-up regulations are named as such (`MAU12-2025`).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from index.tokenizer import syllables
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.documents import Document, Period, Provision
from knowledge.faq import FaqEntry, FaqKind, Wording
from knowledge.vietnamese import fold

ARTICLES, CLAUSES = 20, 9  # of a made-up regulation: 20 articles with 9 clauses each are 200 provisions
VALID = Period(date(2025, 1, 1))


class Sentences:
    """An endless supply of sentences; the same ones for the same seed."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._random = random.Random(seed)
        self._next: dict[str, list[str]] = defaultdict(list)
        for text in _texts(corpus):
            for left, right in pairwise(syllables(text)):
                self._next[left].append(right)
        self._begin = sorted(self._next)
        self._said: set[str] = set()

    def sentence(self, shortest: int, longest: int) -> str:
        """One that was not said before."""
        while True:
            words = [self._random.choice(self._begin)]
            for _ in range(self._random.randint(shortest, longest) - 1):
                words.append(self._random.choice(self._next.get(words[-1]) or self._begin))
            text = " ".join(words)
            if text not in self._said:
                self._said.add(text)
                return text[0].upper() + text[1:]


def generated_corpus(base: Corpus, provisions: int, entries: int, seed: int = 1) -> Corpus:
    """`base` with made-up pieces up to that many provisions and FAQ entries."""
    sentences = Sentences(base, seed)
    documents = [*base.documents, *_regulations(sentences, provisions - sum(1 for _ in base.provisions()))]
    faq = [*base.faq, *(_entry(sentences, number) for number in range(entries - len(base.faq)))]
    return replace(base, documents=tuple(documents), faq=tuple(faq))


def edited(corpus: Corpus, answer: str) -> Corpus:
    """With another answer and one more wording in its last entry: what an officer does before publishing."""
    last = corpus.faq[-1]
    wording = replace(last.vietnamese, answer=answer, variants=(*last.vietnamese.variants, f"{answer} là sao ạ"))
    return replace(corpus, faq=(*corpus.faq[:-1], replace(last, vietnamese=wording)))


def _entry(sentences: Sentences, number: int) -> FaqEntry:
    """A question with two more wordings, one of them without accents."""
    question = sentences.sentence(8, 14)
    variants = (sentences.sentence(6, 12), fold(sentences.sentence(6, 12)))
    answer = ". ".join(sentences.sentence(10, 22) for _ in range(2)) + "."
    return FaqEntry(f"mau-{number}", "mẫu", FaqKind.ANSWER, Wording(f"{question}?", variants, answer))


def _regulations(sentences: Sentences, provisions: int) -> Iterator[Document]:
    number = 0
    while provisions > 0:
        number += 1
        name = f"MAU{number}-2025"
        pieces = list(_provisions(sentences, name))[:provisions]
        provisions -= len(pieces)
        yield Document(
            id=name,
            number=f"{number}/2025/MAU",
            type="Quyết định",
            title="Văn bản mẫu để đo",
            issuer="Không có",
            signed=VALID.start,
            valid=VALID,
            source=None,
            checked_against=None,
            status_note=None,
            rank=5,
            provisions=tuple(pieces),
        )


def _provisions(sentences: Sentences, document: str) -> Iterator[Provision]:
    for article in range(1, ARTICLES + 1):
        place = ProvisionId.parse(f"{document}:{article}")
        yield Provision(place, VALID, sentences.sentence(20, 40), title=sentences.sentence(5, 12))
        for clause in range(1, CLAUSES + 1):
            yield Provision(ProvisionId.parse(f"{document}:{article}.{clause}"), VALID, sentences.sentence(20, 60))


def _texts(corpus: Corpus) -> Iterator[str]:
    for entry in corpus.faq:
        yield entry.vietnamese.question
        yield entry.vietnamese.answer
    for _, provision in corpus.provisions():
        yield provision.summary

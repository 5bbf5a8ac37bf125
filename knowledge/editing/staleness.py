"""Entries that are given as today's answer and rest on what is not in force today."""

from __future__ import annotations

from datetime import date

from knowledge.corpus import Corpus


def stale_entries(corpus: Corpus, today: date) -> frozenset[str]:
    """Ids of entries that are out of date."""
    return frozenset(
        entry.id
        for entry in corpus.faq
        if entry.valid.contains(today)
        and any(one.article and corpus.provision(one, today) is None for one in entry.citations)
    )

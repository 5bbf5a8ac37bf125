"""Whatever amending documents order, in whatever order they arrive: versions keep apart, the past stays, nothing is cited twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from accepting import accepted, sample
from actions.answer import Language
from actions.composing import Composer
from bot.setup import read_corpus
from knowledge.acceptance import Choices
from knowledge.citations import ProvisionId
from knowledge.corpus import Corpus
from knowledge.files import write_content
from knowledge.history import history, wording_on
from knowledge.importing import ImportProposal
from knowledge.importing.proposal import (
    Amendment,
    ChangeKind,
    ChangePart,
    DocumentRepeal,
    Level,
    ProposedProvision,
)
from small_corpus import entry, pid

BASE = sample("giai-mau.txt")
FIRST = date(2099, 2, 1)
DAYS = [FIRST + timedelta(days=30 * step) for step in range(8)]
ALL_DAYS = [day + timedelta(days=shift) for day in DAYS for shift in (-1, 0, 1)]
PLACES = [
    "3.1",
    "3.2",
    "4",
    "4.1",
    "4.1.a",
    "4.1.c",
    "4.1.e",
    "4.2",
    "4.3",
    "4.4",
    "5",
    "5.1",
    "6",
    "6.2",
    "6.2.a",
    "6a",
    "8",
]
TARGET = "ND0001-2099"
PHRASES = [("mùa thu", "mùa đông"), ("mùa", "vụ mùa"), ("điểm", ""), ("người", "cá nhân"), ("không có", "có")]


def _piece(place: str, words: str, parent: str = "") -> ProposedProvision:
    identity = ProvisionId.parse(f"{TARGET}:{place}")
    level = Level.POINT if identity.point else Level.CLAUSE if identity.clause else Level.ARTICLE
    marker = f"{identity.point})" if identity.point else f"{identity.clause}." if identity.clause else f"Điều {place}."
    return ProposedProvision(
        key=str(identity),
        id=identity,
        level=level,
        marker=marker,
        title=words if level is Level.ARTICLE else "",
        official_text=f"{marker} {words}",
        text=f"{marker} {words}",
        parent=parent,
    )


@st.composite
def _orders(draw: st.DrawFn, document: str, number: int) -> Amendment:
    """One order of an amending document: any kind, any place, held or not."""
    place = draw(st.sampled_from(PLACES))
    kind = draw(st.sampled_from(list(ChangeKind)))
    words = draw(st.sampled_from(["Mới một.", "Mới hai, mùa thu.", "Mới ba, điểm."]))
    old, new = draw(st.sampled_from(PHRASES))
    part = ChangePart.WHOLE
    if kind is ChangeKind.AMEND:
        part = draw(st.sampled_from([ChangePart.WHOLE, ChangePart.WHOLE, ChangePart.TITLE, ChangePart.OPENING]))
    top = _piece(place, words)
    below = [f"{place}.1", f"{place}.7"] if "." not in place else [f"{place}.b"] if place.count(".") == 1 else []
    pieces = (
        top,
        *(_piece(one, words, top.key) for one in draw(st.lists(st.sampled_from(below or [""]), unique=True)) if one),
    )
    return Amendment(
        kind=kind,
        target=ProvisionId.parse(f"{TARGET}:{place}"),
        part=part,
        effective=draw(st.sampled_from(DAYS)),
        evidence="",
        source=f"{document}:1.{number}",
        official_text=top.official_text,
        text=top.text,
        provisions=pieces,
        old_phrase=old,
        new_phrase=new,
        complete=draw(st.integers(0, 9)) > 0,
    )


@st.composite
def _documents(draw: st.DrawFn) -> list[ImportProposal]:
    """Amending documents as they arrive; now and then one ends the whole decree."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        document = f"ND{70 + number}-2099"
        orders = tuple(draw(_orders(document, place)) for place in range(1, draw(st.integers(1, 4)) + 1))
        ends = draw(st.integers(0, 5)) == 0
        end = DocumentRepeal(TARGET, "Nghị định 0001", draw(st.sampled_from(DAYS[1:])), "", f"{document}:2")
        header = replace(BASE.header, document=document, number=document, in_force_from=FIRST)
        found.append(
            replace(BASE, header=header, provisions=(), repeals=(end,) if ends else (), amendments=orders, tables=())
        )
    return found


def _loaded() -> Corpus:
    corpus = accepted(Corpus((), (), ()), BASE).corpus
    entries = [entry("tat-ca", "Hỏi tất cả?", "Đáp.", citations=tuple(one.id for _, one in corpus.provisions()))]
    entries += [
        entry("van-ban", "Hỏi văn bản?", "Đáp.", citations=(pid(TARGET), pid(f"{TARGET}:4"), pid(f"{TARGET}:4.1")))
    ]
    return replace(corpus, faq=tuple(entries))


LOADED = _loaded()
FEWER = settings(max_examples=40)  # each example accepts up to four documents


def _after(proposals: list[ImportProposal], corpus: Corpus = LOADED) -> Corpus:
    for proposal in proposals:
        corpus = accepted(corpus, proposal, Choices()).corpus
    return corpus


def _texts(corpus: Corpus, day: date) -> dict[ProvisionId, str | None]:
    found = {}
    for identity in {one.id for _, one in corpus.provisions()}:
        wording = wording_on(corpus, identity, day)
        found[identity] = wording.text if wording else None
    return {identity: text for identity, text in found.items() if text is not None}


@FEWER
@given(_documents())
def test_at_most_one_version_is_in_force_on_any_day(proposals: list[ImportProposal]) -> None:
    corpus = _after(proposals)
    for identity in {one.id for _, one in corpus.provisions()}:
        versions = corpus.versions(identity)
        assert all(one.valid.start and (one.valid.end is None or one.valid.start <= one.valid.end) for one in versions)
        for day in ALL_DAYS:
            assert sum(one.valid.contains(day) for one in versions) <= 1, (identity, day)


@FEWER
@given(_documents())
def test_every_version_but_the_first_says_what_made_it_and_every_ended_one_what_ended_it(
    proposals: list[ImportProposal],
) -> None:
    corpus = _after(proposals)
    for _, version in corpus.provisions():
        if version.valid.start != FIRST:
            assert version.made_by is not None, version
        if version.valid.end is not None:
            assert version.ended_by is not None, version


@FEWER
@given(_documents(), st.data())
def test_no_document_changes_a_day_before_its_own_first(proposals: list[ImportProposal], data: st.DataObject) -> None:
    before = _after(proposals[:-1])
    last = proposals[-1]
    days = [one.effective for one in last.amendments if one.effective] + [
        one.effective for one in last.repeals if one.effective
    ]
    past = data.draw(
        st.sampled_from([FIRST, *ALL_DAYS]).filter(lambda day: day < min(days))
        if min(days) > FIRST
        else st.just(date(2099, 1, 1))
    )
    assert _texts(_after([last], before), past) == _texts(before, past)


@FEWER
@given(_documents())
def test_the_history_of_a_provision_is_its_text_day_by_day(proposals: list[ImportProposal]) -> None:
    corpus = _after(proposals)
    for identity in {one.id for _, one in corpus.provisions()}:
        entries = history(corpus, identity)
        for day in ALL_DAYS:
            told = [one.wording for one in entries if one.valid.contains(day)]
            wording = wording_on(corpus, identity, day)
            assert told == ([wording] if wording else []), (identity, day)


@FEWER
@given(_documents(), st.sampled_from(ALL_DAYS))
def test_no_answer_cites_two_versions_of_a_provision(proposals: list[ImportProposal], day: date) -> None:
    corpus = _after(proposals)
    composer = Composer(corpus)
    for one in corpus.faq:
        for cited in (
            composer.of_entry(one.id, day, day, Language.VIETNAMESE).citations,
            composer.cite_all(one.citations, day, day),
        ):
            ids = [each.id for each in cited]
            assert len(ids) == len(set(ids))
            for each in cited:
                version = corpus.provision(pid(each.id), day)
                assert version is None or each.period == version.valid.words()


@FEWER
@given(_documents())
def test_amended_content_survives_files_byte_for_byte(proposals: list[ImportProposal]) -> None:
    corpus = _after(proposals)
    with TemporaryDirectory() as folder:
        written = []
        for name in ("1", "2"):
            write_content(Path(folder, name), corpus.documents, corpus.guidance, corpus.faq, corpus.marks)
            written.append({one.name: one.read_bytes() for one in sorted(Path(folder, name).rglob("*.yml"))})
            read = read_corpus(Path(folder, name))
            assert {one.id: one for one in read.documents} == {one.id: one for one in corpus.documents}
            corpus = read
        assert written[0] == written[1]


@FEWER
@given(_documents())
def test_accepting_a_document_again_leaves_the_words_as_they_are(proposals: list[ImportProposal]) -> None:
    corpus = _after(proposals)
    again = _after(proposals[-1:], corpus)
    for day in DAYS:
        assert _texts(again, day) == _texts(corpus, day), day

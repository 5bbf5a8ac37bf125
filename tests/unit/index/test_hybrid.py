"""Building an index and asking it, over a corpus of a few entries and an encoder without a model."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_encoder import HashEncoder, plain_ranker
from index.build import FORMAT, Manifest, build_index
from index.errors import IndexNotBuilt
from index.features import KIND_NAMES, NAMES
from index.hybrid import HybridRetriever
from index.passages import PassageKind, cut_passages
from knowledge.corpus import Corpus
from small_corpus import entry, small_corpus

TODAY, BEFORE = date(2026, 11, 22), date(2024, 5, 1)
SMALL = small_corpus()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("index") / "publication-1"
    build_index(SMALL, HashEncoder(), target)
    return target


@pytest.fixture(scope="module")
def retriever(folder: Path) -> HybridRetriever:
    return HybridRetriever(folder, SMALL, HashEncoder(), plain_ranker())


def _wordings() -> list[tuple[str, str]]:
    return [(one.id, text) for one in SMALL.faq for text in one.vietnamese.all_questions]


@pytest.mark.parametrize(("key", "text"), _wordings())
def test_a_stored_wording_finds_its_own_entry(retriever: HybridRetriever, key: str, text: str) -> None:
    best = retriever.retrieve(text, None).hits[0]
    assert best.passage.key == key
    assert 0 < best.evidence <= 1


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: f"  {text} ?? ", lambda text: f"ad ơi {text}"])
def test_small_changes_find_the_same_entry(retriever: HybridRetriever, change: object) -> None:
    assert callable(change)
    text = change("Doanh nghiệp phải hoạt động bao lâu thì được dự giải?")
    assert retriever.retrieve(text, TODAY).hits[0].passage.key == "dieu-kien-36-thang"


def test_hits_are_ordered_and_explained(retriever: HybridRetriever) -> None:
    retrieval = retriever.retrieve("mẫu đơn đăng ký ở đâu", None, top_k=5)
    assert 1 < len(retrieval.hits) <= 5
    evidence = [hit.evidence for hit in retrieval.hits]
    assert evidence == sorted(evidence, reverse=True)
    for hit in retrieval.hits:
        assert len(hit.features) == len(NAMES) + len(KIND_NAMES)
        assert hit.wording in hit.passage.wordings


def test_only_what_is_in_force_on_the_day_is_found(retriever: HybridRetriever) -> None:
    question = "Bảy tiêu chí của giải chất lượng quốc gia là gì?"
    assert retriever.retrieve(question, BEFORE).hits[0].passage.key == "tieu-chi-cu"
    for day in (TODAY, BEFORE, date(2009, 2, 1), date(2000, 1, 1)):
        hits = retriever.retrieve(question, day, top_k=50).hits
        assert all(hit.passage.valid.contains(day) for hit in hits)
    assert "tieu-chi-cu" not in [hit.passage.key for hit in retriever.retrieve(question, TODAY, top_k=50).hits]
    assert "tieu-chi-cu" in [hit.passage.key for hit in retriever.retrieve(question, None, top_k=50).hits]


def test_a_row_left_out_counts_as_not_there(retriever: HybridRetriever) -> None:
    wordings = [text for passage in retriever.passages for text in passage.wordings]
    text = "xin mau don o dau"
    rows = frozenset(row for row, wording in enumerate(wordings) if wording == text)
    with_it = retriever.retrieve(text, None, top_k=50).hits
    without = retriever.retrieve(text, None, top_k=50, without=rows).hits
    cosine = NAMES.index("cosine_wording")
    assert with_it[0].wording == text
    assert all(hit.wording != text for hit in without)
    assert max(hit.features[cosine] for hit in without) < with_it[0].features[cosine]


@pytest.mark.parametrize(
    "text", ["", "   ", "🙂👍", "\x00\x07", "zzz qqq www", "a" * 5000, "khoản 1", "<b>điều kiện</b>"]
)
def test_any_text_is_answered_with_hits_or_none(retriever: HybridRetriever, text: str) -> None:
    for hit in retriever.retrieve(text, TODAY).hits:
        assert 0 <= hit.evidence <= 1


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    retriever = _shared()
    retrieval = retriever.retrieve(text, TODAY)
    assert [hit.passage.key for hit in retrieval.hits] == [
        hit.passage.key for hit in retriever.retrieve(text, TODAY).hits
    ]


_cache: list[HybridRetriever] = []


def _shared() -> HybridRetriever:
    """Hypothesis takes no fixtures of a narrower scope."""
    if not _cache:
        import tempfile

        target = Path(tempfile.mkdtemp()) / "index"
        build_index(SMALL, HashEncoder(), target)
        _cache.append(HybridRetriever(target, SMALL, HashEncoder(), plain_ranker()))
    return _cache[0]


def test_many_threads_get_the_same_hits(retriever: HybridRetriever) -> None:
    texts = [text for _, text in _wordings()] * 5
    alone = [[hit.passage.key for hit in retriever.retrieve(text, None).hits] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: [hit.passage.key for hit in retriever.retrieve(text, None).hits], texts))
    assert together == alone


def test_the_manifest_says_what_it_was_built_from(folder: Path) -> None:
    manifest = Manifest.read(folder)
    passages = cut_passages(SMALL)
    assert manifest == Manifest(
        FORMAT, SMALL.digest, "hash", 64, len(passages), sum(len(one.wordings) for one in passages)
    )
    assert {one.kind for one in passages} == set(PassageKind)


def test_progress_reaches_its_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_index(SMALL, HashEncoder(), tmp_path / "index", lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert seen == sorted(seen)


@pytest.mark.parametrize("fail_at", [1, 25])
def test_a_build_that_fails_leaves_the_old_index(tmp_path: Path, fail_at: int) -> None:
    target = tmp_path / "index"
    build_index(SMALL, HashEncoder(), target)
    before = {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    other = Corpus(SMALL.documents, SMALL.guidance, SMALL.faq[:2])
    with pytest.raises(RuntimeError, match="gave up"):
        build_index(other, HashEncoder(fail_at=fail_at), target)
    assert {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()} == before
    HybridRetriever(target, SMALL, HashEncoder(), plain_ranker())


def test_a_first_build_that_fails_leaves_no_index(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        build_index(SMALL, HashEncoder(fail_at=1), tmp_path / "index")
    with pytest.raises(IndexNotBuilt, match="run: award index build"):
        Manifest.read(tmp_path / "index")


def test_a_build_replaces_the_old_index_whole(tmp_path: Path) -> None:
    target = tmp_path / "index"
    build_index(SMALL, HashEncoder(), target)
    (target / "left over").write_text("x")
    other = Corpus(SMALL.documents, SMALL.guidance, (*SMALL.faq, entry("neu", "Câu mới?", "Đáp mới.")))
    build_index(other, HashEncoder(), target)
    assert not (target / "left over").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index"]
    found = HybridRetriever(target, other, HashEncoder(), plain_ranker()).retrieve("Câu mới?", TODAY)
    assert found.hits[0].passage.key == "neu"


def test_deleted_content_is_found_no_more(tmp_path: Path) -> None:
    left = Corpus(
        SMALL.documents,
        SMALL.guidance,
        tuple(one for one in SMALL.faq if one.id not in ("mau-don", "diem", "dieu-kien-36-thang")),
    )
    build_index(left, HashEncoder(), tmp_path / "index")
    hits = (
        HybridRetriever(tmp_path / "index", left, HashEncoder(), plain_ranker())
        .retrieve("Mẫu đơn đăng ký lấy ở đâu?", None, 50)
        .hits
    )
    assert "mau-don" not in [hit.passage.key for hit in hits]


def _refused(folder: Path, corpus: Corpus, encoder: HashEncoder) -> str:
    with pytest.raises(IndexNotBuilt) as refused:
        HybridRetriever(folder, corpus, encoder, plain_ranker())
    return str(refused.value)


def test_an_index_of_other_content_is_refused(folder: Path) -> None:
    other = Corpus(SMALL.documents, (), SMALL.faq)
    message = _refused(folder, other, HashEncoder())
    assert SMALL.digest[:8] in message
    assert other.digest[:8] in message
    assert message.endswith("run: award index build")


def test_an_index_of_another_encoder_is_refused(folder: Path) -> None:
    assert "built with hash, not other; run: award index build" in _refused(folder, SMALL, HashEncoder("other"))


@pytest.mark.parametrize("record", ["", "{", "[]", '{"format": 1}', '{"format": 1, "colour": "red"}'])
def test_a_broken_manifest_is_refused(tmp_path: Path, record: str) -> None:
    (tmp_path / "manifest.json").write_text(record)
    assert "holds no index" in _refused(tmp_path, SMALL, HashEncoder())


def test_an_older_form_is_refused(folder: Path, tmp_path: Path) -> None:
    record = json.loads((folder / "manifest.json").read_text()) | {"format": FORMAT - 1}
    (tmp_path / "manifest.json").write_text(json.dumps(record))
    assert "older form; run: award index build" in _refused(tmp_path, SMALL, HashEncoder())


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert "holds no index" in _refused(tmp_path / "none", SMALL, HashEncoder())


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({}, "Không vi phạm trong 36 tháng. đ) Không vi phạm;"),
        ({"official_text": None}, "Không vi phạm trong 36 tháng."),
        ({"summary": "", "official_closing": "Hết."}, "đ) Không vi phạm; Hết."),
    ],
)
def test_a_provision_is_found_by_summary_and_official_text(fields: dict[str, str | None], body: str) -> None:
    piece = replace(SMALL.documents[0].provisions[2], **fields)  # type: ignore[arg-type]
    changed = replace(SMALL.documents[0], provisions=(piece,))
    assert {one.key: one.body for one in cut_passages(Corpus((changed,), (), ()))} == {"ND37-2026:59.1.đ": body}

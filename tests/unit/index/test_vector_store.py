"""Vectors that are kept: found for the same text, prompt and encoder, for nothing else; whole after any interruption."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_encoder import HashEncoder
from index import vector_store
from index.vector_store import VectorStore, encoder_stamp

TEXTS = ["điều kiện", "hồ sơ", "điều kiện", "Điều kiện", ""]


def test_what_was_encoded_is_not_encoded_again(tmp_path: Path) -> None:
    encoder = HashEncoder()
    first = VectorStore(tmp_path, "stamp").queries(TEXTS, encoder)
    assert encoder.encoded == len(set(TEXTS))
    store = VectorStore(tmp_path, "stamp")
    assert np.array_equal(store.queries([*TEXTS, "lệ phí"], encoder)[:-1], first)
    assert (store.encoded, encoder.encoded) == (1, len(set(TEXTS)) + 1)
    assert np.array_equal(first, HashEncoder().encode_queries(TEXTS))


def test_another_prompt_or_encoder_does_not_meet_old_vectors(tmp_path: Path) -> None:
    encoder = HashEncoder()
    VectorStore(tmp_path, "one").queries(TEXTS, encoder)
    for stamp, ask in (("one", VectorStore.passages), ("another", VectorStore.queries)):
        store = VectorStore(tmp_path, stamp)
        ask(store, TEXTS, encoder)
        assert store.encoded == len(set(TEXTS))


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    store = VectorStore()
    assert store.queries([], HashEncoder()).shape == (0, 64)
    assert store.queries(TEXTS, HashEncoder()).shape == (5, 64)
    store.tidy()
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_was_stopped_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_store, "SEGMENT", 10)
    texts = [f"câu {number}" for number in range(45)]
    with pytest.raises(RuntimeError, match="gave up"):
        VectorStore(tmp_path, "stamp").queries(texts, HashEncoder(fail_at=33))
    seen: list[int] = []
    store = VectorStore(tmp_path, "stamp")
    vectors = store.queries(texts, HashEncoder(), seen.append)
    assert store.encoded == 15
    assert seen == [30, 40, 45]
    assert np.array_equal(vectors, HashEncoder().encode_queries(texts))


def test_a_half_written_segment_is_not_read_and_goes_away(tmp_path: Path) -> None:
    VectorStore(tmp_path, "stamp").queries(TEXTS, HashEncoder())
    (segment,) = (tmp_path / "stamp").glob("*.npy")
    half = segment.with_name("half.draft")
    half.write_bytes(segment.read_bytes()[:100])
    store = VectorStore(tmp_path, "stamp")
    store.queries(TEXTS, HashEncoder())
    store.tidy()
    assert store.encoded == 0
    assert list((tmp_path / "stamp").iterdir()) == [segment]


def test_what_other_encoders_left_goes_away(tmp_path: Path) -> None:
    VectorStore(tmp_path, "old").queries(TEXTS, HashEncoder())
    store = VectorStore(tmp_path, "new")
    store.queries(TEXTS, HashEncoder())
    store.tidy()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_many_segments_are_joined(tmp_path: Path) -> None:
    texts = [f"câu {number}" for number in range(vector_store.MOST_SEGMENTS + 1)]
    for count in range(1, len(texts) + 1):
        VectorStore(tmp_path, "stamp").queries(texts[:count], HashEncoder())
    store = VectorStore(tmp_path, "stamp")
    before = store.queries(texts, HashEncoder())
    assert store.encoded == 0
    store.tidy()
    assert len(list((tmp_path / "stamp").iterdir())) == 1
    again = VectorStore(tmp_path, "stamp")
    assert np.array_equal(again.queries(texts, HashEncoder()), before)
    assert again.encoded == 0


def test_vectors_that_nobody_asks_for_are_dropped(tmp_path: Path) -> None:
    VectorStore(tmp_path, "stamp").queries([f"cũ {number}" for number in range(20)], HashEncoder())
    store = VectorStore(tmp_path, "stamp")
    store.queries(TEXTS, HashEncoder())
    store.tidy()
    again = VectorStore(tmp_path, "stamp")
    again.queries(TEXTS, HashEncoder())
    assert again.encoded == 0
    again.queries(["cũ 3"], HashEncoder())
    assert again.encoded == 1


@given(st.lists(st.text(max_size=5), max_size=12), st.lists(st.text(max_size=5), max_size=12))
def test_vectors_are_those_of_the_encoder_in_any_order(first: list[str], second: list[str]) -> None:
    store = VectorStore()
    for texts in (first, second):
        assert np.array_equal(store.queries(texts, HashEncoder()), HashEncoder().encode_queries(texts))


def test_the_stamp_changes_with_every_file_of_the_encoder(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_text("{}")
    stamps = {encoder_stamp(str(tmp_path))}
    (tmp_path / "model.onnx").write_bytes(b"Weights")
    stamps.add(encoder_stamp(str(tmp_path)))
    (tmp_path / "tokenizer.json").rename(tmp_path / "tokens.json")
    stamps.add(encoder_stamp(str(tmp_path)))
    stamps.add(encoder_stamp("somebody/some-model"))
    assert len(stamps) == 4
    assert encoder_stamp(str(tmp_path)) in stamps

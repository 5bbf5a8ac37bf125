"""Encoders: text to unit vectors.

The folder that `index.conversion` writes is an ordinary sentence-transformers model. Importing that library costs 12 s and
400 MB on the reference machine (torch, transformers), so the chat server reads the same folder with onnxruntime and tokenizers
alone; any other sentence-transformers model is opened through the library (docs/decisions/0003).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.errors import EncoderError

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into unit vectors `[texts, dimension]`."""

    name: str
    dimension: int

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...


class OnnxEncoder:
    """A converted model: mean of the token embeddings, scaled to length one. `threads` texts are encoded side by side."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        settings = json.loads((folder / "onnx_transformer.json").read_text(encoding="utf-8"))
        prompts = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
        self.name = folder.name
        self.dimension = int(settings["hidden"])
        self._threads = threads
        self._prompts = prompts
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(int(settings["max_seq_length"]))
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # An arena that grows with the longest batch ever seen would keep that memory for good.
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(
            str(folder / settings["file"]), options, providers=["CPUExecutionProvider"]
        )

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._prompts["query"] + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._prompts["document"] + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        """One text a run: the integers of a batch share their scale, so a text's vector would depend on its company.

        Alone it has the same vector when it is stored and when it is asked, and in every build; batches are not faster here.
        """
        out = np.empty((len(texts), self.dimension), np.float32)
        if len(texts) == 1 or self._threads == 1:
            for at, text in enumerate(texts):
                out[at] = self._one(text)
            return out
        with ThreadPoolExecutor(self._threads) as pool:
            for at, vector in enumerate(pool.map(self._one, texts)):
                out[at] = vector
        return out

    def _one(self, text: str) -> Vectors:
        ids = np.array([self.tokenizer.encode(text).ids], np.int64)
        hidden: Any = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
        mean = hidden[0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)


class SentenceTransformerEncoder:
    """Any other model of the sentence-transformers library, from a folder or (where the network allows) a hub."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        self.name = model
        self._model = SentenceTransformer(model, device="cpu")
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode_query(list(texts), normalize_embeddings=True), np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode_document(list(texts), normalize_embeddings=True), np.float32)


def open_encoder(model: str, threads: int = 1) -> Encoder:
    """Open a folder or a model name. Raises EncoderError with the remedy."""
    folder = Path(model)
    if (folder / "onnx_transformer.json").is_file():
        return OnnxEncoder(folder, threads)
    if folder.is_absolute() and not folder.is_dir():
        raise EncoderError(f"the embedding model {folder} is missing; run: award setup")
    try:
        return SentenceTransformerEncoder(model)
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"the embedding model {model} can't be opened ({error}); check index.encoder in config.yml"
        ) from error

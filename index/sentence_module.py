"""The converted model as a module of the sentence-transformers library: `SentenceTransformer(folder, trust_remote_code=True)`.

`index.conversion` names this class in modules.json, so that the folder is an ordinary model of that library and its own tools
(evaluation, mining, fine-tuning of later modules) can be used on it. The chat server itself reads the same files without the
library (index/encoder.py); both give the same vectors. The library asks for `trust_remote_code` for every class that is not its
own, also for one that is installed, as this is.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from sentence_transformers.base.modules import InputModule
from tokenizers import Tokenizer

CONFIG = "onnx_transformer.json"
TOKENIZER = "tokenizer.json"


class OnnxTransformer(InputModule):
    """Texts to token embeddings through onnxruntime; Pooling and Normalize follow it."""

    config_file_name = CONFIG
    config_keys = ["file", "max_seq_length", "hidden"]  # noqa: RUF012  the library's own declaration

    def __init__(self, folder: Path, file: str, max_seq_length: int, hidden: int, threads: int = 1) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.file = file
        self.max_seq_length = max_seq_length
        self.hidden = hidden
        self._folder = folder
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = ort.InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", *_: Any, **kwargs: Any) -> OnnxTransformer:
        """From a local folder; `model_kwargs={"threads": 2}` gives onnxruntime more threads."""
        folder = Path(model_name_or_path, subfolder)
        threads = int((kwargs.get("model_kwargs") or {}).get("threads", 1))
        return cls(folder, **cls.load_config(str(folder), local_files_only=True), threads=threads)

    def get_embedding_dimension(self) -> int:
        return self.hidden

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        """Token ids and mask `[texts, tokens]`, padded to the longest text."""
        self.tokenizer.enable_truncation(self.max_seq_length)  # here, because the library lets a user set it
        encodings = self.tokenizer.encode_batch([(prompt or "") + str(text) for text in inputs])
        longest = max((len(one.ids) for one in encodings), default=1)
        ids = torch.ones((len(encodings), longest), dtype=torch.int64)  # 1 is this vocabulary's padding
        mask = torch.zeros((len(encodings), longest), dtype=torch.int64)
        for row, one in enumerate(encodings):
            ids[row, : len(one.ids)] = torch.tensor(one.ids)
            mask[row, : len(one.ids)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Adds `token_embeddings` `[texts, tokens, hidden]`."""
        given = {name: features[name].cpu().numpy() for name in ("input_ids", "attention_mask")}
        hidden = np.asarray(self._session.run(None, given)[0], np.float32)
        features["token_embeddings"] = torch.from_numpy(hidden).to(features["input_ids"].device)
        return features

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        """Copy the model beside its configuration, so that `SentenceTransformer.save` gives a folder that opens again."""
        for name in (self.file, TOKENIZER):
            if Path(output_path, name).resolve() != (self._folder / name).resolve():
                shutil.copyfile(self._folder / name, Path(output_path, name))
        self.save_config(output_path)

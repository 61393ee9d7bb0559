"""Writes encoder and reader as ONNX graphs, by hand so that every node is known.

The token table and the layers of multilingual-e5-small keep the 4-bit blocks in which they come:
``MatMulNBits`` and ``GatherBlockQuantized`` read them as they are. Layers that were trained get
8-bit blocks of 32 weights. Attention, normalisation and pooling stay in float32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from e5 import BLOCK, Floats, Quantised

DIMENSION, HEADS = 384, 12
EPSILON = 1e-12
OPSET, CONTRIB = 20, "com.microsoft"
#: a bias that hides a key from attention, and a score that nothing beats from below
HIDDEN = -1e4

Weights = Mapping[str, Floats | Quantised]


class Graph:
    """Collects nodes and constants; each method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Keeps a constant under its name."""
        self.constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def integers(self, *values: int) -> str:
        """A constant vector of integers."""
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def number(self, value: float) -> str:
        """A constant float."""
        return self.constant(f"float_{value}", np.array(value, np.float32))

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Appends one node."""
        domain = CONTRIB if kind in {"MatMulNBits", "GatherBlockQuantized"} else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], output, domain=domain, **attributes))
        return output

    def linear(self, states: str, name: str, weight: Floats | Quantised, bias: Floats) -> str:
        """``states @ weight.T + bias`` with 4-bit blocks as they are, or 8-bit blocks of floats."""
        bits = 4 if isinstance(weight, Quantised) else 8
        if isinstance(weight, Quantised):
            values, scales = packed(weight), weight.scales.astype(np.float32)
        else:
            values, scales = eight_bits(weight)
        inputs = [
            states,
            self.constant(f"{name}.weight", values),
            self.constant(f"{name}.scale", scales),
            "",
            "",
            self.constant(f"{name}.bias", bias),
        ]
        sizes = {"K": scales.shape[1] * BLOCK, "N": len(scales), "bits": bits, "block_size": BLOCK}
        return self.node("MatMulNBits", inputs, name, **sizes, accuracy_level=4)

    def dense(self, states: str, name: str, weights: Mapping[str, Floats]) -> str:
        """A small layer in float32."""
        turned = self.constant(f"{name}.weight", weights[f"{name}.weight"].T)
        product = self.node("MatMul", [states, turned], f"{name}.product")
        return self.node("Add", [product, self.constant(f"{name}.bias", weights[f"{name}.bias"])], name)

    def norm(self, states: str, name: str, weights: Weights) -> str:
        """Layer normalisation with the gain and shift of ``name``."""
        gain = self.constant(f"{name}.gain", _floats(weights[f"{name}.w"]))
        shift = self.constant(f"{name}.shift", _floats(weights[f"{name}.b"]))
        return self.node("LayerNormalization", [states, gain, shift], name, axis=-1, epsilon=EPSILON)

    def embeddings(self, weights: Weights) -> str:
        """Words, places and their normalisation."""
        table = weights["emb.word"]
        assert isinstance(table, Quantised)
        self.constant("table", packed(table).reshape(len(table.scales), -1))
        self.constant("table_scale", table.scales)
        places = _floats(weights["emb.pos"]) + _floats(weights["emb.type"])[0]
        gather = {"bits": 4, "block_size": BLOCK, "gather_axis": 0, "quantize_axis": 1}
        rows = self.node("GatherBlockQuantized", ["table", "input_ids", "table_scale"], "rows", **gather)
        words = self.node("Cast", [rows], "words", to=TensorProto.FLOAT)
        length = self.node("Shape", ["input_ids"], "length", start=1, end=2)
        inputs = [self.constant("places", places), self.integers(0), length, self.integers(0)]
        placed = self.node("Slice", inputs, "placed")
        return self.norm(self.node("Add", [words, placed], "emb.sum"), "emb.ln", weights)

    def attention_bias(self) -> str:
        """0 for what is seen and ``HIDDEN`` for padding, ``(n, 1, 1, length)``."""
        seen = self.node("Cast", ["attention_mask"], "seen", to=TensorProto.FLOAT)
        wide = self.node("Unsqueeze", [seen, self.integers(1, 2)], "seen.wide")
        blank = self.node("Sub", [self.number(1.0), wide], "blank")
        return self.node("Mul", [blank, self.number(HIDDEN)], "hidden")

    def attention(self, states: str, name: str, weights: Weights) -> str:
        """Self-attention and its residual."""
        joint = self.linear(states, f"{name}.joint", *_joint(name, weights))
        heads = self.integers(0, 0, 3, HEADS, DIMENSION // HEADS)
        shape = self.node("Reshape", [joint, heads], f"{name}.heads")
        turned = self.node("Transpose", [shape], f"{name}.turned", perm=[2, 0, 3, 1, 4])
        query, key, value = (
            self.node("Gather", [turned, self._part(i)], f"{name}.part{i}", axis=0) for i in range(3)
        )
        key = self.node("Transpose", [key], f"{name}.key", perm=[0, 1, 3, 2])
        scores = self.node("MatMul", [query, key], f"{name}.scores")
        masked = self.node("Add", [scores, "hidden"], f"{name}.masked")
        shares = self.node("Softmax", [masked], f"{name}.shares", axis=-1)
        mixed = self.node("MatMul", [shares, value], f"{name}.mixed")
        turned = self.node("Transpose", [mixed], f"{name}.back", perm=[0, 2, 1, 3])
        joined = self.node("Reshape", [turned, self.integers(0, 0, DIMENSION)], f"{name}.joined")
        output = self.linear(joined, f"{name}.ao", weights[f"{name}.ao.w"], _floats(weights[f"{name}.ao.b"]))
        return self.norm(self.node("Add", [states, output], f"{name}.ao.sum"), f"{name}.aln", weights)

    def _part(self, number: int) -> str:
        return self.constant(f"part{number}", np.array(number))

    def layer(self, states: str, name: str, weights: Weights) -> str:
        """One encoder layer."""
        states = self.attention(states, name, weights)
        grown = self.linear(states, f"{name}.fi", weights[f"{name}.fi.w"], _floats(weights[f"{name}.fi.b"]))
        bent = self.node("Gelu", [grown], f"{name}.gelu")
        output = self.linear(bent, f"{name}.fo", weights[f"{name}.fo.w"], _floats(weights[f"{name}.fo.b"]))
        return self.norm(self.node("Add", [states, output], f"{name}.fo.sum"), f"{name}.oln", weights)

    def model(
        self, name: str, inputs: Sequence[str], outputs: Mapping[str, Sequence[Any]]
    ) -> onnx.ModelProto:
        """The checked model; ``outputs`` are names with shapes."""
        taken = [helper.make_tensor_value_info(i, TensorProto.INT64, ["n", "length"]) for i in inputs]
        given = [helper.make_tensor_value_info(o, TensorProto.FLOAT, s) for o, s in outputs.items()]
        made = helper.make_graph(self.nodes, name, taken, given, list(self.constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        model = helper.make_model(made, opset_imports=opsets, ir_version=9)
        onnx.checker.check_model(model)
        return model


def packed(weight: Quantised) -> NDArray[np.uint8]:
    """Nibbles ``(rows, blocks, 16)``, two neighbours a byte, the first in its low half."""
    pairs = weight.nibbles.reshape(len(weight.nibbles), -1, BLOCK // 2, 2)
    return np.asarray(pairs[..., 0] | (pairs[..., 1] << 4), dtype=np.uint8)


def eight_bits(weight: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Symmetric 8-bit values around 128 ``(rows, blocks, 32)`` and scales ``(rows, blocks)``."""
    blocks = weight.reshape(len(weight), -1, BLOCK)
    scales = (np.maximum(np.abs(blocks).max(axis=2), 1e-8) / 127).astype(np.float32)
    values = np.rint(blocks / scales[:, :, None]).astype(np.int16) + 128
    return values.astype(np.uint8), scales


def _floats(value: Floats | Quantised) -> Floats:
    return value.floats() if isinstance(value, Quantised) else value


def _joint(name: str, weights: Weights) -> tuple[Floats | Quantised, Floats]:
    """Query, key and value in one matrix; the factor of attention is in the query."""
    factors = ((DIMENSION // HEADS) ** -0.5, 1.0, 1.0)
    parts = [weights[f"{name}.{part}.w"] for part in "qkv"]
    bias = np.concatenate(
        [_floats(weights[f"{name}.{p}.b"]) * f for p, f in zip("qkv", factors, strict=True)]
    )
    if all(isinstance(part, Quantised) for part in parts):
        blocks = [part for part in parts if isinstance(part, Quantised)]
        scales = [b.scales.astype(np.float32) * f for b, f in zip(blocks, factors, strict=True)]
        # float32 scales: the factor would not survive float16
        return Quantised(np.concatenate([b.nibbles for b in blocks]), np.concatenate(scales)), bias
    matrices = [_floats(part) * f for part, f in zip(parts, factors, strict=True)]
    return np.concatenate(matrices).astype(np.float32), bias


def trained(model: onnx.ModelProto) -> dict[str, Floats]:
    """The 8-bit layers of a graph, by their names in `reader.Body`."""
    held = {one.name: one for one in model.graph.initializer}
    found: dict[str, Floats] = {}
    for node in model.graph.node:
        sizes = {one.name: one.i for one in node.attribute}
        if node.op_type == "MatMulNBits" and sizes["bits"] == 8:
            layer, _, part = node.name.partition(".")
            own = f"body.layers.{layer[1:]}"
            values = constant(held[f"{node.name}.weight"]) - 128
            weight = (values * constant(held[f"{node.name}.scale"])[:, :, None]).reshape(len(values), -1)
            bias = constant(held[f"{node.name}.bias"])
            if part == "joint":  # the graph's query holds the factor of attention
                for value in (weight, bias):
                    value[:DIMENSION] *= (DIMENSION // HEADS) ** 0.5
            name = "qkv" if part == "joint" else part
            found |= {f"{own}.{name}.weight": weight, f"{own}.{name}.bias": bias}
            for norm in ("aln", "oln"):
                found[f"{own}.{norm}.weight"] = constant(held[f"{layer}.{norm}.gain"])
                found[f"{own}.{norm}.bias"] = constant(held[f"{layer}.{norm}.shift"])
    return found


def constant(held: onnx.TensorProto) -> Floats:
    """A constant of a graph as floats of our own."""
    return np.array(numpy_helper.to_array(held), np.float32)

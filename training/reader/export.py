"""Last step: both graphs over one token table, from the checkpoints of the two training runs.

``export.py --encoder CHECKPOINT --centring FILE --reader CHECKPOINT --vocabulary FOLDER --folder FOLDER``
writes ``encoder.onnx``, ``reader.onnx``, their shared ``table.bin`` and ``tokenizer.json``. Layers that were
not trained keep the 4-bit blocks in which they come; trained ones get 8-bit blocks.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping
from pathlib import Path

import e5
import numpy as np
import onnx
import reader_graph
import torch
import train_encoder

import encoder
import reader
from graph import DIMENSION, Weights

TABLE = "table.bin"
#: only the token table is so large
LARGE = 4_000_000


def weights(model: e5.E5, kept: np.ndarray, state: Mapping[str, torch.Tensor], frozen: int) -> Weights:
    """Tensors by their names in e5: those of trained layers from a checkpoint, all others as they come."""
    found = dict(model.tensors)
    table = found["emb.word"]
    assert isinstance(table, e5.Quantised)
    found["emb.word"] = e5.Quantised(table.nibbles[kept], table.scales[kept])
    layers = {int(name.split(".")[2]) for name in state if name.startswith("body.layers.")}
    for number in sorted(layers - set(range(frozen))):
        for kind, letter in (("weight", "w"), ("bias", "b")):
            own = f"body.layers.{number}"
            parts = state[f"{own}.qkv.{kind}"].numpy().reshape(3, DIMENSION, -1)
            for name, part in zip("qkv", parts, strict=True):
                found[f"l{number}.{name}.{letter}"] = part if letter == "w" else part.ravel()
            for name in ("ao", "aln", "fi", "fo", "oln"):
                found[f"l{number}.{name}.{letter}"] = state[f"{own}.{name}.{kind}"].numpy()
    return found


def save(graph: onnx.ModelProto, path: Path) -> None:
    """A graph whose token table stands in a file of its own, which is mapped into memory, not copied."""
    (path.parent / TABLE).unlink(missing_ok=True)
    onnx.save(graph, str(path), save_as_external_data=True, location=TABLE, size_threshold=LARGE)


def main() -> None:
    """Reads the arguments and exports."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("encoder", "centring", "reader", "vocabulary", "folder"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    model, kept = e5.read(e5.package_file()), np.load(options.vocabulary / "pieces.npy")
    stored = np.load(options.centring)
    centre = encoder.Centring(stored["shift"], stored["projection"])
    state = torch.load(options.encoder)
    save(
        encoder.build(weights(model, kept, state, train_encoder.FROZEN), centre),
        options.folder / "encoder.onnx",
    )
    state = torch.load(options.reader)
    heads = {name: value.numpy() for name, value in state.items() if not name.startswith("body.")}
    found = weights(model, kept, state, reader.FROZEN)
    save(reader_graph.build(found, heads, reader.LAYERS), options.folder / "reader.onnx")
    shutil.copyfile(options.vocabulary / "tokenizer.json", options.folder / "tokenizer.json")


if __name__ == "__main__":
    main()

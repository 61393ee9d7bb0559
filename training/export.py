"""Writes a trained model into the model folder, as a graph over the token table that both models share.

``export.py --encoder CHECKPOINT --centring FILE --vocabulary FOLDER --folder FOLDER`` writes
``encoder.onnx``; ``export.py --reader CHECKPOINT --vocabulary FOLDER --folder FOLDER``, ``reader.onnx``;
both write ``table.bin``, ``tokenizer.json`` and the manifest. Without a checkpoint only the manifest is
written anew. Layers that were not trained keep the 4-bit blocks in which they come; trained ones get 8-bit
blocks.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch

import e5
import encoder_graph
import reader
import reader_graph
import train_encoder
from graph import DIMENSION, Weights

TABLE = "table.bin"
FORMAT, MAX_TOKENS = "assembly-e5/1", 256
MODULE = Path(__file__).parent / "folder" / "sentence_module.py"
#: what sentence-transformers reads
FOR_SENTENCE_TRANSFORMERS = {
    "config.json": {
        "model_type": "assembly-e5", "format": FORMAT, "dimension": DIMENSION, "max_tokens": MAX_TOKENS,
        "graph": "encoder.onnx", "table": TABLE,
    },
    "modules.json": [{"idx": 0, "name": "0", "path": "", "type": "sentence_module.AssemblyE5"}],
    "config_sentence_transformers.json": {
        "prompts": {"query": "query: ", "document": "passage: "},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    },
}  # fmt: skip
#: what the manifest covers, whichever script wrote it
COVERED = {".onnx", ".bin", ".json", ".npz", ".py"}
#: only the token table is so large
LARGE = 4_000_000


def weights(model: e5.E5, kept: np.ndarray, state: Mapping[str, torch.Tensor]) -> Weights:
    """Tensors by their names in e5: of the layers that the encoder trains, and with which the reader begins,
    those of a checkpoint, all others as they come."""
    found = dict(model.tensors)
    table = found["emb.word"]
    assert isinstance(table, e5.Quantised)
    found["emb.word"] = e5.Quantised(table.nibbles[kept], table.scales[kept])
    layers = {int(name.split(".")[2]) for name in state if name.startswith("body.layers.")}
    for number in sorted(layers - set(range(train_encoder.FROZEN))):
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


def write_manifest(folder: Path) -> None:
    """What sentence-transformers needs, and the SHA-256 of every file of the folder."""
    shutil.copyfile(MODULE, folder / MODULE.name)
    for name, value in FOR_SENTENCE_TRANSFORMERS.items():
        (folder / name).write_text(json.dumps(value, indent=2) + "\n", "utf-8")
    paths = sorted(p for p in folder.iterdir() if p.suffix in COVERED and p.name != "manifest.json")
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    manifest = {"format": FORMAT, "dimension": DIMENSION, "max_tokens": MAX_TOKENS, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def main() -> None:
    """Reads the arguments and exports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    for name in ("encoder", "centring", "reader", "vocabulary"):
        parser.add_argument(f"--{name}", type=Path)
    options = parser.parse_args()
    if options.encoder or options.reader:
        export(options)
    write_manifest(options.folder)


def export(options: argparse.Namespace) -> None:
    """The graphs whose checkpoints are given, their table and the tokenizer."""
    options.folder.mkdir(parents=True, exist_ok=True)
    model, kept = e5.read(e5.package_file()), np.load(options.vocabulary / "pieces.npy")
    if options.encoder:
        stored = np.load(options.centring)
        centre = encoder_graph.Centring(stored["shift"], stored["projection"])
        found = weights(model, kept, torch.load(options.encoder))
        save(encoder_graph.build(found, centre), options.folder / "encoder.onnx")
    if options.reader:
        state = torch.load(options.reader)
        heads = {name: value.numpy() for name, value in state.items() if not name.startswith("body.")}
        found = weights(model, kept, state)
        save(reader_graph.build(found, heads, reader.LAYERS), options.folder / "reader.onnx")
    shutil.copyfile(options.vocabulary / "tokenizer.json", options.folder / "tokenizer.json")


if __name__ == "__main__":
    main()

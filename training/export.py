"""Last step: the folder that ships, from a checkpoint and its tokenizer.

The folder holds the int8 graph, the tokenizer, what sentence-transformers needs to load the same
files, and a manifest with the SHA-256 of each. ``MODEL_CARD.md`` is kept when it is there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import onnx

from checkpoint import load_encoder
from graph import build

MAX_TOKENS = 256
FORMAT = "assembly-minilm/1"
TABLE = "table.bin"
MODULE = Path(__file__).parent / "folder" / "sentence_module.py"

MODULES = [{"idx": 0, "name": "0", "path": "", "type": "sentence_module.AssemblyMiniLM"}]
SENTENCE_TRANSFORMERS = {
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
CONFIG = {
    "model_type": "assembly-minilm",
    "format": FORMAT,
    "dimension": 384,
    "max_tokens": MAX_TOKENS,
    "graph": "model.onnx",
    "table": TABLE,
}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, value: object) -> None:
    """Indented, with a closing newline."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def export(checkpoint: Path, tokenizer: Path, folder: Path) -> None:
    """Writes every file of the shipped folder, the manifest last."""
    model = load_encoder(checkpoint)
    weights = {name: value.detach().numpy() for name, value in model.body.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for old in ("model.onnx", TABLE):
        (folder / old).unlink(missing_ok=True)
    # The table stands in a file of its own, which onnxruntime maps into memory instead of copying.
    onnx.save(
        build(model.table().numpy(), weights),
        str(folder / "model.onnx"),
        save_as_external_data=True,
        location=TABLE,
        size_threshold=4_000_000,
    )
    (folder / TABLE).chmod(0o644)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    shutil.copyfile(MODULE, folder / MODULE.name)
    write_json(folder / "config.json", CONFIG)
    write_json(folder / "modules.json", MODULES)
    write_json(folder / "config_sentence_transformers.json", SENTENCE_TRANSFORMERS)
    names = sorted(p.name for p in folder.iterdir() if p.suffix in (".onnx", ".bin", ".json", ".npy", ".py"))
    files = {name: sha256(folder / name) for name in names if name != "manifest.json"}
    manifest = {"format": FORMAT, "dimension": 384, "max_tokens": MAX_TOKENS, "files": files}
    write_json(folder / "manifest.json", manifest)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"{folder.name}: {size:.1f} MB")


def main() -> None:
    """Reads the arguments and exports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args()
    export(args.checkpoint, args.tokenizer, args.folder)


if __name__ == "__main__":
    main()

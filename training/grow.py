"""Moves a trained model to another vocabulary, keeping what its rows have learnt.

``start.py`` writes the other tokenizer and its aligned start into ``--into``; every token that
the trained model knows takes its trained row, the others keep their start.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from checkpoint import load_encoder, save
from encode import load_tokenizer
from encoder import table_of


def main() -> None:
    """Reads both, writes ``grown.pt`` beside the other tokenizer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="trained checkpoint")
    parser.add_argument("--tokenizer", type=Path, required=True, help="its tokenizer.json")
    parser.add_argument("--into", type=Path, required=True, help="folder start.py wrote")
    args = parser.parse_args()
    model = load_encoder(args.source)
    border = model.base.num_embeddings
    known = load_tokenizer(args.tokenizer).get_vocab()
    other = load_tokenizer(args.into / "tokenizer.json")
    rows = torch.load(args.into / "start.pt", weights_only=True)["added"]
    trained, kept = model.added.weight.detach(), 0
    for index in range(len(rows)):
        old = known.get(other.id_to_token(border + index) or "")
        if old is not None and old >= border:
            rows[index] = trained[old - border]
            kept += 1
    model.added = table_of(rows)
    save(args.into / "grown.pt", model)
    print(f"{kept} of {len(rows)} rows were trained already")


if __name__ == "__main__":
    main()

"""Averages the weights of checkpoints of one run: steadier than any of them."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from checkpoint import load_encoder, save


def main() -> None:
    """Reads the checkpoints and writes their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, nargs="+", required=True)
    parser.add_argument("--target", type=Path, required=True)
    args = parser.parse_args()
    model = load_encoder(args.sources[0])
    states = [load_encoder(source).state_dict() for source in args.sources]
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    model.load_state_dict(mean)
    save(args.target, model)


if __name__ == "__main__":
    main()

"""The mean of the weights of several checkpoints of one vocabulary.

Runs that start from one checkpoint end around it in different directions; their mean is often
better than each (M. Wortsman et al., "Model soups", ICML 2022).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from checkpoint import load_encoder, save


def main() -> None:
    """Reads the checkpoints and writes their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--target", required=True, help="checkpoint to write, in --work")
    parser.add_argument("parts", nargs="+", metavar="CHECKPOINT[:WEIGHT]")
    args = parser.parse_args()
    parts = [(name, float(weight or 1)) for name, _, weight in (p.partition(":") for p in args.parts)]
    total = sum(weight for _, weight in parts)
    model = load_encoder(args.work / parts[0][0])
    mean = {name: value * (parts[0][1] / total) for name, value in model.state_dict().items()}
    for name, weight in parts[1:]:
        for key, value in load_encoder(args.work / name).state_dict().items():
            mean[key] += value * (weight / total)
    model.load_state_dict(mean)
    save(args.work / args.target, model)


if __name__ == "__main__":
    main()

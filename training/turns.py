"""Fits the classifier of turns: which lines ask something of the documents, and what the others are.

``turns.py MODEL_FOLDER --data DATA`` reads ``training/talk/turns.tsv`` (language, kind, text) and questions
of the reading data, and writes ``turns.npz`` into the folder: a network with one hidden layer over the
question's vector. One line in ten is held out, and figures on those are printed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from assemblybot.answering.turns import NAME, Turn, Turns
from assemblybot.embedding.onnx_embedder import OnnxEmbedder

TALK = Path(__file__).parent / "talk"
READING = Path(__file__).parent / "reading"
#: reading sets whose first column is what a person asked
ASKED = ("piaf.span.fr", "tydiqa-goldp.span.ar", "tydiqa-goldp.span.en", "squad-part.span.en",
         "service-public.pair.fr", "mlqa-dev.span.es", "mlqa-test.pair.es", "code-travail.pair.fr",
         "mlqa-dev.span.ar", "arbanking77.same-intent.ary")  # fmt: skip
MOST_OF_A_SET = 250
HIDDEN, DROP, SCALE = 64, 0.2, 5.0
EPOCHS, BATCH, PACE = 18, 128, 3e-3
HELD_OUT = 10

Floats = NDArray[np.float32]


def lines(data: Path) -> Iterator[tuple[str, Turn]]:
    """Texts with their kinds."""
    with (TALK / "turns.tsv").open(encoding="utf-8", newline="") as file:
        for _, kind, text in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield text, Turn(kind)
    for name in ASKED:
        with gzip.open(data / "qa" / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
            questions = dict.fromkeys(line.split("\t", 1)[0] for line in file)
        yield from (
            (text, Turn.QUESTION) for text in list(questions)[:: max(1, len(questions) // MOST_OF_A_SET)]
        )
    for path in sorted(READING.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            asked = json.loads(line)["questions"]
            yield from ((asked[(number + step) % len(asked)]["q"], Turn.QUESTION) for step in (0, 3))


def fit(vectors: Floats, kinds: NDArray[np.int64]) -> Turns:
    """The network, trained on vectors ``(n, d)`` and their kinds ``(n,)``."""
    torch.manual_seed(0)
    inner, outer = nn.Linear(vectors.shape[1], HIDDEN), nn.Linear(HIDDEN, len(Turn))
    # vectors of unit length have small numbers
    inputs, wanted = torch.tensor(vectors, dtype=torch.float32) * SCALE, torch.tensor(kinds)
    model = nn.Sequential(inner, nn.ReLU(), nn.Dropout(DROP), outer)
    optimiser = torch.optim.AdamW(model.parameters(), lr=PACE, weight_decay=1e-4)
    for epoch in range(EPOCHS):
        for group in optimiser.param_groups:
            group["lr"] = PACE * (1 - epoch / EPOCHS)
        for batch in torch.randperm(len(inputs)).split(BATCH):
            optimiser.zero_grad()
            F.cross_entropy(model(inputs[batch]), wanted[batch]).backward()
            optimiser.step()
    with torch.no_grad():
        hidden = torch.cat([inner.weight.T * SCALE, inner.bias[None]])
        output = torch.cat([outer.weight.T, outer.bias[None]])
    return Turns(hidden.numpy(), output.numpy())


def main() -> None:
    """Fit, report on the held-out lines, and write the weights fitted on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    known = dict(lines(options.data))
    texts, kinds = list(known), np.array([list(Turn).index(kind) for kind in known.values()])
    vectors = OnnxEmbedder(options.folder).embed_queries(texts)
    held = np.array([crc32(text.encode()) % HELD_OUT == 0 for text in texts])
    fitted = fit(vectors[~held], kinds[~held])
    found = [fitted.probabilities(vector) for vector in vectors[held]]
    told = np.array([list(Turn).index(max(one, key=lambda turn: one[turn])) for one in found])
    asks = np.array([one[Turn.QUESTION] for one in found])
    asked = kinds[held] == 0
    print(f"{held.sum()} held out, right kind {(told == kinds[held]).mean():.3f}")
    for threshold in (0.1, 0.2, 0.3, 0.5):
        kept, passed = (asks[asked] >= threshold).mean(), (asks[~asked] >= threshold).mean()
        print(f"asks from {threshold}: questions kept {kept:.3f}, others taken for one {passed:.3f}")
    every = fit(vectors, kinds)
    np.savez(options.folder / NAME, hidden=every.hidden, output=every.output)


if __name__ == "__main__":
    main()

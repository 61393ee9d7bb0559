"""Fits the classifier of turns: which lines ask something of the documents, and what the others are.

``turns.py MODEL_FOLDER --data DATA`` reads ``training/talk/turns.tsv`` (language, kind, text) and questions
of the reading data, and writes ``turns.npy`` into the folder: softmax regression over the question's vector,
minimised by L-BFGS. One line in ten is held out, and figures on those are printed.
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
from numpy.typing import NDArray
from scipy.optimize import minimize

from assemblybot.answering.turns import NAME, Turn
from assemblybot.embedding.embedded import EmbeddedModel

TALK = Path(__file__).parent / "talk"
READING = Path(__file__).parent / "reading"
#: reading sets whose first column is what a person asked
ASKED = ("piaf.span.fr", "tydiqa-goldp.span.ar", "tydiqa-goldp.span.en", "squad-part.span.en",
         "service-public.pair.fr", "mlqa-dev.span.es", "mlqa-test.pair.es", "code-travail.pair.fr",
         "mlqa-dev.span.ar", "arbanking77.same-intent.ary")  # fmt: skip
MOST_OF_A_SET = 250
PENALTY = 3e-6
HELD_OUT = 10

Floats = NDArray[np.float64]


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


def fit(vectors: Floats, kinds: NDArray[np.int64]) -> Floats:
    """Weights ``(d + 1, kinds)`` of softmax regression with an L2 penalty, the bias in the last row."""
    rows = np.hstack([vectors, np.ones((len(vectors), 1))])
    wanted = np.eye(len(Turn))[kinds]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(rows.shape[1], len(Turn))
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        odds /= odds.sum(axis=1, keepdims=True)
        total = -np.log(odds[np.arange(len(rows)), kinds] + 1e-12).mean()
        kept = weights.copy()
        kept[-1] = 0
        gradient = rows.T @ (odds - wanted) / len(rows) + 2 * PENALTY * kept
        return float(total + PENALTY * (kept**2).sum()), gradient.ravel()

    start = np.zeros(rows.shape[1] * len(Turn))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return np.asarray(found.x.reshape(rows.shape[1], len(Turn)))


def main() -> None:
    """Fit, report on the held-out lines, and write the weights fitted on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    found = dict(lines(options.data))
    texts, kinds = list(found), np.array([list(Turn).index(kind) for kind in found.values()])
    vectors = EmbeddedModel(options.folder).embed_queries(texts).astype(np.float64)
    held = np.array([crc32(text.encode()) % HELD_OUT == 0 for text in texts])
    weights = fit(vectors[~held], kinds[~held])
    scores = vectors[held] @ weights[:-1] + weights[-1]
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    asks = odds[:, 0] / odds.sum(axis=1)
    asked = kinds[held] == 0
    print(f"{held.sum()} held out, right kind {(scores.argmax(axis=1) == kinds[held]).mean():.3f}")
    for threshold in (0.1, 0.2, 0.3, 0.5):
        kept, passed = (asks[asked] >= threshold).mean(), (asks[~asked] >= threshold).mean()
        print(f"asks from {threshold}: questions kept {kept:.3f}, others taken for one {passed:.3f}")
    np.save(options.folder / NAME, fit(vectors, kinds).astype(np.float32), allow_pickle=False)


if __name__ == "__main__":
    main()

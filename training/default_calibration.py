"""Fits the calibration that a corpus without questions of its own uses.

    python -m training.default_calibration models/assembly-minilm corpus

Indexes the originals of a corpus alone (no translations, no asked-as, no known question as a
view) and fits fusion weights and the plain verdict model on its known questions, as far as they
hold for other corpora. The passages in training/domain would not do: the model was trained
on their questions and finds them too easily. Writes answering/default-calibration.json.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from assemblybot.answering.calibrate import calibrate_for_others
from assemblybot.corpus import library
from assemblybot.embedding import load_embedder
from assemblybot.index.build import build
from assemblybot.startup import silent

TARGET = Path(__file__).resolve().parents[1] / "src/assemblybot/answering/default-calibration.json"


def main(model: str, folder: str) -> None:
    """Fit and write the default calibration."""
    corpus = library.load(Path(folder))
    originals = tuple(replace(d, translations={}, asked_as={}, questions=()) for d in corpus.documents)
    embedder = load_embedder(model)
    index = build(replace(corpus, documents=originals), embedder, lambda *_: {}, silent)
    known = replace(index, documents={document.id: document for document in corpus.documents})
    calibration = calibrate_for_others(known, embedder)
    TARGET.write_text(json.dumps(calibration, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(json.dumps(calibration["summary"], indent=1))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""The same questions with parts left out: entries of the corpus, a retriever, the cross-encoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assemblybot.answering.assistant import Assistant
from assemblybot.answering.calibration import Calibration
from assemblybot.answering.retrieve import FEATURES, RETRIEVERS
from assemblybot.corpus.library import Corpus
from assemblybot.evaluation.measures import Outcome
from assemblybot.evaluation.run import evaluate
from assemblybot.index.build import build


def ablations(corpus: Corpus, whole: Assistant, questions: Path) -> Iterator[tuple[str, list[Outcome]]]:
    """Outcomes by name of what is left in; nothing is refused, so that only ranking counts.

    `whole` gives the models and the calibration, whose weights stay as they are.
    """
    variants: dict[str, dict[str, Any]] = {
        "everything": {},
        "without translations": {"translations": {}},
        "without stored questions": {"questions": {}},
        "originals only": {"translations": {}, "questions": {}},
    }
    for name, emptied in variants.items():
        documents = tuple(replace(document, **emptied) for document in corpus.documents)
        index = build(replace(corpus, documents=documents), whole.embedder, lambda *_: None)
        kept = {name: whole.calibration}
        if name in ("everything", "originals only"):
            kept |= {f"{name}, {part}": found for part, found in _parts(whole.calibration)}
        for shown, calibration in kept.items():
            ranked = replace(calibration, answered=0.0)
            assistant = Assistant(index, whole.embedder, whole.reader, ranked)
            yield shown, evaluate(assistant, questions).outcomes


def _parts(calibration: Calibration) -> Iterator[tuple[str, Calibration]]:
    """Calibrations without the cross-encoder, and without each retriever."""
    yield "nothing read", replace(calibration, reading=np.zeros_like(calibration.reading))
    for retriever in RETRIEVERS:
        kept = np.array([not name.startswith(f"{retriever}:") for name in FEATURES])
        yield f"without {retriever}", replace(calibration, ranking=calibration.ranking * kept)

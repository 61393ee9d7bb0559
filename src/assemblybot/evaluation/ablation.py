"""The same questions with parts left out: views of the corpus, legs of retrieval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from assemblybot.answering.assistant import Assistant
from assemblybot.answering.calibrate import calibrate
from assemblybot.answering.retrieve import LEGS
from assemblybot.corpus.document import Document
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder
from assemblybot.evaluation.measures import Outcome
from assemblybot.evaluation.run import evaluate
from assemblybot.index.build import build
from assemblybot.index.index import Index


def ablations(corpus: Corpus, embedder: Embedder, questions: Path) -> Iterator[tuple[str, list[Outcome]]]:
    """Outcomes by name of what is left in; nothing is refused, so that only ranking counts.

    Each variant of the corpus is indexed and calibrated anew; a leg alone keeps its own
    learned weights.
    """
    whole = _index(corpus, embedder)
    yield "everything", _ranked(whole, embedder, questions)
    for leg in LEGS:
        yield f"{leg} leg alone", _ranked(_only(whole, leg), embedder, questions)
    variants = {
        "without translations": _without(corpus, translations=True),
        "without asked-as and known questions": _without(corpus, questions=True),
        "originals only": _without(corpus, translations=True, questions=True),
    }
    for name, variant in variants.items():
        index = _index(variant, embedder)
        yield name, _ranked(index, embedder, questions)
        if name == "originals only":
            for leg in LEGS:
                yield f"originals only, {leg} leg alone", _ranked(_only(index, leg), embedder, questions)


def _index(corpus: Corpus, embedder: Embedder) -> Index:
    return build(corpus, embedder, calibrate, lambda *_: None)


def _without(corpus: Corpus, *, translations: bool = False, questions: bool = False) -> Corpus:
    def strip(document: Document) -> Document:
        if translations:
            document = replace(document, translations={})
        return replace(document, asked_as={}, questions=()) if questions else document

    return replace(corpus, documents=tuple(map(strip, corpus.documents)))


def _only(index: Index, leg: str) -> Index:
    fusion = {
        name: weight if name.startswith((f"{leg}:", "kind:")) else 0.0
        for name, weight in index.calibration["fusion"].items()
    }
    return replace(index, calibration={**index.calibration, "fusion": fusion})


def _ranked(index: Index, embedder: Embedder, questions: Path) -> list[Outcome]:
    """Outcomes with the bar at zero."""
    calibration: dict[str, Any] = dict(index.calibration)
    for name in ("verdict", "verdict with open questions"):
        if name in calibration:
            calibration[name] = {**calibration[name], "threshold": 0.0}
    assistant = Assistant(replace(index, calibration=calibration), embedder)
    return evaluate(assistant, questions).outcomes

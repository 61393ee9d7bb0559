"""Fits the calibration that a corpus without questions of its own uses.

    python -m training.default_calibration models/assembly-minilm

Indexes the passages in training/domain (one document per file, originals only) and fits fusion
weights and verdict model on their questions, answered and not, with the code that calibrates
any index. Writes src/assemblybot/answering/default-calibration.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assemblybot.answering.calibrate import calibrate
from assemblybot.corpus.document import Document, KnownQuestion, Metadata, Passage, PassageKind
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import load_embedder
from assemblybot.index.build import build
from assemblybot.startup import silent

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "assemblybot" / "answering" / "default-calibration.json"


def domain_document(path: Path) -> Document:
    """One document of a JSON-lines file of passages with questions."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    text, passages, questions = "", [], []
    for number, record in enumerate(records, start=1):
        start, end = len(text), len(text) + len(record["passage"])
        passages.append(Passage(path.stem, number, PassageKind.PARAGRAPH, record["passage"], start, end))
        text += record["passage"] + "\n"
        for question in record["questions"]:
            right = (number,) if question["answered"] else ()
            questions.append(KnownQuestion(question["lang"], question["question"], right))
    return Document(path.stem, text, Metadata(path.stem, "ar"), tuple(passages), questions=tuple(questions))


def main(model: str) -> None:
    """Fit and write the default calibration."""
    files = sorted((ROOT / "training" / "domain").glob("passages-*.jsonl"))
    corpus = Corpus(tuple(domain_document(path) for path in files), fingerprint="domain")
    embedder = load_embedder(model)
    index = build(corpus, embedder, calibrate, silent)
    text = json.dumps(index.calibration, ensure_ascii=False, indent=1, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(json.dumps(index.calibration["summary"], indent=1))


if __name__ == "__main__":
    main(sys.argv[1])

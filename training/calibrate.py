"""Learns the weights of ranking and verdict, and the thresholds, that hold for every document.

``calibrate.py FOLDER`` reads whole documents with their questions (``documents/``), each alone, as it is and
with stored questions (``documents/reworded.jsonl``), and all together, and writes ``calibration.json``
into the model folder. Figures are of every second document, left out of the fit; the last fit takes all.

- ranking: softmax cross-entropy of the passages that answer, over all passages;
- reading: the same over the passages that are read;
- verdict: logistic regression of "the passage ranked first answers" over its signals.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from assemblybot.answering.calibration import NAME, READ, SIGNALS, Calibration, reading_row
from assemblybot.answering.evidence import Evidence, Searcher
from assemblybot.answering.mismatch import numbers
from assemblybot.answering.retrieve import FEATURES
from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder, load_cross_encoder, load_embedder
from assemblybot.index.build import build
from assemblybot.index.index import Index
from assemblybot.text.language import Language

DOCUMENTS = Path(__file__).parent / "documents"
PENALTY = 1e-3
#: each document is also asked some questions of the one that stands so far behind it
APART, EVERY = 7, 4
#: of the answerable questions whose first passage is right, so many may be refused, and so many reserved
REFUSED, RESERVED = 0.04, 0.35
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """`gold` are passage ids; none where the document does not answer."""

    document: str
    text: str
    language: Language
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """What was found for one question: which candidates answer, which were read, and what was read."""

    question: Question
    index: Index
    evidence: Evidence
    right: NDArray[np.bool_]
    read: NDArray[np.int64]
    readings: Floats

    @property
    def features(self) -> Floats:
        """Of each candidate, ``(c, len(FEATURES))``."""
        return self.evidence.candidates.features.astype(np.float64)


def documents() -> tuple[list[Document], list[Question]]:
    """The documents as the corpus would hold them, and their questions."""
    found, asked = [], []
    for path in sorted(DOCUMENTS.glob("?.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            document, ids = _document(row)
            found.append(document)
            for q in row["questions"]:
                gold = frozenset(ids[number] for number in q["gold"])
                asked.append(Question(document.id, q["q"], q["lang"], gold))
            asked += [Question(document.id, q["q"], q["lang"], frozenset()) for q in row["unanswerable"]]
    return found, asked + with_other_numbers(found, asked)


def with_other_numbers(found: Sequence[Document], asked: Sequence[Question]) -> list[Question]:
    """Answered questions that name a number of their document, with one that it lacks instead."""
    held = {document.id: numbers(document.text) for document in found}
    others = []
    for question in asked:
        named = sorted(numbers(question.text) & held[question.document])
        if question.gold and named:
            other = next(n for n in count(named[-1] + 1) if n not in held[question.document])
            text = question.text.replace(str(named[-1]), str(other))
            if text != question.text:
                others.append(replace(question, text=text, gold=frozenset()))
    return others


def _document(row: dict[str, Any]) -> tuple[Document, list[str]]:
    """A document from its sections, and the ids of the passages that questions number."""
    passages: list[Passage] = []
    text, ids = "", []

    def add(kind: PassageKind, words: str, section: str | None, lead_in: int | None) -> Passage:
        nonlocal text
        start = len(text)
        text += words + "\n\n"
        made = Passage(row["id"], len(passages) + 1, kind, words, start, start + len(words), section, lead_in)
        passages.append(made)
        return made

    add(PassageKind.TITLE, row["title"], None, None)
    for section in row["sections"]:
        heading = section["heading"] or None
        if heading:
            add(PassageKind.HEADING, heading, heading, None)
        lead_in: int | None = None
        for one in section["passages"]:
            kind = PassageKind.ITEM if one["kind"] == "row" else PassageKind(one["kind"])
            made = add(kind, one["text"], heading, lead_in if kind is PassageKind.ITEM else None)
            lead_in = made.number if kind is PassageKind.LEAD_IN else lead_in
            ids.append(made.id)
    return Document(row["id"], text, Metadata(row["title"], row["lang"]), tuple(passages)), ids


def stored(found: Sequence[Document], asked: Sequence[Question]) -> list[Document]:
    """The documents with their reworded questions stored beside them."""
    by_document: dict[str, dict[int, dict[str, tuple[str, ...]]]] = {}
    own = {d.id: [q for q in asked if q.document == d.id] for d in found}
    for line in (DOCUMENTS / "reworded.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        gold = own[row["document"]][row["of"]].gold
        if gold and not row.get("differs"):
            number = min(int(one.rpartition("#")[2]) for one in gold)
            by_language = by_document.setdefault(row["document"], {}).setdefault(number, {})
            by_language[row["lang"]] = (*by_language.get(row["lang"], ()), row["q"])
    return [replace(d, questions=by_document.get(d.id, {})) for d in found]


class Gatherer:
    """Rows of questions against corpora of these documents."""

    def __init__(self, folder: Path) -> None:
        self.embedder: Embedder = load_embedder(str(folder))
        self.reader = load_cross_encoder(folder)

    def rows(self, held: Sequence[Document], asked: Sequence[Question], start: Calibration) -> list[Row]:
        """One row a question, the passages to read chosen by `start`."""
        index = build(Corpus(tuple(held), ""), self.embedder, lambda *_: None)
        searcher = Searcher(index, self.embedder, self.reader, start)
        return [_row(searcher.evidence(q.text, q.language), q, index) for q in asked]

    def signals(self, row: Row, calibration: Calibration) -> Floats:
        """The signals of a row by other weights; what was read stays the same."""
        searcher = Searcher(row.index, self.embedder, self.reader, calibration)
        found = row.evidence
        return searcher.weighed(
            row.question.text,
            row.question.language,
            found.vector,
            found.scores,
            found.candidates,
            found.readings,
            found.originals,
            {},
        ).signals


def _row(evidence: Evidence, question: Question, index: Index) -> Row:
    places = evidence.candidates.passages
    right = np.array([index.passages[int(p)].id in question.gold for p in places])
    read = np.array([int(np.flatnonzero(places == p)[0]) for p in evidence.readings])
    readings = np.array([reading_row(r) for r in evidence.readings.values()])
    return Row(question, index, evidence, right, read, readings)


def fit_order(rows: Sequence[tuple[Floats, NDArray[np.bool_]]], width: int) -> Floats:
    """Weights that put the right rows first; none is negative."""
    known = [(values, right) for values, right in rows if right.any() and not right.all()]
    scale = np.concatenate([values for values, _ in known]).std(axis=0) + 1e-9

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = 0.0, np.zeros_like(weights)
        for values, right in known:
            scores = (values / scale) @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            hit = float(chances[right].sum()) + 1e-12
            total -= np.log(hit)
            gradient += chances @ (values / scale) - (chances[right] / hit) @ (values / scale)[right]
        count = len(known)
        return total / count + PENALTY * float(weights @ weights), gradient / count + 2 * PENALTY * weights

    found = minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * width)
    return np.asarray(found.x / scale, dtype=np.float64)


def fit_verdict(signals: Floats, answers: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Logistic regression with an L2 penalty; numbers and words that lack weigh against an answer only."""
    scale = signals.std(axis=0) + 1e-9
    values = np.hstack([signals / scale, np.ones((len(signals), 1))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = values @ weights
        chances = 1 / (1 + np.exp(-margins))
        total = float(np.mean(np.logaddexp(0, margins) - answers * margins))
        gradient = values.T @ (chances - answers) / len(values)
        kept = np.append(weights[:-1], 0)
        return total + PENALTY * float(kept @ kept), gradient + 2 * PENALTY * kept

    against = {"numbers lacking", "words lacking"}
    bounds = [(None, 0.0) if name in against else (0.0, None) for name in SIGNALS]
    found = minimize(
        loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]
    )
    return found.x[:-1] / scale, float(found.x[-1])


def area(above: Floats, below: Floats) -> float:
    """Area under the curve."""
    return float(np.greater.outer(above, below).mean() + 0.5 * np.equal.outer(above, below).mean())


def order_of(rows: Sequence[Row]) -> tuple[Floats, Floats]:
    """Weights of the ranking, and of the readings beside it."""
    ranking = fit_order([(row.features, row.right) for row in rows], len(FEATURES))
    joined = [
        (np.hstack([(row.features @ ranking)[row.read][:, None], row.readings]), row.right[row.read])
        for row in rows
    ]
    weights = fit_order(joined, 1 + len(READ))
    return ranking * weights[0], weights[1:]


def main() -> None:
    """Reads the arguments, fits, prints what documents that were left out show, and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    gatherer = Gatherer(options.folder)
    plain = np.array([10.0 if name.startswith("dense") else 0.0 for name in FEATURES])
    start = Calibration(plain / 4, np.array([1.0, 0.0]), np.zeros(len(SIGNALS)), 0.0, 0.0, 0.0)
    with threadpool_limits(1, user_api="blas"):
        held, asked = documents()
        known = stored(held, asked)
        fitted = _cross_fitted(gatherer, held, known, asked, start)
    path = options.folder / NAME
    path.write_text(json.dumps(fitted.to_dict(), indent=1) + "\n", encoding="utf-8")
    print(json.dumps(fitted.to_dict(), indent=1))


def _gathered(
    gatherer: Gatherer,
    held: Sequence[Document],
    known: Sequence[Document],
    asked: Sequence[Question],
    start: Calibration,
) -> list[Row]:
    """Each document alone, as it is and with stored questions, and all together."""
    rows: list[Row] = []
    for number, (plain, beside) in enumerate(zip(held, known, strict=True)):
        other = held[(number + APART) % len(held)].id
        own = [q for q in asked if q.document == plain.id]
        # what another document answers, this one does not
        own += [
            replace(q, document=plain.id, gold=frozenset())
            for q in [q for q in asked if q.document == other][::EVERY]
        ]
        rows += gatherer.rows([plain], own, start)
        if beside.questions:
            rows += gatherer.rows([beside], own, start)
    return rows + gatherer.rows(held, asked[::5], start)


def _cross_fitted(
    gatherer: Gatherer,
    held: Sequence[Document],
    known: Sequence[Document],
    asked: Sequence[Question],
    start: Calibration,
) -> Calibration:
    rows = _gathered(gatherer, held, known, asked, start)
    odd = {document.id for number, document in enumerate(held) if number % 2}
    ranking, reading = order_of([row for row in rows if row.question.document not in odd])
    left_out = [row for row in rows if row.question.document in odd]
    right = [_first_right(row, ranking, reading) for row in left_out if row.question.gold]
    print("first right, documents left out", round(float(np.mean(right)), 3), len(right))
    ranking, reading = order_of(rows)
    weighed = replace(start, ranking=ranking, reading=reading)
    signals = np.array([gatherer.signals(row, weighed) for row in rows])
    answers = np.array([_first_right(row, ranking, reading) for row in rows])
    near = np.array([row.question.document in odd for row in rows])
    weights, bias = fit_verdict(signals[~near], answers[~near])
    chances = signals[near] @ weights + bias
    print("area, documents left out", round(area(chances[answers[near]], chances[~answers[near]]), 3))
    weights, bias = fit_verdict(signals, answers)
    chances = 1 / (1 + np.exp(-(signals @ weights + bias)))
    answered, sure = np.quantile(chances[answers], [REFUSED, RESERVED])
    unanswered = np.array([not row.question.gold for row in rows])
    print(
        "unanswerable refused, sure:",
        round(float((chances[unanswered] < answered).mean()), 3),
        round(float((chances[unanswered] >= sure).mean()), 3),
    )
    return Calibration(ranking, reading, weights, bias, float(answered), float(sure))


def _first_right(row: Row, ranking: Floats, reading: Floats) -> bool:
    totals = (row.features @ ranking)[row.read] + row.readings @ reading
    return bool(row.right[row.read][int(np.argmax(totals))])


if __name__ == "__main__":
    main()

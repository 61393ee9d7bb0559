"""Learns the weights of ranking and verdict, and the thresholds, that hold for every document.

``calibrate.py FOLDER`` reads whole documents with their questions (``documents/``), each alone, as it is and
with stored questions (``documents/reworded.jsonl``), and all together, and writes ``calibration.json``
into the model folder.

- ranking: softmax cross-entropy of the passages that answer, over all passages;
- reading: the same over the passages that are read, with one factor for the features of the passages' own
  texts and one for those of stored questions, which say in part what a reading says;
- lead: the smallest with which as many first passages are right as when all of them are read;
- verdict: logistic regression of "the passage ranked first answers" over its signals.

The ranking is fitted on all documents, all else on those that the reader was not trained on. The figures
that are printed are of every second one of these, left out of a fit; the last fit takes all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

import documents
from assemblybot.answering.calibration import NAME, READ, SIGNALS, Calibration, reading_row
from assemblybot.answering.evidence import MOST_READ, Searcher
from assemblybot.answering.query import query
from assemblybot.answering.reading import read
from assemblybot.answering.retrieve import FEATURES, Candidates, candidates, score_entries
from assemblybot.corpus.document import Document
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import CrossEncoder, Embedder, load_embedder
from assemblybot.index.build import build
from assemblybot.index.index import Index
from questions import Question, stored, whole_documents

PENALTY = 1e-3
#: each document is also asked some questions of the one that stands so far behind it
APART, EVERY = 7, 4
#: of the answerable questions whose first passage is right, so many may be refused, and so many reserved
REFUSED, RESERVED = 0.03, 0.25
#: leads that are tried, and what share of right first passages the one that is taken may cost
LEADS, LOST = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 9.0), 0.002
#: the features that are of stored questions
ASKED = np.array([name.endswith(":asked") for name in FEATURES])
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """What was found for one question, and which candidates answer."""

    question: Question
    index: Index
    candidates: Candidates
    right: NDArray[np.bool_]

    @property
    def features(self) -> Floats:
        """Of each candidate, ``(c, len(FEATURES))``."""
        return self.candidates.features.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Read:
    """Of the passages of a row that are read, best first by the ranking: its log-odds by their own texts and
    by stored questions ``(k, 2)``, the readings ``(k, len(READ))``, which passages answer ``(k,)``."""

    ranked: Floats
    readings: Floats
    right: NDArray[np.bool_]

    def first_right(self, factors: Floats, reading: Floats, lead: float) -> bool:
        """Whether the passage answers that comes first when reading stops at a lead."""
        ranked = self.ranked @ factors
        totals = ranked + self.readings @ reading
        best = 0
        for number in range(1, len(totals)):
            if totals[best] >= ranked[number] + lead:
                break
            best = number if totals[number] > totals[best] else best
        return bool(self.right[best])


class Gatherer:
    """Rows of questions against corpora of these documents."""

    def __init__(self, folder: Path) -> None:
        self.embedder: Embedder = load_embedder(str(folder))
        # so that no passage is read twice
        self.reader = CrossEncoder(folder, cache_size=100_000)

    def rows(self, held: Sequence[Document], asked: Sequence[Question]) -> list[Row]:
        """One row a question."""
        index = build(Corpus(tuple(held), ""), self.embedder, lambda *_: None)
        return [self._row(index, question) for question in asked]

    def _row(self, index: Index, question: Question) -> Row:
        asked = query(question.text, question.language, self.embedder)
        found = candidates(index, score_entries(index, asked))
        right = np.array([index.passages[int(p)].id in question.gold for p in found.passages])
        return Row(question, index, found, right)

    def read(self, row: Row, ranking: Floats) -> Read:
        """The first passages by the ranking, all of them read."""
        weighed = row.features * ranking
        ranked = np.stack([weighed[:, ~ASKED].sum(axis=1), weighed[:, ASKED].sum(axis=1)], axis=1)
        first = np.argsort(-ranked.sum(axis=1), kind="stable")[:MOST_READ]
        asked = query(row.question.text, row.question.language, self.embedder)
        readings = [
            reading_row(read(self.reader, row.index, asked, int(position)))
            for position in row.candidates.passages[first]
        ]
        return Read(ranked[first], np.array(readings), row.right[first])

    def signals(self, row: Row, calibration: Calibration) -> tuple[Floats, bool]:
        """The signals of a row, and whether its first passage answers."""
        searcher = Searcher(row.index, self.embedder, self.reader, calibration)
        evidence = searcher.evidence(row.question.text, row.question.language)
        first = row.index.passages[evidence.passages[0]].id
        return evidence.signals, first in row.question.gold


def fit_order(rows: Sequence[tuple[Floats, NDArray[np.bool_]]], width: int) -> Floats:
    """Weights that put the right rows first; none is negative."""
    known = [(values, right) for values, right in rows if right.any() and not right.all()]
    scale = np.concatenate([values for values, _ in known]).std(axis=0) + 1e-9

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = 0.0, np.zeros_like(weights)
        for values, right in known:
            scores = (values / scale) @ weights
            probabilities = np.exp(scores - scores.max())
            probabilities /= probabilities.sum()
            hit = float(probabilities[right].sum()) + 1e-12
            total -= np.log(hit)
            gradient += (
                probabilities @ (values / scale) - (probabilities[right] / hit) @ (values / scale)[right]
            )
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
        probabilities = 1 / (1 + np.exp(-margins))
        total = float(np.mean(np.logaddexp(0, margins) - answers * margins))
        gradient = values.T @ (probabilities - answers) / len(values)
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


def fit_reading(found: Sequence[Read]) -> tuple[Floats, Floats]:
    """Factors ``(2,)`` of the ranking's two parts, and the weights of readings beside them."""
    joined = [(np.hstack([one.ranked, one.readings]), one.right) for one in found]
    weights = fit_order(joined, 2 + len(READ))
    return weights[:2], weights[2:]


def fit_lead(found: Sequence[Read], factors: Floats, reading: Floats) -> float:
    """The smallest of some leads that loses next to nothing against reading all."""

    def right(lead: float) -> float:
        return float(np.mean([one.first_right(factors, reading, lead) for one in found if one.right.any()]))

    shares = {lead: right(lead) for lead in LEADS}
    print("first right by lead", {lead: round(share, 3) for lead, share in shares.items()})
    return next(lead for lead in LEADS if shares[lead] >= right(np.inf) - LOST)


def main() -> None:
    """Reads the arguments, fits, prints what documents that were left out show, and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    gatherer = Gatherer(options.folder)
    with threadpool_limits(1, user_api="blas"):
        fitted = fit(gatherer, *gathered(gatherer))
    path = options.folder / NAME
    path.write_text(json.dumps(fitted.to_dict(), indent=1) + "\n", encoding="utf-8")
    print(json.dumps(fitted.to_dict(), indent=1))


def gathered(gatherer: Gatherer) -> tuple[list[Row], list[Row]]:
    """Each document alone, as it is and with stored questions, and all together: rows about documents that
    the reader was trained on, and about others."""
    held, asked = whole_documents()
    rows: list[Row] = []
    for number, (plain, beside) in enumerate(zip(held, stored(held, asked), strict=True)):
        other = held[(number + APART) % len(held)].id
        own = [q for q in asked if q.document == plain.id]
        # what another document answers, this one does not
        own += [
            replace(q, document=plain.id, gold=frozenset())
            for q in [q for q in asked if q.document == other][::EVERY]
        ]
        rows += gatherer.rows([plain], own)
        if beside.questions:
            rows += gatherer.rows([beside], own)
    rows += gatherer.rows(held, asked[::5])
    trained_on = {row["id"] for row in documents.trained_on()}
    known = [row for row in rows if row.question.document in trained_on]
    return known, [row for row in rows if row.question.document not in trained_on]


def fit(gatherer: Gatherer, known: Sequence[Row], unknown: Sequence[Row]) -> Calibration:
    """All weights and thresholds."""
    ranking = fit_order([(row.features, row.right) for row in (*known, *unknown)], len(FEATURES))
    found = [gatherer.read(row, ranking) for row in unknown]
    names = sorted({row.question.document for row in unknown})
    odd = np.array([names.index(row.question.document) % 2 == 1 for row in unknown])
    _print_order(found, odd)
    factors, reading = fit_reading(found)
    lead = fit_lead(found, factors, reading)
    ranking = ranking * np.where(ASKED, factors[1], factors[0])
    weighed = Calibration(ranking, reading, lead, np.zeros(len(SIGNALS)), 0.0, 0.0, 0.0)
    pairs = [gatherer.signals(row, weighed) for row in unknown]
    signals, answers = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    weights, bias = fit_verdict(signals[~odd], answers[~odd])
    probabilities = signals[odd] @ weights + bias
    print(
        "area, documents left out", round(area(probabilities[answers[odd]], probabilities[~answers[odd]]), 3)
    )
    weights, bias = fit_verdict(signals, answers)
    probabilities = 1 / (1 + np.exp(-(signals @ weights + bias)))
    answered, sure = (float(q) for q in np.quantile(probabilities[answers], [REFUSED, RESERVED]))
    unanswered = probabilities[[not row.question.gold for row in unknown]]
    shares = [round(float(np.mean(of)), 3) for of in (unanswered < answered, unanswered >= sure)]
    print("unanswerable refused, sure:", *shares)
    return replace(weighed, verdict=weights, bias=bias, answered=answered, sure=sure)


def _print_order(found: Sequence[Read], odd: NDArray[np.bool_]) -> None:
    """First right before and after reading, in documents left out of the fit."""
    factors, reading = fit_reading([one for one, left in zip(found, odd, strict=True) if not left])
    left = [one for one, left in zip(found, odd, strict=True) if left and one.right.any()]
    after = [one.first_right(factors, reading, np.inf) for one in left]
    before = [bool(one.right[0]) for one in left]
    print("first right, documents left out: ranked, read", np.mean(before).round(3), np.mean(after).round(3))


if __name__ == "__main__":
    main()

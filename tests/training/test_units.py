"""Training data: spans are where they are said to be, and what measures is not trained on."""

from __future__ import annotations

import gzip
import random

import pytest

import documents
import sources
from units import STRETCH, Neighbours, Unit, held_out, stretch


def _rows(name: str) -> list[str]:
    """Sixty made-up passages of some sentences; every third is long."""
    rows = []
    for number in range(60):
        extra = " ".join(
            f"Sentence {n} of text {number} says little." for n in range(20 if number % 3 == 0 else 2)
        )
        passage = f"{extra} The bridge of {name} {number} opened in {1900 + number}. {extra}"
        rows.append(f"When did bridge {number} open?\t{passage}\t{1900 + number}\ten\n")
    return rows


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[Unit]:
    data = tmp_path_factory.mktemp("data")
    (data / "qa").mkdir()
    for name in {**sources.SPAN, **sources.PAIR, **sources.UNANSWERED}:
        with gzip.open(data / "qa" / f"{name}.tsv.gz", "wt", encoding="utf-8") as file:
            file.writelines(_rows(name.split(".")[0]))
    return sources.units(data, 0)


def test_every_source_is_there_on_both_sides(units: list[Unit]) -> None:
    spans = {"span-en", "span-ar", "span-fr", "span-es", "span-x"}
    groups = spans | {"pair", "unans", "domain", "near", "talk", "document"}
    assert {unit.group for unit in units if not unit.held_out} == groups
    both = {"span-en", "pair", "domain", "near", "talk", "document"}
    assert both <= {unit.group for unit in units if unit.held_out}


def test_no_document_of_the_calibration_is_trained_on(units: list[Unit]) -> None:
    trained_on = [row["id"] for row in documents.trained_on()]
    left = [row for row in documents.rows() if row["id"] not in trained_on]
    assert len(left) > 20
    told = {passage["text"] for row in left for section in row["sections"] for passage in section["passages"]}
    assert not told & {example.passage for unit in units for example in unit.examples}


def test_passages_of_a_document_are_read_as_the_product_reads_them(units: list[Unit]) -> None:
    found = [unit for unit in units if unit.group == "document"]
    answered = [unit for unit in found if unit.examples[0].answers]
    assert len(answered) > 300 and len(found) > len(answered) + 300
    titles = {row["title"] for row in documents.trained_on()}
    for unit in found:
        assert len({example.question for example in unit.examples}) == 1
        assert {example.context.split(" · ")[0] for example in unit.examples} <= titles
        assert not any(example.answers for example in unit.examples[1:])


def test_spans_are_in_their_passages(units: list[Unit]) -> None:
    spans = [e for unit in units for e in unit.examples if e.span is not None]
    assert spans
    for example in spans:
        assert example.span is not None
        text = example.passage[slice(*example.span)]
        assert text.strip() == text != ""
        assert example.answers
    assert all(
        e.passage[slice(*e.span)].isdecimal()
        for e in spans
        if e.question.startswith("When did bridge") and e.span
    )


def test_no_passage_that_measures_is_trained_on(units: list[Unit]) -> None:
    """But for stretches that two neighbouring passages may share there is nothing in common."""
    trained = {e.passage for unit in units if not unit.held_out for e in unit.examples}
    measured = {e.passage for unit in units if unit.held_out for e in unit.examples if e.answers}
    assert measured
    assert not trained & measured


def test_rows_without_an_answer_have_no_span(units: list[Unit]) -> None:
    assert not [e for unit in units for e in unit.examples if not e.answers and e.span]


def test_near_misses_stand_beside_their_question(units: list[Unit]) -> None:
    near = [unit for unit in units if unit.group == "near"]
    assert len(near) > 4_000
    assert sum(len(unit.examples) > 1 for unit in near) > 0.9 * len(near)
    assert all(unit.examples[0].answers and not any(e.answers for e in unit.examples[1:]) for unit in near)


def test_a_stretch_holds_its_span() -> None:
    passage = " ".join(f"This is sentence number {n} of a long text." for n in range(60))
    at = passage.index("number 31")
    text, span = stretch(passage, (at, at + 9), random.Random(2))
    assert span is not None
    assert text[slice(*span)] == "number 31"
    assert len(text) <= STRETCH * 1.25
    assert stretch("Short.", (0, 5), random.Random(2)) == ("Short.", (0, 5))


def test_neighbours_share_rare_words_and_lack_the_answer() -> None:
    passages = [f"The lighthouse keeper {n} counted gannets" for n in range(80)] + [
        "Bread needs flour and water"
    ]
    found = Neighbours(passages).near("gannets", own=passages[0], without="keeper 7", measuring=False)
    assert len(found) == 6
    assert not [p for p in found if p == passages[0] or "keeper 7" in p or "Bread" in p or held_out(p)]

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assemblybot import Assistant
from assemblybot.answering.highlight import answering_spans
from assemblybot.answering.retrieve import EntryScores
from assemblybot.corpus.document import Document, Metadata
from assemblybot.corpus.formats import markdown
from assemblybot.corpus.library import Corpus
from assemblybot.corpus.passages import split
from assemblybot.embedding import Embedder
from assemblybot.embedding.cross_encoder import Reading
from assemblybot.index.build import build
from assemblybot.startup import silent
from assemblybot.text.sentences import Span, clauses, sentences
from tests.answering.gathered import evidence


@given(seed=st.integers(0, 2**32 - 1), passage=st.integers(0, 42))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_spans_are_a_sentence_and_a_part_of_it_whatever_the_scores(
    assistant: Assistant, seed: int, passage: int
) -> None:
    rows = len(assistant.index.table)
    dense, words = np.random.default_rng(seed).random((2, rows), dtype=np.float32)
    text = assistant.index.passages[passage].text
    sentence, part, _ = answering_spans(assistant.index, passage, evidence(EntryScores(dense, words)))
    assert tuple(sentence) in {tuple(span) for span in sentences(text)} | {(0, len(text))}
    assert sentence.start <= part.start < part.end <= sentence.end
    assert part.slice(text).strip() == part.slice(text)


def test_the_best_sentence_wins(assistant: Assistant) -> None:
    index = assistant.index
    position = index.position["marrakech-2025#20"]
    wanted = sentences(index.passages[position].text)[2]
    rows = np.zeros(len(index.table), dtype=np.float32)
    first, last = index.first_rows[position], index.first_rows[position + 1]
    for row in range(first, last):
        if tuple(index.table[row, 2:4]) == tuple(wanted):
            rows[row] = 1.0
    sentence, *_ = answering_spans(index, position, evidence(EntryScores(rows, rows)))
    assert sentence == wanted


def test_the_sentence_that_was_read_as_the_answer_wins(assistant: Assistant) -> None:
    index = assistant.index
    position = index.position["marrakech-2025#20"]
    wanted = sentences(index.passages[position].text)[1]
    rows = np.zeros(len(index.table), dtype=np.float32)
    reading = Reading(2.0, 3.0, Span(wanted.start + 4, wanted.end - 4))
    found = evidence(EntryScores(rows, rows), readings={position: reading})
    sentence, clause, _ = answering_spans(index, position, found)
    assert sentence == wanted
    assert sentence.start <= clause.start < clause.end <= sentence.end


def test_every_clause_that_the_answer_touches_is_highlighted(assistant: Assistant) -> None:
    index = assistant.index
    position, text = next(
        (position, passage.text)
        for position, passage in enumerate(index.passages)
        if len(clauses(passage.text, sentences(passage.text)[0])) > 2
    )
    first, second, *_ = clauses(text, sentences(text)[0])
    rows = np.zeros(len(index.table), dtype=np.float32)
    reading = Reading(2.0, 3.0, Span(first.end - 4, second.start + 4))
    found = evidence(EntryScores(rows, rows), readings={position: reading})
    _, highlighted, _ = answering_spans(index, position, found)
    assert highlighted == (first.start, second.end)


def test_in_a_row_the_cell_that_was_read_is_highlighted_even_when_the_answer_is_doubted(
    embedder: Embedder,
) -> None:
    table = b"| Objeto | Cantidad | Estado |\n|---|---|---|\n| Mesa de comedor | 1 | rayada |\n"
    extract = markdown.extract(table)
    document = Document("d", extract.text, Metadata("Inventario", "es"), split("d", extract))
    index = build(Corpus((document,), ""), embedder, silent)
    text = index.passages[0].text
    doubted = {0: Reading(-2.0, -2.6, Span(text.index("rayada"), len(text)))}
    scores = np.zeros(len(index.table), np.float32)
    _, cell, _ = answering_spans(index, 0, evidence(EntryScores(scores, scores), readings=doubted))
    assert cell.slice(text) == "Estado: rayada"


def test_an_answer_that_was_read_in_the_translation_is_quoted_from_the_original(assistant: Assistant) -> None:
    index = assistant.index
    position = index.position["marrakech-2025#20"]
    translation = index.documents["marrakech-2025"].translations["en"][20]
    start = translation.index("headed the Kingdom's delegation")
    read = {position: Reading(2.0, 3.0, Span(start, start + 20))}
    nothing = np.zeros(len(index.table), dtype=np.float32)
    found = replace(evidence(EntryScores(nothing, nothing), readings=read), originals={})
    sentence, clause, _ = answering_spans(index, position, found)
    assert sentence.slice(index.passages[position].text).startswith("كما ترأس الحموشي وفد المملكة")
    assert sentence.start <= clause.start < clause.end <= sentence.end


def test_the_clause_that_was_read_in_the_translation_is_highlighted_in_the_original(
    assistant: Assistant,
) -> None:
    index = assistant.index
    position, read = index.position["marrakech-2025#3"], "money laundering and other forms"
    start = index.documents["marrakech-2025"].translations["en"][3].index(read)
    readings = {position: Reading(2.0, 3.0, Span(start, start + len(read)))}
    scores = np.zeros(len(index.table), dtype=np.float32)
    found = replace(evidence(EntryScores(scores, scores), readings=readings), originals={})
    _, highlighted, _ = answering_spans(index, position, found)
    assert highlighted.slice(index.passages[position].text).startswith("وغسيل الأموال")


def test_the_sentence_that_was_read_is_quoted_with_the_one_beside_it_that_scores_best(
    assistant: Assistant,
) -> None:
    index = assistant.index
    position = index.position["marrakech-2025#20"]
    first, second, third = sentences(index.passages[position].text)[:3]
    first_row, last_row = index.first_rows[position], index.first_rows[position + 1]
    for best, quoted in ((second, (first.start, second.end)), (third, tuple(first))):
        scores = np.zeros(len(index.table), dtype=np.float32)
        rows = np.flatnonzero((index.table[first_row:last_row, 2:4] == best).all(axis=1))
        scores[first_row + rows] = 1.0
        read = {position: Reading(2.0, 3.0, first)}
        found = evidence(EntryScores(scores, scores), readings=read)
        assert tuple(answering_spans(index, position, found).quoted) == quoted

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.sentences import Span, clauses, is_row, sentences

TEXT = st.text(alphabet="ابت abc.،؛!?؟…\n:()«»12 \u00a0", max_size=200)


@given(TEXT)
def test_sentences_cover_all_but_blanks_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    left = list(text)
    for span in spans:
        left[span.start : span.end] = " " * (span.end - span.start)
    assert not "".join(left).strip()


@given(TEXT)
def test_clauses_lie_within_their_sentence(text: str) -> None:
    for sentence in sentences(text):
        parts = clauses(text, sentence)
        assert parts
        assert parts[0].start == sentence.start
        assert parts[-1].end == sentence.end
        assert all(a.end <= b.start for a, b in pairwise(parts))


def texts(text: str) -> list[str]:
    return [span.slice(text) for span in sentences(text)]


def test_arabic_marks_end_sentences_and_commas_do_not() -> None:
    assert texts("قال المدير، ثم خرج. هل عاد؟ نعم؛ عاد…") == [
        "قال المدير، ثم خرج.",
        "هل عاد؟",
        "نعم؛",
        "عاد…",
    ]


def test_digits_abbreviations_and_list_numbers_are_guarded() -> None:
    assert texts("Art. 5 costs 3.5 crowns. M. Dupont agreed.") == [
        "Art. 5 costs 3.5 crowns.",
        "M. Dupont agreed.",
    ]
    assert texts("1. ترجمة القرارات") == ["1. ترجمة القرارات"]


def test_clauses_are_cut_at_commas_and_short_ones_joined() -> None:
    text = "The harbour, it seems, was opened by the mayor of the town, who had paid for all of it."
    parts = [part.slice(text) for part in clauses(text, Span(0, len(text)))]
    assert parts == [
        "The harbour, it seems, was opened by the mayor of the town,",
        "who had paid for all of it.",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Le Gén. Amrani dirige env. 300 agents.", 1),
        ("Guards work from 6.15 to 8.00 a.m. and from 3.00 p.m. on.", 1),
        ("The court, i.e. its president, met Dr. Nyaga at 8 a.m. She agreed.", 2),
        ("Tél. : +227 20 73. Écrivez-nous.", 2),
        ("La Sra. Ruiz y el Excmo. Sr. Alcalde vinieron. Hablaron.", 2),
        ("ترأس الجلسة د. محمد العلمي. انظر ص. 12 من التقرير.", 2),
        ("It is a work of art. See art. 5 of the law.", 2),
        ("Bread, milk, etc. were sold. He said no. Nobody else did, etc. They left.", 4),
        ("Rome, 44 av. J.-C. fut une année sombre.", 1),
    ],
)
def test_abbreviations_of_five_languages_do_not_end_sentences(text: str, count: int) -> None:
    assert len(texts(text)) == count


def test_a_very_long_line_takes_time_in_proportion() -> None:
    assert len(sentences("It rains. " * 100_000)) == 100_000
    assert len(sentences("It rains" + "." * 1_000_000 + "x")) == 1


def test_how_long_a_clause_is_counts_from_the_last_cut() -> None:
    text = "Rain. The harbour, it seems, was opened by the mayor of the town, who had paid for all of it."
    second = sentences(text)[1]
    assert [part.slice(text) for part in clauses(text, second)] == [
        "The harbour, it seems, was opened by the mayor of the town,",
        "who had paid for all of it.",
    ]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Objeto: Mesa; Estado: rayada", ["Objeto: Mesa", "Estado: rayada"]),
        ("Day: Thursday; Term: 17:00 – 21:45", ["Day: Thursday", "Term: 17:00 – 21:45"]),
        ("اليوم: الخميس، الساعة: 17:00", ["اليوم: الخميس", "الساعة: 17:00"]),
    ],
)
def test_the_clauses_of_a_row_are_its_cells(text: str, cells: list[str]) -> None:
    whole = Span(0, len(text))
    assert is_row(text, whole)
    assert [cell.slice(text) for cell in clauses(text, whole)] == cells


@pytest.mark.parametrize("text", ["One thing: it rained; we stayed.", "Opening hours: 9 to 5", "a; b; c"])
def test_other_sentences_are_no_rows(text: str) -> None:
    assert not is_row(text, Span(0, len(text)))

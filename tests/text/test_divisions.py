from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.divisions import names_of_heading, referred


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What does section 4 say?", "section 4"),
        ("section 3.2", "section 3.2"),
        ("¿Qué dice la cláusula octava?", "article 8"),
        ("clausula 11", "article 11"),
        ("the third clause", "article 3"),
        ("Que dit l'article premier ?", "article 1"),
        ("le chapitre IV", "chapter 4"),
        ("l'article n° 12", "article 12"),
        ("ماذا تقول المادة الخامسة؟", "article 5"),
        ("المادة الثانية عشرة", "article 12"),
        ("المادة ١٤", "article 14"),
        ("lmadda 5", "article 5"),
    ],
)
def test_a_question_refers_to_a_division_by_its_number(text: str, name: str) -> None:
    reference = referred(text)
    assert reference and reference.names == (name,)


def test_a_word_may_name_divisions_of_two_kinds() -> None:
    reference = referred("شنو كيقول الفصل 5 على الكراء")
    assert reference and reference.names == ("article 5", "chapter 5")
    assert reference.rest.split() == ["شنو", "كيقول", "علي", "الكراء"]


@pytest.mark.parametrize("text", ["part of it", "which part I like", "3 sections", "articles about rent", ""])
def test_other_texts_refer_to_none(text: str) -> None:
    assert referred(text) is None


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Cláusula undécima. Obras", "article 11"),
        ("Article 14", "article 14"),
        ("المادة الأولى - تعريفات", "article 1"),
        ("Chapter I", "chapter 1"),
        ("3.2 Scope", "section 3.2"),
        ("4. Findings", "section 4"),
        ("4 Safety", "section 4"),
        ("Octava. Animales", "article 8"),
        ("PRIMERA.- Objeto", "article 1"),
        ("٤. النتائج", "section 4"),
    ],
)
def test_a_heading_is_called_by_its_number(heading: str, name: str) -> None:
    assert name in names_of_heading(heading)


@pytest.mark.parametrize(
    "heading", ["2026 budget", "10 things to know", "What article 14 says", "First results", "Results"]
)
def test_other_headings_have_no_number(heading: str) -> None:
    assert names_of_heading(heading) == ()


@given(st.integers(1, 399))
def test_roman_numbers_are_read(number: int) -> None:
    tens, ones = (
        ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"),
        ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    )
    roman = "C" * (number // 100) + tens[number // 10 % 10] + ones[number % 10]
    if 2 <= len(roman) <= 7:
        assert names_of_heading(f"Chapter {roman}") == (f"chapter {number}",)

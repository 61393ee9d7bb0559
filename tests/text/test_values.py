"""Numbers, dates and names of short texts in five languages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.text.values import (
    Date,
    all_numbers,
    codes,
    dates,
    differ_in_dates,
    names,
    numbers,
    whole_numbers,
)

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4.2 million crowns", {4_200_000}),
        ("1,200 people in 3 halls", {1200, 3}),
        ("38 000 livres", {38_000}),
        ("38\u202f000 livres", {38_000}),
        ("12.400 visitantes", {12_400}),
        ("3,40 €", {Decimal("3.4")}),
        ("٥١٥ تلميذا", {515}),
        ("5 ملايين درهم", {5_000_000}),
        ("2 million on 3 May 2021", {2_000_000}),
        ("no number at all", set()),
    ],
)
def test_numbers(text: str, found: set[int]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on 3 May 2021", {Date(2021, 5, 3)}),
        ("May 3rd, 2021", {Date(2021, 5, 3)}),
        ("le 1er mai 2021", {Date(2021, 5, 1)}),
        ("el 3 de mayo de 2021", {Date(2021, 5, 3)}),
        ("يوم 15 شتنبر 2016", {Date(2016, 9, 15)}),
        ("٢٤ نوفمبر ٢٠٢٥", {Date(2025, 11, 24)}),
        ("فـ 2 يونيو 2021", {Date(2021, 6, 2)}),
        ("2021-05-03", {Date(2021, 5, 3)}),
        ("du 24 au 27 novembre 2025", {Date(2025, 11, 24), Date(2025, 11, 27)}),
        ("in May 2021", {Date(2021, 5)}),
        ("since 1784", {Date(1784)}),
        ("it may rain", set()),
        ("12 crowns", set()),
    ],
)
def test_dates(text: str, found: set[Date]) -> None:
    assert dates(text) == found


def test_names_are_words_with_a_capital_or_in_arabic_without_titles() -> None:
    assert names("the engineer Marta Delling") == {"marta", "delling"}
    assert names("Mme Hélène Carpentier") == {"helene", "carpentier"}
    assert names("السيدة سعاد المرابط") == {"سعاد", "مرابط"}


@given(st.integers(0, 10**9))
def test_a_number_is_the_same_in_all_digits_and_separators(number: int) -> None:
    written = {str(number), str(number).translate(ARABIC), f"{number:,}", f"{number:,}".replace(",", ".")}
    assert {numbers(text) for text in written} == {frozenset({Decimal(number)})}


@given(st.dates(date(1900, 1, 1), date(2099, 1, 1)), st.integers(1, 5000))
def test_only_dates_that_cannot_be_the_same_differ(day: date, days: int) -> None:
    other = day + timedelta(days)
    whole = Date(day.year, day.month, day.day)
    assert not differ_in_dates([whole], [Date(day.year)])
    assert not differ_in_dates([whole], [])
    assert differ_in_dates([whole], [Date(other.year, other.month, other.day)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the 93rd session, on 24 November 2025", {93, 24, 2025}),
        ("الدورة ٩٣ بعد 15 كيلومتراً", {93, 15}),
        ("la 3e réunion à 14h", {3, 14}),
        ("ch7al f had lma9al", set()),
    ],
)
def test_whole_numbers_are_all_that_a_question_may_repeat(text: str, found: set[int]) -> None:
    assert whole_numbers(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How many stations does line T5 have?", {"t5"}),
        ("ligne T-5", {"t5"}),
        ("كم عدد محطات الخط T4؟", {"t4"}),
        ("¿Cuántos m2 tiene el parque y cuántos km2 la ciudad?", set()),
        ("covid19", set()),
    ],
)
def test_codes_are_letters_and_a_number_that_are_no_unit(text: str, found: set[str]) -> None:
    assert codes(text) == found


def test_a_text_with_a_code_has_its_number_too() -> None:
    assert all_numbers("La ligne T5 compte 22 stations.") == {"t5", 5, 22}

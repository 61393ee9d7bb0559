from __future__ import annotations

import pytest

from assemblybot.corpus.structure import is_heading


@pytest.mark.parametrize(
    "line",
    [
        "Rabat, 18 March 2026",
        "Rabat, le 18 mars 2026",
        "Madrid, a 18 de marzo de 2026",
        "زاكورة، 18 مارس 2026",
    ],
)
def test_the_place_and_day_of_a_release_are_no_heading(line: str) -> None:
    assert not is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "الهاتف: 0522 14 36 80",
        "Tel. +34 (91) 555-0182",
        "Write to office@example.org",
        "www.example.org/rules",
    ],
)
def test_a_number_to_call_or_an_address_is_no_heading(line: str) -> None:
    assert not is_heading(line)


@pytest.mark.parametrize(
    "line", ["Rabat", "18 March 2026", "Places, times, prices", "Budget, first half of 2026", "Where was it?"]
)
def test_other_short_lines_are_headings(line: str) -> None:
    assert is_heading(line)


def test_the_number_of_an_act_is_no_number_to_call() -> None:
    assert is_heading("ARRÊTÉ MUNICIPAL N° 2025-0412")


@pytest.mark.parametrize(
    "line", ["Table 2: Fees of the port", "Tableau n° 1 – Habitants", "الجدول 3: السكان", "Fig. 4"]
)
def test_a_caption_is_no_heading(line: str) -> None:
    assert not is_heading(line)
    assert is_heading("Tables and chairs")

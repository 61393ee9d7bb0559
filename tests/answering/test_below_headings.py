"""Headings and titles name what stands below them; that is read and cited in their place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.corpus import adding, library
from assemblybot.embedding import Embedder
from assemblybot.index.build import build
from assemblybot.startup import silent
from tests.conftest import Answering

REPORT = """\
# Yearly report of the association

## School buses

The association bought six buses. They take pupils from eighteen villages to three schools.

## Girls' hostel

It houses 85 pupils from the age of twelve. Khadija Amzil has been in charge of it since September 2019.

## Difficulties

- Fuel became dearer.
- The roads are bad in winter.
"""
MINUTES = """\
# Minutes of the meeting of the Elmwood Residents' Association

Held on Tuesday 14 May 2024 at 7 pm in the Community Hall.

Present: Gillian Frost (chair), Tom Adeyemi (treasurer), Priya Nair (secretary), and 23 residents.

## Playground

The council has agreed to replace the swings by the end of July.
"""


@pytest.fixture
def over(tmp_path: Path, embedder: Embedder, answering: Answering) -> Callable[[str], Assistant]:
    """An assistant over one document."""

    def make(text: str) -> Assistant:
        source = tmp_path / "document.md"
        source.write_text(text, encoding="utf-8")
        assert list(adding.add([source], tmp_path / "corpus"))
        return answering(build(library.load(tmp_path / "corpus"), embedder, silent))

    return make


@pytest.mark.parametrize(
    ("text", "named", "first"),
    [
        (REPORT, "girls' hostel", "It houses 85 pupils"),
        (REPORT, "difficulties", "Difficulties"),
        (REPORT, "yearly report", "Yearly report of the association"),
        (MINUTES, "minutes of the meeting", "Held on Tuesday"),
    ],
)
def test_what_stands_below_comes_first_except_a_list(
    over: Callable[[str], Assistant], text: str, named: str, first: str
) -> None:
    found = over(text).search(named, 2)
    assert [citation.text.startswith(first) for citation in found] == [True, False]


def test_what_stands_below_a_title_answers(over: Callable[[str], Assistant]) -> None:
    answer = over(MINUTES).answer("who attended the meeting of the Elmwood Residents' Association")
    assert "Present: Gillian Frost" in answer.citations[0].quote
    assert not answer.is_unsure


def test_below_a_title_stands_its_byline(over: Callable[[str], Assistant]) -> None:
    assistant = over("# Staff travel policy\n\nBy Ines Duarte\n\n## Booking\n\nTrips are booked in time.\n")
    answer = assistant.answer("Who wrote the staff travel policy?")
    assert [citation.text for citation in answer.citations] == ["By Ines Duarte"]
    assert not answer.is_unsure

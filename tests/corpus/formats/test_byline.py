"""Bylines: near the top, and of a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from assemblybot.corpus import readers
from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.formats.byline import author_of


@pytest.mark.parametrize(
    ("block", "author"),
    [
        ("By Ana Torres", "Ana Torres"),
        ("Written by: Ana Torres, 3 May 2021", "Ana Torres"),
        ("بقلم: سلمى بنيس", "سلمى بنيس"),
        ("Par Jeanne Morel - Nantes", "Jeanne Morel"),
        ("Por Luis Ortega | Valencia", "Luis Ortega"),
        ("By the sea", None),
        ("By Monday every employee has sent the form.", None),
        ("Par ici", None),
        ("The harbour opened", None),
        (f"By {'Ana Torres ' * 20}", None),
    ],
)
def test_who_is_named(block: str, author: str | None) -> None:
    assert author_of(block) == author


TEXTS = {
    "policy.md": "# Travel policy\n\nBy Ana Torres\n\n## Booking\n\nTrips are booked early.\n",
    "policy.html": "<h1>Travel policy</h1><p>By Ana Torres</p><h2>Booking</h2><p>Trips are booked early.</p>",
    "policy.txt": "Travel policy\n\nBy Ana Torres\n\nBooking\n\nTrips are booked early.\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_byline_in_any_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(TEXTS[name], encoding="utf-8")
    extract = readers.read(path)
    assert extract.author == "Ana Torres"
    assert [block.kind for block in extract.blocks[:2]] == [PassageKind.TITLE, PassageKind.BYLINE]


def test_further_down_it_is_text(tmp_path: Path) -> None:
    path = tmp_path / "policy.md"
    paragraphs = "\n\n".join(f"Sentence {number} of the policy." for number in range(4))
    path.write_text(f"# Travel policy\n\n{paragraphs}\n\nBy Ana Torres\n", encoding="utf-8")
    extract = readers.read(path)
    assert extract.author is None
    assert extract.blocks[-1].kind is PassageKind.PARAGRAPH

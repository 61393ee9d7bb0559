"""The numbers that lists and headings show."""

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from assemblybot.corpus.numbering import Counters, Level, numeral
from tests.corpus.formats.test_docx import W, saved
from tests.corpus.reading import passages_of


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (3, "1", "3"),
        (2, "a", "b"),
        (27, "A", "AA"),
        (14, "i", "xiv"),
        (1999, "I", "MCMXCIX"),
        (3, "أ", "ت"),
        (3, "ابجد", "ج"),
        (0, "a", "0"),
        (9999, "i", "9999"),
        (999, "a", "999"),
    ],
)
def test_numerals(number: int, form: str, shown: str) -> None:
    assert numeral(number, form) == shown


def test_levels_count_within_the_level_above() -> None:
    levels = {0: Level("1", "%1."), 1: Level("1", "%1.%2."), 2: Level("a", "(%3)"), 3: Level()}
    counters = Counters(levels)
    marks = [counters.next(at) for at in (0, 1, 1, 2, 2, 3, 0, 1, 2)]
    assert marks == ["1. ", "1.1. ", "1.2. ", "(a) ", "(b) ", "• ", "2. ", "2.1. ", "(a) "]
    assert counters.next(0, restart=7) == "7. "


def numbered(document: Any, *lists: tuple[int, int, int | None]) -> None:
    """Lists that count “1)”, “1.1)”, “Article 1.” or “(a)”: each its number, definition and start."""
    numbering = document.part.numbering_part.element
    first = numbering.find(f"{{{W}}}num")
    for name, forms in (
        (70, (("decimal", "%1)"), ("decimal", "%1.%2)"))),
        (71, (("decimal", "Article %1."),)),
        (72, (("lowerLetter", "(%1)"),)),
    ):
        levels = "".join(
            f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for at, (form, text) in enumerate(forms)
        )
        definition = f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{name}">{levels}</w:abstractNum>'
        first.addprevious(parse_xml(definition))
    for number, name, start in lists:
        override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        numbering.append(
            parse_xml(
                f'<w:num xmlns:w="{W}" w:numId="{number}"><w:abstractNumId w:val="{name}"/>'
                f"{override if start else ''}</w:num>"
            )
        )


def put(paragraph: Any, number: int, level: int = 0) -> None:
    place = f'<w:numPr xmlns:w="{W}"><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(place))


def test_word_numbers_headings_and_lists_as_its_author_sees_them(tmp_path: Path) -> None:
    document = docx.Document()
    numbered(document, (501, 70, None), (502, 72, None), (503, 72, 1), (504, 72, None))
    put(document.add_heading("Wells", 1), 501)
    put(document.add_heading("Digging", 2), 501, 1)
    for text, number in (("survey", 502), ("dig", 502), ("seals", 503), ("pumps", 503), ("oil", 504)):
        put(document.add_paragraph(text), number)
    put(document.add_heading("Pumps", 1), 501)
    taken_out = document.add_paragraph("No item", style="List Number")
    put(taken_out, 0)
    found = passages_of(tmp_path, "a.docx", saved(document))
    assert [p.text for p in found] == [
        "1) Wells",
        "1.1) Digging",
        "(a) survey",
        "(b) dig",
        "(a) seals",
        "(b) pumps",
        "(c) oil",
        "2) Pumps",
        "No item",
    ]
    assert found[2].section == "1.1) Digging"


def test_articles_that_word_numbers_are_sections(tmp_path: Path) -> None:
    document = docx.Document()
    numbered(document, (501, 71, None))
    document.add_paragraph("The law of wells", style="Title")
    document.add_paragraph("In force since May", style="Subtitle")
    put(document.add_paragraph("Every well has a lid."), 501)
    put(document.add_paragraph("Every lid has a lock."), 501)
    found = passages_of(tmp_path, "a.docx", saved(document))
    assert [(p.kind.value, p.text) for p in found] == [
        ("title", "The law of wells"),
        ("paragraph", "In force since May"),
        ("heading", "Article 1."),
        ("paragraph", "Every well has a lid."),
        ("heading", "Article 2."),
        ("paragraph", "Every lid has a lock."),
    ]

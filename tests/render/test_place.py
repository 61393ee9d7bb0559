from dataclasses import replace
from datetime import date

import pytest

from assemblybot.render.place import place, places
from assemblybot.text.bidi import FSI, PDI, RLM, strip_bidi
from assemblybot.text.language import InterfaceLanguage
from tests.doubles import answers


def test_one_passage() -> None:
    assert place(answers.citation(3, "en"), "en").startswith(f"¶{FSI}3{PDI} · ")
    anchored = replace(answers.citation(12, "en"), anchor="page 3")
    assert "page 3" in place(anchored, "es")
    alone = replace(answers.citation(3, "ar"), section=None)
    assert strip_bidi(place(alone, "ar")) == f"الفقرة 3 · {alone.title}"


@pytest.mark.parametrize(
    ("language", "paragraphs", "begins"),
    [
        ("ar", (6, 7), "الفقرتان 6–7 · "),
        ("ar", (6, 7, 8, 9), "الفقرات 6–9 · "),
        ("ar", (6, 8), "الفقرتان 6، 8 · "),
        ("fr", (6, 7, 8, 9), "¶¶6–9 · "),
        ("en", (3, 6, 8), "¶¶3, 6, 8 · "),
    ],
)
def test_several(language: InterfaceLanguage, paragraphs: tuple[int, ...], begins: str) -> None:
    one = answers.citation(3, language)
    several = [replace(one, paragraph=number) for number in paragraphs]
    assert strip_bidi(places(several, language)).startswith(begins)


def test_a_title_with_its_date_reads_as_the_language_does() -> None:
    """What stands outside of the isolates in an isolate decides which way it reads: UAX #9, rule P2."""
    dated = replace(answers.citation(3, "ar"), day=date(2025, 12, 1), section=None)
    assert place(dated, "ar").endswith(f" · {FSI}{RLM}{FSI}{dated.title}{PDI}، {FSI}1 ديسمبر 2025{PDI}{PDI}")
    assert place(dated, "en").endswith(f" · {FSI}{FSI}{dated.title}{PDI}, {FSI}December 1, 2025{PDI}{PDI}")

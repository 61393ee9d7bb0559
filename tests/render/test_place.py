from dataclasses import replace
from datetime import date

import pytest

from assemblybot.render.place import place, places
from assemblybot.text.bidi import FSI, PDI, RLM, strip_bidi
from assemblybot.text.language import InterfaceLanguage
from tests.doubles import answers


def test_one_passage() -> None:
    assert place(answers.citation(3, "en"), "en").startswith(f"¶{FSI}3{PDI} · ")
    alone = replace(answers.citation(3, "ar"), section=None)
    assert strip_bidi(place(alone, "ar")) == f"الفقرة 3 · {alone.title}"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ar", "، الصفحة 3"), ("en", ", page 3"), ("es", ", página 3"), ("fr", ", page 3")],
)
def test_the_page_of_a_pdf(language: InterfaceLanguage, shown: str) -> None:
    cited = replace(answers.citation(12, language), anchor="page 3")
    assert strip_bidi(place(cited, language)).endswith(cited.title + shown)


def test_the_fragment_of_a_web_page_is_not_shown() -> None:
    cited = answers.citation(12, "en")
    assert place(replace(cited, anchor="#mw-content"), "en") == place(cited, "en")


def test_a_section_that_is_the_title_is_said_once() -> None:
    cited = answers.citation(12, "en")
    assert place(replace(cited, section=cited.title), "en") == place(replace(cited, section=None), "en")


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

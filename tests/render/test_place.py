from dataclasses import replace

import pytest

from assemblybot.render.place import place, places
from assemblybot.text.bidi import FSI, PDI, strip_bidi
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

"""Which language, translation and colours someone gets."""

from __future__ import annotations

import pytest

from assemblybot.render.reader import Display
from assemblybot.text.language import INTERFACE_LANGUAGES
from tests.doubles import answers


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("ar-MA,ar;q=0.9,en;q=0.8", "ar"),
        ("de-DE,de;q=0.9,es;q=0.5,fr;q=0.7", "fr"),
        ("en;q=0.2, es", "es"),
        ("fr;q=0, en;q=0.1", "en"),
        ("FR", "fr"),
        ("de,*;q=0.5", "en"),
        ("ar;q=lots,es;q=0.1", "es"),
        (",;,;q=", "en"),
        ("fr-CA ; q=0.5 , es ;q=0.25", "fr"),
        ("a" * 8_000 + ";x, es", "es"),
    ],
)
def test_accept_language(accepted: str, language: str) -> None:
    assert Display.asked({}, accepted).language == language


def test_what_is_chosen_comes_before_what_is_accepted() -> None:
    assert Display.asked({"lang": "es"}, "ar").language == "es"
    assert Display.asked({"lang": "xx"}, "ar").language == "ar"


def test_fields_there_and_back() -> None:
    for display in (Display("ar"), Display("fr", "none", "dark"), Display("en", "ary", "light")):
        assert Display.asked(display.fields) == display
    assert Display("fr", "none", "dark").query == "?lang=fr&translation=none&colours=dark"


def test_unknown_values_count_as_absent() -> None:
    assert Display.asked({"lang": "<b>", "translation": "klingon", "colours": "red"}) == Display(chosen=False)


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_translation_that_suits_the_pages(language: str) -> None:
    display = Display.asked({"lang": language})
    assert display.translation_of(answers.document()) == (None if language == "ar" else language)


def test_a_chosen_translation() -> None:
    article = answers.document()
    assert Display("en", "fr").translation_of(article) == "fr"
    assert Display("en", "none").translation_of(article) is None
    assert Display("en", "ary-Latn").translation_of(article) is None
    assert Display("en", "ar").translation_of(article) is None


def test_only_a_chosen_language_stands_in_addresses() -> None:
    asked = Display.asked({}, "fr-CA")
    assert (asked.language, asked.chosen, asked.query) == ("fr", False, "")
    assert Display.asked({"lang": "es"}, "fr-CA").query == "?lang=es"

"""Titles, sections, translations and suggestions for whoever reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assemblybot.render.localise import (
    localised,
    localised_citation,
    shown_language,
    source_line,
    titles,
)
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import InterfaceLanguage, Language
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant

ARTICLE = answers.document()
INDEX = ScriptedAssistant().as_assistant().index
FRENCH = replace(
    ARTICLE,
    metadata=replace(ARTICLE.metadata, language="fr"),
    translations={"ar": {3: "ترجمة"}, "ary": {4: "بالدارجة"}},
)


@pytest.mark.parametrize(
    ("asked", "chosen", "shown"),
    [
        ("fr", None, "fr"),
        ("fr", "en", "en"),
        ("ary", None, "ary"),
        ("ary", "ar", "ary"),
        ("ary-Latn", "fr", "fr"),
    ],
)
def test_the_language_to_answer_in(
    asked: Language, chosen: InterfaceLanguage | None, shown: Language
) -> None:
    assert shown_language(asked, chosen) == shown


def test_another_language_changes_everything_but_the_quotes() -> None:
    before = answers.answered("fr")
    after = localised(before, INDEX, "es")
    assert after.language == "es"
    for old, new in zip(before.citations, after.citations, strict=True):
        assert (new.text, new.highlights) == (old.text, old.highlights)
        assert new.translation is not None
        assert new.translation.text == ARTICLE.translations["es"][new.paragraph]
        assert new.title == ARTICLE.translations["es"][1]
    refused = localised(answers.not_in_corpus("fr"), INDEX, "es")
    assert len(refused.suggestions) == 3
    asked = {question for by in ARTICLE.questions.values() for question in by["es"]}
    assert {suggestion.text for suggestion in refused.suggestions} <= asked


def test_a_translation_is_for_whoever_does_not_read_the_document() -> None:
    third, fourth = answers.citation(3, "en"), answers.citation(4, "en")
    assert localised_citation(third, FRENCH, "fr").translation is None
    for language in ("ar", "ary", "ary-Latn"):
        translated = localised_citation(third, FRENCH, language).translation
        assert translated is not None
        assert (translated.language, translated.text) == ("ar", "ترجمة")
    assert localised_citation(fourth, FRENCH, "ar").translation is None
    darija = localised_citation(fourth, FRENCH, "ary").translation
    assert darija is not None
    assert darija.text == "بالدارجة"


def test_the_line_over_a_list() -> None:
    above = localised_citation(answers.citation(7, "en"), ARTICLE, "es").lead_in
    assert above is not None and above.translation is not None
    assert above.translation.text == ARTICLE.translations["es"][5]
    arabic = localised_citation(answers.citation(7, "en"), ARTICLE, "ar").lead_in
    assert arabic is not None and arabic.translation is None
    assert localised_citation(answers.citation(3, "en"), ARTICLE, "en").lead_in is None


def test_many_sources_are_not_all_named() -> None:
    documents = {str(n): ARTICLE for n in range(7)}
    assert titles(documents, "en").count(ARTICLE.translations["en"][1]) == 5
    assert titles(documents, "en").endswith(" · …")


def test_a_citation_is_localised_with_its_title_and_section() -> None:
    translations = ARTICLE.translations["fr"]
    item = localised_citation(answers.citation(7, "ar"), ARTICLE, "fr")
    assert (item.title, item.section) == (translations[1], translations[4])
    assert localised_citation(answers.citation(3, "ar"), ARTICLE, "fr").section is None
    before = answers.citation(7, "en")
    original = localised_citation(before, ARTICLE, "ar")
    assert original.translation is None
    assert (original.title, original.section) == (before.title, before.section)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Harbour (1 passage)"),
        ("fr", "Harbour (1 passage)"),
        ("es", "Harbour (1 pasaje)"),
        ("ar", "Harbour (عدد الفقرات: 1)"),
    ],
)
def test_a_source_of_one_passage_and_no_known_author(language: InterfaceLanguage, line: str) -> None:
    metadata = replace(ARTICLE.metadata, title="Harbour", author=None)
    document = replace(ARTICLE, metadata=metadata, passages=ARTICLE.passages[2:3], translations={})
    assert strip_bidi(source_line(document, language)) == line

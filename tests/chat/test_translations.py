"""Citations in the language of their reader."""

from __future__ import annotations

import pytest

from assemblybot.chat.translations import in_language, lead_in, title
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant

ASSISTANT = ScriptedAssistant().as_assistant()
DOCUMENT = answers.document()


@pytest.mark.parametrize("language", [code for code in INTERFACE_LANGUAGES if code != "ar"])
def test_title_section_and_lead_in_are_translated(language: InterfaceLanguage) -> None:
    translations = DOCUMENT.translations[language]
    citation = in_language(ASSISTANT, answers.citation(7, "ar"), language)
    assert citation.translation is not None
    assert citation.translation.text == translations[7]
    assert (citation.title, citation.section) == (translations[1], translations[4])
    assert lead_in(ASSISTANT, citation, language) == translations[5]
    assert title(DOCUMENT, language) == translations[1]


def test_a_reader_of_the_original_gets_the_original() -> None:
    before = answers.citation(7, "en")
    citation = in_language(ASSISTANT, before, "ar")
    assert citation.translation is None, "also the one into the language of the question"
    assert (citation.title, citation.section) == (before.title, before.section)
    assert lead_in(ASSISTANT, citation, "ar") is None
    assert title(DOCUMENT, "ar") == DOCUMENT.metadata.title


def test_a_passage_without_section_or_lead_in_stays_without() -> None:
    citation = in_language(ASSISTANT, answers.citation(3, "ar"), "en")
    assert citation.section is None
    assert lead_in(ASSISTANT, citation, "en") is None

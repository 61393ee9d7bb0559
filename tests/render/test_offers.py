"""What is said of documents fits a message, whatever they are called and however long they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assemblybot.answering.answer import Answer, Remark, Source, Suggestion, Verdict
from assemblybot.corpus.document import Metadata
from assemblybot.messages import say
from assemblybot.render.offers import no_answer_text, opening_text
from assemblybot.render.telegram_lines import no_answer_message
from assemblybot.render.telegram_text import LONGEST_MESSAGE, units
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.doubles.answers import citation

LONG = Suggestion("When?" * 20, "d#1")
BOT = Answer("?", "en", Verdict.NOT_A_QUESTION, 1.0, remark=Remark.ABOUT_BOT, suggestions=(LONG,) * 3)


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_many_documents_with_long_titles_fit_a_message(language: InterfaceLanguage) -> None:
    sources = tuple(
        Source(Metadata(title=f"{n} " + "عنوان " * 35, language="ar", author="ا" * 60)) for n in range(21)
    )
    message = no_answer_message(replace(BOT, sources=sources), language, "", [None] * 3)
    assert units(message.text) <= LONGEST_MESSAGE
    assert "…" in message.text


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_of_a_long_summary_the_longest_translations_are_left_out_first(language: InterfaceLanguage) -> None:
    told = [citation(number, language) for number in (6, 3, 7, 12, 8, 20)]
    answer = Answer(
        "?", language, Verdict.NOT_A_QUESTION, 1.0, remark=Remark.SUMMARY, key_sentences=tuple(told)
    )
    shown = no_answer_text(answer, language, "")
    assert len(shown) <= 3_900
    assert all(c.quote in shown for c in told)
    translated = [bool(c.translation and c.translation.text in shown) for c in told]
    assert translated[0]
    assert not all(translated)


@pytest.mark.parametrize("remark", [Remark.COMPLAINT, Remark.MORE])
def test_what_stands_over_passages_says_why_they_come(remark: Remark) -> None:
    passages = Answer("?", "en", Verdict.ANSWERED, 1.0, (citation(3, "en"),), remark=remark)
    key = "complaint-passages" if remark is Remark.COMPLAINT else "more"
    assert opening_text(passages, "en") == say("en", key)


def test_a_document_without_an_address_says_so() -> None:
    source = Source(Metadata(title="عنوان", language="ar"), {"en": "A title"})
    answer = replace(BOT, remark=Remark.LINK, sources=(source,))
    assert strip_bidi(no_answer_text(answer, "en", "")) == "I do not know of a web address for “A title”."
    page = replace(source, page="https://bot.example.org/read/d")
    assert "https://bot.example.org/read/d" in no_answer_text(replace(answer, sources=(page,)), "en", "")
    there = replace(source, metadata=replace(source.metadata, source_url="https://example.org/a"))
    assert "https://example.org/a" in no_answer_text(replace(answer, sources=(there,)), "en", "")
    assert "https" not in no_answer_text(answer, "en", "")


@pytest.mark.parametrize(
    ("language", "note", "translations"),
    [
        ("en", True, "the translations are unofficial"),
        ("fr", False, "les traductions ne sont pas officielles"),
    ],
)
def test_a_note_is_for_who_reads_its_language(
    language: InterfaceLanguage, note: bool, translations: str
) -> None:
    about = Metadata(title="عنوان", language="ar", note="The text is not under the licence of this project.")
    source = Source(about, {"fr": "Un titre", "en": "A title"})
    shown = no_answer_text(replace(BOT, remark=Remark.AUTHOR, sources=(source,)), language, "")
    assert ("The text is not under" in shown) is note
    assert translations in shown
    assert translations not in no_answer_text(
        replace(BOT, remark=Remark.AUTHOR, sources=(Source(about),)), language, ""
    )


def test_an_item_is_quoted_without_its_bullet() -> None:
    item = replace(citation(6, "en"), quote="- to bring animals", section="Forbidden", translation=None)
    answer = Answer("?", "en", Verdict.NOT_A_QUESTION, 1.0, remark=Remark.SUMMARY, key_sentences=(item,))
    assert "“to bring animals”" in strip_bidi(no_answer_text(answer, "en", ""))

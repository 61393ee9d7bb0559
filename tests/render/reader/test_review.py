"""The page of a curator: passages that may answer a question, in the language of the page."""

from __future__ import annotations

import pytest

from assemblybot.curation.queue import Queued, Why
from assemblybot.render.reader import documents_page
from assemblybot.render.reader.display import Display
from assemblybot.render.reader.pages import FOLDER
from assemblybot.render.reader.review import review_page
from assemblybot.text.language import InterfaceLanguage
from tests.doubles import answers
from tests.render.reader.html import parsed, text_of

ASKED = Queued("id", "Où ?", "fr", (Why.REFUSED,), (), 1, "2026-01-05T09", 0, {})


@pytest.mark.parametrize("language", ["en", "es"])
def test_passages_are_in_the_language_of_the_page(language: InterfaceLanguage) -> None:
    document = answers.document()
    shown = [answers.citation(7, "fr")]
    page = review_page(ASKED, shown, {document.id: document}, Display(language), count=1, token="token")
    root = parsed(page)
    texts = [text_of(one).strip() for one in root.xpath("//*[contains(@class, 'cited')]")]
    assert document.translations[language][7] in texts[0]
    assert document.translations["fr"][7] not in texts[0]
    heading = document.heading_of(document.passages[6])
    assert heading and document.translations[language][heading.number] in texts[0]
    assert text_of(root.xpath("//h1")[0]) == "Où ?"


def test_a_page_beside_the_reader_leads_into_its_folder() -> None:
    """The page of a curator lies in the folder above."""
    for page, start in (
        (review_page(None, [], {}, Display("en"), count=0, token="token"), FOLDER),
        (documents_page([answers.document()], Display("en")), "./"),
    ):
        root = parsed(page)
        assert root.xpath("//form[@role='search']/@action") == [start]
        assert root.xpath("//a[@class='name']/@href")[0].partition("?")[0] == start

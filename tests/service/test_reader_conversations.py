"""The conversations shared with the other channels, held in the reader as a browser would hold them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assemblybot import Assistant
from assemblybot.render.quotation import quotation
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.conversations import Script, Shown, check_comparison, chosen, hold, load, seen
from tests.conversations.reports import Assistants
from tests.render.reader.html import hidden, parsed, text_of
from tests.service.reading import reading


@pytest.mark.parametrize("script", load(), ids=lambda script: script.name)
def test_conversation(script: Script, assistants: Assistants) -> None:
    """Each question is asked from the page of the answer before."""

    assistant = assistants[script.collection]

    async def scenario() -> None:
        async with reading(assistant) as client:
            fields: dict[str, str] = {}
            for exchange in hold(assistant, script):
                async with client.post("/read/", data={**fields, "question": exchange.said}) as response:
                    assert response.status == 200
                    page = parsed(await response.text())
                assert read(page) == exchange.shown, exchange.said
                assert page.get("lang") == exchange.shown.language
                shown = text_of(page.xpath("//section")[0])
                check_comparison(text_of(page.xpath("//main")[0]), exchange.answer)
                quoted = "".join(map(text_of, page.xpath("//blockquote")))
                assert all(words in strip_bidi(shown) for words in exchange.words), exchange.said
                for citation in exchange.answer.citations:
                    assert quotation(citation).original.answer.text in quoted
                fields = hidden(page.xpath("//form[@class='ask']")[0])

    asyncio.run(scenario())


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_language_that_was_chosen_is_that_of_everything(
    language: InterfaceLanguage, assistant: Assistant
) -> None:
    async def scenario() -> None:
        async with reading(assistant) as client:
            fields: dict[str, str] = {"lang": language}
            shown: list[str] = []
            for question in chosen.questions(language):
                async with client.post("/read/", data={**fields, "question": question}) as response:
                    page = parsed(await response.text())
                assert page.get("lang") == language
                shown.append(text_of(page.xpath("//body")[0]))
                fields = hidden(page.xpath("//form[@class='ask']")[0])
            chosen.check(language, shown)

    asyncio.run(scenario())


def read(page: Any) -> Shown:
    """What is seen of an answer: the links tell what is cited."""
    items = page.xpath("//blockquote//a[@class='item-number']/@href")
    places = items or page.xpath("//*[@class='place']/a/@href")
    return seen(text_of(page.xpath("//*[@class='said']")[0]), tuple(map(_passage, places)))


def _passage(address: str) -> str:
    document, _, anchor = address.partition("#p")
    return f"{document.partition('?')[0]}#{anchor}"

"""The conversations shared with the other channels, held in the reader as a browser would hold them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assemblybot import Verdict
from assemblybot.render.quotation import quotation
from assemblybot.text.language import Language
from tests.conversations import Script, check_comparison, hold, load, verdict_of
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
                assert read(page, exchange.answer.language) == exchange.shown, exchange.said
                check_comparison(text_of(page.xpath("//main")[0]), exchange.answer)
                quoted = "".join(map(text_of, page.xpath("//blockquote")))
                for citation in exchange.answer.citations:
                    assert quotation(citation).original.answer.text in quoted
                fields = hidden(page.xpath("//form[@class='ask']")[0])

    asyncio.run(scenario())


def read(page: Any, language: Language) -> tuple[Verdict, tuple[str, ...]]:
    """What a page says: the verdict and the passages cited, by the links to them."""
    items = page.xpath("//blockquote//a[@class='item-number']/@href")
    places = items or page.xpath("//*[@class='place']/a/@href")
    if not places:
        return verdict_of(text_of(page.xpath("//*[@class='said']")[0]), language), ()
    return Verdict.ANSWERED, tuple(map(_passage, places))


def _passage(address: str) -> str:
    document, _, anchor = address.partition("#p")
    return f"{document.partition('?')[0]}#{anchor}"

"""What the gallery draws is what the renderers gave, to the letter."""

from __future__ import annotations

import sys

import pytest
from lxml.html import HtmlElement

from assemblybot import Assistant
from assemblybot.render.telegram_text import Entity, TelegramMessage
from tests import conversations
from tests.conftest import ROOT
from tests.conversations import hold

sys.path.insert(0, str(ROOT / "docs"))

from gallery import slack, telegram, terminal

SCRIPTS = conversations.load()


def words(element: HtmlElement) -> str:
    return "".join(element.text_content().split())


def test_entities_count_in_utf_16_units() -> None:
    text = "👍👍 ab\nquoted 😀 bold"
    entities = (Entity("bold", 5, 2), Entity("expandable_blockquote", 8, 14), Entity("italic", 18, 4))
    pairs = list(telegram._lines(TelegramMessage(text, entities)))
    assert [quote and quote.type for quote, _ in pairs] == [None, "expandable_blockquote"]
    marked = [[(span.get("class"), span.text) for span in line] for _, line in pairs]
    assert marked == [[("is-bold", "ab")], [("is-italic", "bold")]]
    assert [line.text_content() for _, line in pairs] == text.split("\n")


@pytest.mark.parametrize("number", range(len(SCRIPTS)), ids=[script.name for script in SCRIPTS])
def test_telegram_shows_every_letter(assistant: Assistant, number: int) -> None:
    exchanges = list(hold(assistant, SCRIPTS[number]))
    shown = words(telegram.chat(assistant, exchanges))
    for exchange in exchanges:
        message = telegram.message(assistant, exchange)
        assert "".join(message.text.split()) in shown
        assert all("".join(b.text.split()) in shown for row in message.keyboard for b in row)


@pytest.mark.parametrize("number", range(len(SCRIPTS)), ids=[script.name for script in SCRIPTS])
def test_slack_shows_every_letter(assistant: Assistant, number: int) -> None:
    exchanges = list(hold(assistant, SCRIPTS[number]))
    shown = words(slack.thread(assistant, exchanges))
    for exchange in exchanges:
        for text in texts(slack.message(assistant, exchange).blocks):
            assert "".join(text.split()) in shown


def texts(value: object) -> list[str]:
    """Every text that a client shows of blocks: not what stands in the value of a button."""
    if isinstance(value, dict):
        if value.get("type") == "feedback_buttons":
            return []
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for key, below in value.items() if key != "value" for text in texts(below)]
    return [text for below in value for text in texts(below)] if isinstance(value, list | tuple) else []


def test_the_terminal_shows_every_citation(assistant: Assistant) -> None:
    exchanges = list(hold(assistant, SCRIPTS[0]))
    shown = words(terminal.session(assistant, exchanges))
    for exchange in exchanges:
        assert all("".join(c.quote.split()) in shown for c in exchange.answer.citations)


def test_a_block_that_cannot_be_drawn_is_named() -> None:
    with pytest.raises(ValueError, match="video"):
        slack._block({"type": "video"})

"""A Slack thread as HTML, from the blocks that the bot posts.

Each text element is a paragraph of its own and takes its direction from its first strong letter
(`dir="auto"`, as Slack's own client writes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV, HR, LI, SPAN, UL
from tests.conversations import Exchange

from assemblybot.answering.assistant import Assistant
from assemblybot.render.localise import localised_citation
from assemblybot.render.slack import render
from assemblybot.render.slack_message import SlackMessage
from assemblybot.text.language import interface_language
from gallery.conversations import link, sources

Block = dict[str, Any]


def thread(assistant: Assistant, exchanges: list[Exchange]) -> HtmlElement:
    """A whole conversation in a direct message."""
    posts: list[HtmlElement] = []
    for number, exchange in enumerate(exchanges):
        time = f"10:{24 + number} AM"
        posts.append(_post("Salma Idrissi", "S", time, [DIV(CLASS("sl-text"), exchange.said, dir="auto")]))
        posts.append(_post("assemblybot", "A", time, map(_block, message(assistant, exchange).blocks)))
    head = DIV(CLASS("sl-head"), SPAN(CLASS("sl-head-name"), "assemblybot"))
    return DIV(CLASS("sl"), head, DIV(CLASS("sl-posts"), *posts))


def message(assistant: Assistant, exchange: Exchange) -> SlackMessage:
    """What the bot posts."""
    answer, language = exchange.answer, interface_language(exchange.answer.language)
    documents = assistant.index.documents
    cited = tuple(
        localised_citation(citation, documents[citation.document], language) for citation in answer.citations
    )
    return render(
        replace(answer, citations=cited),
        language,
        sources=sources(assistant),
        link=link(assistant),
    )


def _post(name: str, letter: str, time: str, content: Any) -> HtmlElement:
    is_app = letter == "A"
    by = DIV(CLASS("sl-by"), SPAN(CLASS("sl-name"), name))
    if is_app:
        by.append(SPAN(CLASS("sl-app"), "APP"))
    by.append(SPAN(CLASS("sl-time"), time))
    avatar = DIV(CLASS("sl-avatar sl-bot" if is_app else "sl-avatar"), letter)
    return DIV(CLASS("sl-post"), avatar, DIV(CLASS("sl-body"), by, *content))


def _block(block: Block) -> HtmlElement:
    kind = block["type"]
    if kind == "section":
        text = DIV(CLASS("sl-text"), block["text"]["text"], dir="auto")
        return DIV(CLASS("sl-section"), text, *map(_element, filter(None, [block.get("accessory")])))
    if kind == "context":
        return DIV(CLASS("sl-context"), *(DIV(e["text"], dir="auto") for e in block["elements"]))
    if kind == "rich_text":
        return DIV(CLASS("sl-rich"), *map(_rich, block["elements"]))
    if kind in ("actions", "context_actions"):
        return DIV(CLASS(f"sl-{kind}"), *map(_element, block["elements"]))
    if kind == "divider":
        return HR(CLASS("sl-divider"))
    raise ValueError(f"The gallery cannot draw a Slack block of type {kind}; add it to _block.")


def _rich(element: Block) -> HtmlElement:
    kind = element["type"]
    if kind == "rich_text_list":
        return UL(CLASS("sl-list"), *(LI(*_texts(item), dir="auto") for item in element["elements"]))
    name = {"rich_text_section": "sl-text", "rich_text_quote": "sl-quote"}[kind]
    return DIV(CLASS(name), *_texts(element), dir="auto")


def _texts(element: Block) -> Iterator[HtmlElement]:
    for part in element["elements"]:
        style = " ".join(f"is-{name}" for name, on in part.get("style", {}).items() if on)
        yield SPAN(CLASS(style), part["text"]) if style else SPAN(part["text"])


def _element(element: Block) -> HtmlElement:
    if element["type"] == "button":
        return SPAN(CLASS("sl-button"), element["text"]["text"], dir="auto")
    if element["type"] == "feedback_buttons":
        thumbs = (("positive_button", "👍"), ("negative_button", "👎"))
        shown = [SPAN(CLASS("sl-thumb"), sign, title=element[key]["text"]["text"]) for key, sign in thumbs]
        return DIV(CLASS("sl-thumbs"), *shown)
    raise ValueError(
        f"The gallery cannot draw a Slack element of type {element['type']}; add it to _element."
    )

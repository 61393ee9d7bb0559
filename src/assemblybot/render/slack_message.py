"""A Slack message, and how one is put together: blocks, and the same words as text.

Quotes go into `rich_text`, where emphasis is a style of a span: the asterisks of mrkdwn need
spaces around them and fail on Arabic words with a joined preposition or article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    MarkdownTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)

from assemblybot.corpus.structure import list_mark
from assemblybot.render.quotation import Marked, QuotedList, first_number, without_bullet
from assemblybot.render.slack_text import BlockData, escaped, paragraph, pieces, plain


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What `chat.postMessage` and a `response_url` take."""

    text: str
    blocks: tuple[BlockData, ...]
    #: The same with older blocks alone, for a workspace that refuses these.
    plainer: SlackMessage | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"text": self.text, "blocks": list(self.blocks)}


class Draft:
    """Blocks and, line by line, the same words; what is added to one is added to the other."""

    def __init__(self) -> None:
        self._blocks: list[BlockData] = []
        self._lines: list[str] = []

    def add(self, block: Block | None, *lines: str) -> None:
        """A block and its words."""
        if block is not None:
            self._blocks.append(block.to_dict())
            self._lines.extend(map(escaped, lines))

    def say(self, text: str) -> None:
        """What the bot itself says."""
        self.add(SectionBlock(text=plain(text)), text)

    def mention(self, text: str, *, small: bool = False) -> None:
        """The same with the name of a person or channel in mrkdwn; `small` in small letters."""
        shown = MarkdownTextObject(text=text)
        self.add(ContextBlock(elements=[shown]) if small else SectionBlock(text=shown))
        self._lines.append(text)

    def aside(self, text: str) -> None:
        """A line in small letters."""
        self.add(ContextBlock(elements=[plain(text)]), text)

    def question(self, asked: str) -> None:
        """What was asked."""
        shown = paragraph(asked)
        self.add(RichTextBlock(elements=[_section(shown, bold=True)]), shown)

    def quote(self, text: Marked, lead_in: str = "", caption: str = "") -> None:
        """A quoted paragraph under the line that introduces it, its highlights in bold, over a caption."""
        parts = [_text(shown, bold=marked) for shown, marked in pieces(text.text, text.highlights)]
        if caption:
            parts += [_text("\n"), _text(caption, italic=True)]
        self._rich(lead_in, [RichTextQuoteElement(elements=parts)], paragraph(text.text), caption)

    def items(self, quoted: QuotedList, caption: str = "") -> None:
        """A list, one paragraph an item; numbered where the items are."""
        elements: list[RichTextElement] = list(_list(quoted.items))
        if caption:
            elements.append(_section(caption, italic=True))
        self._rich(quoted.lead_in, elements, *map(paragraph, quoted.items), caption)

    def _rich(self, lead_in: str, elements: list[RichTextElement], *lines: str) -> None:
        above = [paragraph(lead_in)] if lead_in else []
        block = RichTextBlock(elements=[*map(_section, above), *elements])
        self.add(block, *above, *filter(None, lines))

    def message(self) -> SlackMessage:
        """What was collected."""
        return SlackMessage("\n".join(self._lines), tuple(self._blocks))


def _text(shown: str, *, bold: bool = False, italic: bool = False) -> RichTextElementParts.Text:
    style = RichTextElementParts.TextStyle(bold=bold or None, italic=italic or None)
    return RichTextElementParts.Text(text=shown, style=style if bold or italic else None)


def _section(shown: str, *, bold: bool = False, italic: bool = False) -> RichTextSectionElement:
    return RichTextSectionElement(elements=[_text(shown, bold=bold, italic=italic)])


def _list(items: tuple[str, ...]) -> Iterator[RichTextListElement]:
    first = first_number(items)
    bare = (item.removeprefix(list_mark(item)) if first else without_bullet(item) for item in items)
    sections = [_section(paragraph(text)) for text in bare]
    if first:
        yield RichTextListElement(elements=sections, style="ordered", offset=first - 1 or None)
    else:
        yield RichTextListElement(elements=sections, style="bullet")

"""A Slack message, and how one is put together: blocks, and the same words as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject, RichTextBlock, SectionBlock

from assemblybot.render.slack_text import Block, escaped, paragraph, plain, section, spoken
from assemblybot.text.language import InterfaceLanguage


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What `chat.postMessage` and a `response_url` take."""

    text: str
    blocks: tuple[Block, ...]
    #: The same with older blocks alone, for a workspace that refuses these.
    plainer: SlackMessage | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"text": self.text, "blocks": list(self.blocks)}


class Draft:
    """Blocks and, line by line, the same words; what is added to one is added to the other."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lines: list[str] = []

    def add(self, block: SlackBlock | None, *lines: str) -> None:
        """A block and its words."""
        if block is not None:
            self._blocks.append(block.to_dict())
            self._lines.extend(map(escaped, lines))

    def head(self, question: str, by: str, language: InterfaceLanguage) -> None:
        """What was asked, and who shows it to the channel."""
        if question:
            asked = paragraph(question)
            self.rich([section(asked, bold=True)], asked)
        if by:
            text = spoken(language, "slack-shared-by", user=f"<@{by}>")
            self.add(ContextBlock(elements=[MarkdownTextObject(text=text)]))
            self._lines.append(text)

    def say(self, text: str) -> None:
        """What the bot itself says."""
        self.add(SectionBlock(text=plain(text)), text)

    def aside(self, text: str) -> None:
        """A line in small letters."""
        self.add(ContextBlock(elements=[plain(text)]), text)

    def rich(self, elements: Sequence[Any], *lines: str) -> None:
        """Paragraphs with emphasis, quotes and lists."""
        self.add(RichTextBlock(elements=elements), *lines)

    def done(self) -> SlackMessage:
        """The message."""
        return SlackMessage("\n".join(self._lines), tuple(self._blocks))

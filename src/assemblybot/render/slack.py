"""Answer → Slack blocks and the same words as text, for notifications and screen readers.

Pure functions. One paragraph an element, so that every client takes its direction from its own
first letter; the citation in a context block of its own; emphasis as a style of a span.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import (
    ContextBlock,
    DividerBlock,
    MarkdownTextObject,
    RichTextBlock,
    SectionBlock,
)

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.render.links import Link
from assemblybot.render.offers import instead, offer, opening
from assemblybot.render.place import place, places
from assemblybot.render.slack_buttons import ask_button, feedback, passage_buttons
from assemblybot.render.slack_shown import Cited, Shown
from assemblybot.render.slack_text import (
    Block,
    bullets,
    cut,
    escaped,
    line,
    paragraph,
    plain,
    quote,
    section,
    size,
    spoken,
)
from assemblybot.text.language import InterfaceLanguage

#: Slack refuses messages of about 12–13 thousand characters over all blocks, undocumented.
MOST_CHARACTERS: Final = 11_000
MOST_PASSAGES: Final = 3
# Room for the quotes of a message when whole passages do not fit it.
_SHORTER: Final = (9_000, 2_500)


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What `chat.postMessage` and a `response_url` take."""

    text: str
    blocks: tuple[Block, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"text": self.text, "blocks": list(self.blocks)}


class _Draft:
    """Blocks and, line by line, the same words; what is added to one is added to the other."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lines: list[str] = []

    def add(self, block: SlackBlock | None, *lines: str) -> None:
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
        self.add(SectionBlock(text=plain(text)), text)

    def aside(self, text: str) -> None:
        self.add(ContextBlock(elements=[plain(text)]), text)

    def rich(self, elements: Sequence[Any], *lines: str) -> None:
        self.add(RichTextBlock(elements=elements), *lines)

    def done(self) -> SlackMessage:
        return SlackMessage("\n".join(self._lines), tuple(self._blocks))


def render(
    answer: Answer,
    language: InterfaceLanguage,
    *,
    sources: str = "",
    link: Link | None = None,
    private: bool = False,
    repeats_question: bool = False,
    lead_in_translation: str | None = None,
) -> SlackMessage:
    """The message that answers a question.

    `sources` names the documents (for a greeting); `link` gives the address at which a citation
    can be read; `private` messages can be shared; `repeats_question` is for a question that
    nobody wrote there.
    """
    question = answer.question if repeats_question else ""
    if answer.verdict is not Verdict.ANSWERED:
        return _without_passages(answer, language, sources, question)
    return passages(
        Shown.of(answer, language, private=private).asking(question),
        answer.citations,
        line(opening(answer, language, count=1), language),
        link=link,
        question=answer.question,
        lead_in_translation=lead_in_translation,
        rated=True,
    )


def passages(
    shown: Shown,
    citations: Sequence[Citation],
    heading: str,
    *,
    link: Link | None = None,
    question: str = "",
    lead_in_translation: str | None = None,
    rated: bool = False,
) -> SlackMessage:
    """Passages under a heading: as much of `citations` (those of `shown.here`) as fits a message.

    A list shows every item that fits, an answer its best passage; the rest is behind a button.
    """
    most = len(citations) if shown.is_list else MOST_PASSAGES if shown.around else 1
    message: SlackMessage | None = None
    for translated, room, count in _plans(shown, min(most, len(citations))):
        page = citations[:count]
        draft = _Draft()
        draft.head(shown.question, shown.by, shown.language)
        draft.say(heading)
        if shown.is_list:
            _list(draft, page, shown.language, lead_in_translation if translated else None, translated)
        else:
            for number, citation in enumerate(page):
                if number:
                    draft.add(DividerBlock())
                _passage(draft, citation, shown.language, translated, room // count)
        offers = any(citation.translation for citation in page) and shown.language != "ar"
        draft.add(
            passage_buttons(
                shown,
                len(page),
                toggles=offers and (translated or not shown.translated),
                link=link(page[0]) if link else None,
                question=question,
            )
        )
        if rated:
            draft.add(feedback(shown.language, ",".join(c.passage for c in shown.cited[:MOST_PASSAGES])))
        message = draft.done()
        if size(message.blocks) <= MOST_CHARACTERS:
            break
    assert message is not None
    return message


def note(*paragraphs: str) -> SlackMessage:
    """Something the bot says that is no answer; each paragraph as shown."""
    draft = _Draft()
    for text in paragraphs:
        draft.say(text)
    return draft.done()


def neighbours(citations: Iterable[Citation], language: InterfaceLanguage, *, private: bool) -> Shown:
    """The state of a message that shows passages that stand together."""
    return Shown(tuple(map(Cited.of, citations)), language, private=private, around=True)


def _plans(shown: Shown, count: int) -> Iterable[tuple[bool, int, int]]:
    """Ways to build a message, the fullest first: translated?, room for quotes, how many."""
    if shown.translated:
        yield True, MOST_CHARACTERS, count
    yield False, MOST_CHARACTERS, count
    if not shown.is_list:
        for room in _SHORTER:
            yield False, room, count
    while shown.is_list and count > 1:
        count -= max(1, count // 8)
        yield False, MOST_CHARACTERS, count


def _passage(
    draft: _Draft, citation: Citation, language: InterfaceLanguage, translated: bool, room: int
) -> None:
    lead_in = [paragraph(citation.lead_in.text)] if citation.lead_in else []
    part = citation if len(citation.text) <= room else _shortened(citation, room)
    draft.rich([*map(section, lead_in), quote(part.text, part.highlights)], *lead_in, paragraph(part.text))
    if part is not citation:
        draft.aside(spoken(language, "slack-cut"))
    if translated and citation.translation and language != "ar":
        label, text = spoken(language, "translation-label"), citation.translation.text
        draft.rich([section(label, italic=True), quote(text)], label, paragraph(text))
    draft.aside(line(place(citation, language), language))


def _shortened(citation: Citation, room: int) -> Citation:
    """A citation of less: the sentence that answers, or the beginning of it."""
    start = max(0, citation.text.find(citation.quote))
    text = cut(citation.quote, room)
    spans = ((max(s - start, 0), min(e - start, len(text))) for s, e in citation.highlights)
    return replace(citation, text=text, highlights=tuple(s for s in spans if s[0] < s[1]))


def _list(
    draft: _Draft,
    items: Sequence[Citation],
    language: InterfaceLanguage,
    lead_in_translation: str | None,
    translated: bool,
) -> None:
    first = items[0]
    texts = [item.text for item in items]
    lead_in = [paragraph(first.lead_in.text)] if first.lead_in else []
    draft.rich([*map(section, lead_in), bullets(texts)], *lead_in, *map(paragraph, texts))
    translations = [item.translation.text for item in items if item.translation]
    if translated and language != "ar" and len(translations) == len(items):
        label = spoken(language, "translation-label")
        before = [paragraph(lead_in_translation)] if lead_in_translation else []
        draft.rich(
            [section(label, italic=True), *map(section, before), bullets(translations)],
            label,
            *before,
            *map(paragraph, translations),
        )
    draft.aside(line(places(items, language), language))


def _without_passages(
    answer: Answer, language: InterfaceLanguage, sources: str, question: str
) -> SlackMessage:
    draft = _Draft()
    draft.head(question, "", language)
    for text in instead(answer, language, sources).split("\n"):
        draft.say(line(text, language))
    if answer.suggestions:
        draft.say(line(offer(answer, language), language))
    for suggestion in answer.suggestions:
        text = paragraph(suggestion)
        draft.add(SectionBlock(text=plain(text), accessory=ask_button(suggestion, language)), text)
    if answer.verdict is Verdict.NOT_IN_CORPUS:
        draft.add(feedback(language, str(answer.verdict)))
    return draft.done()

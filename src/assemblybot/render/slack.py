"""Answer → Slack blocks and the same words as text, for notifications and screen readers.

The sentences that answer stand first, translated where the reader needs it, then the original, then
where it stands; the rest is behind buttons. Pure functions. One paragraph an element, so that every
client takes its direction from its own first letter; the citation in a block of its own; emphasis as
a style of a span.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.render.documents import Card
from assemblybot.render.links import Link
from assemblybot.render.offers import found, instead, offer, opening
from assemblybot.render.slack_buttons import ask_button, documents, feedback, reasons
from assemblybot.render.slack_message import Draft, SlackMessage
from assemblybot.render.slack_passages import passages
from assemblybot.render.slack_shown import Cited, Shown
from assemblybot.render.slack_text import line, paragraph, plain, spoken
from assemblybot.session.identity import rating_key
from assemblybot.text.language import InterfaceLanguage


def render(
    answer: Answer,
    language: InterfaceLanguage,
    *,
    sources: str = "",
    link: Link | None = None,
    private: bool = False,
    direct: bool = False,
    mark: str = "",
    repeats_question: bool = False,
    lead_in_translation: str | None = None,
) -> SlackMessage:
    """The message that answers a question.

    `sources` names the documents (for a greeting); `link` gives the address at which a citation
    can be read; `private` messages can be shared, `direct` ones stand in the conversation with the bot;
    `mark` names the answer for its ratings; `repeats_question` is for a question that nobody wrote there.
    """
    question = answer.question if repeats_question else ""
    if answer.verdict is not Verdict.ANSWERED:
        return _without_passages(answer, language, sources, question, mark)
    shown = replace(Shown.of(answer, language), private=private, direct=direct, mark=mark).asking(question)
    return passages(
        shown,
        answer.citations,
        line(opening(answer, language), language) if answer.remark else heading(shown, answer.citations),
        link=link,
        question=answer.question,
        lead_in_translation=lead_in_translation,
    )


def heading(shown: Shown, citations: Sequence[Citation]) -> str:
    """What stands over passages: nothing over a sure answer, which stands first."""
    if shown.around:
        return spoken(shown.language, "slack-around")
    if shown.at:
        return spoken(shown.language, "more-passages")
    if shown.differ:
        return spoken(shown.language, "answered-differ")
    if not shown.is_unsure and not (shown.is_list and citations[0].lead_in is None):
        return ""
    said = found(shown.language, count=1, is_list=shown.is_list, is_unsure=shown.is_unsure)
    return line(said, shown.language)


def why(language: InterfaceLanguage, answer: str) -> SlackMessage:
    """Asks why an answer did not help; `answer` is the key of its ratings."""
    draft = Draft()
    draft.say(spoken(language, "feedback-why"))
    draft.add(reasons(language, answer))
    return draft.done()


def note(*paragraphs: str) -> SlackMessage:
    """Something the bot says that is no answer; each paragraph as shown."""
    draft = Draft()
    for text in paragraphs:
        draft.say(text)
    return draft.done()


def told(card: Card) -> SlackMessage:
    """What a curator is told of documents, with its buttons."""
    draft = Draft()
    for text in card.lines:
        draft.say(line(text, card.language))
    draft.add(documents(card))
    return draft.done()


def not_invited(language: InterfaceLanguage, channel: str, command: str) -> SlackMessage:
    """Says, outside of `channel`, that the bot is no member of it; `command` invites the bot."""
    text = spoken(language, "slack-not-invited", channel=f"<#{channel}>", command=command)
    draft = Draft()
    draft.add(SectionBlock(text=MarkdownTextObject(text=text)))
    return replace(draft.done(), text=text)


def neighbours(citations: Iterable[Citation], shown: Shown) -> Shown:
    """The state of a message that shows passages that stand together, asked for from `shown`."""
    return shown.other(tuple(map(Cited.of, citations)), around=True)


def _without_passages(
    answer: Answer, language: InterfaceLanguage, sources: str, question: str, mark: str
) -> SlackMessage:
    draft = Draft()
    draft.head(question, "", language)
    for text in instead(answer, language, sources).split("\n"):
        draft.say(line(text, language))
    if answer.suggestions:
        draft.say(line(offer(answer, language), language))
    for suggestion in answer.suggestions:
        text = paragraph(suggestion.text)
        draft.add(SectionBlock(text=plain(text), accessory=ask_button(suggestion.text, language)), text)
    if mark and answer.verdict is Verdict.NOT_IN_CORPUS:
        draft.add(feedback(language, rating_key(str(answer.verdict), mark)))
    return draft.done()

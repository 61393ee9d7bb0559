"""Answer → Slack blocks and the same words as text, for notifications and screen readers.

The sentences that answer stand first, translated where the reader needs it, then the original, then
where it stands; the rest is behind buttons. Pure functions. One paragraph an element, so that every
client takes its direction from its own first letter; the citation in a block of its own; emphasis as
a style of a span. A message that would be longer than Slack takes is built again with less in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from slack_sdk.models.blocks import DividerBlock, SectionBlock, TaskCardBlock, UrlSourceElement

from assemblybot.answering.answer import Answer, Citation, Verdict
from assemblybot.render.cards import Card
from assemblybot.render.links import Link
from assemblybot.render.offers import heading_text, no_answer_text, opening_text, suggestions_text
from assemblybot.render.place import places
from assemblybot.render.quotation import Excerpt, Marked, quotation, quoted_list
from assemblybot.render.slack_buttons import (
    ask_button,
    card_buttons,
    feedback_buttons,
    passage_buttons,
    reason_buttons,
)
from assemblybot.render.slack_message import Draft, SlackMessage
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import cut, line, paragraph, plain, size, spoken
from assemblybot.session.identity import rating_key
from assemblybot.text.language import InterfaceLanguage
from assemblybot.text.sentences import Span

#: Slack refuses messages of about 12–13 thousand characters over all blocks, undocumented.
MOST_CHARACTERS: Final = 11_000
MOST_PASSAGES: Final = 3
# Room for the quotes of a message when whole passages do not fit it.
_SHORTER: Final = (9_000, 2_500)


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
) -> SlackMessage:
    """The message that answers a question.

    `sources` names the documents (for a greeting); `link` gives the address at which a citation
    can be read; `private` messages can be shared, `direct` ones stand in the conversation with the bot;
    `mark` names the answer for its ratings; `repeats_question` is for a question that nobody wrote there.
    """
    question = answer.question if repeats_question else ""
    if answer.verdict is not Verdict.ANSWERED:
        return _without_passages(answer, language, sources, question, mark)
    shown = replace(Shown.of(answer), private=private, direct=direct, mark=mark).asking(question)
    said = line(opening_text(answer, language), language) if answer.remark else ""
    return passages(shown, answer.citations, said, link=link, question=answer.question)


def passages(
    shown: Shown,
    citations: Sequence[Citation],
    said: str = "",
    *,
    link: Link | None = None,
    question: str = "",
) -> SlackMessage:
    """As much of `citations` (those of `shown.here`) as fits a message, under `said` or the usual words.

    A list shows every item that fits, an answer the sentences of its best passage that answer; the rest
    is behind buttons. `question` is for whoever shares the message.
    """
    most = len(citations) if shown.is_list else MOST_PASSAGES if shown.around or shown.differ else 1
    message = SlackMessage("", ())
    for plan in _plans(min(most, len(citations)), is_list=shown.is_list):
        draft = Draft()
        if shown.question:
            draft.question(shown.question)
        if shown.by:
            draft.mention(spoken(shown.interface, "slack-shared-by", user=f"<@{shown.by}>"), small=True)
        if over := said or _heading(shown, citations):
            draft.say(over)
        lay_out = _list if shown.is_list else _passages
        lay_out(draft, citations[: plan.count], shown, plan, link)
        first = quotation(citations[0]).original
        folds = not (shown.is_list or shown.around) and len(first.answer.text) < len(first.whole.text)
        opens = link(citations[0]) if link and not shown.direct else None
        draft.add(passage_buttons(shown, plan.count, folds=folds, link=opens, question=question))
        if shown.mark and not shown.at:
            draft.add(feedback_buttons(shown.interface, rating_key(shown.cited[0].passage, shown.mark)))
        message = draft.message()
        if size(message.blocks) <= MOST_CHARACTERS:
            break
    if shown.direct and link:
        # A workspace that does not take source elements takes a link.
        ordinary = replace(shown, direct=False)
        message = replace(message, plainer=passages(ordinary, citations, said, link=link, question=question))
    return message


@dataclass(frozen=True, slots=True)
class _Plan:
    """A way to build a message: how many passages, with translations?, room for the quotes."""

    count: int
    translated: bool = False
    room: int = MOST_CHARACTERS


def _plans(count: int, *, is_list: bool) -> Iterator[_Plan]:
    """Ways to build a message, the fullest first."""
    yield _Plan(count, translated=True)
    yield _Plan(count)
    if not is_list:
        for room in _SHORTER:
            yield _Plan(count, room=room)
    while is_list and count > 1:
        count -= max(1, count // 8)
        yield _Plan(count)


def _heading(shown: Shown, citations: Sequence[Citation]) -> str:
    """What stands over passages: nothing over a sure answer, which stands first."""
    if shown.around:
        return spoken(shown.interface, "slack-around")
    if shown.at:
        return spoken(shown.interface, "more-passages")
    if shown.differ:
        return spoken(shown.interface, "answered-differ")
    if not shown.is_unsure and not (shown.is_list and not quoted_list(citations)[0].lead_in):
        return ""
    said = heading_text(shown.interface, is_list=shown.is_list, is_unsure=shown.is_unsure)
    return line(said, shown.interface)


def _passages(
    draft: Draft, citations: Sequence[Citation], shown: Shown, plan: _Plan, link: Link | None
) -> None:
    """Passages, each with its translation first."""
    whole = shown.whole or shown.around
    for number, citation in enumerate(citations):
        if number:
            draft.add(DividerBlock())
        quoted = quotation(citation)
        if plan.translated and quoted.translation:
            caption = spoken(shown.interface, "translation-label")
            draft.quote(_part(quoted.translation, whole=whole), quoted.translation.lead_in, caption)
        part, room = _part(quoted.original, whole=whole), plan.room // plan.count
        fitting = part if len(part.text) <= room else quoted.original.answer
        fitting = fitting.part(Span(0, len(cut(fitting.text, room))))
        draft.quote(fitting, quoted.original.lead_in)
        if len(fitting.text) < len(part.text):
            draft.aside(spoken(shown.interface, "slack-cut"))
        _source(draft, [citation], shown, link)


def _part(excerpt: Excerpt, *, whole: bool) -> Marked:
    """A passage, or the sentences of it that answer."""
    return excerpt.whole if whole else excerpt.answer


def _list(draft: Draft, items: Sequence[Citation], shown: Shown, plan: _Plan, link: Link | None) -> None:
    """Every item, translated first."""
    original, translation = quoted_list(items)
    if plan.translated and translation:
        draft.items(translation, spoken(shown.interface, "translation-label"))
    draft.items(original)
    _source(draft, items, shown, link)


def _source(draft: Draft, cited: Sequence[Citation], shown: Shown, link: Link | None) -> None:
    """Where quotes stand: a line or, in the conversation with the bot, a source that can be opened."""
    where = line(places(cited, shown.interface), shown.interface)
    if not (link and shown.direct) or (address := link(cited[0])) is None:
        draft.aside(where)
        return
    card = TaskCardBlock(
        task_id=cited[0].passage,
        title=spoken(shown.interface, "sources-title"),
        status="complete",
        sources=[UrlSourceElement(url=address, text=where).to_dict()],
    )
    draft.add(card, where)


def _without_passages(
    answer: Answer, language: InterfaceLanguage, sources: str, question: str, mark: str
) -> SlackMessage:
    draft = Draft()
    if question:
        draft.question(question)
    for text in no_answer_text(answer, language, sources).split("\n"):
        draft.say(line(text, language))
    if answer.suggestions:
        draft.say(line(suggestions_text(answer, language), language))
    for suggestion in answer.suggestions:
        text = paragraph(suggestion.text)
        draft.add(SectionBlock(text=plain(text), accessory=ask_button(suggestion.text, language)), text)
    if mark and answer.verdict is Verdict.NOT_IN_CORPUS:
        draft.add(feedback_buttons(language, rating_key(str(answer.verdict), mark)))
    return draft.message()


def note(*paragraphs: str) -> SlackMessage:
    """Something the bot says that is no answer; each paragraph as shown."""
    draft = Draft()
    for text in paragraphs:
        draft.say(text)
    return draft.message()


def reasons_message(language: InterfaceLanguage, key: str) -> SlackMessage:
    """Asks why an answer did not help; `key` is the key of its ratings."""
    draft = Draft()
    draft.say(spoken(language, "feedback-why"))
    draft.add(reason_buttons(language, key))
    return draft.message()


def card_message(card: Card) -> SlackMessage:
    """What a curator is told of documents, with its buttons."""
    draft = Draft()
    for text in card.lines:
        draft.say(line(text, card.language))
    draft.add(card_buttons(card))
    return draft.message()


def not_invited(language: InterfaceLanguage, channel: str, command: str) -> SlackMessage:
    """Says, outside of `channel`, that the bot is no member of it; `command` invites the bot."""
    draft = Draft()
    draft.mention(spoken(language, "slack-not-invited", channel=f"<#{channel}>", command=command))
    return draft.message()

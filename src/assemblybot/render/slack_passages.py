"""Cited passages as a Slack message: as much as fits, the sentences that answer first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from slack_sdk.models.blocks import DividerBlock, TaskCardBlock, UrlSourceElement

from assemblybot.answering.answer import Citation
from assemblybot.render.links import Link
from assemblybot.render.place import places
from assemblybot.render.quotation import Marked, quotation
from assemblybot.render.slack_buttons import feedback, passage_buttons
from assemblybot.render.slack_message import Draft, SlackMessage
from assemblybot.render.slack_shown import Shown
from assemblybot.render.slack_text import cut, line, listed, paragraph, quote, section, size, spoken
from assemblybot.session.identity import rating_key
from assemblybot.text.sentences import Span

#: Slack refuses messages of about 12–13 thousand characters over all blocks, undocumented.
MOST_CHARACTERS: Final = 11_000
MOST_PASSAGES: Final = 3
# Room for the quotes of a message when whole passages do not fit it.
_SHORTER: Final = (9_000, 2_500)


def passages(
    shown: Shown,
    citations: Sequence[Citation],
    heading: str,
    *,
    link: Link | None = None,
    question: str = "",
    lead_in_translation: str | None = None,
) -> SlackMessage:
    """Passages under a heading: as much of `citations` (those of `shown.here`) as fits a message.

    A list shows every item that fits, an answer the sentences of its best passage that answer; the rest
    is behind buttons.
    """
    several = shown.around or shown.differ
    most = len(citations) if shown.is_list else MOST_PASSAGES if several else 1
    message: SlackMessage | None = None
    for plan in _plans(shown, min(most, len(citations))):
        page = citations[: plan.count]
        draft = Draft()
        draft.head(shown.question, shown.by, shown.language)
        if heading:
            draft.say(heading)
        lead_in = lead_in_translation if plan.translated else None
        if shown.is_list:
            folds = False
            _list(draft, page, shown, lead_in, plan.translated, link)
        else:
            folds = _passages(draft, page, shown, lead_in, plan, link)
        opens = link(page[0]) if link and not shown.direct else None
        draft.add(passage_buttons(shown, len(page), folds=folds, link=opens, question=question))
        if shown.mark and not shown.at:
            draft.add(feedback(shown.language, rating_key(shown.cited[0].passage, shown.mark)))
        message = draft.done()
        if size(message.blocks) <= MOST_CHARACTERS:
            break
    assert message is not None
    if not (shown.direct and link):
        return message
    # A workspace that does not take source elements takes a link.
    ordinary = replace(shown, direct=False)
    plainer = passages(
        ordinary, citations, heading, link=link, question=question, lead_in_translation=lead_in_translation
    )
    return replace(message, plainer=plainer)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A way to build a message: with translations?, room for the quotes, how many passages."""

    translated: bool
    room: int
    count: int


def _plans(shown: Shown, count: int) -> Iterable[_Plan]:
    """Ways to build a message, the fullest first."""
    yield _Plan(True, MOST_CHARACTERS, count)
    yield _Plan(False, MOST_CHARACTERS, count)
    if not shown.is_list:
        for room in _SHORTER:
            yield _Plan(False, room, count)
    while shown.is_list and count > 1:
        count -= max(1, count // 8)
        yield _Plan(False, MOST_CHARACTERS, count)


def _passages(
    draft: Draft,
    page: Sequence[Citation],
    shown: Shown,
    lead_in_translation: str | None,
    plan: _Plan,
    link: Link | None,
) -> bool:
    """Passages, each with its translation first. Returns whether the first has more than is shown folded."""
    whole = shown.whole or shown.around
    for number, citation in enumerate(page):
        if number:
            draft.add(DividerBlock())
        if plan.translated and _reads(shown, citation):
            same = citation.lead_in is not None and citation.lead_in == page[0].lead_in
            _translated(draft, citation, shown, lead_in_translation if same else None, whole=whole)
        before = [paragraph(citation.lead_in.text)] if citation.lead_in else []
        part = _fitting(citation, plan.room // plan.count, whole=whole)
        draft.rich([*map(section, before), quote(part.text, part.highlights)], *before, paragraph(part.text))
        if len(part.text) < len(_original(citation, whole=whole).text):
            draft.aside(spoken(shown.language, "slack-cut"))
        _source(draft, [citation], shown, link)
    first = page[0]
    return not shown.around and len(_original(first, whole=False).text) < len(first.text)


def _translated(
    draft: Draft, citation: Citation, shown: Shown, lead_in_translation: str | None, *, whole: bool
) -> None:
    quoted = quotation(citation).translation
    if quoted is None:
        return
    part = quoted.whole if whole else quoted.answer
    label = spoken(shown.language, "translation-label")
    before = [paragraph(lead_in_translation)] if lead_in_translation else []
    block = quote(part.text, part.highlights, label)
    draft.rich([*map(section, before), block], *before, paragraph(part.text), label)


def _reads(shown: Shown, citation: Citation) -> bool:
    """Whether the translation of a citation is in the language of its reader."""
    translation = citation.translation  # whoever reads ar reads ary too
    return translation is not None and translation.language.startswith(shown.language)


def _original(citation: Citation, *, whole: bool) -> Marked:
    """A passage, or the sentences of it that answer."""
    original = quotation(citation).original
    return original.whole if whole else original.answer


def _fitting(citation: Citation, room: int, *, whole: bool) -> Marked:
    """A passage, or the sentences of it that answer, or the beginning of those."""
    part = _original(citation, whole=whole)
    if len(part.text) > room:
        part = _original(citation, whole=False)
    return part.part(Span(0, len(cut(part.text, room))))


def _list(
    draft: Draft,
    items: Sequence[Citation],
    shown: Shown,
    lead_in_translation: str | None,
    translated: bool,
    link: Link | None,
) -> None:
    translations = [i.translation.text for i in items if i.translation and _reads(shown, i)]
    if translated and len(translations) == len(items):
        label = spoken(shown.language, "translation-label")
        before = [paragraph(lead_in_translation)] if lead_in_translation else []
        draft.rich(
            [*map(section, before), listed(translations), section(label, italic=True)],
            *before,
            *map(paragraph, translations),
            label,
        )
    first, texts = items[0], [item.text for item in items]
    before = [paragraph(first.lead_in.text)] if first.lead_in else []
    draft.rich([*map(section, before), listed(texts)], *before, *map(paragraph, texts))
    _source(draft, items, shown, link)


def _source(draft: Draft, cited: Sequence[Citation], shown: Shown, link: Link | None) -> None:
    """Where quotes stand: a line or, in the conversation with the bot, a source that can be opened."""
    where = line(places(cited, shown.language), shown.language)
    address = link(cited[0]) if link and shown.direct else None
    if address is None:
        draft.aside(where)
        return
    card = TaskCardBlock(
        task_id=cited[0].passage,
        title=spoken(shown.language, "sources-title"),
        status="complete",
        sources=[UrlSourceElement(url=address, text=where).to_dict()],
    )
    draft.add(card, where)

"""Answer → one Telegram message: text, entities and buttons as plain data.

What answers stands first, unfolded: in the language of whoever asked, then as it was written,
then its place; the rest of the passage and the other passages are folded. A message that would
be longer than Telegram takes is built again with less in it. Text is never sliced after it was
marked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from assemblybot.answering.answer import Answer, Citation
from assemblybot.messages import say
from assemblybot.render.offers import opening
from assemblybot.render.place import place
from assemblybot.render.quotation import Excerpt, Marked, quotation
from assemblybot.render.telegram_excerpt import excerpt
from assemblybot.render.telegram_list import list_message
from assemblybot.render.telegram_state import State
from assemblybot.render.telegram_text import (
    LONGEST_MESSAGE,
    Button,
    EntityType,
    Keyboard,
    Spans,
    TelegramMessage,
    TextBuilder,
    add_label,
)
from assemblybot.session.base import Reason
from assemblybot.text.language import InterfaceLanguage

#: Mark of a message that is no answer to a question, and so has nothing to rate.
NOT_RATED: Final = "-" * 8


@dataclass(frozen=True, slots=True)
class _Plan:
    """How much of an answer to show. Lengths in characters; `None` is all of it, 0 nothing."""

    sentence: int | None = None
    rest: int | None = None
    others: Literal["whole", "sentences", "none"] = "none"


_PLANS: Final = (
    _Plan(others="whole"),
    _Plan(others="sentences"),
    _Plan(),
    _Plan(rest=900),
    _Plan(rest=0),
    _Plan(sentence=900, rest=0),
    _Plan(sentence=400, rest=0),
)
_AROUND_PLANS: Final = ((None, None), (None, 400), (900, 160), (400, 100))


def answer_message(
    answer: Answer, state: State, *, link: str | None = None, lead_in_translation: str | None = None
) -> TelegramMessage:
    """An answer with citations, the one at `state.shown` on top.

    `link` opens the passage in the reader; `lead_in_translation` is of the line that introduces
    the list, or the item on top.
    """
    keyboard = _keyboard(answer, state, link)
    if answer.is_list:
        return list_message(
            answer,
            state.interface,
            keyboard,
            lead_in_translation=lead_in_translation,
            translated=state.translated,
        )
    message = TelegramMessage("")
    for plan in _PLANS:
        built = _passages(answer, state, plan, lead_in_translation)
        message = built.message(keyboard)
        if built.length <= LONGEST_MESSAGE:
            break
    return message


def around_message(
    passages: Sequence[Citation], shown: str, state: State, *, link: str | None = None
) -> TelegramMessage:
    """The passage with id `shown` among its neighbours, in the order of the document."""
    keyboard = (_back_row(state), *_open_row(state, link))
    message = TelegramMessage("")
    for longest, neighbour in _AROUND_PLANS:
        text = TextBuilder()
        for citation in passages:
            text.gap()
            is_shown = citation.passage == shown
            marked: Spans = citation.highlights if is_shown else ()
            part, marks = excerpt(citation.text, marked, longest if is_shown else neighbour)
            with text.within("expandable_blockquote" if is_shown else "blockquote"):
                text.quote(part, marks)
            text.words(place(citation, state.interface), state.interface)
        message = text.message(keyboard)
        if text.length <= LONGEST_MESSAGE:
            break
    return message


def passage_message(
    citation: Citation,
    interface: InterfaceLanguage,
    keyboard: Keyboard = (),
    lead_in_translation: str | None = None,
) -> TelegramMessage:
    """One cited passage by itself, as inline mode puts it into other chats."""
    message = TelegramMessage("")
    for plan in _PLANS[2:]:
        text = TextBuilder()
        _passage(text, citation, interface, plan, lead_in_translation, translated=True)
        message = text.message(keyboard)
        if text.length <= LONGEST_MESSAGE:
            break
    return message


def _passages(answer: Answer, state: State, plan: _Plan, lead_in_translation: str | None) -> TextBuilder:
    text = TextBuilder()
    if answer.remark or answer.is_unsure or answer.sources_differ:
        text.words(opening(answer, state.interface, count=1), state.interface)
        text.gap()
    top = answer.citations[state.shown]
    _passage(text, top, state.interface, plan, lead_in_translation, translated=state.translated)
    others = [citation for citation in answer.citations if citation is not top]
    if others and plan.others != "none":
        text.gap()
        text.words(say(state.interface, "more-passages"), state.interface)
        folded = not answer.sources_differ
        with text.within("expandable_blockquote" if folded else "blockquote"):
            for i, citation in enumerate(others):
                if i:
                    text.gap()
                _other(text, citation, state, whole=folded and plan.others == "whole")
    return text


def _passage(
    text: TextBuilder,
    citation: Citation,
    interface: InterfaceLanguage,
    plan: _Plan,
    lead_in_translation: str | None,
    *,
    translated: bool,
) -> None:
    """What answers, its place, and the rest of the passage."""
    quoted = quotation(citation)
    # A passage that was asked for by its place has no sentence that answers, and may be long.
    block: EntityType = "blockquote" if citation.highlights else "expandable_blockquote"
    if translated and quoted.translation:
        answer = quoted.translation.answer
        with contextlib.nullcontext() if citation.highlights else text.within(block):
            text.quote(*excerpt(answer.text, answer.highlights, plan.sentence))
        add_label(text, interface)
    answer = quoted.original.answer
    with text.within(block):
        text.quote(*excerpt(answer.text, answer.highlights, plan.sentence))
    text.words(place(citation, interface), interface)
    if plan.rest != 0 and (quoted.original.rest or citation.lead_in):
        text.gap()
        text.words(say(interface, "telegram-whole-passage"), interface)
        with text.within("expandable_blockquote"):
            if translated and citation.translation:
                above = lead_in_translation if citation.lead_in else None
                _whole(text, above, Marked(citation.translation.text), plan.rest)
                add_label(text, interface)
                text.gap()
            above = citation.lead_in.text if citation.lead_in else None
            _whole(text, above, quoted.original.whole, plan.rest)


def _whole(text: TextBuilder, lead_in: str | None, passage: Marked, longest: int | None) -> None:
    """A whole passage under the line that introduces it."""
    if lead_in:
        text.quote(excerpt(lead_in, (), longest)[0])
    text.quote(*excerpt(passage.text, passage.highlights, longest))


def _other(text: TextBuilder, citation: Citation, state: State, *, whole: bool) -> None:
    """One of the passages that are folded."""
    quoted = quotation(citation)
    if state.translated and quoted.translation:
        _quote(text, quoted.translation, whole=whole)
        add_label(text, state.interface)
    _quote(text, quoted.original, whole=whole)
    text.words(place(citation, state.interface), state.interface)


def _quote(text: TextBuilder, quoted: Excerpt, *, whole: bool) -> None:
    shown = quoted.whole if whole else quoted.answer
    text.quote(shown.text, shown.highlights)


def reasons_keyboard(state: State) -> Keyboard:
    """Why the answer did not help, in the place of its own buttons."""
    why = [(Button(say(state.interface, f"button-{reason}"), state.data(reason)),) for reason in Reason]
    return (*why, _back_row(state))


def _keyboard(answer: Answer, state: State, link: str | None) -> Keyboard:
    interface = state.interface
    rows: list[tuple[Button, ...]] = []
    if not answer.is_list:
        row = [Button(say(interface, "button-around"), state.data("around"))]
        if len(answer.citations) > 1:
            row.insert(0, Button(say(interface, "button-next"), state.data("next")))
        rows.append(tuple(row))
    if any(citation.translation for citation in answer.citations):
        key = "button-original" if state.translated else "button-translation"
        rows.append((Button(say(interface, key), state.data("translation")),))
    rows.extend(_open_row(state, link))
    if state.answer != NOT_RATED:
        helpful = Button(f"{say(interface, 'button-helpful')} 👍", state.data("helpful"))
        not_helpful = Button(f"{say(interface, 'button-not-helpful')} 👎", state.data("not_helpful"))
        rows.append((helpful, not_helpful))
    return tuple(rows)


def _back_row(state: State) -> tuple[Button, ...]:
    return (Button(say(state.interface, "telegram-button-back"), state.data("back")),)


def _open_row(state: State, link: str | None) -> Iterator[tuple[Button, ...]]:
    if link:
        yield (Button(say(state.interface, "button-open"), url=link),)

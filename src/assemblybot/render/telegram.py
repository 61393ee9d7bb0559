"""Answer → one Telegram message: text, entities and buttons as plain data.

A message that would be longer than Telegram takes is built again with less in it: what is
folded goes first, then the passage is reduced to its answering sentence. Text is never sliced
after it was marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Answer, Citation
from assemblybot.messages import say
from assemblybot.render.offers import opening
from assemblybot.render.place import place, places
from assemblybot.render.telegram_excerpt import answering_sentence, excerpt
from assemblybot.render.telegram_state import State
from assemblybot.render.telegram_text import (
    LONGEST_MESSAGE,
    Button,
    Keyboard,
    Spans,
    TelegramMessage,
    TextBuilder,
)
from assemblybot.text.language import InterfaceLanguage

#: Rating key of a message that is no answer to a question, and so has nothing to rate.
NOT_RATED: Final = "-" * 8
_BULLET: Final = "• "


@dataclass(frozen=True, slots=True)
class _Plan:
    """How much of an answer to show. Lengths in characters; `None` is all of it."""

    passage: int | None = None
    translation: int | None = None
    sentence: bool = False
    others: bool = False
    others_whole: bool = False
    items: int | None = None


_PLANS: Final = (
    _Plan(others=True, others_whole=True),
    _Plan(others=True),
    _Plan(),
    _Plan(sentence=True),
    _Plan(sentence=True, passage=900, translation=900),
    _Plan(sentence=True, passage=400, translation=400),
)
_LIST_PLANS: Final = (
    _Plan(),
    _Plan(passage=280, translation=280),
    _Plan(passage=160, translation=160, items=10),
    _Plan(passage=120, translation=120, items=6),
)
_AROUND_PLANS: Final = ((None, None), (None, 400), (900, 160), (400, 100))


def answer_message(
    answer: Answer, state: State, *, link: str | None = None, lead_in_translation: str | None = None
) -> TelegramMessage:
    """An answer with citations, the one at `state.shown` on top.

    `link` opens the passage in the reader; `lead_in_translation` stands over a translated list.
    """
    keyboard = _keyboard(answer, state, link)
    message = TelegramMessage("")
    for plan in _LIST_PLANS if answer.is_list else _PLANS:
        if answer.is_list:
            built = _list(answer, state, plan, lead_in_translation)
        else:
            built = _passages(answer, state, plan)
        message = built.message(keyboard)
        if built.length <= LONGEST_MESSAGE:
            break
    return message


def around_message(
    passages: Sequence[Citation], shown: str, state: State, *, link: str | None = None
) -> TelegramMessage:
    """The passage with id `shown` among its neighbours, in the order of the document."""
    back = (Button(say(state.interface, "telegram-button-back"), state.data("back")),)
    keyboard = (back, *_open_row(state, link))
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
    citation: Citation, interface: InterfaceLanguage, keyboard: Keyboard = ()
) -> TelegramMessage:
    """One cited passage by itself, as inline mode puts it into other chats."""
    message = TelegramMessage("")
    for plan in _PLANS[2:]:
        text = TextBuilder()
        _quoted(text, citation, interface, plan, translated=interface != "ar")
        message = text.message(keyboard)
        if text.length <= LONGEST_MESSAGE:
            break
    return message


def _opening(text: TextBuilder, answer: Answer, interface: InterfaceLanguage) -> None:
    text.words(opening(answer, interface), interface)


def _passages(answer: Answer, state: State, plan: _Plan) -> TextBuilder:
    text = TextBuilder()
    _opening(text, answer, state.interface)
    top = answer.citations[state.shown]
    text.gap()
    _quoted(text, top, state.interface, plan, translated=state.translated)
    others = [citation for citation in answer.citations if citation is not top]
    if others and plan.others:
        text.gap()
        text.words(say(state.interface, "more-passages"), state.interface)
        with text.within("expandable_blockquote"):
            for i, citation in enumerate(others):
                if i:
                    text.gap()
                _folded(text, citation, state, plan)
    return text


def _quoted(
    text: TextBuilder, citation: Citation, interface: InterfaceLanguage, plan: _Plan, *, translated: bool
) -> None:
    """The passage, its place and, labelled, its translation."""
    part = citation.text
    marks: Spans = citation.highlights
    if plan.sentence:
        part, marks = answering_sentence(part, marks)
    part, marks = excerpt(part, marks, plan.passage)
    with text.within("expandable_blockquote"):
        if citation.lead_in:
            text.quote(excerpt(citation.lead_in.text, (), plan.passage)[0])
        text.quote(part, marks)
    text.words(place(citation, interface), interface)
    if translated and citation.translation:
        text.gap()
        _label(text, interface)
        with text.within("expandable_blockquote"):
            text.quote(excerpt(citation.translation.text, (), plan.translation)[0])


def _label(text: TextBuilder, interface: InterfaceLanguage) -> None:
    """Slanted in Latin letters; Arabic has no italics."""
    text.words(say(interface, "translation-label"), interface, None if interface == "ar" else "italic")


def _folded(text: TextBuilder, citation: Citation, state: State, plan: _Plan) -> None:
    if plan.others_whole:
        text.quote(citation.text, citation.highlights)
        if state.translated and citation.translation:
            _label(text, state.interface)
            text.quote(citation.translation.text)
    else:
        text.quote(*answering_sentence(citation.text, citation.highlights))
    text.words(place(citation, state.interface), state.interface)


def _list(answer: Answer, state: State, plan: _Plan, lead_in_translation: str | None) -> TextBuilder:
    text = TextBuilder()
    first = answer.citations[0]
    count = len(answer.citations)
    shown = answer.citations[: plan.items]
    _opening(text, answer, state.interface)
    text.gap()
    with text.within("expandable_blockquote"):
        if first.lead_in:
            text.quote(excerpt(first.lead_in.text, (), plan.passage)[0])
        for citation in shown:
            text.quote(_BULLET + excerpt(citation.text, (), plan.passage)[0])
    if len(shown) < count:
        text.words(say(state.interface, "telegram-items-left", count=count - len(shown)), state.interface)
    text.words(places(answer.citations, state.interface), state.interface)
    translations = [citation.translation.text for citation in shown if citation.translation]
    if state.translated and translations:
        text.gap()
        _label(text, state.interface)
        with text.within("expandable_blockquote"):
            if lead_in_translation:
                text.quote(excerpt(lead_in_translation, (), plan.translation)[0])
            for translation in translations:
                text.quote(_BULLET + excerpt(translation, (), plan.translation)[0])
    return text


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


def _open_row(state: State, link: str | None) -> Iterator[tuple[Button, ...]]:
    if link:
        yield (Button(say(state.interface, "button-open"), url=link),)

"""Answer → one Telegram message: text, entities and buttons as plain data.

What answers stands first, unfolded: in the language of whoever asked, then as it was written,
then its place; the rest of the passage and the other passages are folded. Of sources that differ,
what each of them says stands unfolded. A message that would
be longer than Telegram takes is built again with less in it. Text is never sliced after it was
marked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from assemblybot.answering.answer import Answer, Citation
from assemblybot.messages import say
from assemblybot.render.cards import Button
from assemblybot.render.offers import opening_text
from assemblybot.render.place import place, places
from assemblybot.render.quotation import Marked, QuotedList, as_line, quotation, quoted_list
from assemblybot.render.telegram_state import State
from assemblybot.render.telegram_text import (
    EntityType,
    Keyboard,
    TelegramMessage,
    TextBuilder,
    fitting,
    shortened,
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
#: The length of the passage asked for, and that of those around it.
_AROUND_PLANS: Final = ((None, None), (None, 400), (900, 160), (400, 100))


@dataclass(frozen=True, slots=True)
class _ListPlan:
    """How much of a list to show: characters of an item, whether as written too, how many items."""

    item: int | None = None
    originals: bool = False
    items: int | None = None


# Every item before whole items, and translations before originals, which a button brings back.
_LIST_PLANS: Final = (
    _ListPlan(originals=True),
    *(_ListPlan(length) for length in (None, 280, 160, 80, 40)),
    _ListPlan(40, items=50),
    _ListPlan(40, items=25),
)


def answer_message(answer: Answer, state: State, *, link: str | None = None) -> TelegramMessage:
    """An answer with citations, the one at `state.shown` on top; `link` opens the passage in the reader."""
    if answer.is_list:
        texts = (_list(answer, state, plan) for plan in _LIST_PLANS)
    else:
        texts = (_passages(answer, state, plan) for plan in _PLANS)
    return fitting(texts, _keyboard(answer, state, link))


def around_message(
    passages: Sequence[Citation], shown: str, state: State, *, link: str | None = None
) -> TelegramMessage:
    """The passage with id `shown` among its neighbours, in the order of the document."""

    def around(longest: int | None, neighbour: int | None) -> TextBuilder:
        text = TextBuilder(state.interface)
        for citation in passages:
            text.gap()
            if citation.passage == shown:
                with text.within("expandable_blockquote"):
                    text.quote(Marked(citation.text, citation.highlights), longest)
            else:
                with text.within("blockquote"):
                    text.quote(Marked(citation.text), neighbour)
            text.words(place(citation, state.interface))
        return text

    keyboard = (_back_row(state), *_open_row(state, link))
    return fitting((around(*plan) for plan in _AROUND_PLANS), keyboard)


def passage_message(
    citation: Citation, interface: InterfaceLanguage, keyboard: Keyboard = ()
) -> TelegramMessage:
    """One cited passage by itself, as inline mode puts it into other chats."""

    def alone(plan: _Plan) -> TextBuilder:
        text = TextBuilder(interface)
        _passage(text, citation, plan)
        return text

    return fitting(map(alone, _PLANS[2:]), keyboard)


def _passages(answer: Answer, state: State, plan: _Plan) -> TextBuilder:
    text = TextBuilder(state.interface)
    if answer.remark or answer.is_unsure or answer.sources_differ:
        text.words(opening_text(answer, state.interface))
        text.gap()
    top = answer.citations[state.shown]
    others = [citation for citation in answer.citations if citation is not top]
    _passage(text, _read(top, state), plan)
    if answer.sources_differ:
        for citation in others:
            text.gap()
            _passage(text, _read(citation, state), replace(plan, rest=0))
    elif others and plan.others != "none":
        text.gap()
        text.say("more-passages")
        with text.within("expandable_blockquote"):
            for number, citation in enumerate(others):
                if number:
                    text.gap()
                _other(text, _read(citation, state), whole=plan.others == "whole")
    return text


def _read(citation: Citation, state: State) -> Citation:
    """A citation without its translation, where that is not shown."""
    return citation if state.translated else replace(citation, translation=None)


def _passage(text: TextBuilder, citation: Citation, plan: _Plan) -> None:
    """What answers, its place, and the whole passage where there is more of it."""
    quoted = quotation(citation)
    # A passage that was asked for by its place has no sentence that answers, and may be long.
    block: EntityType = "blockquote" if citation.highlights else "expandable_blockquote"
    if quoted.translation:
        with contextlib.nullcontext() if citation.highlights else text.within(block):
            _lead_in(text, quoted.translation.lead_in, plan.sentence)
            text.quote(quoted.translation.answer, plan.sentence)
        text.label()
    with text.within(block):
        _lead_in(text, quoted.original.lead_in, plan.sentence)
        text.quote(quoted.original.answer, plan.sentence)
    text.words(place(citation, text.interface))
    if plan.rest == 0 or not quoted.original.rest:
        return
    text.gap()
    text.say("telegram-whole-passage")
    with text.within("expandable_blockquote"):
        if quoted.translation:
            text.quote(Marked(quoted.translation.whole.text), plan.rest)
            text.label()
            text.gap()
        text.quote(quoted.original.whole, plan.rest)


def _other(text: TextBuilder, citation: Citation, *, whole: bool) -> None:
    """One of the passages that are folded."""
    quoted = quotation(citation)
    for excerpt in filter(None, (quoted.translation, quoted.original)):
        _lead_in(text, excerpt.lead_in, None)
        text.quote(excerpt.whole if whole else excerpt.answer)
        if excerpt is quoted.translation:
            text.label()
    text.words(place(citation, text.interface))


def _list(answer: Answer, state: State, plan: _ListPlan) -> TextBuilder:
    """The items of a list with the line that introduces it: translated, where that is wanted, and as they
    were written."""
    text, items = TextBuilder(state.interface), answer.citations
    original, translation = quoted_list([_read(citation, state) for citation in items])
    if answer.remark or answer.is_unsure or not original.lead_in:
        text.words(opening_text(answer, state.interface))
        text.gap()
    if translation:
        _items(text, translation, plan)
        text.label()
    if plan.originals or not translation:
        with text.within("expandable_blockquote" if translation else "blockquote"):
            _items(text, original, plan)
    if plan.items and (left := len(original.items) - plan.items) > 0:
        text.say("telegram-items-left", count=left)
    text.words(places(items, state.interface))
    return text


def _items(text: TextBuilder, quoted: QuotedList, plan: _ListPlan) -> None:
    _lead_in(text, quoted.lead_in, plan.item)
    for item in quoted.items[: plan.items]:
        text.quote(Marked(as_line(shortened(item, plan.item))))


def _lead_in(text: TextBuilder, lead_in: str, longest: int | None) -> None:
    if lead_in:
        text.quote(Marked(lead_in), longest)


def reasons_keyboard(state: State) -> Keyboard:
    """Why the answer did not help, in the place of its own buttons."""
    why = [(Button(say(state.interface, f"button-{reason}"), state.data(reason)),) for reason in Reason]
    return (*why, _back_row(state))


def _keyboard(answer: Answer, state: State, link: str | None) -> Keyboard:
    interface = state.interface
    rows: list[tuple[Button, ...]] = []
    if not answer.is_list:
        around = Button(say(interface, "button-around"), state.data("around"))
        following = Button(say(interface, "button-next"), state.data("next"))
        rows.append((following, around) if len(answer.citations) > 1 else (around,))
    if any(citation.translation for citation in answer.citations):
        key = "button-original" if state.translated else "button-translation"
        rows.append((Button(say(interface, key), state.data("translation")),))
    rows.extend(_open_row(state, link))
    if state.mark != NOT_RATED:
        helpful = Button(f"{say(interface, 'button-helpful')} 👍", state.data("helpful"))
        not_helpful = Button(f"{say(interface, 'button-not-helpful')} 👎", state.data("not_helpful"))
        rows.append((helpful, not_helpful))
    return tuple(rows)


def _back_row(state: State) -> tuple[Button, ...]:
    return (Button(say(state.interface, "telegram-button-back"), state.data("back")),)


def _open_row(state: State, link: str | None) -> Iterator[tuple[Button, ...]]:
    if link:
        yield (Button(say(state.interface, "button-open"), url=link),)

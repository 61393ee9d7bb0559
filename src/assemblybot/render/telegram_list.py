"""A list that a document gives, as one Telegram message: every item, unfolded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.answering.answer import Answer
from assemblybot.messages import say
from assemblybot.render.items import as_line
from assemblybot.render.offers import found
from assemblybot.render.place import places
from assemblybot.render.telegram_excerpt import excerpt
from assemblybot.render.telegram_text import (
    LONGEST_MESSAGE,
    Keyboard,
    TelegramMessage,
    TextBuilder,
    add_label,
)
from assemblybot.text.language import InterfaceLanguage


@dataclass(frozen=True, slots=True)
class _Plan:
    """How much of a list to show: characters of an item, whether as written too, how many items."""

    item: int | None = None
    originals: bool = True
    items: int | None = None


# Every item before whole items, and translations before originals, which a button brings back.
_PLANS: Final = (
    _Plan(),
    _Plan(originals=False),
    _Plan(280, originals=False),
    _Plan(160, originals=False),
    _Plan(80, originals=False),
    _Plan(40, originals=False),
    _Plan(40, originals=False, items=50),
    _Plan(40, originals=False, items=25),
)


def list_message(
    answer: Answer,
    interface: InterfaceLanguage,
    keyboard: Keyboard,
    *,
    lead_in_translation: str | None,
    translated: bool,
) -> TelegramMessage:
    """The items of a list with the line that introduces it: `translated`, where that is wanted, and
    as they were written."""
    lead_in = answer.citations[0].lead_in
    introduced = lead_in.text if lead_in else None
    originals = (introduced, [citation.text for citation in answer.citations])
    translations = (
        lead_in_translation or introduced,
        [c.translation.text if c.translation else c.text for c in answer.citations],
    )
    has_translation = translated and any(citation.translation for citation in answer.citations)
    message = TelegramMessage("")
    for plan in _PLANS:
        text = TextBuilder()
        if answer.is_unsure or not lead_in:
            said = found(interface, count=len(answer.citations), is_list=True, is_unsure=answer.is_unsure)
            text.words(said, interface)
            text.gap()
        if has_translation:
            _items(text, *translations, plan)
            add_label(text, interface)
        if plan.originals or not has_translation:
            with text.within("expandable_blockquote" if has_translation else "blockquote"):
                _items(text, *originals, plan)
        left = len(answer.citations) - (plan.items or len(answer.citations))
        if left > 0:
            text.words(say(interface, "telegram-items-left", count=left), interface)
        text.words(places(answer.citations, interface), interface)
        message = text.message(keyboard)
        if text.length <= LONGEST_MESSAGE:
            break
    return message


def _items(text: TextBuilder, lead_in: str | None, items: Sequence[str], plan: _Plan) -> None:
    if lead_in:
        text.quote(excerpt(lead_in, (), plan.item)[0])
    for item in items[: plan.items]:
        text.quote(as_line(excerpt(item, (), plan.item)[0]))

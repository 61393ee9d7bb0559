"""What the bot says that is no quote: no answer, courtesies, sources, what is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assemblybot.answering.answer import Answer, Context
from assemblybot.corpus.document import Document
from assemblybot.messages import say
from assemblybot.render.cards import Button, Card
from assemblybot.render.localise import source_line
from assemblybot.render.offers import no_answer_text, suggestions_text
from assemblybot.render.quotation import Marked
from assemblybot.render.telegram_text import Keyboard, TelegramMessage, TextBuilder, shortened
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, LANGUAGE_NAMES, InterfaceLanguage

_LONGEST_BUTTON = 100
_LONGEST_REMEMBERED = 500
#: What the data of buttons begins with: of a card, of one that forgets, of a choice of languages.
DOCUMENT: Final = "d1"
FORGET: Final = "f1"
LANGUAGE: Final = "l1"


def words(interface: InterfaceLanguage, text: str, keyboard: Keyboard = ()) -> TelegramMessage:
    """A message of the bot's own words; a line each."""
    message = TextBuilder(interface)
    message.words(text)
    return message.message(keyboard)


def card_message(card: Card) -> TelegramMessage:
    """What a curator is told of documents, with its buttons."""
    rows = (tuple(Button(button.text, DOCUMENT + button.data) for button in row) for row in card.rows)
    return words(card.language, "\n".join(card.lines), tuple(rows))


def no_answer_message(
    answer: Answer, interface: InterfaceLanguage, sources: str, data: Sequence[str | None]
) -> TelegramMessage:
    """What to say where nothing is cited; a suggestion with callback data is a button, else a line."""
    message = TextBuilder(interface)
    message.words(no_answer_text(answer, interface, sources))
    if not answer.suggestions:
        return message.message()
    message.gap()
    message.words(suggestions_text(answer, interface))
    buttons: list[tuple[Button, ...]] = []
    for suggestion, ref in zip(answer.suggestions, data, strict=True):
        if ref:
            buttons.append((Button(shortened(strip_bidi(suggestion.text), _LONGEST_BUTTON), ref),))
        else:
            message.quote(Marked(suggestion.text))
    return message.message(tuple(buttons))


def sources_message(
    documents: Sequence[Document], total: int, interface: InterfaceLanguage
) -> TelegramMessage:
    """Title, author and size of the first of `total` documents that the bot answers from."""
    message = TextBuilder(interface)
    message.words(say(interface, "sources-title"), "bold")
    for document in documents:
        message.words(source_line(document, interface))
    if total > len(documents):
        message.words("…")
    return message.message()


def context_message(
    context: Context | None, places: Sequence[str], interface: InterfaceLanguage, minutes: int
) -> TelegramMessage:
    """What is remembered: the last question answered, what was cited for it, and a question refused since."""
    message = TextBuilder(interface)
    if context is None or not (context.citations or context.refused):
        message.say("telegram-context-empty")
        return message.message()
    message.say("telegram-context", minutes=minutes)
    if context.citations:
        with message.within("blockquote"):
            message.quote(Marked(context.question), _LONGEST_REMEMBERED)
    for line in places:
        message.words(line)
    if context.refused:
        message.say("telegram-context-refused")
        with message.within("blockquote"):
            message.quote(Marked(context.refused), _LONGEST_REMEMBERED)
    return message.message(forget_keyboard(interface))


def forget_keyboard(interface: InterfaceLanguage) -> Keyboard:
    """One button that forgets the person who presses it."""
    return ((Button(say(interface, "telegram-button-forget"), FORGET),),)


def language_message(interface: InterfaceLanguage) -> TelegramMessage:
    """The choice of interface languages, each in its own name."""
    names = [Button(LANGUAGE_NAMES[language], f"{LANGUAGE}{language}") for language in INTERFACE_LANGUAGES]
    automatic = Button(say(interface, "telegram-language-automatic"), f"{LANGUAGE}auto")
    keyboard = (tuple(names[:2]), tuple(names[2:]), (automatic,))
    return words(interface, say(interface, "telegram-choose-language"), keyboard)

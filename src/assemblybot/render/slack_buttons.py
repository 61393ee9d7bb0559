"""The buttons under a Slack message."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextActionsBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
)

from assemblybot.render.cards import Card
from assemblybot.render.slack_shown import LONGEST_VALUE, Shown
from assemblybot.render.slack_text import plain, spoken
from assemblybot.session.base import Reason
from assemblybot.text.language import InterfaceLanguage

NEXT: Final = "next_passage"
AROUND: Final = "around_passage"
FOLD: Final = "fold_passage"
OPEN: Final = "open_source"
SHARE: Final = "share_answer"
ASK: Final = "ask_question"
FEEDBACK: Final = "rate_answer"
REASON: Final = "rate_answer_reason"
LANGUAGE: Final = "choose_language"
FORGET: Final = "forget_me"
DOCUMENT: Final = "document"


def passage_buttons(
    shown: Shown, count: int, *, folds: bool, link: str | None, question: str
) -> ActionsBlock | None:
    """What can be done with the passages on show; `count` of them, from `shown.at` on.

    `folds` says that there is more of the passage than the sentences that answer.
    """
    after, first = shown.at + count, shown.other((shown.here[0],))
    buttons: list[ButtonElement | None] = []
    if folds:
        key = "slack-button-answer" if shown.whole else "slack-button-whole"
        buttons.append(_button(FOLD, key, replace(shown, whole=not shown.whole)))
    if after < len(shown.cited) and not shown.around:
        following = replace(shown, at=after, question="", by="", mark="")
        buttons.append(_button(NEXT, "button-next", following))
    if not shown.around:
        buttons.append(_button(AROUND, "button-around", first))
    if link:
        label = plain(spoken(shown.interface, "button-open"))
        buttons.append(ButtonElement(text=label, action_id=OPEN, url=link))
    if shown.private:
        shared = replace(shown, private=False).asking(question)
        buttons.append(_button(SHARE, "slack-button-share", shared))
    fitting = [button for button in buttons if button]
    return ActionsBlock(elements=fitting) if fitting else None


def ask_button(question: str, language: InterfaceLanguage) -> ButtonElement | None:
    """A button that asks `question`; none for one that does not fit a button."""
    if len(question) > LONGEST_VALUE:
        return None
    return ButtonElement(text=plain(spoken(language, "slack-button-ask")), action_id=ASK, value=question)


def reason_buttons(language: InterfaceLanguage, key: str) -> ActionsBlock:
    """Why the answer did not help; `key` is the key of its ratings."""
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=plain(spoken(language, f"button-{reason}")),
                action_id=f"{REASON}:{reason}",
                value=f"{language} {key}",
            )
            for reason in Reason
        ]
    )


def feedback_buttons(language: InterfaceLanguage, key: str) -> ContextActionsBlock:
    """Whether the answer helped; `key` is the key of its ratings."""

    def button(message: str, sign: str) -> FeedbackButtonObject:
        label, value = spoken(language, message), f"{sign}{language} {key}"
        return FeedbackButtonObject(text=plain(label), accessibility_label=label, value=value)

    element = FeedbackButtonsElement(
        action_id=FEEDBACK,
        positive_button=button("button-helpful", "+"),
        negative_button=button("button-not-helpful", "-"),
    )
    return ContextActionsBlock(elements=[element])


def card_buttons(card: Card) -> ActionsBlock | None:
    """The buttons under what a curator is told of documents."""
    elements = [
        ButtonElement(text=plain(button.text), action_id=f"{DOCUMENT}:{button.data}", value=button.data)
        for row in card.rows
        for button in row
    ]
    return ActionsBlock(elements=elements) if elements else None


def _button(action: str, key: str, shown: Shown) -> ButtonElement | None:
    """A button that carries `shown`, unless that does not fit its value."""
    value = shown.value()
    label = plain(spoken(shown.interface, key))
    return ButtonElement(text=label, action_id=action, value=value) if value else None

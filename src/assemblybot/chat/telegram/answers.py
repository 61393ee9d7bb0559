"""From an answer, or from what a button remembers of one, to the message that shows it."""

from __future__ import annotations

from dataclasses import replace
from itertools import repeat

from assemblybot.answering.answer import Answer, Citation, Remark, Verdict
from assemblybot.chat.conversation import Reply
from assemblybot.chat.telegram.conversation import TelegramConversation
from assemblybot.messages import say
from assemblybot.render.telegram import NOT_RATED, answer_message, around_message
from assemblybot.render.telegram_lines import no_answer_message, words
from assemblybot.render.telegram_state import State
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.session.identity import rating_mark
from assemblybot.text.language import InterfaceLanguage


def reply_message(
    conversation: TelegramConversation, reply: Reply, *, buttons: bool = True
) -> TelegramMessage:
    """The message for a reply just given.

    Without `buttons`, suggestions are lines of text.
    """
    answer, interface = reply.answer, reply.language
    if answer is None:
        asks_nothing = reply.key == "question-empty" and not reply.asked.text
        return words(
            interface, say(interface, "telegram-ask-how" if asks_nothing else reply.key, **reply.values)
        )
    with conversation.queue.observer.timing("render"):
        if answer.verdict is not Verdict.ANSWERED:
            return uncited_message(conversation, answer, interface, buttons=buttons)
        state = State(
            cited=conversation.references.cited(answer.citations, is_list=answer.is_list),
            mark=rating_mark(conversation.names, answer),
            language=answer.language,
            is_list=answer.is_list,
            translated=True,
            differ=answer.sources_differ,
        )
        return _message(conversation, answer, state)


def uncited_message(
    conversation: TelegramConversation, answer: Answer, interface: InterfaceLanguage, *, buttons: bool = True
) -> TelegramMessage:
    """The message where nothing is cited: not in the documents, or a courtesy."""
    names = [
        conversation.references.question_name(suggestion, answer.language) if buttons else None
        for suggestion in answer.suggestions
    ]
    sources = conversation.titles(interface) if answer.remark is Remark.GREETING else ""
    return no_answer_message(answer, interface, sources, names)


def message_again(conversation: TelegramConversation, state: State) -> TelegramMessage | None:
    """The message for an answer that only its buttons remember; `None` when a passage is gone."""
    citations = _citations(conversation, state)
    if not citations:
        return None
    answer = Answer(
        "",
        state.language,
        Verdict.ANSWERED,
        1.0,
        citations,
        is_list=state.is_list,
        sources_differ=state.differ,
    )
    return _message(conversation, answer, state)


def message_around(conversation: TelegramConversation, state: State) -> TelegramMessage | None:
    """The passage on top among its neighbours; `None` when it is gone."""
    citations = _citations(conversation, state)
    if not citations:
        return None
    shown = citations[state.shown]
    near = conversation.neighbours(shown.passage, state.language)
    around = [shown if citation.passage == shown.passage else citation for citation in near]
    return around_message(around, shown.passage, state, link=conversation.reader_link(shown))


def linked_message(
    conversation: TelegramConversation, passage: str, interface: InterfaceLanguage
) -> TelegramMessage | None:
    """The message for one passage that a link asks for; nobody rates it."""
    citation = conversation.passage(passage, interface)
    if citation is None:
        return None
    cited = conversation.references.cited((citation,), is_list=False)
    return message_again(conversation, State(cited, NOT_RATED, interface, translated=True))


def _message(conversation: TelegramConversation, answer: Answer, state: State) -> TelegramMessage:
    # Buttons cannot bring back more passages than they remember, so no more are shown.
    if not state.is_list:
        answer = replace(answer, citations=answer.citations[: len(state.cited)])
    top = answer.citations[0 if state.is_list else state.shown]
    return answer_message(answer, state, link=conversation.reader_link(top))


def _citations(conversation: TelegramConversation, state: State) -> tuple[Citation, ...]:
    """The citations a state stands for; empty when one of them is gone. A list highlights nothing."""
    ids = conversation.references.passages(state)
    spans = repeat(()) if state.is_list else ((cited.span,) for cited in state.cited)
    return conversation.again(zip(ids, spans, strict=False), state.language)

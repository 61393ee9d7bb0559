"""From an answer, or from what a button remembers of one, to the message that shows it."""

from __future__ import annotations

from dataclasses import replace

from assemblybot.answering.answer import Answer, Citation, Remark, Verdict
from assemblybot.chat.telegram.floor import Floor
from assemblybot.render.telegram import answer_message, around_message
from assemblybot.render.telegram_lines import no_answer_message
from assemblybot.render.telegram_state import Cited, State
from assemblybot.render.telegram_text import TelegramMessage
from assemblybot.text.language import InterfaceLanguage


def answer_parts(
    floor: Floor,
    answer: Answer,
    interface: InterfaceLanguage,
    rating: str,
    *,
    buttons: bool = True,
) -> TelegramMessage:
    """The message for an answer just given.

    Without `buttons`, suggestions are lines of text.
    """
    if answer.verdict is not Verdict.ANSWERED:
        return no_answer_parts(floor, answer, interface, buttons=buttons)
    state = State(
        cited=floor.references.cited(answer.citations, is_list=answer.is_list),
        answer=rating,
        language=answer.language,
        interface=interface,
        is_list=answer.is_list,
        translated=True,
        differ=answer.sources_differ,
    )
    return _message(floor, answer, state)


def no_answer_parts(
    floor: Floor, answer: Answer, interface: InterfaceLanguage, *, buttons: bool = True
) -> TelegramMessage:
    """The message where nothing is cited: not in the documents, or a courtesy."""
    names = [
        floor.references.question_name(suggestion, answer.language) if buttons else None
        for suggestion in answer.suggestions
    ]
    sources = floor.titles(interface) if answer.remark is Remark.GREETING else ""
    return no_answer_message(answer, interface, sources, names)


def message_again(floor: Floor, state: State) -> TelegramMessage | None:
    """The message for an answer that only its buttons remember; `None` when a passage is gone."""
    citations = _citations(floor, state)
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
    return _message(floor, answer, state)


def message_around(floor: Floor, state: State) -> TelegramMessage | None:
    """The passage on top among its neighbours; `None` when it is gone."""
    citations = _citations(floor, state)
    if not citations:
        return None
    shown = citations[state.shown]
    near = floor.neighbours(shown.passage, state.language)
    around = [shown if citation.passage == shown.passage else citation for citation in near]
    return around_message(around, shown.passage, state, link=floor.reader_link(shown))


def passage_parts(
    floor: Floor, passage: str, interface: InterfaceLanguage, rating: str
) -> TelegramMessage | None:
    """The message for one passage that a link asks for."""
    citation = floor.passage(passage, interface)
    if citation is None:
        return None
    answer = Answer("", interface, Verdict.ANSWERED, 1.0, (citation,))
    state = State(
        cited=floor.references.cited((citation,), is_list=False),
        answer=rating,
        language=interface,
        interface=interface,
        translated=True,
    )
    return _message(floor, answer, state)


def _message(floor: Floor, answer: Answer, state: State) -> TelegramMessage:
    # Buttons cannot bring back more passages than they remember, so no more are shown.
    if not state.is_list:
        answer = replace(answer, citations=answer.citations[: len(state.cited)])
    top = answer.citations[0 if state.is_list else state.shown]
    return answer_message(answer, state, link=floor.reader_link(top))


def _citations(floor: Floor, state: State) -> tuple[Citation, ...]:
    """The citations a state stands for; empty when one of them is gone."""
    ids = floor.references.passages(state)
    found = [floor.passage(passage, state.language) for passage in ids]
    citations = tuple(citation for citation in found if citation)
    if not citations or len(citations) < len(found):
        return ()
    if state.is_list:
        return citations
    return tuple(_marked(c, kept) for c, kept in zip(citations, state.cited, strict=True))


def _marked(citation: Citation, kept: Cited) -> Citation:
    start, end = kept.span
    return replace(citation, highlights=((start, end),)) if start < end <= len(citation.text) else citation

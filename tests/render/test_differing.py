"""Sources that differ, on every channel: the words say so, and both are shown with their dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assemblybot.answering.answer import Answer
from assemblybot.api.publish import Publisher
from assemblybot.messages import say
from assemblybot.render import slack, terminal
from assemblybot.render.links import Permalinks
from assemblybot.render.place import day
from assemblybot.render.reader import Display, answer_page
from assemblybot.render.slack_shown import Shown
from assemblybot.render.telegram import answer_message
from assemblybot.render.telegram_state import Cited, State, parse
from assemblybot.render.telegram_text import LONGEST_MESSAGE, units
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.doubles import answers
from tests.doubles.indexes import index_of
from tests.render.reader.html import parsed, text_of

DAYS = (date(2025, 12, 1), date(2024, 1, 31))


def differing(language: InterfaceLanguage) -> Answer:
    """Two passages, as if their documents had different dates."""
    answer = answers.answered(language)
    dated = tuple(
        replace(c, day=day, highlights=c.highlights or ((0, 9),))
        for c, day in zip(answer.citations, DAYS, strict=True)
    )
    return replace(answer, citations=dated, sources_differ=True)


def on_terminal(answer: Answer, language: InterfaceLanguage) -> str:
    documents = {answers.document().id: answers.document()}
    return "\n".join(line.text for line in terminal.render(answer, documents))


def in_reader(answer: Answer, language: InterfaceLanguage) -> str:
    page = parsed(answer_page(answer, {answers.document().id: answers.document()}, Display(language)))
    return "\n".join(map(text_of, page.xpath("//*[@class='said' or @class='place']")))


def in_telegram(answer: Answer, language: InterfaceLanguage) -> str:
    cited = tuple(Cited("AbCd_-", citation.paragraph) for citation in answer.citations)
    state = State(cited, "0123abcd", language, differ=answer.sources_differ)
    assert parse(state.data("next")) == ("next", state)
    message = answer_message(answer, state)
    shown = [entity.type for entity in message.entities]
    assert shown.count("blockquote") == (len(answer.citations) if answer.sources_differ else 1)
    assert (say(language, "more-passages") in message.text) is not answer.sources_differ
    return message.text


def in_slack(answer: Answer, language: InterfaceLanguage) -> str:
    state = Shown.of(answer)
    assert Shown.read(state.value()) == state
    return slack.render(answer, language).text


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("channel", [on_terminal, in_reader, in_telegram, in_slack])
def test_every_channel_says_that_sources_differ_and_shows_both_with_their_dates(
    channel: Callable[[Answer, InterfaceLanguage], str], language: InterfaceLanguage
) -> None:
    text = strip_bidi(channel(differing(language), language))
    assert text.startswith(say(language, "answered-differ"))
    places = [text.index(strip_bidi(day(one.isoformat(), language))) for one in DAYS]
    assert places == sorted(places)
    assert say(language, "answered-differ") not in strip_bidi(channel(answers.answered(language), language))


def test_both_are_shown_in_telegram_however_long_they_are() -> None:
    answer = differing("en")
    long = tuple(
        replace(c, text=f"{c.text} ", quote=c.text, translation=None, highlights=((0, len(c.text)),))
        for c in (replace(c, text=f"{number} {'words ' * 600}.") for number, c in enumerate(answer.citations))
    )
    text = strip_bidi(in_telegram(replace(answer, citations=long), "en"))
    assert units(text) <= LONGEST_MESSAGE
    for number, one in enumerate(DAYS):
        assert f"\n{number} words words" in text
        assert strip_bidi(day(one.isoformat(), "en")) in text


def test_the_json_tells_it_too() -> None:
    publisher = Publisher(index_of(answers.document()), Permalinks(None))
    published = publisher.answer(differing("en")).model_dump(mode="json")
    assert published["sources_differ"] is True
    assert [citation["date"] for citation in published["citations"]] == ["2025-12-01", "2024-01-31"]

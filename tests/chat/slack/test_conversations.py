"""The conversations shared with the other channels, spoken in Slack."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Answer, Verdict
from assemblybot.messages import say
from assemblybot.render.quotation import quotation
from assemblybot.render.slack import render
from assemblybot.render.slack_message import SlackMessage
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage, interface_language
from tests.chat.slack.harness import Bot, running_bot
from tests.conversations import Script, check_comparison, chosen, hold, load, seen
from tests.conversations.reports import Assistants
from tests.doubles.slack_payloads import command, mention, message, ts


def in_direct_thread(bot: Bot, thread: str, text: str) -> Any:
    return bot.tell(message(text, thread_ts=thread))


def without_thread(bot: Bot, thread: str, text: str) -> Any:
    return bot.tell(message(text))


def by_mention(bot: Bot, thread: str, text: str) -> Any:
    return bot.tell(mention(text, thread_ts=thread))


def by_command(bot: Bot, thread: str, text: str) -> Any:
    return bot.act(command(text, bot.slack.response_url()), form=True)


@pytest.mark.parametrize(
    "way", [in_direct_thread, without_thread, by_mention, by_command], ids=lambda w: w.__name__
)
@pytest.mark.parametrize("script", load(), ids=lambda script: script.name)
def test_conversation(
    script: Script, way: Any, assistants: Assistants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is rendered has the verdict and the citations, and every cited passage stands in the message."""
    assistant = assistants[script.collection]
    rendered: list[Answer] = []

    def remembered(answer: Answer, *args: Any, **kwargs: Any) -> SlackMessage:
        rendered.append(answer)
        return render(answer, *args, **kwargs)

    monkeypatch.setattr("assemblybot.render.slack.render", remembered)

    async def scenario() -> None:
        async with running_bot(assistant) as bot:
            thread = ts()
            for number, exchange in enumerate(hold(assistant, script)):
                await way(bot, thread, exchange.said)
                shown = (bot.private if way is by_command else bot.posts)[number]
                answer = rendered[number]
                cited = tuple(citation.passage for citation in answer.citations)
                assert seen(shown["text"], cited, captions(shown)) == exchange.shown, exchange.said
                assert answer.language == exchange.answer.language
                text = strip_bidi(shown["text"])
                assert all(words in text for words in exchange.words), exchange.said
                assert_shown(answer, text, assistant)

    asyncio.run(scenario())


def captions(message: dict[str, Any]) -> list[str]:
    """The captions of the buttons with which an answer is rated."""
    rated = [block["elements"][0] for block in message["blocks"] if block["type"] == "context_actions"]
    return [element["positive_button"]["text"]["text"] for element in rated]


def assert_shown(answer: Answer, text: str, assistant: Assistant) -> None:
    language = interface_language(answer.language)
    check_comparison(text, answer)
    if not answer.citations:
        assert answer.key_sentences or "¶" not in text
        assert all(citation.quote in text for citation in answer.key_sentences)
        if answer.verdict is Verdict.NOT_IN_CORPUS:
            assert say(language, "not-in-corpus") in text
            assert all(suggestion.text in text for suggestion in answer.suggestions)
        return
    shown = answer.citations if answer.is_list else answer.citations[:1]
    for citation in shown:
        document = assistant.index.documents[citation.document]
        part = quotation(citation).original.answer.text
        assert part in document.text[citation.start : citation.end]
        assert part in text


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_language_that_was_chosen_is_that_of_everything(
    language: InterfaceLanguage, assistant: Assistant
) -> None:
    async def scenario() -> None:
        async with running_bot(assistant) as bot:
            thread = ts()
            await by_command(bot, thread, f"lang {language}")
            for question in chosen.questions(language):
                await in_direct_thread(bot, thread, question)
            chosen.check(language, [post["text"] for post in bot.posts])

    asyncio.run(scenario())

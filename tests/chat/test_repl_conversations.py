"""The conversations shared with the other channels, held at the prompt."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from assemblybot import Assistant
from assemblybot.answering.answer import Verdict
from assemblybot.chat.repl import Repl
from assemblybot.render.quotation import quotation
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.conversations import Script, check_comparison, chosen, hold, load, seen
from tests.conversations.reports import Assistants


@pytest.mark.parametrize("script", load(), ids=lambda script: script.name)
def test_conversation(script: Script, assistants: Assistants) -> None:
    """What is answered stands in the output, in the words of the documents."""
    assistant = assistants[script.collection]
    out = io.StringIO()
    repl = Repl(lambda: assistant, Console(file=out, width=100), "logical")
    for exchange in hold(assistant, script):
        out.seek(0)
        out.truncate()
        assert repl.handle(exchange.said)
        answer = repl.last
        assert answer is not None
        shown = out.getvalue()
        cited = tuple(citation.passage for citation in answer.citations)
        assert seen(shown, cited) == exchange.shown, exchange.said
        assert answer.language == exchange.answer.language
        assert all(words in shown for words in exchange.words), exchange.said
        check_comparison(shown, answer)
        assert all(citation.quote in shown for citation in answer.key_sentences)
        for citation in answer.citations:
            quoted = quotation(citation).original
            assert quoted.answer.text in shown
            assert quoted.rest in shown
        if answer.verdict is Verdict.NOT_IN_CORPUS:
            assert all(suggestion.text in shown for suggestion in answer.suggestions)


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_language_that_was_chosen_is_that_of_everything(
    language: InterfaceLanguage, assistant: Assistant
) -> None:
    out = io.StringIO()
    repl = Repl(lambda: assistant, Console(file=out, width=100), "logical")
    repl.handle(f":lang {language}")
    shown: list[str] = []
    for question in chosen.questions(language):
        out.truncate(out.seek(0))
        repl.handle(question)
        shown.append(out.getvalue())
    chosen.check(language, shown)

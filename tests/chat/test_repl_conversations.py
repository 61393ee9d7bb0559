"""The conversations shared with Telegram and Slack, held at the prompt."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from assemblybot import Assistant
from assemblybot.answering.answer import Verdict
from assemblybot.chat.repl import Repl
from assemblybot.render.quotation import quotation
from tests import conversations
from tests.conversations import Script


@pytest.mark.parametrize("script", conversations.load(), ids=lambda script: script.name)
def test_conversation(script: Script, assistant: Assistant) -> None:
    """What is said is what the script expects, and every cited passage stands in the output."""
    out = io.StringIO()
    repl = Repl(lambda: assistant, Console(file=out, width=100), "logical")
    for step in script.steps:
        out.seek(0)
        out.truncate()
        assert repl.handle(step.says)
        answer = repl.last
        assert answer is not None
        step.check(answer.verdict, tuple(c.passage for c in answer.citations), answer.remark)
        assert step.remark in (None, answer.remark), step.says
        assert step.language in (None, answer.language), step.says
        shown = out.getvalue()
        assert all(citation.quote in shown for citation in answer.key_sentences)
        for citation in answer.citations:
            quoted = quotation(citation).original
            assert quoted.answer.text in shown
            assert quoted.rest in shown
        if answer.verdict is Verdict.NOT_IN_CORPUS:
            assert all(suggestion in shown for suggestion in answer.suggestions)

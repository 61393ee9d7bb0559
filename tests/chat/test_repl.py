from __future__ import annotations

import io

from rich.console import Console

from assemblybot import Assistant
from assemblybot.chat.repl import COMMANDS, Repl


def make(assistant: Assistant, *, terminal: bool = False) -> tuple[Repl, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, soft_wrap=True)
    return Repl(lambda: assistant, console, "logical"), out


def test_highlights_are_emphasised_on_a_terminal(assistant: Assistant) -> None:
    repl, out = make(assistant, terminal=True)
    repl.handle("من ترأس وفد المملكة؟")
    assert "\x1b[1;4m" in out.getvalue()


def test_errors_are_lines_and_the_prompt_goes_on(assistant: Assistant) -> None:
    repl, out = make(assistant)
    assert repl.handle("😀")
    assert "no readable text" in out.getvalue()
    assert repl.handle("من كتب هذا المقال؟")


def test_a_follow_up_uses_what_was_cited(assistant: Assistant) -> None:
    repl, out = make(assistant)
    repl.handle("من هو عبد اللطيف الحموشي؟")
    out.truncate(0)
    repl.handle(":more")
    assert "اعتماد استراتيجيات جديدة" in out.getvalue()


def test_commands_before_any_question(assistant: Assistant) -> None:
    repl, out = make(assistant)
    for command in (":more", ":why", ":context 2"):
        assert repl.handle(command)
    assert "Nothing was cited yet." in out.getvalue()
    assert "No scores yet." in out.getvalue()
    assert not repl.handle(":quit")


def test_suggestions_are_offered_for_completion(assistant: Assistant) -> None:
    repl, _ = make(assistant)
    assert repl.suggestions == ()
    repl.handle("hello")
    assert len(repl.suggestions) == 3


def test_help_names_every_command(assistant: Assistant) -> None:
    repl, out = make(assistant)
    repl.handle(":help")
    assert all(command in out.getvalue() for command in COMMANDS)

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any, cast

import pytest
from rich.console import Console

from assemblybot import Assistant
from assemblybot.chat.repl import COMMANDS, Repl, console, locale_language, run_piped
from assemblybot.messages import say
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant


def make(assistant: Assistant, *, terminal: bool = False) -> tuple[Repl, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=60, markup=False, emoji=False, highlight=False)
    return Repl(lambda: assistant, console, "logical"), out


def test_highlights_are_emphasised_on_a_terminal(assistant: Assistant) -> None:
    repl, out = make(assistant, terminal=True)
    repl.handle("من ترأس وفد المملكة؟")
    assert "\x1b[1m" in out.getvalue()


def test_errors_are_lines_and_the_prompt_goes_on(assistant: Assistant) -> None:
    repl, out = make(assistant)
    assert repl.handle("?!")
    assert "no readable text" in out.getvalue()
    assert repl.handle("من كتب هذا المقال؟")


def test_a_follow_up_uses_what_was_cited(assistant: Assistant) -> None:
    repl, out = make(assistant)
    repl.handle("من هو عبد اللطيف الحموشي؟")
    out.truncate(0)
    repl.handle(":more")
    assert "اعتماد استراتيجيات جديدة" in out.getvalue()


def test_commands_before_any_question(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    repl, out = make(assistant)
    for command in (":more", ":why", ":context 2"):
        assert repl.handle(command)
    assert "Nothing has been cited yet." in out.getvalue()
    assert "There are no scores yet." in out.getvalue()
    assert not repl.handle(":quit")


@pytest.mark.parametrize("long", ["9" * 5000, "x" * 5000])
def test_an_argument_of_any_length_ends_nothing(assistant: Assistant, long: str) -> None:
    repl, out = make(assistant)
    repl.handle("من هو عبد اللطيف الحموشي؟")
    for command in (":open", ":context"):
        assert repl.handle(f"{command} {long}")
    assert long[:100] in out.getvalue()


def test_suggestions_are_offered_for_completion(assistant: Assistant) -> None:
    repl, _ = make(assistant)
    assert repl.suggestions == ()
    repl.handle("hello")
    assert len(repl.suggestions) == 3


def test_help_names_every_command(assistant: Assistant) -> None:
    repl, out = make(assistant)
    repl.handle(":help")
    assert all(command in out.getvalue() for command in COMMANDS)


@pytest.mark.parametrize("word", ["exit", "quit", "EXIT", ":quit", ":q", ":exit"])
def test_words_that_leave(word: str) -> None:
    repl, _ = make(ScriptedAssistant().as_assistant())
    assert not repl.handle(word)


@pytest.mark.parametrize("word", [":help", "-h", "--help", "?"])
def test_words_that_list_the_commands(word: str) -> None:
    repl, out = make(ScriptedAssistant().as_assistant())
    assert repl.handle(word)
    assert all(command in out.getvalue() for command in COMMANDS)


@pytest.mark.parametrize(
    "question", ["How many delegates came?", "كم عدد المندوبين الذين حضروا؟", "list them"]
)
def test_lines_on_a_terminal_break_between_words_only(question: str) -> None:
    repl, out = make(ScriptedAssistant().as_assistant(), terminal=True)
    repl.handle(question)
    shown = re.sub(r"\x1b\[[\d;]*m", "", out.getvalue())
    assert all(len(row) <= 60 for row in shown.splitlines())
    assert repl.last is not None
    passages = [citation.text for citation in repl.last.citations]
    assert {word for text in passages for word in text.split()} <= set(shown.split())


def test_a_chosen_language_is_that_of_everything(assistant: Assistant) -> None:
    repl, out = make(assistant)
    repl.handle(":lang fr")
    repl.handle("How do I bake a chocolate cake?")
    shown = out.getvalue()
    assert say("fr", "language-set") in shown
    assert say("fr", "not-in-corpus") in shown
    offered = shown.split(say("fr", "try-one-of-these"))[1].strip().splitlines()
    asked = {q for by in answers.document().questions.values() for q in by["fr"]}
    assert len(offered) == 3
    assert {line.removeprefix("• ") for line in offered} <= asked
    out.truncate(0)
    repl.handle("How many delegates came?")
    for part in (answers.document().translations["fr"][11], answers.document().translations["fr"][1]):
        assert part in out.getvalue()
    repl.handle(":open 99")
    assert "n’existe pas" in out.getvalue()
    repl.handle(":lang auto")
    out.truncate(0)
    repl.handle("How do I bake a chocolate cake?")
    assert say("en", "not-in-corpus") in out.getvalue()


def test_piped_questions_are_repeated_over_their_answers(assistant: Assistant) -> None:
    repl, out = make(assistant)
    run_piped(repl, ["Who wrote this article?\n", "\n", "hello\n", "exit\n", "never\n"])
    shown = out.getvalue()
    assert shown.startswith("? Who wrote this article?\nMy sources answer this:\n")
    assert shown.count("\n\n? hello\n") == 1
    assert shown.endswith("\n\n? exit\n")


CODES = "urn:key:5 has [bold]1:100:1000[/bold], :cd: and \x1b]0;title\x07 in it"


@pytest.mark.parametrize("terminal", [True, False])
def test_no_text_is_taken_for_a_code(terminal: bool) -> None:
    scripted = ScriptedAssistant()
    cited = replace(answers.citation(3, "ar"), text=CODES, highlights=())
    shown = replace(answers.answered("ar"), citations=(cited,))
    scripted.answer = lambda *_, **__: shown  # type: ignore[method-assign]
    out = io.StringIO()
    real = console()
    real.file = out
    real._force_terminal = terminal
    real.width = 100
    Repl(lambda: cast(Any, scripted), real, "logical").handle("What is the key?")
    assert "urn:key:5 has [bold]1:100:1000[/bold], :cd: and " in out.getvalue()
    assert ("\x1b]0;" in out.getvalue()) is not terminal


@pytest.mark.parametrize(
    ("locale", "language"), [("ar_MA.UTF-8", "ar"), ("fr", "fr"), ("C", "en"), ("de_DE", "en"), ("", "en")]
)
def test_the_first_words_are_in_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert locale_language() == language

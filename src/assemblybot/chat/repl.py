"""The REPL: one prompt, answers below it, `:commands` for testing retrieval."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from assemblybot.answering.answer import Answer, Context, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.errors import AssemblybotError
from assemblybot.render.links import Link
from assemblybot.render.permalink import Permalinks
from assemblybot.render.terminal import Bidi, Line, plain, render, render_citation
from assemblybot.text.language import (
    INTERFACE_LANGUAGES,
    InterfaceLanguage,
    Language,
    interface_language,
)

COMMANDS: Final = {
    ":more": "what comes after the last passage cited",
    ":context N": "N passages around the first one cited",
    ":lang xx|auto": "speak ar, fr, en or es whatever the question's language",
    ":why": "the scores behind the last answer",
    ":open N": "passage N of the document",
    ":help": "this list",
    ":quit": "leave",
}
_STYLES: Final = {
    "verdict": "bold",
    "quote": "",
    "lead_in": "italic",
    "source": "dim",
    "label": "bold",
    "translation": "cyan",
    "suggestion": "green",
    "blank": "",
}


def console() -> Console:
    """Standard output; styles only on a terminal."""
    return Console(soft_wrap=True, highlight=False)


class Repl:
    """A conversation with an assistant that may still be loading; `last` is the last answer.

    With a `public_url`, each citation comes with its permalink there.
    """

    def __init__(
        self, load: Callable[[], Assistant], console: Console, bidi: Bidi, public_url: str | None = None
    ) -> None:
        self._loading: Future[Assistant] = ThreadPoolExecutor(1, "loading").submit(load)
        self._console = console
        self._bidi: Bidi = bidi
        self._permalinks = Permalinks(public_url)
        self._interface: InterfaceLanguage | None = None
        self.last: Answer | None = None
        self._context: Context | None = None

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Questions offered by the last answer, for completion."""
        return self.last.suggestions if self.last else ()

    def handle(self, text: str) -> bool:
        """Answer one line or obey one command; False when the user wants to leave."""
        text = text.strip()
        if not text:
            return True
        if text.startswith(":"):
            return self._command(text)
        try:
            self.ask(text)
        except AssemblybotError as error:
            self._console.print(str(error), style="red", markup=False, highlight=False)
        return True

    def ask(self, text: str) -> None:
        """Answer one question. Raises QuestionError when it cannot be read."""
        answer = self._assistant.answer(text, self._context)
        self.last = answer
        if answer.verdict is Verdict.ANSWERED:
            self._context = Context(answer.question, tuple(c.passage for c in answer.citations))
        self._print(render(answer, self._sources(), self._interface, self._link))

    @property
    def _assistant(self) -> Assistant:
        if not self._loading.done() and self._console.is_terminal:
            with self._console.status("…"):
                return self._loading.result()
        return self._loading.result()

    @property
    def _link(self) -> Link | None:
        return self._permalinks.into(self._assistant.index)

    def _sources(self) -> str:
        return " · ".join(d.metadata.title for d in self._assistant.index.documents.values())

    def _command(self, text: str) -> bool:
        name, _, argument = text.partition(" ")
        argument = argument.strip()
        if name in (":quit", ":q", ":exit"):
            return False
        if name == ":more":
            self.ask("more") if self._context else self._say("Nothing was cited yet.")
        elif name == ":why":
            self._why()
        elif name == ":lang":
            self._set_language(argument)
        elif name == ":context":
            self._around(argument)
        elif name == ":open":
            self._open(argument)
        else:
            for command, meaning in COMMANDS.items():
                self._say(f"{command:<16} {meaning}")
        return True

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _set_language(self, code: str) -> None:
        if code == "auto":
            self._interface = None
        elif code in INTERFACE_LANGUAGES:
            self._interface = code
        else:
            self._say(f"Choose one of: auto {' '.join(INTERFACE_LANGUAGES)}")

    def _why(self) -> None:
        if not self.last or not self.last.trace:
            self._say("No scores yet.")
            return
        self._say(f"confidence {self.last.confidence:.3f}, language {self.last.language}")
        for row in self.last.trace:
            scores = "  ".join(
                f"{name} {value}" for name, value in row.items() if name != "passage" and value
            )
            self._say(f"{row['passage']}  {scores}")

    def _around(self, argument: str) -> None:
        if not self._context:
            self._say("Nothing was cited yet.")
            return
        reach = int(argument) if argument.isdecimal() else 1
        index = self._assistant.index
        at = index.position[self._context.citations[0]]
        around = index.passages[max(0, at - reach) : at + reach + 1]
        self._show_passages(p.id for p in around if p.document == index.passages[at].document)

    def _open(self, argument: str) -> None:
        index = self._assistant.index
        document = self._context.citations[0].split("#")[0] if self._context else next(iter(index.documents))
        passage = argument if "#" in argument else f"{document}#{argument}"
        if passage in index.position:
            self._show_passages([passage])
        else:
            self._say(f"There is no passage {passage}.")

    def _show_passages(self, passages: Iterable[str]) -> None:
        language: Language = self._interface or (self.last.language if self.last else "ar")
        for passage in passages:
            citation = self._assistant.passage(passage, language)
            if citation:
                lines = render_citation(citation, interface_language(language), self._link)
                self._print([Line("", "blank"), *lines])

    def _print(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if self._bidi == "visual" or not self._console.is_terminal:
                self._say(plain(line, self._bidi, self._console.width))
                continue
            text = Text(line.text, style=_STYLES[line.role])
            for start, end in line.highlights:
                text.stylize("bold underline", start, end)
            self._console.print(text, soft_wrap=True)


def run_interactive(repl: Repl, history: Path) -> None:
    """Prompt until the user leaves; history is kept in `history`."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import DynamicCompleter, WordCompleter
    from prompt_toolkit.history import FileHistory

    def completer() -> WordCompleter:
        words = [command.split()[0] for command in COMMANDS] + list(repl.suggestions)
        return WordCompleter(words, sentence=True)

    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)), completer=DynamicCompleter(completer)
    )
    while True:
        try:
            if not repl.handle(session.prompt("? ")):
                return
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def run_piped(repl: Repl, source: TextIO = sys.stdin) -> None:
    """Answer each line of `source`, in order."""
    for line in source:
        if not repl.handle(line):
            return

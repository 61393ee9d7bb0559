"""The REPL: one prompt, answers below it, `:commands` for testing retrieval."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from rich.console import Console
from rich.text import Text

from assemblybot.answering.answer import Answer, Citation, Context
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.conversation import Asked, Conversation
from assemblybot.corpus.document import document_of
from assemblybot.errors import QuestionError
from assemblybot.messages import say
from assemblybot.render.localise import shown_language
from assemblybot.render.terminal import Bidi, Line, plain, render, render_passage, visible
from assemblybot.text.language import (
    INTERFACE_LANGUAGES,
    InterfaceLanguage,
    Language,
    interface_language,
    known_language,
)

PLATFORM: Final = "terminal"
#: With what follows it, each command, and the key of the message that says what it does.
COMMANDS: Final = {
    ":more": "repl-more",
    ":context N": "repl-context",
    ":lang xx|auto": "repl-lang",
    ":why": "repl-why",
    ":open N": "repl-open",
    ":help": "repl-help",
    ":quit": "repl-quit",
}
_LEAVE: Final = frozenset((":quit", ":q", ":exit", "quit", "exit"))
_HELP: Final = frozenset((":help", ":h", "-h", "--help", "?"))
# So much is repeated of the name of a passage that is not there; Fluent takes no value of 1,000 characters.
_LONGEST_NAMED: Final = 200
# No italics: Arabic has none.
_STYLES: Final = {
    "verdict": "",
    "answer": "",
    "quote": "",
    "lead_in": "",
    "source": "cyan",
    "label": "dim",
    "rest": "dim",
    "offer": "bold",
    "suggestion": "green",
    "blank": "",
}


def console() -> Console:
    """Standard output; styles only on a terminal, and text only as it is."""
    return Console(markup=False, emoji=False, highlight=False)


def locale_language() -> InterfaceLanguage:
    """The interface language that the locale names; English where it names another."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return known_language(named[:2]) or "en"


class Repl:
    """A conversation with what `assistant` gives, once it is needed; `last` is the last answer.

    With a `public_url`, each citation comes with its permalink there.
    """

    def __init__(
        self, assistant: Callable[[], Assistant], console: Console, bidi: Bidi, public_url: str | None = None
    ) -> None:
        self._open = assistant
        self.console = console
        self._bidi: Bidi = bidi
        self._public_url = public_url
        self._chosen: InterfaceLanguage | None = None
        self.last: Answer | None = None
        self._context: Context | None = None

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Questions offered by the last answer, for completion."""
        return tuple(suggestion.text for suggestion in self.last.suggestions) if self.last else ()

    @property
    def language(self) -> InterfaceLanguage:
        """The language to speak: the chosen one, that of the last answer, that of the locale."""
        if self._chosen:
            return self._chosen
        return interface_language(self.last.language) if self.last else locale_language()

    @cached_property
    def _conversation(self) -> Conversation:
        return Conversation(PLATFORM, AnswerQueue(self._open()), self._public_url)

    def needs_assistant(self, text: str) -> bool:
        """Whether `handle` answers `text` from the documents."""
        text = text.strip()
        return bool(text) and text.lower() not in _LEAVE | _HELP and not text.startswith(":lang")

    def handle(self, text: str) -> bool:
        """Answer one line or obey one command; False when the user wants to leave."""
        text = text.strip()
        if text.lower() in _LEAVE:
            return False
        if text.startswith(":") or text in _HELP:
            self._command(text)
        elif text:
            try:
                self.ask(text)
            except QuestionError as error:
                key, values = self._conversation.apology(error)
                self.say(key, **values)
        return True

    def ask(self, text: str, language: Language | None = None) -> None:
        """Answer one question, in `language` or its own. Raises QuestionError when it cannot be read."""
        asked = Asked(
            text, context=self._context, chosen=self._chosen, language=language, speaks=locale_language()
        )
        reply = asyncio.run(self._conversation.find(asked))
        assert reply.answer is not None
        self.last, self._context = reply.answer, reply.context or self._context
        documents = self._conversation.assistant.index.documents
        self._print(render(reply.answer, documents, self._conversation.link))

    def say(self, key: str, **values: str | int) -> None:
        """One message of the bot's own, in the language it speaks."""
        self._print([Line(say(self.language, key, **values), "blank")])

    def _command(self, text: str) -> None:
        name, _, argument = text.partition(" ")
        argument = argument.strip()
        if name == ":more":
            spoken = self.last.language if self.last else None
            self.ask("more", spoken) if self._cited else self.say("repl-nothing-cited")
        elif name == ":why":
            self._why()
        elif name == ":lang":
            self._set_language(argument)
        elif name == ":context":
            self._around(argument)
        elif name == ":open":
            self._show_one(argument)
        else:
            for command, key in COMMANDS.items():
                self._print([Line(f"{command:<16} {say(self.language, key)}", "blank")])

    def _set_language(self, code: str) -> None:
        if code == "auto":
            self._chosen = None
            self.say("language-automatic")
        elif code in INTERFACE_LANGUAGES:
            self._chosen = code
            self.say("language-set")
        else:
            self.say("repl-choose-language", codes=f"auto {' '.join(INTERFACE_LANGUAGES)}")

    def _why(self) -> None:
        if not self.last or not self.last.trace:
            self.say("repl-no-scores")
            return
        lines = [f"confidence {self.last.confidence:.3f}, language {self.last.language}"]
        for row in self.last.trace:
            scores = (f"{name} {value}" for name, value in row.items() if name != "passage" and value)
            lines.append(f"{row['passage']}  {'  '.join(scores)}")
        self._print(Line(line, "blank") for line in lines)

    def _around(self, argument: str) -> None:
        if not self._cited:
            self.say("repl-nothing-cited")
            return
        reach = int(argument) if _is_number(argument) else 1
        self._show(self._conversation.neighbours(self._cited[0], self._reads, reach))

    def _show_one(self, argument: str) -> None:
        documents = self._conversation.assistant.index.documents
        document = document_of(self._cited[0]) if self._cited else next(iter(documents))
        number = str(int(argument)) if _is_number(argument) else argument
        passage = number if "#" in number else f"{document}#{number}"
        if citation := self._conversation.passage(passage, self._reads):
            self._show([citation])
        else:
            self.say("repl-no-passage", passage=passage[:_LONGEST_NAMED])

    @property
    def _cited(self) -> tuple[str, ...]:
        """What was cited last."""
        return self._context.citations if self._context else ()

    @property
    def _reads(self) -> Language:
        """The language to show passages in."""
        return shown_language(self.last.language if self.last else self.language, self._chosen)

    def _show(self, citations: Iterable[Citation]) -> None:
        for citation in citations:
            interface = interface_language(self._reads)
            self._print(render_passage(citation, interface, self._conversation.link))

    def _print(self, lines: Iterable[Line]) -> None:
        write(self.console, self._bidi, lines)


def _is_number(text: str) -> bool:
    """Whether `text` is a number that may be one of a paragraph; Python reads none of thousands of digits."""
    return text.isdecimal() and len(text) < 10


def write(console: Console, bidi: Bidi, lines: Iterable[Line]) -> None:
    """To a terminal with styles and wrapped between words; elsewhere each line as it is."""
    for line in lines:
        if bidi == "visual" or not console.is_terminal:
            console.file.write(f"{plain(line, bidi, console.width)}\n")
            continue
        text = Text(visible(line.text), style=_STYLES[line.role])
        for start, end in line.highlights:
            text.stylize("bold", start, end)
        console.print(text)


def run_piped(repl: Repl, lines: Iterable[str]) -> None:
    """Answer each of `lines`, in order, under a copy of it, with a blank line after the answer."""
    for line in lines:
        if not line.strip():
            continue
        repl.console.file.write(f"? {line.strip()}\n")
        if not repl.handle(line):
            return
        repl.console.file.write("\n")
        repl.console.file.flush()

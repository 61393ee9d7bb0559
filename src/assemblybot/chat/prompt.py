"""The prompt of the REPL on a terminal; questions can be typed while the index is opened or built."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assemblybot.chat.repl import COMMANDS, Repl
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import InterfaceLanguage

if TYPE_CHECKING:
    from assemblybot.answering.assistant import Assistant
    from assemblybot.index.kept_vectors import Progress

_REFRESH: Final = 0.3  # seconds between two looks at the progress


class Opening:
    """An assistant that a thread opens, and how far building its index is."""

    def __init__(self, open_assistant: Callable[[Progress], Assistant]) -> None:
        self._assistant: Future[Assistant] = Future()
        self._stages: list[str] = []
        self._percent = 0
        threading.Thread(target=self._open, args=(open_assistant,), name="opening", daemon=True).start()

    def _open(self, open_assistant: Callable[[Progress], Assistant]) -> None:
        try:
            self._assistant.set_result(open_assistant(self._note))
        except BaseException as error:  # raised where the assistant is waited for
            self._assistant.set_exception(error)

    def _note(self, stage: str, done: int, total: int) -> None:
        if stage not in self._stages:
            self._stages.append(stage)
        self._percent = 100 * done // max(total, 1)

    @property
    def done(self) -> bool:
        """Whether it is open, or cannot be opened."""
        return self._assistant.done()

    def wait(self) -> Assistant:
        """The assistant, as soon as it is open. Raises what opening it raised."""
        return self._assistant.result()

    def wait_shortly(self) -> bool:
        """Wait a moment; whether it is done then."""
        wait([self._assistant], _REFRESH)
        return self.done

    def progress(self, language: InterfaceLanguage) -> str:
        """How far it is, in words; nothing once it is done."""
        if self.done:
            return ""
        if not self._stages:
            return say(language, "repl-opening")
        return strip_bidi(say(language, "repl-building", step=len(self._stages), percent=self._percent))


def run_interactive(repl: Repl, opening: Opening, history: Path) -> None:
    """Prompt until the user leaves; history is kept in `history`.

    Raises what opening the assistant raised, once an answer needs it.
    """
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
    repl.say("repl-banner", version=version("assemblybot"))
    while True:
        try:
            text = session.prompt(
                "? ",
                rprompt=lambda: opening.progress(repl.language),
                refresh_interval=0 if opening.done else _REFRESH,
            )
            _wait(repl, opening, text)
            if not repl.handle(text):
                break
            repl.console.line()
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
    if not opening.done:
        # Python would wait for the thread, or end in the middle of it. What it builds lies aside.
        os._exit(0)


def _wait(repl: Repl, opening: Opening, text: str) -> None:
    """Show how far opening is while a question waits for it; Ctrl-C gives the question up."""
    if opening.done or not repl.needs_assistant(text):
        return
    with repl.console.status(opening.progress(repl.language)) as status:
        while not opening.wait_shortly():
            status.update(opening.progress(repl.language))

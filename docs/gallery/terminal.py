"""The prompt as HTML: what it prints, recorded; logical order, as a terminal that reorders gets it."""

from __future__ import annotations

import io

from lxml import html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from tests.conversations.reports import Assistants

from assemblybot.chat.repl import Repl
from gallery.scenes import Scene

_COLUMNS = 100
# Background, text and the eight colours of a dark terminal.
_DARK = TerminalTheme(
    (24, 26, 33),
    (222, 224, 230),
    [
        (24, 26, 33),
        (224, 108, 117),
        (143, 201, 120),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (112, 192, 205),
        (222, 224, 230),
    ],
)


def hold(scene: Scene, assistants: Assistants) -> str:
    """What `assemblybot repl` prints, with its styles, as HTML."""
    assistant, _ = scene.among(assistants)
    shown = screen()
    repl = Repl(lambda: assistant, shown, "logical")
    for number, turn in enumerate(scene.turns):
        if number == scene.unseen:
            shown.export_html(clear=True)
        shown.print(f"{'' if number == scene.unseen else chr(10)}[bold]?[/] ", end="")
        shown.print(turn.says, markup=False)
        repl.handle(turn.says)
    return printed(shown)


def screen() -> Console:
    """A terminal that remembers what is printed."""
    return Console(
        file=io.StringIO(), record=True, force_terminal=True, width=_COLUMNS, highlight=False, soft_wrap=True
    )


def printed(shown: Console) -> str:
    """What was printed on a screen, with its styles, as HTML."""
    return shown.export_html(theme=_DARK, code_format="<pre>{code}</pre>", inline_styles=True)


def session(text: str, title: str = "assemblybot repl") -> HtmlElement:
    """A terminal with what was printed."""
    return DIV(CLASS("te"), DIV(CLASS("te-title"), title), html.fromstring(text))

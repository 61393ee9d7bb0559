"""The prompt as HTML: what it prints, recorded; logical order, as a terminal that reorders gets it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from lxml import html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from tests.conversations import Exchange

from assemblybot.answering.assistant import Assistant
from assemblybot.chat.repl import Repl

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


def session(assistant: Assistant, exchanges: Sequence[Exchange], last: int | None = None) -> HtmlElement:
    """The conversation, or its `last` exchanges, at the prompt of `assemblybot repl`."""
    screen = Console(
        file=io.StringIO(), record=True, force_terminal=True, width=_COLUMNS, highlight=False, soft_wrap=True
    )
    repl = Repl(lambda: assistant, screen, "logical")
    begin = len(exchanges) - (last or len(exchanges))
    for number, exchange in enumerate(exchanges):
        if number == begin:
            screen.export_html(clear=True)
        screen.print(f"{'' if number == begin else chr(10)}[bold]?[/] ", end="")
        screen.print(exchange.said, markup=False)
        repl.handle(exchange.said)
    shown = screen.export_html(theme=_DARK, code_format="<pre>{code}</pre>", inline_styles=True)
    title = DIV(CLASS("te-title"), "assemblybot repl")
    return DIV(CLASS("te"), title, html.fromstring(shown))

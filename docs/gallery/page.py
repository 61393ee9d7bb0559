"""All conversations on all platforms, as one piece of HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lxml import html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV, H2, SECTION, P
from tests import conversations
from tests.conversations import Script, hold

from assemblybot.answering.assistant import Assistant
from assemblybot.settings import Settings
from assemblybot.startup import open_assistant
from gallery import slack, telegram, terminal

ROOT: Final = Path(__file__).resolve().parents[2]
STYLE: Final = Path(__file__).with_name("gallery.css")


def shipped_assistant() -> Assistant:
    """The assistant over the shipped corpus; its index is built first where needed."""
    model = str(ROOT / "models" / "assembly-e5")
    return open_assistant(Settings(corpus_dir=ROOT / "corpus", model=model, _env_file=None))


def gallery(assistant: Assistant) -> str:
    """The gallery without its style sheet, for a page that has it."""
    shown = (_section(assistant, script) for script in conversations.load())
    return _text(DIV(CLASS("gallery"), *shown))


def standalone(assistant: Assistant, scheme: str, *names: str, last: int | None = None) -> str:
    """A page of its own with some conversations, or the `last` steps of them; `default` or `slate`."""
    scripts = [script for script in conversations.load() if script.name in names]
    shown = DIV(CLASS("gallery"), *(devices(assistant, script, last) for script in scripts))
    style = STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html><meta charset="utf-8"><title>Gallery</title><style>{style}</style>'
        f'<body class="gallery-only" data-md-color-scheme="{scheme}">{_text(shown)}'
    )


def devices(assistant: Assistant, script: Script, last: int | None = None) -> HtmlElement:
    """One conversation on the three platforms side by side."""
    held = hold(assistant, script)
    exchanges = list(held[-last if last else None :])
    return DIV(
        CLASS("devices"),
        telegram.chat(assistant, exchanges),
        slack.thread(assistant, exchanges),
        terminal.session(assistant, held, last),
    )


def _section(assistant: Assistant, script: Script) -> HtmlElement:
    title = H2(script.name.capitalize(), id=script.name)
    return SECTION(title, P(f"{script.about}."), devices(assistant, script))


def _text(element: HtmlElement) -> str:
    return str(html.tostring(element, encoding="unicode"))

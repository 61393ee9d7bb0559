"""All scenes on all platforms, as one piece of HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lxml import html
from lxml.html import HtmlElement
from lxml.html.builder import CLASS, DIV, H2, SECTION, P
from tests.conversations.reports import Assistants

from gallery import commands, reader, slack, telegram, terminal
from gallery.scenes import SCENES, Platform, Scene

_VERIFY: Final = "assemblybot verify"
_REVIEW: Final = "assemblybot review"
STYLE: Final = Path(__file__).with_name("gallery.css")
_DRAWN: Final[Mapping[Platform, Callable[[Scene, Assistants], HtmlElement]]] = {
    "telegram": lambda scene, assistants: telegram.chat(telegram.hold(scene, assistants)),
    "slack": lambda scene, assistants: slack.thread(scene, slack.hold(scene, assistants)),
    "reader": lambda scene, assistants: reader.windows(reader.hold(scene, assistants)),
    "terminal": lambda scene, assistants: terminal.session(terminal.hold(scene, assistants)),
    "api": lambda scene, assistants: terminal.session(commands.hold_api(scene, assistants), "curl"),
    "verify": lambda scene, assistants: terminal.session(commands.hold_verify(scene, assistants), _VERIFY),
    "keys": lambda scene, assistants: terminal.session(commands.hold_review(scene, assistants), _REVIEW),
    "review": lambda scene, assistants: reader.windows(reader.hold_review(scene, assistants), "/review"),
}


def gallery(assistants: Assistants) -> str:
    """The gallery without its style sheets, for a page that has them."""
    return _text(DIV(CLASS("gallery"), *(_section(scene, assistants) for scene in SCENES)))


def standalone(scene: Scene, assistants: Assistants, scheme: str = "default") -> str:
    """A page of its own with one scene; `scheme` is `default` or `slate`."""
    shown = DIV(CLASS("gallery"), _devices(scene, assistants))
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Gallery</title><style>{style}</style>"
        f'<body class="gallery-only" data-md-color-scheme="{scheme}">{_text(shown)}'
    )


def _section(scene: Scene, assistants: Assistants) -> HtmlElement:
    title = H2(scene.name.capitalize(), id=scene.name)
    return SECTION(title, P(f"{scene.about}."), _devices(scene, assistants))


def _devices(scene: Scene, assistants: Assistants) -> HtmlElement:
    """One scene on each of its platforms."""
    shown = (_DRAWN[platform](scene, assistants) for platform in scene.platforms)
    return DIV(CLASS("devices"), *shown)


def _text(element: HtmlElement) -> str:
    return str(html.tostring(element, encoding="unicode"))

"""Every word the bot says, in four languages, through Fluent.

Files are named `area.language.ftl`; a test checks that each area has the same keys and
variables in every language. Bidi isolation of values is Fluent's own (U+2068 … U+2069).
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast

from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage

_FALLBACK: Final[InterfaceLanguage] = "en"


def say(language: InterfaceLanguage, key: str, /, **values: str | int | float) -> str:
    """The message `key` in `language`. Raises KeyError for an unknown key or a missing value."""
    bundle = _bundle(language)
    message = bundle.get_message(key)
    if message.value is None:
        raise KeyError(key)
    text, errors = bundle.format_pattern(message.value, values)
    if errors:
        raise KeyError(f"{key}: {errors[0]}")
    return str(text)


def areas() -> tuple[str, ...]:
    """Names of the message files, without language."""
    folder = resources.files(__package__)
    names = (path.name for path in folder.iterdir() if path.name.endswith(".ftl"))
    return tuple(sorted({name.split(".")[0] for name in names}))


def entries(area: str, language: InterfaceLanguage) -> dict[str, ast.Message]:
    """Parsed messages of one file by key."""
    parsed = FluentResource(_read(area, language)).body
    return {entry.id.name: entry for entry in parsed if isinstance(entry, ast.Message)}


def _read(area: str, language: str) -> str:
    return (resources.files(__package__) / f"{area}.{language}.ftl").read_text(encoding="utf-8")


@lru_cache(maxsize=len(INTERFACE_LANGUAGES))
def _bundle(language: InterfaceLanguage) -> FluentBundle:
    bundle = FluentBundle([language, _FALLBACK], use_isolating=True)
    for area in areas():
        bundle.add_resource(FluentResource(_read(area, language)))
    return bundle

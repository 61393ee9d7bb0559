"""What `--help` says of every command, for the page of commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from assemblybot.cli import app

_COLUMNS = 96


def commands() -> str:
    """A section for each command, in the order of `assemblybot --help`."""
    return "\n".join(_sections(typer.main.get_command(app), "assemblybot", None))


def _sections(command: Any, name: str, parent: Any) -> Iterator[str]:
    command.rich_markup_mode = None  # plain text, without frames
    chosen = {"terminal_width": _COLUMNS, **command.context_settings}
    context = command.context_class(command, info_name=name, parent=parent, **chosen)
    yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    for below in getattr(command, "commands", {}).values():
        yield from _sections(below, below.name, context)

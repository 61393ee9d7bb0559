"""The service, whole or for one platform."""

from __future__ import annotations

import os
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from dotenv import dotenv_values

from assemblybot.cli.common import (
    CollectionOption,
    CorpusOption,
    IndexOption,
    chosen_settings,
    opened,
    progress_shown,
)
from assemblybot.errors import SettingsError, TokenMissingError

if TYPE_CHECKING:
    from assemblybot.service.channels import Platform


def serve(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer on every platform that is configured, until stopped.

    Uses HTTP if `PUBLIC_URL` and the secrets are set, otherwise polling and Socket Mode.
    """
    _serve(corpus, index)


def _serve(corpus: Path | None, index: Path | None, only: Platform | None = None) -> None:
    from assemblybot.service.run import run

    run(chosen_settings(corpus, index), progress_shown, only)


def require_tokens(*names: str) -> None:
    """Look into the environment and `.env`, before what takes a second to load.

    Raises TokenMissingError for the first of `names` that is not set.
    """
    given = {
        name.upper() for name, value in chain(dotenv_values(".env").items(), os.environ.items()) if value
    }
    for name in names:
        if name not in given:
            raise TokenMissingError(name)


def mcp(
    http: Annotated[
        bool,
        typer.Option("--http", help="Serve streamable HTTP on HOST and PORT, to holders of an API key."),
    ] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
) -> None:
    """Answer an assistant that speaks MCP, over standard input and output or HTTP."""
    if find_spec("mcp") is None:
        raise SettingsError("MCP needs its SDK: pip install 'assemblybot[mcp]'")
    from assemblybot.api.mcp import run_http, run_stdio

    settings = chosen_settings(corpus, index, collection)
    serve_mcp = run_http if http else run_stdio
    serve_mcp(settings, lambda: opened(settings))


def telegram(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer in Telegram, by long polling, until stopped."""
    require_tokens("TELEGRAM_BOT_TOKEN")
    _serve(corpus, index, "telegram")


def slack(context: typer.Context, corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer in one Slack workspace over Socket Mode, until stopped."""
    if context.invoked_subcommand:
        return
    require_tokens("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    _serve(corpus, index, "slack")


def slack_manifest(
    url: Annotated[
        str | None, typer.Option("--url", help="Public URL, to use HTTP instead of Socket Mode.")
    ] = None,
) -> None:
    """Print the app manifest to paste into “create app from manifest”."""
    from assemblybot.chat.slack.manifest import manifest_yaml

    typer.echo(manifest_yaml(url), nl=False)

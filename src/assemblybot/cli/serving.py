"""The service, whole or for one platform."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from assemblybot.cli.common import (
    CollectionOption,
    CorpusOption,
    IndexOption,
    chosen_settings,
    opened,
    progress_shown,
    with_own_corpus,
)
from assemblybot.errors import SettingsError

if TYPE_CHECKING:
    from assemblybot.service.run import Only
    from assemblybot.settings import Settings


def serve(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer on every platform that is set up, until stopped.

    Over HTTP where `PUBLIC_URL` and the secrets are set, else by polling and Socket Mode.
    """
    _serve(chosen_settings(corpus, index))


def _serve(settings: Settings, only: Only | None = None) -> None:
    from assemblybot.service.run import run

    if settings.review_keys:  # what curators decide is written into the corpus
        settings = with_own_corpus(settings)
    run(settings, progress_shown, only)


def mcp(
    http: Annotated[
        bool,
        typer.Option("--http", help="Streamable HTTP on HOST and PORT, for whoever has one of API_KEYS."),
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
    serve_mcp(settings, opened(settings))


def telegram(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer in Telegram by long polling, until stopped."""
    from assemblybot import tokens

    tokens.require("TELEGRAM_BOT_TOKEN")
    _serve(chosen_settings(corpus, index), "telegram")


def slack(context: typer.Context, corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Answer in one Slack workspace over Socket Mode, until stopped."""
    if context.invoked_subcommand:
        return
    from assemblybot import tokens

    tokens.require("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    _serve(chosen_settings(corpus, index), "slack")


def slack_manifest(
    url: Annotated[
        str | None, typer.Option("--url", help="Public URL, for HTTP instead of Socket Mode.")
    ] = None,
) -> None:
    """Print the app manifest to paste into “create app from manifest”."""
    from assemblybot.chat.slack.manifest import manifest_yaml

    typer.echo(manifest_yaml(url), nl=False)

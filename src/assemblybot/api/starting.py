"""How the MCP server is started, where the extra that it needs is installed."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from assemblybot.answering.assistant import Assistant
from assemblybot.errors import SettingsError
from assemblybot.settings import Settings


def mcp(*, http: bool) -> Callable[[Settings, Assistant], None]:
    """What serves an assistant over MCP. Raises SettingsError where the SDK is not installed."""
    if find_spec("mcp") is None:
        raise SettingsError("MCP needs its SDK: pip install 'assemblybot[mcp]'")
    from assemblybot.api.mcp import run_http, run_stdio

    return run_http if http else run_stdio

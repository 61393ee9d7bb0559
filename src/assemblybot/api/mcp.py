"""The MCP server: the operations as tools, over standard input and output or streamable HTTP."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response

from assemblybot import logs
from assemblybot.answering.assistant import Assistant
from assemblybot.api.keys import Keys, NotAllowedError, TooManyQuestionsError
from assemblybot.api.operations import QUESTIONS, Operations
from assemblybot.api.responses import LARGEST_QUESTION, MEDIA_TYPE, SECURITY_HEADERS, problem_of
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import CollectionError, PortError, SettingsError
from assemblybot.session.base import Throttle
from assemblybot.settings import Settings
from assemblybot.startup import load_others

if TYPE_CHECKING:
    from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
    from starlette.middleware.base import RequestResponseEndpoint
    from starlette.requests import Request
    from starlette.types import ASGIApp

PLATFORM: Final = "mcp"
PATH: Final = "/mcp"
_LOG = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS: Final = (
    "Answers questions from a fixed set of documents. Every citation is a verbatim quote with its place. "
    "Ask with `ask` first. Quote word for word, and give the link or the passage id beside each quote. "
    "When the verdict is not_in_corpus, say that the documents do not answer; do not answer from elsewhere."
)


def build(operations: Operations) -> MCPServer:
    """The server over these operations."""
    server: MCPServer = MCPServer(
        "assemblybot",
        instructions=_INSTRUCTIONS,
        version=version("assemblybot"),
        subscriptions=False,
    )
    # Below that level it logs what callers send.
    logging.getLogger("mcp").setLevel(logging.WARNING)
    for operation in (operations.ask, operations.search, operations.read_passage, operations.list_sources):
        server.add_tool(_tool(operation), annotations=_READS, structured_output=True)
    return server


def _tool(operation: Callable[_P, Awaitable[_T]]) -> Callable[_P, Awaitable[_T]]:
    """An operation whose failures are told as the assistant may hear them."""

    @wraps(operation)
    async def tool(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return await operation(*args, **kwargs)
        except Exception as error:  # whatever it is
            raise ToolError(problem_of(error)[0].detail) from None

    return tool


def run_stdio(settings: Settings, opened: Callable[[], Assistant]) -> None:
    """Serve one assistant over standard input and output, until it closes them."""
    logs.configure(settings.log_level, settings.log_json)
    with _operations(settings, opened()) as operations:
        asyncio.run(build(operations).run_stdio_async())


def run_http(settings: Settings, opened: Callable[[], Assistant]) -> None:
    """Serve whoever has a key over streamable HTTP, until stopped. Raises SettingsError, where keys are
    missing before an index is opened, which may have to be built first."""
    logs.configure(settings.log_level, settings.log_json)
    keys = Keys.configured(settings, Throttle(settings.rate_limit).allow)
    if keys is None:
        raise SettingsError("MCP over HTTP needs API_KEYS or COLLECTION_KEYS: the keys of those who may ask.")
    with _operations(settings, opened()) as operations, _listening(settings) as listening:
        config = uvicorn.Config(
            http_app(operations, keys), log_config=None, access_log=False, server_header=False, ws="none"
        )
        _LOG.info("MCP on http://%s:%d%s", settings.host, settings.port, PATH)
        uvicorn.Server(config).run(sockets=[listening])


def http_app(operations: Operations, keys: Keys) -> ASGIApp:
    """The application of `run_http`: the server for whoever has a key."""
    server = build(operations)
    server.middleware.append(_limit(keys, operations))
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_QUESTION,
        host="",  # no list of host names: a page that a browser opens has no key, under whatever name
    )

    async def with_key(request: Request, call_next: RequestResponseEndpoint) -> Response:
        try:
            keys.caller(request.headers.get("authorization"))
        except NotAllowedError as error:
            said, headers = problem_of(error)
            response = Response(said.model_dump_json(), said.status, headers, MEDIA_TYPE)
        else:
            response = await call_next(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return BaseHTTPMiddleware(app, with_key)


def _limit(keys: Keys, operations: Operations) -> ServerMiddleware[Any]:
    """Keeps each key to its collections, and counts its questions to each of them."""

    async def limit(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        params = ctx.params or {}
        if ctx.method != "tools/call":
            return await call_next(ctx)
        assert ctx.request is not None
        caller = keys.caller(ctx.request.headers.get("authorization"))
        arguments = params.get("arguments")  # as sent: nothing has looked at them yet
        try:
            collection = caller.asks(arguments.get("collection") if isinstance(arguments, Mapping) else None)
            if params.get("name") in QUESTIONS:
                await operations.count(keys, caller.user, collection)
        except (TooManyQuestionsError, CollectionError) as error:
            return CallToolResult(content=[TextContent(text=str(error))], is_error=True)
        with operations.queue.within(collection or operations.queue.collection):
            return await call_next(ctx)

    return limit


@contextmanager
def _operations(settings: Settings, assistant: Assistant) -> Iterator[Operations]:
    queue = AnswerQueue.configured(settings, assistant, load_others(settings, assistant, build_stale=True))
    try:
        yield Operations(queue, PLATFORM, settings.public_url)
    finally:
        queue.close()


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise PortError(settings.host, settings.port, error) from error

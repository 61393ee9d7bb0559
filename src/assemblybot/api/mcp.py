"""The MCP server: the operations as tools, over standard input and output or streamable HTTP."""

from __future__ import annotations

import asyncio
import logging
import math
import socket
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, TypeVar

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations

from assemblybot import logs
from assemblybot.answering.assistant import Assistant
from assemblybot.api import models
from assemblybot.api.gate import Gate
from assemblybot.api.keys import Keys, TooManyQuestionsError
from assemblybot.api.operations import FOUND, NEIGHBOURS, Operations
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import AssemblybotError, CollectionError, SettingsError
from assemblybot.session.base import Throttle
from assemblybot.settings import Settings
from assemblybot.startup import load_others, silent

if TYPE_CHECKING:
    from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
    from starlette.types import ASGIApp

PLATFORM: Final = "mcp"
PATH: Final = "/mcp"
_LARGEST_BODY: Final = 64 * 1024
_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS: Final = (
    "Answers questions from a fixed set of documents. Every citation is a verbatim quote with its place. "
    "Ask with `ask` first. Quote word for word, and give the link or the passage id beside each quote. "
    "When the verdict is not_in_corpus, say that the documents do not answer; do not answer from elsewhere."
)


class Tools:
    """One tool a method; its words are what the assistant reads."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def ask(
        self,
        question: models.Question,
        language: models.AskedIn = None,
        collection: models.Collection = None,
    ) -> models.Answer:
        """Answer a question from the documents: a verdict, and verbatim quotes with offsets and links.

        Ask in Arabic, Darija, French, English or Spanish, whatever the language of the documents. With the
        verdict `answered`, quotes are in `citations`; `unsure` says that they may only come close,
        `sources_differ` that the cited documents do not say the same: tell both with their dates. With
        `not_in_corpus` the documents do not answer, and `suggestions` are questions that they do answer.
        """
        return await _told(self._operations.ask(question, language, collection))

    async def search(
        self,
        query: models.Question,
        most: models.Most = FOUND,
        language: models.AskedIn = None,
        collection: models.Collection = None,
    ) -> models.Found:
        """Find the passages nearest to a query, best first. Nothing judges whether they answer it.

        For reading around a subject; to answer a question, use `ask`.
        """
        return await _told(self._operations.search(query, most, language, collection))

    async def read_passage(
        self,
        passage: models.PassageId,
        neighbours: models.Neighbours = NEIGHBOURS,
        collection: models.Collection = None,
    ) -> models.Excerpt:
        """Read one passage whole, with its neighbours before and after it in the document."""
        return await _told(self._operations.read_passage(passage, neighbours, collection))

    async def list_sources(
        self,
        offset: models.Offset = 0,
        limit: models.SourceLimit = models.MOST_SOURCES,
        collection: models.Collection = None,
    ) -> models.Sources:
        """List the documents that answers are taken from: title, language, author, hash, link."""
        return await _told(self._operations.list_sources(offset, limit, collection))


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
    tools = Tools(operations)
    for tool in (tools.ask, tools.search, tools.read_passage, tools.list_sources):
        server.add_tool(tool, annotations=_READS, structured_output=True)
    return server


async def _told(work: Awaitable[_T]) -> _T:
    """What `work` returns; a failure as the assistant may hear it. Raises ToolError."""
    try:
        return await work
    except AssemblybotError as error:
        raise ToolError(str(error)) from None
    except Exception as error:
        _LOG.error("A tool failed: %s", logs.describe(error))
        raise ToolError("There is no answer just now. Ask again.") from None


def run_stdio(settings: Settings, assistant: Assistant) -> None:
    """Serve one assistant over standard input and output, until it closes them."""
    logs.configure(settings.log_level, settings.log_json)
    with _operations(settings, assistant) as operations:
        asyncio.run(build(operations).run_stdio_async())


def run_http(settings: Settings, assistant: Assistant) -> None:
    """Serve whoever has a key over streamable HTTP, until stopped. Raises SettingsError."""
    logs.configure(settings.log_level, settings.log_json)
    keys = Keys.configured(settings, Throttle(settings.rate_limit).allow)
    if keys is None:
        raise SettingsError("MCP over HTTP needs API_KEYS or COLLECTION_KEYS: the keys of those who may ask.")
    with _operations(settings, assistant) as operations, _listening(settings) as listening:
        config = uvicorn.Config(
            http_app(operations, keys), log_config=None, access_log=False, server_header=False, ws="none"
        )
        _LOG.info("MCP on http://%s:%d%s", settings.host, settings.port, PATH)
        uvicorn.Server(config).run(sockets=[listening])


def http_app(operations: Operations, keys: Keys) -> ASGIApp:
    """The application of `run_http`."""
    server = build(operations)
    server.middleware.append(_limit(keys, operations))
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=_LARGEST_BODY,
        host="",  # no list of host names: a page that a browser opens has no key, under whatever name
    )
    return Gate(app, keys)


def _limit(keys: Keys, operations: Operations) -> ServerMiddleware[Any]:
    """Keeps each key to its collections, and counts its questions to each of them."""

    async def limit(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        if ctx.method != "tools/call":
            return await call_next(ctx)
        assert ctx.request is not None
        caller = keys.caller(ctx.request.headers.get("authorization"))
        try:
            collection = caller.asks(_collection(ctx.params))
            if (ctx.params or {}).get("name") in ("ask", "search"):
                await keys.count(operations.counted(caller.user, collection))
        except TooManyQuestionsError as error:
            operations.queue.observer.count("throttled", PLATFORM)
            return _refused(f"{error} Wait {math.ceil(error.seconds)} seconds.")
        except CollectionError as error:
            return _refused(str(error))
        with operations.queue.within(collection or operations.queue.collection):
            return await call_next(ctx)

    return limit


def _refused(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], is_error=True)


def _collection(params: Mapping[str, Any] | None) -> str | None:
    """The collection that a call names, before anything has looked at its arguments."""
    arguments = (params or {}).get("arguments")
    return arguments.get("collection") if isinstance(arguments, Mapping) else None


@contextmanager
def _operations(settings: Settings, assistant: Assistant) -> Iterator[Operations]:
    queue = AnswerQueue(
        assistant,
        others=settings.collections,
        most_waiting=settings.most_waiting,
        deadline=settings.question_deadline,
    )
    for other in load_others(settings, assistant, silent):
        queue.replace(other)
    try:
        yield Operations(queue, PLATFORM, settings.public_url)
    finally:
        queue.close()


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise SettingsError(
            f"Port {settings.port} of {settings.host} cannot be used: {error.strerror}. Change HOST or PORT."
        ) from error
    with listening:
        yield listening

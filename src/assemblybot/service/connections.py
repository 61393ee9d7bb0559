"""Connections of clients: how many there may be, and how long each may take.

Whoever opens one is a stranger. What he sends must arrive in time, and when there are too many
connections, the one that has been idle for longest is closed for the new one.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from assemblybot.api.responses import SECURITY_HEADERS
from assemblybot.logs import describe

_LOG = logging.getLogger(__name__)
#: Seconds for the head of the first request on a connection, and for each body.
ARRIVES_WITHIN: Final = 10.0
#: Seconds from the end of a request to the next one; the answer must have been read by then, too.
IDLE_AT_MOST: Final = 75.0
_LINGERING: Final = 2.0
_MOST: Final = 1024
# File descriptors for files, for calls to platforms, and for connections just accepted.
_KEPT_FREE: Final = 128
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _BodyLateError(TimeoutError):
    """The body of a request did not arrive in time."""


class Connections:
    """Makes the protocol of each new connection to `server`, for `loop.create_server`."""

    def __init__(self, server: web.Server, most: int | None = None) -> None:
        """`most` connections may be open; `None`: as many as the limit of file descriptors allows."""
        self._server = server
        self._most = most or _affordable()
        self._open: set[Connection] = set()
        # In the order in which they became idle.
        self._idle: dict[Connection, None] = {}

    def __call__(self) -> Connection:
        """The protocol of one connection."""
        return Connection(self._server, self)

    def opened(self, connection: Connection) -> None:
        """Count a new connection; close another one, or this one, when there are too many."""
        if len(self._open) >= self._most:
            leaving = next(iter(self._idle), connection)
            self.closed(leaving)
            leaving.abort()
            if leaving is connection:
                return
        self._open.add(connection)
        self._idle[connection] = None

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self._open.discard(connection)
        self._idle.pop(connection, None)

    def idle(self, connection: Connection, idle: bool) -> None:
        """Say whether a connection has no request in hand."""
        self._idle.pop(connection, None)
        if idle and connection in self._open:
            self._idle[connection] = None


class Connection(RequestHandler):
    """aiohttp's protocol, with time limits, and errors that tell nothing."""

    def __init__(self, server: web.Server, all_of_them: Connections) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            # Addresses of requests may hold what people look for: there is no access log.
            access_log=None,  # type: ignore[arg-type] # as `web.AppRunner` takes it
            # A few bytes may be inflated to gigabytes.
            auto_decompress=False,
            keepalive_timeout=IDLE_AT_MOST,
            lingering_time=_LINGERING,
        )
        self._all = all_of_them
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to count the time until a request is here."""
        super().connection_made(transport)
        self._close_after(ARRIVES_WITHIN)
        self._all.opened(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection is gone."""
        self._close_after(None)
        self._all.closed(self)
        super().connection_lost(exc)

    def request_begun(self) -> None:
        """The head of a request is here; its handler has limits of its own."""
        self._close_after(None)
        self._all.idle(self, False)

    def request_ended(self) -> None:
        """A request was dealt with; its answer must be read, and the next one come, in time."""
        if self.transport:
            self._close_after(IDLE_AT_MOST)
            self._all.idle(self, True)

    def abort(self) -> None:
        """Close the connection, whatever it is at."""
        if self.transport:
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 (quotes the request)
    ) -> web.StreamResponse:
        """Answer what could not be parsed or answered, without a word of the request."""
        _LOG.info("A request could not be read: %s", describe(exc) if exc else status)
        if request.writer.output_size > 0:
            raise ConnectionError("A part of the answer has left already.")
        response = web.Response(status=status)
        secure(response)
        response.force_close()
        return response

    def _close_after(self, seconds: float | None) -> None:
        if self._limit:
            self._limit.cancel()
        loop = asyncio.get_running_loop()
        self._limit = None if seconds is None else loop.call_later(seconds, self.abort)


def secure(response: web.StreamResponse) -> None:
    """Add security headers where a page has not set stricter ones of its own; name no versions."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "assemblybot"


@web.middleware
async def in_time(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Give the body of a request `ARRIVES_WITHIN` seconds, and tell its connection of begin and end."""
    connection = request.protocol if isinstance(request.protocol, Connection) else None
    if connection:
        connection.request_begun()
    limit = asyncio.get_running_loop().call_later(ARRIVES_WITHIN, _give_up, request)
    try:
        return await handler(request)
    except _BodyLateError:
        response = web.Response(status=408)
        response.force_close()
        return response
    finally:
        limit.cancel()
        if connection:
            connection.request_ended()


def _give_up(request: web.Request) -> None:
    if not request.content.is_eof():
        request.content.set_exception(_BodyLateError())


def _affordable() -> int:
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return _MOST
    return max(8, min(_MOST, (allowed - _KEPT_FREE) // 2))

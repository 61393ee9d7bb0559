"""The HTTP server: one application for every part, and what holds for all of its connections.

Clients are not trusted: what they send must arrive in time. When there are too many connections, the one that
has been idle for longest is closed for the new one; when too many bodies are on their way, the slowest one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial
from typing import Final

from aiohttp import HttpVersion10, hdrs, web
from aiohttp.web_protocol import RequestHandler

from assemblybot.api.responses import SECURITY_HEADERS, TRY_AGAIN
from assemblybot.errors import PortError
from assemblybot.logs import describe

_LOG = logging.getLogger(__name__)
#: No platform sends more in one request, in bytes.
LARGEST_BODY: Final = 1024 * 1024
#: Of all bodies that are on their way, in bytes: what they need of the memory.
MOST_ARRIVING: Final = 64 * LARGEST_BODY
#: Seconds for the head of the first request on a connection, and for each body.
ARRIVES_WITHIN: Final = 10.0
#: Seconds from the end of a request to the next one; the answer must have been read by then, too.
IDLE_AT_MOST: Final = 75.0
_LINGERING: Final = 2.0
_MOST: Final = 1024
# File descriptors for files, for calls to platforms, and for connections just accepted.
_KEPT_FREE: Final = 128
_CHARSETS: Final = frozenset({None, "utf-8", "utf8"})
# Reading a media type takes time with the square of its length.
_LONGEST_MEDIA_TYPE: Final = 200
# Bytes that are parsed at a time: what is cut into tiny requests or chunks is a lot of work.
_READ_AT_ONCE: Final = 16 * 1024
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(routes: Iterable[web.RouteDef]) -> web.Application:
    """One application for everything that is called over HTTP."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_catch_all, _in_time, _plain_only])
    app.on_response_prepare.append(_secure)
    app.add_routes(routes)
    return app


@contextlib.asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """Serve `app`. Raises PortError when the port cannot be used."""
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    try:
        assert runner.server
        connection = partial(Connection, runner.server, {}, {}, _most_connections())
        try:
            server = await asyncio.get_running_loop().create_server(connection, host, port)
        except OSError as error:
            raise PortError(host, port, error) from error
        _LOG.info("Listening on %s port %d", host, port)
        with contextlib.closing(server):
            yield
    finally:
        await runner.cleanup()


def _most_connections() -> int:
    """As many as the limit of file descriptors allows."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = allowed == resource.RLIM_INFINITY
    return _MOST if unlimited else max(8, min(_MOST, (allowed - _KEPT_FREE) // 2))


class Connection(RequestHandler):
    """aiohttp's protocol, with time limits, and errors that tell nothing.

    `others` are all connections in the order in which they became idle or busy, each with whether it is
    idle; when there are more than `most`, the first idle one is closed. `arriving` are the requests with a
    body, in the order in which they began.
    """

    def __init__(
        self,
        server: web.Server,
        others: dict[Connection, bool],
        arriving: dict[Connection, web.Request],
        most: int,
    ) -> None:
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
        self._others = others
        self._arriving = arriving
        self._most = most
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to count the time until a request is here."""
        super().connection_made(transport)
        transport.max_size = _READ_AT_ONCE  # type: ignore[attr-defined] # asyncio's, of every socket
        self._close_after(ARRIVES_WITHIN)
        self._others[self] = True
        if len(self._others) > self._most:
            first = next(connection for connection, idle in self._others.items() if idle)
            del self._others[first]
            first.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection is gone."""
        self._close_after(None)
        self._others.pop(self, None)
        self._arriving.pop(self, None)
        super().connection_lost(exc)

    def request_begun(self, request: web.Request) -> None:
        """The head of a request is here; its handler has limits of its own."""
        self._close_after(None)
        self._set_idle(False)
        if request.body_exists:
            self._arriving[self] = request
            self._close_slowest()

    def request_ended(self) -> None:
        """A request was answered; the answer must be read, and the next one come, in time."""
        self._arriving.pop(self, None)
        if self.transport:
            self._close_after(IDLE_AT_MOST)
            self._set_idle(True)

    def abort(self) -> None:
        """Close the connection at once."""
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
        _add_headers(response)
        response.force_close()
        return response

    def _close_slowest(self) -> None:
        """Abort the oldest incomplete bodies, until the others fit into memory."""
        arriving = [(one, of) for one, of in self._arriving.items() if not of.content.is_eof()]
        total = sum(_length(request) for _, request in arriving)
        for connection, request in arriving:
            if total <= MOST_ARRIVING:
                return
            total -= _length(request)
            connection.abort()

    def _set_idle(self, idle: bool) -> None:
        if self._others.pop(self, None) is not None:
            self._others[self] = idle

    def _close_after(self, seconds: float | None) -> None:
        if self._limit:
            self._limit.cancel()
        loop = asyncio.get_running_loop()
        self._limit = None if seconds is None else loop.call_later(seconds, self.abort)


def _length(request: web.Request) -> int:
    """The bytes that a body may come to."""
    length = request.content_length
    return LARGEST_BODY if length is None else min(length, LARGEST_BODY)


async def _secure(_: web.Request, response: web.StreamResponse) -> None:
    _add_headers(response)


def _add_headers(response: web.StreamResponse) -> None:
    """Add security headers where a page has not set stricter ones of its own; name no versions."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "assemblybot"


@web.middleware
async def _catch_all(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Log what nobody expected by kind and place; the caller may try again."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        gone = isinstance(error, ConnectionError) and request.transport is None
        _LOG.log(logging.INFO if gone else logging.ERROR, "A request failed: %s", describe(error))
        _forget(error)
        return web.Response(status=503, headers=TRY_AGAIN)


def _forget(error: Exception) -> None:
    """Free the memory of a body: its stream keeps `error`, whose frames keep the body and the stream."""
    traceback.clear_frames(error.__traceback__)
    error.__traceback__ = None


class _BodyLateError(TimeoutError):
    """The body of a request did not arrive in time."""


@web.middleware
async def _in_time(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Give a body `ARRIVES_WITHIN` seconds, and tell the connection when the request begins and ends."""
    connection = request.protocol if isinstance(request.protocol, Connection) else None
    if connection:
        connection.request_begun(request)

    def give_up() -> None:
        if not request.content.is_eof():
            request.content.set_exception(_BodyLateError())

    limit = asyncio.get_running_loop().call_later(ARRIVES_WITHIN, give_up)
    try:
        return await handler(request)
    except _BodyLateError as error:
        _forget(error)
        response = web.Response(status=408)
        response.force_close()
        return response
    finally:
        limit.cancel()
        if connection:
            connection.request_ended()


@web.middleware
async def _plain_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse what makes reading a body expensive: compression, and codecs other than UTF-8.

    No platform and no browser sends such a request.
    """
    if request.version < HttpVersion10:
        return web.Response(status=505)
    encoding = request.headers.get(hdrs.CONTENT_ENCODING, "identity")
    if encoding.strip().lower() != "identity" or not _is_plain(request):
        return web.Response(status=415, headers={"Accept-Encoding": "identity"})
    return await handler(request)


def _is_plain(request: web.Request) -> bool:
    """Whether the media type of a body is short, and names no codec other than UTF-8.

    With an asterisk, a parameter names a codec of its own (RFC 2231).
    """
    media_type = request.headers.get(hdrs.CONTENT_TYPE, "")
    if len(media_type) > _LONGEST_MEDIA_TYPE or "*" in media_type:
        return False
    charset = request.charset
    return (charset and charset.strip().lower()) in _CHARSETS

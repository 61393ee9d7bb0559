"""The aiohttp application: routes of every part, and what holds for all of them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from aiohttp import HttpVersion10, hdrs, web

from assemblybot.logs import describe
from assemblybot.service.connections import in_time, secure

_LOG = logging.getLogger(__name__)
#: No platform sends more in one request, in bytes.
LARGEST_BODY: Final = 1024 * 1024
_CHARSETS: Final = frozenset({None, "utf-8", "utf8"})
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(routes: Iterable[web.RouteDef]) -> web.Application:
    """One application for everything that is called over HTTP."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_last_resort, in_time, _plain_only])
    app.on_response_prepare.append(_secure)
    app.add_routes(routes)
    return app


async def _secure(_: web.Request, response: web.StreamResponse) -> None:
    secure(response)


@web.middleware
async def _last_resort(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """What nobody expected is logged by kind and place, and the caller may try again."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        _LOG.error("A request failed: %s", describe(error))
        return web.Response(status=503, headers={"Retry-After": "5"})


@web.middleware
async def _plain_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse what makes reading a body expensive: compression, and codecs other than UTF-8.

    No platform and no browser sends such a request.
    """
    if request.version < HttpVersion10:
        return web.Response(status=505)
    encoding = request.headers.get(hdrs.CONTENT_ENCODING, "identity")
    if encoding.strip().lower() != "identity" or _charset(request) not in _CHARSETS:
        return web.Response(status=415, headers={"Accept-Encoding": "identity"})
    return await handler(request)


def _charset(request: web.Request) -> str | None:
    charset = request.charset
    return charset and charset.strip().lower()

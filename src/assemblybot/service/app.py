"""The aiohttp application: routes of every part, and what holds for all of them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from aiohttp import web

from assemblybot.logs import describe

_LOG = logging.getLogger(__name__)
#: No platform sends more in one request, in bytes.
LARGEST_BODY: Final = 1024 * 1024
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(routes: Iterable[web.RouteDef]) -> web.Application:
    """One application for everything that is called over HTTP."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_last_resort])
    app.on_response_prepare.append(_secure)
    app.add_routes(routes)
    return app


async def _secure(_: web.Request, response: web.StreamResponse) -> None:
    """Security headers, where a page has not set stricter ones of its own."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Server"] = "assemblybot"


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

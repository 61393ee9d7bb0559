"""What stands before MCP over HTTP (ASGI): a key, and the security headers of every response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from assemblybot.api.headers import SECURITY_HEADERS
from assemblybot.api.keys import Keys, NotAllowedError
from assemblybot.api.problems import MEDIA_TYPE, problem_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Gate:
    """Lets a request with a key through to `app`."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._keys.caller(Headers(scope=scope).get("authorization"))
        except NotAllowedError as error:
            said, headers = problem_of(error)
            refused = Response(said.model_dump_json(), said.status, headers, MEDIA_TYPE)
            await refused(scope, receive, sending)
            return
        await self._app(scope, receive, sending)

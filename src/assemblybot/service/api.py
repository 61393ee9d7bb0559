"""The HTTP API: the operations as JSON, for whoever has a key. Errors are `application/problem+json`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel, ValidationError

from assemblybot.api.keys import Allow, Keys
from assemblybot.api.openapi import ENDPOINTS, PREFIX, Endpoint, document
from assemblybot.api.operations import QUESTIONS, Operations
from assemblybot.api.responses import LARGEST_QUESTION, MEDIA_TYPE, problem, problem_of
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.settings import Settings

PLATFORM: Final = "api"


def routes(settings: Settings, queue: AnswerQueue, allow: Allow) -> list[web.RouteDef]:
    """The routes of the API; none where no key is set. Raises SettingsError."""
    keys = Keys.configured(settings, allow)
    return Api(Operations(queue, PLATFORM, settings.public_url), keys).routes if keys else []


class Api:
    """Routes of the API. What a key may not do, or cannot be read, is said before anything is done."""

    def __init__(self, operations: Operations, keys: Keys) -> None:
        self._operations = operations
        self._keys = keys

    @property
    def routes(self) -> list[web.RouteDef]:
        """Routes for one application; the last one answers for addresses that are not there."""
        return [
            web.get(f"{PREFIX}/openapi.json", _describe, allow_head=False),
            # For every method: with another one than its own, the caller hears which it is.
            *(web.route("*", f"{PREFIX}{one.path}", partial(self._handle, one)) for one in ENDPOINTS),
            web.route("*", f"{PREFIX}/{{rest:.*}}", _nothing_here),
        ]

    async def _handle(self, endpoint: Endpoint, request: web.Request) -> web.Response:
        if request.method != endpoint.method:
            return _problem(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"Send a {endpoint.method} request.",
                {"Allow": endpoint.method},
            )
        try:
            caller = self._keys.caller(request.headers.get("Authorization"))
            fields = await _fields(endpoint, request)
            fields["collection"] = caller.asks(fields["collection"])
            if endpoint.operation.__name__ in QUESTIONS:
                await self._operations.count(self._keys, caller.user, fields["collection"])
            return _json(await endpoint.operation(self._operations, **fields))
        except ValidationError as error:
            return _unfit(error)
        except web.HTTPUnsupportedMediaType as error:
            return _problem(error.status, "Send JSON, as application/json.")
        except web.HTTPRequestEntityTooLarge as error:
            return _problem(error.status, f"Send at most {LARGEST_QUESTION:,} bytes.")
        except Exception as error:  # whatever it is, the caller hears it as a problem
            said, headers = problem_of(error)
            return _json(said, said.status, headers)


async def _describe(_: web.Request) -> web.Response:
    return web.json_response(document())


async def _nothing_here(_: web.Request) -> web.Response:
    return _problem(HTTPStatus.NOT_FOUND, f"There is nothing here. {PREFIX}/openapi.json says what there is.")


async def _fields(endpoint: Endpoint, request: web.Request) -> dict[str, Any]:
    """The parameters of an operation. Raises ValidationError, and what aiohttp raises for other bodies."""
    if endpoint.method == "GET":
        return dict(endpoint.request.model_validate({**request.query, **request.match_info}))
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    body = await request.clone(client_max_size=LARGEST_QUESTION).read()
    return dict(endpoint.request.model_validate_json(body, strict=True))


def _unfit(error: ValidationError) -> web.Response:
    """What is wrong, field by field; never what was sent."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if any(one["type"] == "json_invalid" for one in found):
        return _problem(HTTPStatus.BAD_REQUEST, "The body is no JSON.")
    said = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in found)
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, said)


def _problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return _json(problem(HTTPStatus(status), detail), status, headers)


def _json(
    value: BaseModel, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> web.Response:
    kind = "application/json" if status < HTTPStatus.BAD_REQUEST else MEDIA_TYPE
    return web.Response(text=value.model_dump_json(), status=status, content_type=kind, headers=headers)

"""The HTTP API: the operations as JSON, for whoever has a key. Errors are `application/problem+json`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assemblybot.api import models
from assemblybot.api.keys import Allow, Caller, Keys, TooManyQuestionsError
from assemblybot.api.openapi import PREFIX, document
from assemblybot.api.operations import NEIGHBOURS, Operations
from assemblybot.api.problems import MEDIA_TYPE, problem, problem_of
from assemblybot.chat.answer_queue import AnswerQueue, BusyError
from assemblybot.settings import Settings

PLATFORM: Final = "api"
#: Room for the longest question with every character escaped, in bytes.
LARGEST_BODY: Final = 64 * 1024
_M = TypeVar("_M", bound=BaseModel)
_Operation = Callable[[web.Request, Caller], Awaitable[BaseModel]]
_PASSAGE_ID: Final[TypeAdapter[str]] = TypeAdapter(models.PassageId)


class _Rejected(Exception):
    """A request that cannot be read."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem(status, detail)


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid")

    offset: models.Offset = 0
    limit: models.SourceLimit = models.MOST_SOURCES
    collection: models.Collection = None


class _Around(BaseModel):
    model_config = ConfigDict(extra="forbid")

    neighbours: models.Neighbours = NEIGHBOURS
    collection: models.Collection = None


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
            self._route("POST", "/ask", self._ask),
            self._route("POST", "/search", self._search),
            self._route("GET", "/sources", self._sources),
            self._route("GET", "/passages/{id}", self._passage),
            web.route("*", f"{PREFIX}/{{rest:.*}}", _nothing_here),
        ]

    def _route(self, method: str, path: str, operation: _Operation) -> web.RouteDef:
        """A route for every method: with another one than `method`, the caller hears which it is."""

        async def handle(request: web.Request) -> web.Response:
            if request.method != method:
                said = problem(HTTPStatus.METHOD_NOT_ALLOWED, f"Send a {method} request.")
                return _json(said, HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": method})
            return await self._handled(request, operation)

        return web.route("*", f"{PREFIX}{path}", handle)

    async def _handled(self, request: web.Request, operation: _Operation) -> web.Response:
        try:
            caller = self._keys.caller(request.headers.get("Authorization"))
            return _json(await operation(request, caller))
        except _Rejected as rejected:
            return _json(rejected.problem, rejected.problem.status)
        except web.HTTPRequestEntityTooLarge:
            said = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Send at most {LARGEST_BODY:,} bytes.")
            return _json(said, said.status)
        except Exception as error:  # whatever it is, the caller hears it as a problem
            self._count(error)
            said, headers = problem_of(error)
            return _json(said, said.status, headers)

    def _count(self, error: Exception) -> None:
        observer = self._operations.queue.observer
        if isinstance(error, TooManyQuestionsError):
            observer.count("throttled", PLATFORM)
        elif isinstance(error, BusyError):
            observer.count("busy", PLATFORM)

    async def _ask(self, request: web.Request, caller: Caller) -> BaseModel:
        asked = await _body(request, models.Ask)
        collection = caller.asks(asked.collection)
        await self._keys.count(self._operations.counted(caller.user, collection))
        return await self._operations.ask(asked.question, asked.language, collection)

    async def _search(self, request: web.Request, caller: Caller) -> BaseModel:
        asked = await _body(request, models.Search)
        collection = caller.asks(asked.collection)
        await self._keys.count(self._operations.counted(caller.user, collection))
        return await self._operations.search(asked.query, asked.most, asked.language, collection)

    async def _sources(self, request: web.Request, caller: Caller) -> BaseModel:
        page = _query(request, _Page)
        return await self._operations.list_sources(page.offset, page.limit, caller.asks(page.collection))

    async def _passage(self, request: web.Request, caller: Caller) -> BaseModel:
        around = _query(request, _Around)
        try:
            passage = _PASSAGE_ID.validate_python(request.match_info["id"])
        except ValidationError as error:
            raise _unfit(error) from None
        collection = caller.asks(around.collection)
        return await self._operations.read_passage(passage, around.neighbours, collection)


async def _describe(_: web.Request) -> web.Response:
    return web.json_response(document())


async def _nothing_here(_: web.Request) -> web.Response:
    said = problem(HTTPStatus.NOT_FOUND, f"There is nothing here. {PREFIX}/openapi.json says what there is.")
    return _json(said, said.status)


async def _body(request: web.Request, shape: type[_M]) -> _M:
    """The body, of that shape. Raises _Rejected, and HTTPRequestEntityTooLarge."""
    if request.content_type != "application/json":
        raise _Rejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, as application/json.")
    body = await request.clone(client_max_size=LARGEST_BODY).read()
    try:
        return shape.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise _unfit(error) from None


def _query(request: web.Request, shape: type[_M]) -> _M:
    """The parameters in the address, of that shape. Raises _Rejected."""
    given: Mapping[str, str] = request.query
    try:
        return shape.model_validate(dict(given))
    except ValidationError as error:
        raise _unfit(error) from None


def _unfit(error: ValidationError) -> _Rejected:
    """What is wrong, field by field; never what was sent."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if any(one["type"] == "json_invalid" for one in found):
        return _Rejected(HTTPStatus.BAD_REQUEST, "The body is no JSON.")
    said = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in found)
    return _Rejected(HTTPStatus.UNPROCESSABLE_ENTITY, said)


def _json(
    value: BaseModel, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> web.Response:
    kind = "application/json" if status < HTTPStatus.BAD_REQUEST else MEDIA_TYPE
    return web.Response(text=value.model_dump_json(), status=status, content_type=kind, headers=headers)

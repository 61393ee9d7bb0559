"""The operations over HTTP, and the schemas that are published: of the JSON alone, and OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from inspect import Parameter, getdoc, signature
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, create_model
from pydantic.json_schema import models_json_schema

from assemblybot.api.models import Problem
from assemblybot.api.operations import Operations
from assemblybot.api.responses import MEDIA_TYPE

PREFIX: Final = "/api"
_Operation = Callable[..., Awaitable[BaseModel]]
_PROBLEMS: Final = {
    400: "The request cannot be read.",
    401: "There is no key, or none that is known.",
    404: "There is no such passage, or no such collection.",
    413: "The body is too large.",
    415: "The body is said to be something else than JSON.",
    422: "A field has a value that cannot be used, or the question holds no readable text.",
    429: "The key has asked too much.",
    503: "Too many questions are waiting, or the collection cannot be used just now.",
}
_OF_GET: Final = (401, 404, 422, 503)
_WAIT: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_HEADERS: Final = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}},
    429: _WAIT,
    503: _WAIT,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation over HTTP: parameters stand in the body of a POST, else in the address."""

    method: str
    path: str
    operation: _Operation
    request: type[BaseModel]
    response: type[BaseModel]

    @classmethod
    def of(cls, method: str, path: str, operation: _Operation) -> Endpoint:
        """The endpoint of a method of `Operations`, with the request that its parameters make."""
        said = signature(operation, eval_str=True)
        fields: dict[str, Any] = {
            name: (one.annotation, ... if one.default is Parameter.empty else one.default)
            for name, one in said.parameters.items()
            if name != "self"
        }
        name = operation.__name__.title().replace("_", "")
        request = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
        return cls(method, path, operation, request, said.return_annotation)


ENDPOINTS: Final = (
    Endpoint.of("POST", "/ask", Operations.ask),
    Endpoint.of("POST", "/search", Operations.search),
    Endpoint.of("GET", "/passages/{passage}", Operations.read_passage),
    Endpoint.of("GET", "/sources", Operations.list_sources),
)


def schema() -> dict[str, Any]:
    """JSON Schema of what is returned: `#/$defs/Answer` and the others; the whole is an answer."""
    found = models_json_schema([(endpoint.response, "serialization") for endpoint in ENDPOINTS])[1]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "assemblybot",
        "description": "One line of `assemblybot ask --json`; under `$defs`, whatever else the API returns. "
        "Offsets count characters in the text of a document; ends are excluded.",
        "$ref": "#/$defs/Answer",
        "$defs": found["$defs"],
    }


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    requests = [(one.request, "validation") for one in ENDPOINTS if one.method == "POST"]
    responses = [(model, "serialization") for model in (*(one.response for one in ENDPOINTS), Problem)]
    schemas = models_json_schema([*requests, *responses], ref_template="#/components/schemas/{model}")[1]  # type: ignore[list-item]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "assemblybot",
            "version": version("assemblybot"),
            "description": "Answers from documents, only with cited passages.",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"key": []}],
        "paths": {one.path: {one.method.lower(): _described(one)} for one in ENDPOINTS},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(endpoint: Endpoint) -> dict[str, Any]:
    summary, _, more = (getdoc(endpoint.operation) or "").partition("\n\n")
    described: dict[str, Any] = {"operationId": endpoint.operation.__name__, "summary": summary}
    if more:
        described["description"] = more
    if endpoint.method == "POST":
        body = {"application/json": {"schema": _ref(endpoint.request)}}
        described["requestBody"] = {"required": True, "content": body}
    else:
        shapes = endpoint.request.model_json_schema()["properties"]
        described["parameters"] = [_parameter(name, shape, endpoint.path) for name, shape in shapes.items()]
    done = {"description": "Done.", "content": {"application/json": {"schema": _ref(endpoint.response)}}}
    problems = _PROBLEMS if endpoint.method == "POST" else _OF_GET
    described["responses"] = {"200": done, **{str(status): _problem(status) for status in problems}}
    return described


def _parameter(name: str, shape: dict[str, Any], path: str) -> dict[str, Any]:
    # One that may be left out is null in Python, and is not there in an address.
    shape = next((one for one in shape.get("anyOf", ()) if one["type"] != "null"), shape)
    inside = f"{{{name}}}" in path
    described = {"description": shape.pop("description"), "schema": shape}
    return {"name": name, "in": "path" if inside else "query", "required": inside, **described}


def _problem(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": _ref(Problem)}}
    headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
    return {"description": _PROBLEMS[status], "content": content, **headers}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}

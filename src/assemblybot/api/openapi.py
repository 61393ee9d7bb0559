"""The schemas that are published: of the JSON alone, and of the HTTP API (OpenAPI 3.1)."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from assemblybot.api import models
from assemblybot.api.operations import NEIGHBOURS
from assemblybot.api.problems import MEDIA_TYPE

PREFIX: Final = "/api"
_RETURNED: Final = (models.Answer, models.Found, models.Excerpt, models.Sources)
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
_WAIT: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_HEADERS: Final = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}},
    429: _WAIT,
    503: _WAIT,
}


def schema() -> dict[str, Any]:
    """JSON Schema of what is returned: `#/$defs/Answer` and the others; the whole is an answer."""
    found = models_json_schema([(model, "serialization") for model in _RETURNED])[1]
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
    takes = [(model, "validation") for model in (models.Ask, models.Search)]
    gives = [(model, "serialization") for model in (*_RETURNED, models.Problem)]
    schemas = models_json_schema([*takes, *gives], ref_template="#/components/schemas/{model}")[1]["$defs"]  # type: ignore[list-item]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "assemblybot",
            "version": version("assemblybot"),
            "description": "Answers from documents, only with cited passages.",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"key": []}],
        "paths": {
            "/ask": {"post": _asks("ask", "Answer one question.", models.Ask, models.Answer)},
            "/search": {
                "post": _asks("search", "Find the passages nearest to a query.", models.Search, models.Found)
            },
            "/sources": {
                "get": _reads(
                    "list_sources",
                    "List the documents.",
                    models.Sources,
                    _parameter("offset", "query", models.Offset, 0),
                    _parameter("limit", "query", models.SourceLimit, models.MOST_SOURCES),
                    _parameter("collection", "query", models.CollectionName),
                )
            },
            "/passages/{id}": {
                "get": _reads(
                    "read_passage",
                    "Read one passage with its neighbours.",
                    models.Excerpt,
                    _parameter("id", "path", models.PassageId),
                    _parameter("neighbours", "query", models.Neighbours, NEIGHBOURS),
                    _parameter("collection", "query", models.CollectionName),
                )
            },
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _asks(name: str, summary: str, takes: type, gives: type) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(takes)}}},
        "responses": _responses(gives, 400, 401, 404, 413, 415, 422, 429, 503),
    }


def _reads(name: str, summary: str, gives: type, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": _responses(gives, 401, 404, 422, 503),
    }


def _parameter(name: str, where: str, kind: Any, default: int | None = None) -> dict[str, Any]:
    shape = TypeAdapter(kind).json_schema()
    described = {"description": shape.pop("description"), "schema": shape}
    if default is not None:
        shape["default"] = default
    return {"name": name, "in": where, "required": where == "path", **described}


def _responses(gives: type, *problems: int) -> dict[str, Any]:
    done = {"description": "Done.", "content": {"application/json": {"schema": _ref(gives)}}}
    found: dict[str, Any] = {"200": done}
    for status in problems:
        found[str(status)] = {
            "description": _PROBLEMS[status],
            "content": {MEDIA_TYPE: {"schema": _ref(models.Problem)}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
    return found


def _ref(model: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}

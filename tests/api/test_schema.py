"""What is published is current and true: the schema, and the API against it by somebody else's client."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from assemblybot import Assistant
from assemblybot.api.openapi import PREFIX, document, schema
from assemblybot.api.publish import Publisher
from assemblybot.render.links import Permalinks
from tests.api.serving import AUTHORIZED, served
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs"))

import generate

DEV = [json.loads(line) for line in (ROOT / "tests/data/dev.jsonl").read_text("utf-8").splitlines()]
load_all_checks()
API = schemathesis.openapi.from_dict(document())


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs" / "answer.schema.json").read_text(encoding="utf-8")
    assert published == generate.answer_schema(), "run: make docs"
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("public_url", [None, "https://bot.example.org"])
def test_every_answer_fits_it(assistant: Assistant, public_url: str | None) -> None:
    publisher = Publisher(assistant.index, Permalinks(public_url))
    check = jsonschema.Draft202012Validator(schema())
    for record in DEV[::7]:
        published = publisher.answer(assistant.answer(record["question"]))
        check.validate(json.loads(published.model_dump_json()))
        for citation in published.citations:
            text = assistant.index.documents[citation.document].text
            assert text[citation.quote_start : citation.quote_end] == citation.quote
            assert (citation.link is None) == (public_url is None)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as url:
        yield url


# A question of signs alone fits the schema, which cannot say "readable", and is refused with 422.
_UNFIT: list[Any] = [CHECKS.get_one("positive_data_acceptance")]


@API.parametrize()
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_its_word(case: schemathesis.Case[Any], address: str) -> None:
    case.call_and_validate(
        base_url=f"{address}{PREFIX}", headers=AUTHORIZED, excluded_checks=_UNFIT, timeout=120
    )

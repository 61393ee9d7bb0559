"""Checks what leaves the program against Slack's own types (tests/data/slack)."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

SCHEMA = Path(__file__).resolve().parents[1] / "data" / "slack" / "slack.schema.json"


@lru_cache
def _validator(definition: str) -> Draft7Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft7Validator({**schema, "$ref": f"#/definitions/{definition}"})


def check(definition: str, value: Any) -> None:
    """Raise AssertionError with the nearest reasons when `value` is no `definition`."""
    errors = sorted(_validator(definition).iter_errors(value), key=lambda e: list(e.absolute_path))
    reasons = []
    for error in errors:
        deepest = min(error.context or [error], key=lambda e: -len(e.absolute_path))
        reasons.append(f"{'/'.join(map(str, deepest.absolute_path))}: {deepest.message[:200]}")
    assert not reasons, reasons


def check_message(message: dict[str, Any]) -> None:
    """A message as Slack takes it: typed blocks, a text, unique block ids, the known limits."""
    check("Message", {"text": message["text"], "blocks": message["blocks"]})
    assert message["text"].strip(), "a message without text says nothing to a screen reader"
    assert len(message["text"]) <= 40_000
    assert 0 < len(message["blocks"]) <= 50
    assert characters(message["blocks"]) <= 12_000
    for block in message["blocks"]:
        limit = {"section": 3000, "header": 150, "context": 3000}.get(block["type"], 0)
        for text in texts(block) if limit else ():
            assert 0 < len(text) <= limit, block["type"]
        if block["type"] == "actions":
            ids = [element["action_id"] for element in block["elements"]]
            assert len(ids) == len(set(ids)) <= 25
            assert all(len(element.get("value", "")) <= 2000 for element in block["elements"])
            assert all(len(element["text"]["text"]) <= 75 for element in block["elements"])


def texts(value: Any) -> list[str]:
    """Every text in a block, in order."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [t for key, item in value.items() if not (key == "text" and own) for t in texts(item)]
    return [t for item in value for t in texts(item)] if isinstance(value, list | tuple) else []


def characters(value: Any) -> int:
    """Characters of every text in blocks."""
    return sum(map(len, texts(value)))

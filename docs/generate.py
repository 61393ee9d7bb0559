"""Writes what is generated: `.env.example`, the schema of answers, the marked parts of README and pages.

A part stands between `<!-- name -->` and `<!-- /name -->`; what it is made from is in `PARTS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import command_help
import one_machine
import scaling
import service_figures
import tables
from assemblybot.api.openapi import schema
from assemblybot.settings import env_example, settings_rows

ROOT: Final = Path(__file__).resolve().parents[1]


def settings_table() -> str:
    """The settings as a Markdown table."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |"
        for name, default, meaning in settings_rows()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"


def answer_schema() -> str:
    """Content of `docs/answer.schema.json`."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


PARTS: Final[dict[str, Callable[[], str]]] = {
    "settings": settings_table,
    "commands": command_help.commands,
    "retrieval": tables.retrieval,
    "speed": tables.speed,
    "peers": tables.peers,
    "model": tables.model,
    "by-kind": tables.by_kind,
    "ablation": tables.ablation,
    "service": service_figures.service,
    "one-machine": one_machine.one_machine,
    "milvus-lite": scaling.milvus_lite,
    "bytes-per-view": scaling.per_view,
    "clusters": scaling.clusters,
}


def pages() -> list[Path]:
    """The pages that may hold a marked part."""
    others = (ROOT / "models" / "assembly-minilm" / "MODEL_CARD.md", ROOT / "training" / "README.md")
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *others]


def renewed(text: str) -> str:
    """A page with each of its marked parts as it is now."""
    for name, make in PARTS.items():
        if f"<!-- {name} -->" in text:
            part = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
            made = make()
            text = part.sub(lambda found, made=made: found[1] + made + found[2], text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    (ROOT / "docs" / "answer.schema.json").write_text(answer_schema(), encoding="utf-8")
    for path in pages():
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")

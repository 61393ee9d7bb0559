"""Writes what is generated: `.env.example`, the schema of answers, the marked parts of README and pages.

    python docs/generate.py [--check]

A part stands between `<!-- name -->` and `<!-- /name -->`; what it is made from is in `PARTS`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import command_help
import conversation_tables
import one_machine
import scaling
import service_figures
import tables
from assemblybot import folders
from assemblybot.api.openapi import schema
from assemblybot.settings import Settings

ROOT: Final = Path(__file__).resolve().parents[1]


#: Defaults that depend on the machine, as documentation shows them.
DEFAULTS_SHOWN: Final = {
    "corpus_dir": "./corpus",
    "index_dir": "./index",
    "model": f"./models/{folders.SHIPPED_MODEL}",
    "state_dir": "./state",
    "collections_dir": "./collections",
    "collection_of": "",
}


def settings_rows() -> Iterator[tuple[str, str, str]]:
    """Name, default and meaning of each setting."""
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, (), frozenset()) else str(field.default)
        yield name.upper(), DEFAULTS_SHOWN.get(name, default), field.description or ""


def env_example() -> str:
    """Content of `.env.example`."""
    lines = ["# Copy this file to .env and change what you need. Most settings have a default.", ""]
    for name, default, meaning in settings_rows():
        lines += [f"# {meaning}", f"# {name}={default}", ""]
    return "\n".join(lines)


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
    "quality": tables.quality,
    "quality-by-language": tables.quality_by_language,
    "talk": tables.talk,
    "speed": tables.speed,
    "peers": tables.peers,
    "model": tables.model,
    "damaged": tables.damaged,
    "extraction": tables.extraction,
    "by-kind": tables.by_kind,
    "ablation": tables.ablation,
    "service": service_figures.service,
    "capacity": service_figures.capacity,
    "one-machine": one_machine.one_machine,
    "milvus-lite": scaling.milvus_lite,
    "bytes-per-entry": scaling.per_view,
    "clusters": scaling.clusters,
    "conversations": conversation_tables.conversations,
    "turns": conversation_tables.turns,
}


def pages() -> list[Path]:
    """The pages that may hold a marked part."""
    others = (ROOT / "models" / "assembly-e5" / "MODEL_CARD.md", ROOT / "training" / "README.md")
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *others]


def renewed(text: str) -> str:
    """A page with each of its marked parts as it is now."""
    for name, make in PARTS.items():
        if f"<!-- {name} -->" in text:
            before, _, rest = text.partition(f"<!-- {name} -->\n")
            _, end, after = rest.partition(f"<!-- /{name} -->")
            text = f"{before}<!-- {name} -->\n{make()}{end}{after}"
    return text


def generated() -> dict[Path, str]:
    """Each file that is generated or has a marked part, with the text it should have."""
    whole = {
        ROOT / ".env.example": env_example(),
        ROOT / "docs" / "answer.schema.json": answer_schema(),
    }
    return whole | {path: renewed(path.read_text(encoding="utf-8")) for path in pages()}


def main() -> None:
    """Write what has changed; with `--check`, name it and end with exit code 1 instead."""
    stale = {path: text for path, text in generated().items() if path.read_text(encoding="utf-8") != text}
    if "--check" in sys.argv[1:]:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.exit(f"Not up to date: {names}. Run: make docs" if stale else 0)
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

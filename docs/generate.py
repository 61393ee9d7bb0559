"""Writes what is generated: `.env.example` and the settings table of the README."""

from __future__ import annotations

import re
from pathlib import Path

from assemblybot.settings import env_example, settings_rows

ROOT = Path(__file__).resolve().parents[1]
_TABLE = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)


def settings_table() -> str:
    """The settings as a Markdown table."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |"
        for name, default, meaning in settings_rows()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"


def readme(text: str) -> str:
    """The README with its settings table renewed."""
    return _TABLE.sub(lambda found: found[1] + settings_table() + found[2], text)


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    path = ROOT / "README.md"
    path.write_text(readme(path.read_text(encoding="utf-8")), encoding="utf-8")

"""Puts the model, the shipped corpus and its index into the wheel; an editable install has them beside it.

`make wheel` builds the index first. A wheel that is built without it builds it at its first start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = "assemblybot/data"
MODEL = "models/assembly-e5"


class CustomBuildHook(BuildHookInterface[BuilderConfig]):
    """The hook that hatchling calls."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders that are there to a wheel that is to be installed."""
        if version != "standard":
            return
        root = Path(self.root)
        folders = {
            root / MODEL: f"{DATA}/{MODEL}",
            root / "corpus": f"{DATA}/corpus",
            root / "src" / DATA / "index": f"{DATA}/index",
        }
        build_data["force_include"] |= {str(path): name for path, name in folders.items() if path.is_dir()}

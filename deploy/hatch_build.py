"""Puts the model, the shipped corpus and its vectors into the wheel; a checkout has them at its root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[BuilderConfig]):
    """The hook that hatchling calls."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them to a wheel that is to be installed."""
        if version != "standard":
            return
        root = Path(self.root)
        for name in ("models/assembly-e5", "corpus", "index/vectors.npz"):
            build_data["force_include"][str(root / name)] = f"assemblybot/data/{name}"

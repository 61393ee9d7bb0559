"""The shipped model, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assemblybot.embedding import Embedder, load_embedder

FOLDER = Path(__file__).parents[2] / "models" / "assembly-e5"


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def embedder(folder: Path) -> Embedder:
    return load_embedder(str(folder))

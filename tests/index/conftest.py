"""A Milvus Lite of each test's own, in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assemblybot.index.milvus import Milvus

if TYPE_CHECKING:
    from milvus_lite.server_manager import ServerManager


@pytest.fixture(scope="session")
def milvus_lite() -> ServerManager:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed (extra milvus)")
    return pytest.importorskip(
        "milvus_lite.server_manager", reason="milvus-lite is not installed (extra dev)"
    ).server_manager_instance


@pytest.fixture
def milvus_file(tmp_path: Path, milvus_lite: ServerManager) -> Iterator[str]:
    file = str(tmp_path / "milvus.db")
    yield file
    milvus_lite.release_server(file)


@pytest.fixture
def builds(milvus_file: str) -> Milvus:
    return Milvus(milvus_file, alias="library")

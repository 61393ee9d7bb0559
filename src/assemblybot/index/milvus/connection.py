"""The client of one Milvus, and its failures as errors that say what to do."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assemblybot.errors import IndexUnreachableError, SettingsError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_TIMEOUT_S: Final = 10.0
# pymilvus pings an idle server every ten seconds, for which Milvus Lite hangs up on it.
_TRANSPORT: Final = {"grpc.keepalive_permit_without_calls": False}


@lru_cache(maxsize=4)
def connect(uri: str, token: str = "") -> MilvusClient:
    """A client for `uri`: `http://host:19530` of a Milvus, or a file ending in `.db` (Milvus Lite).

    One for the whole process, since indexes are looked at and loaded again while it runs.
    Raises SettingsError without pymilvus, IndexUnreachableError when nothing answers there.
    """
    try:
        with _unseen("MILVUS_URI"):
            from pymilvus import MilvusClient
    except ImportError as error:
        raise SettingsError(
            "MILVUS_URI is set, but pymilvus is not installed. Install it with: "
            "pip install 'assemblybot[milvus]'"
        ) from error
    # What fails is raised; both would also print it, with a traceback.
    for library in ("pymilvus", "milvus_lite"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    with translated_failures():
        return MilvusClient(uri, token=token, timeout=_TIMEOUT_S, grpc_options=_TRANSPORT)


@contextmanager
def _unseen(variable: str) -> Iterator[None]:
    """Hide an environment variable: pymilvus reads this one too, and refuses the name of a file."""
    value = os.environ.get(variable)
    os.environ[variable] = ""
    try:
        yield
    finally:
        if value is None:
            del os.environ[variable]
        else:
            os.environ[variable] = value


@contextmanager
def translated_failures() -> Iterator[None]:
    """Raise IndexUnreachableError for whatever pymilvus or its transport raises inside."""
    from grpc import RpcError
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, RpcError) as error:
        reason = getattr(error, "message", "") or type(error).__name__
        raise IndexUnreachableError(
            f"Milvus did not do what was asked: {reason}. Check that it runs and that MILVUS_URI and "
            "MILVUS_TOKEN are right; a Milvus Lite file serves one process at a time."
        ) from error

"""The connection to a Milvus. pymilvus is imported only when `MILVUS_URI` is set (extra `milvus`)."""

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
def connect(uri: str, token: str) -> MilvusClient:
    """One client for the whole process, since indexes are looked at and loaded again while it runs."""
    try:
        with _hidden("MILVUS_URI"):
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
def _hidden(variable: str) -> Iterator[None]:
    """Hide an environment variable: pymilvus reads this one too, and refuses the name of a file."""
    value = os.environ.pop(variable, None)
    os.environ[variable] = ""
    try:
        yield
    finally:
        del os.environ[variable]
        if value is not None:
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

"""The builds of one corpus in one Milvus: written aside, published by moving an alias.

A build is a collection `<alias>_<16 hexadecimal digits>`. The index folder's manifest names the
collection that its rows belong to, and a process searches that one, so a process with an older
folder goes on with the older collection. The alias says which build is in use; it moves last, in
one step, and only then are builds before the previous one dropped.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from assemblybot.errors import IndexForeignError, IndexUnreachableError
from assemblybot.index.milvus.collection import Collection, Row
from assemblybot.index.milvus.connection import connect, translated_failures

if TYPE_CHECKING:
    from pymilvus import MilvusClient


class MilvusBuilds:
    """Every build under one alias of one Milvus."""

    def __init__(self, uri: str, token: str = "", alias: str = "assemblybot", replicas: int = 1) -> None:
        self._alias = alias
        self._replicas = replicas
        self._client: MilvusClient = connect(uri, token)

    def write(self, rows: Iterable[Row], total: int, dimension: int) -> Collection:
        """A new collection of `total` rows, checked, that no alias names yet.

        Whatever stops it, the builds that were there stay as they were and the new one is dropped.
        """
        collection = Collection(self._client, f"{self._alias}_{secrets.token_hex(8)}", self._replicas)
        try:
            collection.create(dimension)
            collection.write(rows, total)
        except BaseException:
            # Where Milvus is gone too, the next build drops it.
            with suppress(IndexUnreachableError):
                self.drop(collection.name)
            raise
        return collection

    def publish(self, name: str) -> None:
        """Point the alias to the build `name`; drop all builds but it and the one before it."""
        previous = self.current()
        with translated_failures():
            if previous is None:
                self._client.create_alias(name, self._alias)
            else:
                self._client.alter_alias(name, self._alias)
        for build in self.names():
            if build not in (name, previous):
                self.drop(build)

    def current(self) -> str | None:
        """Name of the collection that the alias points to."""
        with translated_failures():
            for name in self.names():
                if self._alias in self._client.list_aliases(name)["aliases"]:
                    return name
        return None

    def names(self) -> list[str]:
        """Names of all builds, finished or not."""
        ours = re.compile(rf"{re.escape(self._alias)}_[0-9a-f]{{16}}")
        with translated_failures():
            return sorted(name for name in self._client.list_collections() if ours.fullmatch(name))

    def open(self, name: str, total: int) -> Collection:
        """The build `name`, in memory. Raises IndexForeignError when it does not hold `total` rows."""
        collection = Collection(self._client, name, self._replicas)
        found = collection.count()
        if found != total:
            held = "is not there" if found is None else f"holds {found} entries instead of {total}"
            raise IndexForeignError(
                f"The index folder belongs to the collection {name} of Milvus, which {held}. Bring the "
                "index folder of the newest build here, or rebuild it with: assemblybot index build"
            )
        collection.load()
        return collection

    def drop(self, name: str) -> None:
        """Drop one build; nothing happens where there is none."""
        with translated_failures():
            self._client.drop_collection(name)

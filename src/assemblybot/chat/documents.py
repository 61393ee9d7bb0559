"""Documents that curators send in a chat, whatever the platform: previewed, put into the corpus, removed.

Nothing is kept of a file between its preview and “Add”: it is fetched and read again, and goes in when it is
the one that was previewed and the corpus is as it was then. A preview holds for an hour, on every replica.
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from pydantic import BaseModel, ConfigDict

from assemblybot.chat.fetching import Fetch, FetchError, Links, Sent
from assemblybot.collection import DEFAULT
from assemblybot.curation.editor import CorpusEditor
from assemblybot.errors import CollectionUnavailableError, CorpusError, CurationError
from assemblybot.logs import audit, describe
from assemblybot.render.cards import (
    ASK_REMOVAL,
    CANCEL,
    MOST_LISTED,
    PUT,
    REMOVE,
    Card,
    listing_card,
    preview_card,
    removal_card,
    words_card,
)
from assemblybot.session import Pseudonyms, SessionStore, UserKey
from assemblybot.session.base import counted
from assemblybot.session.inbox import current_delivery_key, release_slot
from assemblybot.settings import Settings
from assemblybot.text.language import InterfaceLanguage

_P = ParamSpec("_P")
_Shown = TypeVar("_Shown", Card, Card | None)
_LOG = logging.getLogger(__name__)
PREVIEW_TTL: Final = 3600.0
#: How many files may wait to be read; whoever sends another is told that the bot is busy.
_MOST_WAITING: Final = 8


@dataclass(frozen=True, slots=True)
class Actor:
    """The curator who does something, the language to speak, and the collection of the chat."""

    platform: str
    user: UserKey
    language: InterfaceLanguage
    collection: str = DEFAULT


class _Kept(BaseModel):
    """What a button of a preview stands for: a file to put, or a document to remove."""

    model_config = ConfigDict(frozen=True)

    collection: str
    sent: Sent | None = None
    digest: str = ""
    document: str
    title: str
    version: str


def _failures_as_cards(
    work: Callable[Concatenate[Documents, Actor, _P], Awaitable[_Shown]],
) -> Callable[Concatenate[Documents, Actor, _P], Coroutine[Any, Any, _Shown | Card]]:
    """Turn the failures of `work` into messages to the curator."""

    @wraps(work)
    async def told(documents: Documents, by: Actor, /, *args: _P.args, **kwargs: _P.kwargs) -> _Shown | Card:
        try:
            return await work(documents, by, *args, **kwargs)
        except FetchError as error:
            _audit("refused", by)
            return words_card(by.language, error.key, **error.values)
        except CollectionUnavailableError:
            return words_card(by.language, "collection-unavailable")
        except CorpusError as error:
            _audit("refused", by)
            return words_card(by.language, "documents-refused", reason=str(error))
        except OSError as error:
            _LOG.error("The corpus cannot be changed: %s", describe(error))
            return words_card(by.language, "documents-unwritable")
        except Exception as error:  # whatever it was, the curator is told
            _LOG.error("A document could not be processed: %s", describe(error))
            return words_card(by.language, "failed")

    return told


def _audit(done: str, by: Actor, document: str = "") -> None:
    named = {"document": document} if document else {}
    audit(f"document {done}", platform=by.platform, who=by.user, collection=by.collection, **named)


@dataclass(slots=True)
class Documents:
    """What `curators`, ids of users of every platform, may do with the documents of their chat's collection.

    `editors` change the corpus of each collection, `store` keeps previews, and `names` hides who sends what.
    """

    editors: Mapping[str, CorpusEditor]
    store: SessionStore
    names: Pseudonyms
    curators: frozenset[str]
    links: Links
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _waiting: int = field(default=0, init=False)

    @classmethod
    def configured(cls, settings: Settings, store: SessionStore, names: Pseudonyms) -> Documents:
        """Those of an installation; without CURATORS nobody may do anything."""
        editors = {own.collection: CorpusEditor(own.corpus_dir, own.collection) for own in settings.each()}
        return cls(editors, store, names, settings.curators, Links(settings.document_hosts))

    def is_curator(self, user: str | int) -> bool:
        """Whether the user with that id of the platform may change documents."""
        return str(user) in self.curators

    @_failures_as_cards
    async def offer(self, by: Actor, sent: Sent, fetch: Fetch) -> Card:
        """The preview of a file, or why there is none."""
        if (wait := await self.store.allow(counted(by.user, by.collection))) > 0:
            return words_card(by.language, "slow-down", seconds=math.ceil(wait))
        return await self._with_file(by, sent, fetch, lambda file: self._previewed(by, sent, file))

    @_failures_as_cards
    async def listing(self, by: Actor, words: str) -> Card:
        """The documents whose titles or ids hold `words`, each with a button that removes it."""
        found = await asyncio.to_thread(lambda: list(self._editor(by).documents(words)))
        return listing_card(found[:MOST_LISTED], len(found), by.language)

    @_failures_as_cards
    async def press(self, by: Actor, data: str, fetch: Fetch) -> Card | None:
        """The card that replaces the message of a button; `None` if another press has decided already."""
        action, name = data[:1], data[1:]
        if action == ASK_REMOVAL:
            return await self._ask_removal(by, name)
        noted = await self.store.noted(self.names.key("document", name))
        kept = _Kept.model_validate_json(noted) if noted else None
        if kept is None or action not in ((PUT if kept.sent else REMOVE), CANCEL):
            return words_card(by.language, "documents-expired")
        by = replace(by, collection=kept.collection)  # whatever the chat asks by now
        decided = self.names.key("document-decided", name)
        if not await self.store.first_seen(decided, PREVIEW_TTL, by=current_delivery_key()):
            return None
        if action == CANCEL:
            _audit("cancelled", by, kept.document)
            return words_card(by.language, "documents-cancelled")
        if kept.sent is None:
            return await self._remove(by, kept)
        sent = kept.sent
        return await self._with_file(by, sent, fetch, lambda file: self._put(by, kept, sent, file))

    async def _ask_removal(self, by: Actor, code: str, *, meanwhile: bool = False) -> Card:
        editor = self._editor(by)
        document = await asyncio.to_thread(editor.by_code, code)
        if document is None:
            return words_card(by.language, "documents-none")
        if await asyncio.to_thread(editor.is_only, document.id):
            return words_card(by.language, "documents-only", title=document.title)
        version = await asyncio.to_thread(editor.version, document.id)
        kept = _Kept(collection=by.collection, document=document.id, title=document.title, version=version)
        name = await self._keep(by, kept)
        return removal_card(document, name, by.language, self._named(by), meanwhile=meanwhile)

    async def _remove(self, by: Actor, kept: _Kept) -> Card:
        editor = self._editor(by)
        try:
            await asyncio.to_thread(editor.remove, kept.document, kept.version)
        except CurationError:
            return await self._ask_removal(by, editor.code(kept.document), meanwhile=True)
        _audit("removed", by, kept.document)
        return words_card(by.language, "documents-removed", title=kept.title)

    async def _put(self, by: Actor, kept: _Kept, sent: Sent, file: Path) -> Card:
        """Put a file that is as it was previewed into the corpus; else preview it anew."""
        try:
            put = self._editor(by).put
            added = await asyncio.to_thread(put, file, kept.document, kept.version, kept.digest)
        except CurationError:
            return await self._previewed(by, sent, file, meanwhile=True)
        done = "replaced" if added.replaced else "added"
        _audit(done, by, kept.document)
        return words_card(by.language, f"documents-{done}", title=added.document.metadata.title)

    async def _previewed(self, by: Actor, sent: Sent, file: Path, *, meanwhile: bool = False) -> Card:
        preview = await asyncio.to_thread(self._editor(by).preview, file)
        document = preview.added.document
        _audit("previewed", by, document.id)
        kept = _Kept(
            collection=by.collection,
            sent=sent,
            digest=preview.digest,
            document=document.id,
            title=document.metadata.title,
            version=preview.version,
        )
        name = await self._keep(by, kept)
        return preview_card(preview, name, by.language, self._named(by), meanwhile=meanwhile)

    async def _with_file(
        self, by: Actor, sent: Sent, fetch: Fetch, work: Callable[[Path], Awaitable[Card]]
    ) -> Card:
        """Fetch a file and do `work` with it, one file at a time: reading may need much memory and time."""
        if self._waiting >= _MOST_WAITING:
            return words_card(by.language, "busy")
        release_slot()
        self._waiting += 1
        try:
            async with self._reading:
                with tempfile.TemporaryDirectory(prefix="assemblybot-") as folder:
                    take = self.links.fetch if sent.link else fetch
                    return await work(await take(sent, Path(folder)))
        finally:
            self._waiting -= 1

    def _named(self, by: Actor) -> str:
        """The name of the collection, if there are several."""
        return by.collection if len(self.editors) > 1 else ""

    def _editor(self, by: Actor) -> CorpusEditor:
        """That of the collection. Raises CollectionUnavailableError where there is none."""
        if by.collection not in self.editors:
            raise CollectionUnavailableError("There is no such collection. Choose another one.")
        return self.editors[by.collection]

    async def _keep(self, by: Actor, kept: _Kept) -> str:
        """Store what the buttons of a preview need while it is valid; return the name for these buttons."""
        name = secrets.token_hex(8)
        key = self.names.key("document", name)
        await self.store.note(key, kept.model_dump_json(), PREVIEW_TTL, user=by.user)
        return name

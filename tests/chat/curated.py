"""Curators of a small corpus, for a bot of either platform."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assemblybot.chat.documents import Documents
from assemblybot.chat.fetching import Links
from assemblybot.collection import DEFAULT
from assemblybot.corpus import library
from assemblybot.curation.editor import CorpusEditor
from assemblybot.session import Pseudonyms, SessionStore

NAMES = Pseudonyms(b"k" * 32)
LAMPS = b"# The lamps\n\nThe lamps along the sea wall were lit in June.\n\n![a lamp](lamp.png)\n"


def curated(
    corpus: Path, *curators: str, hosts: tuple[str, ...] = (), press: Path | None = None
) -> Callable[[SessionStore], Documents]:
    """What `curators` may do with a corpus, and that of the collection “press”, over the store of a bot."""
    editors = {DEFAULT: CorpusEditor(corpus)}
    if press:
        editors["press"] = CorpusEditor(press, "press")
    return lambda store: Documents(editors, store, NAMES, frozenset(curators), Links(frozenset(hosts)))


def without_curators(store: SessionStore) -> Documents:
    """Nobody may change documents."""
    return Documents({}, store, NAMES, frozenset(), Links(frozenset()))


def ids(corpus: Path) -> list[str]:
    return [path.name for path in library.document_folders(corpus)]

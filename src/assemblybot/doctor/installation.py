"""Checks of what is on this machine: settings, corpus, model, index, folders, disk."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from assemblybot.chat.slack import INSTALLATIONS_FILE
from assemblybot.corpus import library
from assemblybot.doctor.finding import Check, Said, ok, skip, warn
from assemblybot.embedding import Embedder
from assemblybot.errors import SettingsError
from assemblybot.index.index import Index
from assemblybot.index.store import IndexStore
from assemblybot.settings import Settings
from assemblybot.startup import assistant_over, is_stale, open_embedder, open_milvus

_LITTLE_DISK: Final = 500 * 10**6
_NO_DISK: Final = 50 * 10**6
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def checks(settings: Settings) -> Iterator[Check]:
    """What everything else stands on comes first."""
    yield "settings", lambda: _channels(settings)
    loaded = _Loaded(settings)
    yield "corpus", lambda: _corpus(settings)
    yield "model", lambda: ok(loaded.embedder.id)
    yield "index", lambda: _index(loaded)
    yield "question", lambda: _question(loaded)
    yield "state folder", lambda: _state(settings.state_dir)
    yield "secrets", lambda: _secrets(settings.state_dir)
    yield "disk", lambda: _disk(settings.state_dir, settings.index_dir)


def _channels(settings: Settings) -> Said:
    found = []
    if settings.telegram_bot_token:
        found.append("Telegram by webhook" if settings.telegram_by_webhook else "Telegram by polling")
    if settings.slack_signing_secret:
        found.append("Slack over HTTP")
    elif settings.slack_app_token:
        found.append("Slack over Socket Mode")
    if not found:
        return ok("no platform is set up; ask and repl work without")
    if settings.public_url and not settings.public_url.startswith("https://"):
        return warn(f"{', '.join(found)}; PUBLIC_URL is not https, so no platform can call it")
    return ok(", ".join(found))


def _corpus(settings: Settings) -> Said:
    corpus = library.load(settings.corpus_dir)
    return ok(
        f"{len(corpus.documents)} document(s), {len(corpus.passages)} passages in {settings.corpus_dir}"
    )


class _Loaded:
    """The model and the index, each loaded once, by the first check that asks for it."""

    def __init__(self, settings: Settings) -> None:
        self.chosen = settings

    @cached_property
    def embedder(self) -> Embedder:
        """Raises ModelError."""
        return open_embedder(self.chosen)

    @cached_property
    def index(self) -> Index | None:
        """Every part verified to the last byte; `None` when it would have to be built first."""
        if is_stale(self.chosen, self.embedder):
            return None
        milvus = open_milvus(self.chosen)
        return IndexStore(self.chosen.index_dir, milvus).load(self.embedder.id, whole=True)


def _index(loaded: _Loaded) -> Said:
    index = loaded.index
    if index is None:
        return warn("stale or missing; it is built before the first answer, or by: assemblybot index build")
    return ok(f"{len(index.passages)} passages, {len(index.table)} entries, every part verified")


def _question(loaded: _Loaded) -> Said:
    if loaded.index is None:
        return skip("there is no index to ask")
    first = next(iter(loaded.index.documents.values()))
    answer = assistant_over(loaded.index, loaded.embedder, loaded.chosen).answer(first.metadata.title)
    return ok(f"{answer.verdict} with {len(answer.citations)} citation(s)")


def _state(folder: Path) -> Said:
    existing = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"0")
            file.flush()
    except OSError as error:
        raise SettingsError(
            f"Nothing can be written to {existing}: {error.strerror}. Let the bot's user write there, "
            "or set STATE_DIR to another folder."
        ) from error
    return ok(f"{folder} can be written" if existing == folder else f"{folder} will be made")


def _secrets(state: Path) -> Said:
    """Files that hold secrets are the owner's alone."""
    secret = Path(".env"), state / "identity.key", state / INSTALLATIONS_FILE
    present = [path for path in secret if path.is_file()]
    if not present:
        return skip("neither .env nor an identity key is here")
    readable = [str(path) for path in present if path.stat().st_mode & _OTHERS]
    if readable:
        return warn(f"others can read {' and '.join(readable)}; chmod 600 {' '.join(readable)}")
    return ok(f"{' and '.join(map(str, present))} can be read by the owner alone")


def _disk(*folders: Path) -> Said:
    free = min(shutil.disk_usage(_existing(folder)).free for folder in folders)
    said = f"{free // 10**6:,} MB free"
    if free < _NO_DISK:
        raise SettingsError(f"Only {said}. Make room, or move STATE_DIR and INDEX_DIR.")
    return ok(said) if free >= _LITTLE_DISK else warn(f"only {said}; a rebuild needs room for two indexes")


def _existing(folder: Path) -> Path:
    """`folder`, or the nearest one above it that exists."""
    return folder if folder.exists() else _existing(folder.absolute().parent)

"""Checks of what is on this machine: settings, corpus, model, index, folders, disk; and of Redis."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import redis
from redis.exceptions import AuthenticationError, RedisError

from assemblybot.chat.slack import INSTALLATIONS_FILE
from assemblybot.corpus import library
from assemblybot.doctor.finding import Check, Skip, Warn
from assemblybot.embedding import Embedder
from assemblybot.errors import SettingsError
from assemblybot.index.index import Index
from assemblybot.session.identity import KEY_FILE
from assemblybot.settings import Settings
from assemblybot.startup import assistant_over, open_embedder, open_index_store

_LITTLE_DISK: Final = 500 * 10**6
_NO_DISK: Final = 50 * 10**6
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OLDEST_REDIS: Final = 7
_REDIS_TIMEOUT: Final = 3.0


class Installation:
    """The checks; model and index are loaded once, by the first check that asks for them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def checks(self) -> Iterator[Check]:
        """The checks, those that others need first."""
        yield "settings", self._channels
        yield "corpus", self._corpus
        yield "model", lambda: self._embedder.id
        yield "index", self._index_fits
        yield "question", self._question
        yield "state folder", self._state
        yield "secrets", self._secrets
        yield "disk", self._disk
        yield "redis", self._redis

    def _channels(self) -> str:
        settings, found = self._settings, []
        if settings.telegram_bot_token:
            found.append("Telegram by webhook" if settings.telegram_by_webhook else "Telegram by polling")
        if settings.slack_over_http:
            found.append("Slack over HTTP")
        elif settings.slack_app_token:
            found.append("Slack over Socket Mode")
        if not found:
            return "no platform is set up; ask and repl work without"
        if settings.public_url and not settings.public_url.startswith("https://"):
            raise Warn(f"{', '.join(found)}; PUBLIC_URL is not https, so no platform can call it")
        return ", ".join(found)

    def _corpus(self) -> str:
        corpus, folder = library.load(self._settings.corpus_dir), self._settings.corpus_dir
        return f"{len(corpus.documents)} document(s), {len(corpus.passages)} passages in {folder}"

    @cached_property
    def _embedder(self) -> Embedder:
        return open_embedder(self._settings)

    @cached_property
    def _index(self) -> Index | None:
        """Every part verified to the last byte; `None` when it would have to be built first."""
        store = open_index_store(self._settings)
        if store.is_stale(self._settings.corpus_dir, self._embedder.id):
            return None
        return store.load(self._embedder.id, whole=True)

    def _index_fits(self) -> str:
        if self._index is None:
            raise Warn(
                "stale or missing; it is built before the first answer, or by: assemblybot index build"
            )
        return f"{len(self._index.passages)} passages, {len(self._index.table)} entries, every part verified"

    def _question(self) -> str:
        if self._index is None:
            raise Skip("there is no index to ask")
        first = next(iter(self._index.documents.values()))
        answer = assistant_over(self._index, self._embedder, self._settings).answer(first.metadata.title)
        return f"{answer.verdict} with {len(answer.citations)} citation(s)"

    def _state(self) -> str:
        folder = self._settings.state_dir
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
        return f"{folder} can be written" if existing == folder else f"{folder} will be made"

    def _secrets(self) -> str:
        """Files that hold secrets are the owner's alone."""
        state = self._settings.state_dir
        secret = Path(".env"), state / KEY_FILE, state / INSTALLATIONS_FILE
        present = [path for path in secret if path.is_file()]
        if not present:
            raise Skip("neither .env nor an identity key is here")
        readable = [str(path) for path in present if path.stat().st_mode & _OTHERS]
        if readable:
            raise Warn(f"others can read {' and '.join(readable)}; chmod 600 {' '.join(readable)}")
        return f"{' and '.join(map(str, present))} can be read by the owner alone"

    def _disk(self) -> str:
        folders = self._settings.state_dir, self._settings.index_dir
        free = min(shutil.disk_usage(_existing(folder)).free for folder in folders)
        said = f"{free // 10**6:,} MB free"
        if free < _NO_DISK:
            raise SettingsError(f"Only {said}. Make room, or move STATE_DIR and INDEX_DIR.")
        if free < _LITTLE_DISK:
            raise Warn(f"only {said}; a rebuild needs room for two indexes")
        return said

    def _redis(self) -> str:
        url = self._settings.redis_url
        if url is None:
            raise Skip("REDIS_URL is not set; sessions are kept in STATE_DIR, for one process on one machine")
        info = _redis_info(url.get_secret_value())
        version, policy = str(info["redis_version"]), info.get("maxmemory_policy", "noeviction")
        if int(version.partition(".")[0]) < _OLDEST_REDIS:
            raise SettingsError(f"Redis is version {version}. Use {_OLDEST_REDIS} or newer.")
        if info.get("maxmemory") and policy != "noeviction":
            raise Warn(
                f"version {version}, but a full memory evicts keys ({policy}) and deliveries would be lost; "
                "set maxmemory-policy noeviction"
            )
        if not info.get("aof_enabled"):
            raise Warn(
                f"version {version}, but without an append-only file: deliveries in flight are lost when "
                "Redis restarts; set appendonly yes"
            )
        return f"version {version}, append-only file, nothing is evicted"


def _redis_info(url: str) -> dict[str, Any]:
    """Redis's own INFO. Raises SettingsError without the address, which may hold a password."""
    times = {"socket_timeout": _REDIS_TIMEOUT, "socket_connect_timeout": _REDIS_TIMEOUT}
    try:
        with redis.Redis.from_url(url, decode_responses=True, **times) as client:
            client.ping()
            info: dict[str, Any] = client.info()
            return info
    except ValueError as error:
        raise SettingsError(
            "REDIS_URL is no address of Redis; it begins with redis:// or rediss://."
        ) from error
    except AuthenticationError as error:
        raise SettingsError("Redis refuses the password in REDIS_URL.") from error
    except RedisError as error:
        raise SettingsError(
            f"Redis does not answer ({type(error).__name__}). Is it running, and is REDIS_URL right?"
        ) from error


def _existing(folder: Path) -> Path:
    """`folder`, or the nearest one above it that exists."""
    return folder if folder.exists() else _existing(folder.absolute().parent)

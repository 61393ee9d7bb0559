"""Every setting, read once from the environment and `.env`, checked at start.

`.env.example` and the table in docs/settings.md are generated from this class by docs/generate.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assemblybot import folders
from assemblybot.collection import DEFAULT, LONGEST, PATTERN
from assemblybot.errors import CollectionError, SettingsError

MOST_WAITING: Final = 2000
QUESTION_DEADLINE: Final = 60.0
RATE_LIMIT: Final = "20 per minute; 300 per hour"
RETENTION_DAYS: Final = 90
_PLACE: Final = re.compile(r"(telegram|slack)(:[^\s:=,]+){0,2}")
_CURATOR: Final = re.compile(r"[1-9][0-9]{0,17}|[UW][A-Z0-9]{5,30}")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.){{1,20}}(?=[a-z]){_LABEL}")


def _words(text: str) -> list[str]:
    """What commas or spaces separate."""
    return text.replace(",", " ").split()


def _ids(value: object) -> object:
    return frozenset(_words(value)) if isinstance(value, str) else value


def _curators(ids: frozenset[str]) -> frozenset[str]:
    if not all(map(_CURATOR.fullmatch, ids)):
        raise ValueError(
            "each must be the id of a Telegram user (a number, as 123456789) or of a Slack user (U012AB3CDE)"
        )
    return ids


def _hosts(names: frozenset[str]) -> frozenset[str]:
    names = frozenset(map(str.lower, names))
    if not all(map(_HOST.fullmatch, names)):
        raise ValueError(
            "each must be the name of a host with a dot, as files.example.org; no address, no port"
        )
    return names


def _names(value: object) -> object:
    """Names of collections, each once."""
    if not isinstance(value, str):
        return value
    names = tuple(dict.fromkeys(_words(value)))
    if any(len(name) > LONGEST or not re.fullmatch(PATTERN, name) or name == DEFAULT for name in names):
        raise ValueError(
            f"a name has at most {LONGEST} of a-z and 0-9, with single hyphens between them; "
            f"“{DEFAULT}” is always there"
        )
    return names


def _bindings(value: object) -> object:
    """The name of a collection for each place, of pairs `place=name`."""
    if not isinstance(value, str):
        return value
    pairs = [pair.partition("=") for pair in _words(value)]
    if not all(_PLACE.fullmatch(place) for place, _, _ in pairs):
        raise ValueError("write pairs such as telegram:-100123=press, slack:T0123=course")
    return {place: name for place, _, name in pairs}


_Ids = Annotated[frozenset[str], NoDecode, BeforeValidator(_ids)]
_Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
_Bindings = Annotated[Mapping[str, str], NoDecode, BeforeValidator(_bindings)]


class Settings(BaseSettings):
    """Settings by environment variable; names in capitals there."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
    )

    corpus_dir: Path = Field(default_factory=folders.corpus)
    """Folder of the documents that answers come from."""
    index_dir: Path = Field(default_factory=lambda: folders.home() / "index")
    """Folder of the indexes built from them."""
    collections: _Names = ()
    """Names of further collections of documents, separated by commas. Empty: there is only one."""
    collections_dir: Path = Field(default_factory=lambda: folders.home() / "collections")
    """Folder of these collections, each with `NAME/corpus` and `NAME/index`."""
    collection_of: _Bindings = Field(default_factory=dict)
    """Which collection a chat, workspace or channel uses: `telegram:-100123=press, slack:T0123=course`."""
    collection_admins: _Ids = frozenset()
    """Ids of the Telegram and Slack users who may choose the collection of a group or channel."""
    model: str = Field(default_factory=lambda: str(folders.model()))
    """Embedding model: the folder or hub name of a sentence-transformers model."""
    milvus_uri: str | None = None
    """Milvus for vectors and postings, such as `http://milvus:19530`. Empty: they are in the index folder."""
    milvus_token: SecretStr | None = None
    """Token for Milvus: `user:password` or an API key."""
    milvus_alias: str = Field(default="assemblybot", pattern=r"^[A-Za-z_]\w{0,200}$")
    """Milvus alias of the build in use. Give each corpus in the same Milvus its own."""
    milvus_replicas: int = Field(default=1, ge=1, le=64)
    """How many copies of the vectors Milvus keeps in memory."""
    threads: int = Field(default=2, ge=1, le=64)
    """CPU threads that encode a question."""
    telegram_bot_token: SecretStr | None = None
    """Token from BotFather; required by `assemblybot telegram`."""
    telegram_webhook_secret: SecretStr | None = None
    """Secret of the webhook. With it and an https `PUBLIC_URL`, `serve` uses a webhook instead of polling."""
    telegram_per_second: int = Field(default=30, ge=1, le=1000)
    """How many messages per second this process may send. Telegram allows 30."""
    telegram_api_url: str = "https://api.telegram.org"
    """Address of the Bot API. It may be a server of your own."""
    slack_bot_token: SecretStr | None = None
    """Bot token (`xoxb-…`); required by `assemblybot slack`."""
    slack_app_token: SecretStr | None = None
    """App-level token (`xapp-…`); required by `assemblybot slack`."""
    slack_signing_secret: SecretStr | None = None
    """Signing secret. If it is set, `serve` receives Slack's events over HTTP."""
    slack_client_id: str | None = None
    """Client id of an app that several workspaces install."""
    slack_client_secret: SecretStr | None = None
    """Client secret of that app."""
    slack_database_url: SecretStr | None = None
    """SQLAlchemy URL of the database of its installations. Empty: a file in `STATE_DIR`."""
    slack_api_url: str = "https://slack.com/api/"
    """Address of the Web API. GovSlack has its own."""
    allowed_chats: _Ids = frozenset()
    """Ids of the Telegram chats to answer, separated by commas. Empty: every chat."""
    allowed_teams: _Ids = frozenset()
    """Ids of the Slack workspaces to answer. Empty: every workspace."""
    allowed_users: _Ids = frozenset()
    """Ids of the Telegram and Slack users to answer. Empty: everyone."""
    public_url: str | None = None
    """Address at which `serve` can be reached from outside. Citations then link to its reader."""
    api_keys: SecretStr | None = None
    """Keys of programs that may ask every collection over HTTP (API and MCP). Without keys, both are off."""
    collection_keys: SecretStr | None = None
    """Keys of programs that may ask only certain collections: `press=KEY, course=KEY`."""
    review_keys: SecretStr | None = None
    """Keys of the curators who use the review page. Needs `QUESTION_LOG`. Empty: there is no page."""
    curators: Annotated[_Ids, AfterValidator(_curators)] = frozenset()
    """Ids of the Telegram and Slack users who may change the documents in a chat. Empty: nobody."""
    document_hosts: Annotated[_Ids, AfterValidator(_hosts)] = frozenset()
    """Names of the hosts that curators may send https links to. Empty: no links are followed."""
    host: str = "127.0.0.1"
    """Address that `serve` listens on."""
    port: int = Field(default=8080, ge=1, le=65535)
    """Port that `serve` listens on."""
    drain_seconds: float = Field(default=25.0, ge=0, le=600)
    """Seconds that a stopping process has to finish the questions it is answering."""
    question_deadline: float = Field(default=QUESTION_DEADLINE, gt=0, le=600)
    """Seconds a question may wait before the bot says that it is busy."""
    most_waiting: int = Field(default=MOST_WAITING, ge=1)
    """How many questions may wait. To any more, the bot says that it is busy."""
    state_dir: Path = Field(default_factory=lambda: folders.home() / "state")
    """Folder of what the bots remember: sessions and the key that hides user ids."""
    redis_url: SecretStr | None = None
    """Redis (7 or newer) that several replicas share, `redis://…`. Empty: files in `STATE_DIR`."""
    retention_days: int = Field(default=RETENTION_DAYS, ge=1, le=3650)
    """Days after which preferences and ratings are deleted."""
    question_log: Path | None = None
    """File to which questions are logged, without their users. Empty: questions are not logged."""
    rate_limit: str = RATE_LIMIT
    """How many questions one user may ask."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Lowest level of the messages that are logged. They never contain the text of a question."""
    log_json: bool = False
    """Whether the log is written as lines of JSON."""

    _collection: str = PrivateAttr(default=DEFAULT)

    @model_validator(mode="after")
    def _bound_to_what_is_there(self) -> Self:
        for name in self.collection_of.values():
            if name not in (DEFAULT, *self.collections):
                raise ValueError("COLLECTION_OF names a collection that is not in COLLECTIONS")
        return self

    @property
    def collection(self) -> str:
        """The collection whose folders these settings name."""
        return self._collection

    def each(self) -> list[Settings]:
        """The settings of every collection, these first."""
        return [self, *map(self.within, self.collections)]

    def within(self, name: str) -> Settings:
        """The settings of one collection alone. Raises CollectionError where there is none of that name."""
        if name == self._collection:
            return self.model_copy(update={"collections": ()})
        if name not in self.collections:
            known = ", ".join((self._collection, *self.collections))
            raise CollectionError(f"There is no such collection. COLLECTIONS names: {known}.")
        changed: dict[str, object] = {
            "corpus_dir": self.collections_dir / name / "corpus",
            "index_dir": self.collections_dir / name / "index",
            "milvus_alias": f"{self.milvus_alias}_{name.replace('-', '_')}",
            "question_log": self.question_log
            and self.question_log.with_name(f"{name}.{self.question_log.name}"),
            "collections": (),
        }
        found = self.model_copy(update=changed)
        found._collection = name
        return found

    @property
    def telegram_by_webhook(self) -> bool:
        """Whether Telegram calls `serve`, which it does by https only; else it is polled."""
        return bool(self.telegram_webhook_secret) and (self.public_url or "").startswith("https://")

    @property
    def slack_over_http(self) -> bool:
        """Whether Slack calls `serve`; else it is connected to by Socket Mode."""
        return bool(self.slack_signing_secret)


def load_settings() -> Settings:
    """Settings from the environment. Raises SettingsError naming each bad one, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors(include_input=False)
        )
        raise SettingsError(f"Settings cannot be used. {wrong}. See .env.example.") from error

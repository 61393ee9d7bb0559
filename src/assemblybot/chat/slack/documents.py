"""Files and links that curators send in a direct message or with a mention, and their buttons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from assemblybot.chat.documents import By, Fetch, Sent
from assemblybot.chat.fetching import FetchError, download, is_readable, readable_name
from assemblybot.chat.shape import Shape
from assemblybot.chat.slack.desk import Desk
from assemblybot.chat.slack.gate import Event
from assemblybot.chat.slack.incoming import PLATFORM
from assemblybot.chat.slack.once import Names
from assemblybot.chat.slack.words import words_of
from assemblybot.render import slack
from assemblybot.render.slack_message import SlackMessage

_LINK: Final = re.compile(r"\s*(?:<@\w+(?:\|[^<>]*)?>\s*)?<(https?://[^<>|\s]+)(?:\|[^<>]*)?>\s*")
#: The path of a file in Slack: who shared it, its id, its name.
_PERMALINK: Final = re.compile(r"/files/\w+/(F[A-Z0-9]+)/[^/]*")
_NOT_ALLOWED: Final = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})


class _Info(Shape):
    """What `files.info` says of a file."""

    name: str
    size: int
    url_private: str = ""
    url_private_download: str = ""


class SentDocuments:
    """What curators send; everybody else is dealt with as if there were none."""

    def __init__(self, desk: Desk, names: Names) -> None:
        self._desk = desk
        self._names = names

    def is_curator(self, user: str) -> bool:
        """Whether the person with that id may change documents."""
        return self._desk.documents is not None and self._desk.documents.is_curator(user)

    def sent_in(self, message: Event) -> list[Sent]:
        """The files that a curator sends with a message, or by a message that is a link and nothing else.

        Words beside files that are not read are a question.
        """
        if not self.is_curator(str(message.get("user"))):
            return []
        files = [
            Sent(id=file.get("id") or "", name=file.get("name") or "") for file in message.get("files") or ()
        ]
        if files:
            return [one for one in files if is_readable(one.name)] or ([] if words_of(message) else files)
        link = _LINK.fullmatch(str(message.get("text") or ""))
        return self._linked(link.group(1).replace("&amp;", "&")) if link else []

    async def offer(self, team: str, user: str, sent: Sent, client: AsyncWebClient) -> SlackMessage:
        """The preview of a file, or why there is none."""
        assert self._desk.documents
        return slack.card_message(
            await self._desk.documents.offer(await self._by(team, user), sent, _fetching(client))
        )

    async def press(self, team: str, user: str, data: str, client: AsyncWebClient) -> SlackMessage | None:
        """What the message under a button of a curator shows now; `None` where it stays as it is."""
        assert self._desk.documents
        card = await self._desk.documents.press(await self._by(team, user), data, _fetching(client))
        return slack.card_message(card) if card else None

    async def listing(self, team: str, user: str, words: str) -> SlackMessage:
        """The documents whose titles or ids hold `words`, for a curator."""
        assert self._desk.documents
        return slack.card_message(await self._desk.documents.listing(await self._by(team, user), words))

    async def _by(self, team: str, user: str) -> By:
        name = self._names.user(team, user)
        return By(PLATFORM, name, await self._desk.language(name), self._desk.desk.collection)

    def _linked(self, link: str) -> list[Sent]:
        """The file in Slack that a link leads to, or one elsewhere where links are followed."""
        try:
            url = URL(link)
        except ValueError:
            return []
        shared = _PERMALINK.fullmatch(url.path)
        if shared and (url.host or "").endswith(".slack.com"):
            return [Sent(id=shared.group(1))]
        return [Sent(link=link)] if self._desk.documents and self._desk.documents.links else []


def _fetching(client: AsyncWebClient) -> Fetch:
    """Fetches from Slack, by the id of a file."""

    async def fetch(sent: Sent, folder: Path) -> Path:
        try:
            answer = await client.files_info(file=sent.id)
            info = _Info.model_validate(answer["file"])
            url = URL(info.url_private_download or info.url_private)
        except SlackApiError as error:
            scope = error.response.get("error") in _NOT_ALLOWED
            raise FetchError("documents-scope" if scope else "documents-not-fetched") from error
        except (aiohttp.ClientError, OSError, KeyError, ValueError) as error:
            raise FetchError("documents-not-fetched") from error
        target = folder / readable_name(info.name)
        if not _is_of_slack(url, URL(client.base_url)):  # the token goes along
            raise FetchError("documents-not-fetched")
        headers = {"Authorization": f"Bearer {client.token}"}
        async with aiohttp.ClientSession(trust_env=True) as session:
            await download(session, url, target, headers=headers, size=info.size)
        return target

    return fetch


def _is_of_slack(url: URL, api: URL) -> bool:
    """Whether an address belongs to the Slack whose Web API is at `api`."""
    ours, host = api.host or "", url.host or ""
    same = url.scheme == api.scheme and url.port == api.port and url.user is None
    return same and (host == ours or host.endswith(f".{ours}"))

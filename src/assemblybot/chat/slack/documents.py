"""Files and links that curators send in a direct message or with a mention."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from assemblybot.chat.channel import Schema
from assemblybot.chat.documents import Documents
from assemblybot.chat.fetching import FetchError, Sent, download, is_readable, readable_name
from assemblybot.chat.slack.messages import Event, plain_text

#: A message that is a link and nothing else, after a mention.
_LINK: Final = re.compile(r"\s*(?:<@\w+(?:\|[^<>]*)?>\s*)?<(https?://[^<>|\s]+)(?:\|[^<>]*)?>\s*")
#: The path of a file in Slack: who shared it, its id, its name.
_PERMALINK: Final = re.compile(r"/files/\w+/(F[A-Z0-9]+)/[^/]*")
_NOT_ALLOWED: Final = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})


class _Info(Schema):
    """What `files.info` says of a file."""

    name: str
    size: int
    url_private: str = ""
    url_private_download: str = ""


def sent_in(message: Event, documents: Documents) -> list[Sent]:
    """The files that a curator sends with a message, or by a message that is a link and nothing else.

    Words beside files that are not read are a question.
    """
    if not documents.is_curator(str(message.get("user"))):
        return []
    files = [
        Sent(id=file.get("id") or "", name=file.get("name") or "") for file in message.get("files") or ()
    ]
    if files:
        return [one for one in files if is_readable(one.name)] or ([] if plain_text(message) else files)
    found = _LINK.fullmatch(str(message.get("text") or ""))
    if found is None:
        return []
    link = found.group(1).replace("&amp;", "&")
    try:
        url = URL(link)
    except ValueError:
        return []
    in_slack = _PERMALINK.fullmatch(url.path)
    if in_slack and (url.host or "").endswith(".slack.com"):
        return [Sent(id=in_slack.group(1))]
    return [Sent(link=link)] if documents.links else []


async def fetch_file(client: AsyncWebClient, sent: Sent, folder: Path) -> Path:
    """Fetch a file from Slack. Raises FetchError."""
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
    async with aiohttp.ClientSession(trust_env=True, headers=headers) as session:
        await download(session, url, target, size=info.size)
    return target


def _is_of_slack(url: URL, api: URL) -> bool:
    """Whether an address belongs to the Slack whose Web API is at `api`."""
    ours, host = api.host or "", url.host or ""
    same = url.scheme == api.scheme and url.port == api.port and url.user is None
    return same and (host == ours or host.endswith(f".{ours}"))

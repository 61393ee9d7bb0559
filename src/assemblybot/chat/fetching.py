"""Fetches the files that curators send, with limits on size, time and origin.

A platform's file is fetched from the platform's own address. A link is followed only by https, to hosts that
the settings name and whose addresses are public: nobody in a chat may reach a private network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import aiohttp
from aiohttp.abc import ResolveResult
from pydantic import BaseModel, ConfigDict
from yarl import URL

from assemblybot.corpus.readers import READABLE
from assemblybot.corpus.side_files import one_line
from assemblybot.errors import AssemblybotError
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi

#: What Telegram gives bots at most.
LARGEST_FILE: Final = 20 * 2**20
_LONGEST_SECONDS: Final = 60.0
#: The last of these is not followed any more.
_MOST_REDIRECTS: Final = 4
_LONGEST_STEM: Final = 120
_CHUNK: Final = 2**16
#: IPv6 addresses that lead to an address of IPv4, which nobody has looked at.
_EMBEDDING: Final = tuple(
    map(ipaddress.IPv6Network, ("::ffff:0:0/96", "64:ff9b::/96", "2002::/16", "2001::/32"))
)
_UNFIT: Final = re.compile(r'[/\\:*?"<>|]+')


class FetchError(AssemblybotError):
    """A file that was sent is not fetched; `key` and `values` are the words for it."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(say("en", key, **values))
        self.key = key
        self.values = values


class _NotPublicError(OSError):
    """A host has an address that is not public."""


class Sent(BaseModel):
    """A file as a message names it: by the platform's own id of it, or by a link."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    link: str = ""
    name: str = ""
    size: int | None = None


#: Puts a file that was sent into a folder. Raises FetchError.
Fetch = Callable[[Sent, Path], Awaitable[Path]]


class Links:
    """Fetches by links to files on `hosts`."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._hosts = hosts

    def __bool__(self) -> bool:
        return bool(self._hosts)

    async def fetch(self, sent: Sent, folder: Path) -> Path:
        """Put the file that a link leads to into `folder`. Raises FetchError."""
        try:
            url = URL(sent.link)
        except ValueError:
            url = URL()
        if not self._allows(url):
            raise FetchError("documents-link-refused", hosts=", ".join(sorted(self._hosts)))
        target = folder / readable_name(unquote(url.name))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=_PublicOnly())) as session:
            await download(session, url, target, follow=lambda to: self._allows(to) and to.host == url.host)
        return target

    def _allows(self, url: URL) -> bool:
        plain = url.scheme == "https" and url.user is None and url.password is None
        return plain and url.is_default_port() and url.host in self._hosts


async def download(
    session: aiohttp.ClientSession,
    url: URL,
    target: Path,
    *,
    size: int | None = None,
    follow: Callable[[URL], bool] | None = None,
) -> None:
    """Write what `url` gives to `target`, which is at most as large as a file may be.

    `size` is how many bytes the platform has announced. `follow` says whether an address may be asked: `url`,
    and where redirects lead; without it none is followed. No address is logged, because it may hold a token.

    Raises FetchError when it is too large, takes too long, or does not arrive as announced.
    """

    async def checked(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if follow and not follow(request.url):
            raise FetchError("documents-not-fetched")
        return await handler(request)

    check_size(size)
    asking = session.get(
        url,
        headers={"Accept-Encoding": "identity"},
        middlewares=(checked,),
        allow_redirects=follow is not None,
        max_redirects=_MOST_REDIRECTS,
    )
    try:
        async with asyncio.timeout(_LONGEST_SECONDS), asking as answer:
            written = await _write(answer, target)
    except aiohttp.ClientConnectorDNSError as error:
        private = isinstance(error.os_error, _NotPublicError)
        raise FetchError("documents-private" if private else "documents-not-fetched") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
        raise FetchError("documents-not-fetched") from error
    if size not in (None, written):
        raise FetchError("documents-not-fetched")


async def _write(answer: aiohttp.ClientResponse, target: Path) -> int:
    """Write what a response holds; how many bytes that were. Raises FetchError."""
    if answer.status != HTTPStatus.OK:
        raise FetchError("documents-not-fetched")
    check_size(answer.content_length)
    written = 0
    with target.open("wb") as file:
        async for chunk in answer.content.iter_chunked(_CHUNK):
            written += len(chunk)
            check_size(written)
            file.write(chunk)
    return written


def check_size(size: int | None) -> None:
    """Raises FetchError for more bytes than a file may have."""
    if size is not None and size > LARGEST_FILE:
        raise FetchError("documents-too-large", limit=LARGEST_FILE // 2**20)


def readable_name(name: str) -> str:
    """A name for a file that was sent, fit for any disk. Raises FetchError for a type that is not read."""
    last = one_line(strip_bidi(name)).replace("\\", "/").rpartition("/")[2]
    path = Path(_UNFIT.sub(" ", last).strip(" ."))
    if not is_readable(path.name):
        types = ", ".join(sorted(READABLE))
        raise FetchError("documents-wrong-type", types=types)
    stem = path.stem.encode()[:_LONGEST_STEM].decode(errors="ignore").strip(" .")
    return (stem or "document") + path.suffix.lower()


def is_readable(name: str) -> bool:
    """Whether the end of a file's name is that of a type which is read."""
    return Path(name.strip()).suffix.lower() in READABLE


class _PublicOnly(aiohttp.ThreadedResolver):
    """Resolves names of hosts of which every address is public.

    The connection goes to the addresses that were looked at, so that nothing can change between.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """See `AbstractResolver.resolve`. Raises OSError."""
        found = await super().resolve(host, port, family)
        if not all(is_public(one["host"]) for one in found):
            raise _NotPublicError("The host has an address that is not public.")
        return found


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if not found.is_global or found.is_multicast or found.is_reserved:
        return False
    embeds = found.version == 6 and any(found in network for network in _EMBEDDING)
    return not embeds

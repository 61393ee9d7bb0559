"""Well-formed requests of strangers that cost much to read: each is answered, and holds up nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.settings import Settings
from tests.service.harness import platforms, serving
from tests.service.hostile import FORM, no_stall, raw, request, status

ACUTE, BELOW = "\N{COMBINING ACUTE ACCENT}".encode(), "\N{COMBINING GRAVE ACCENT BELOW}".encode()


def in_chunks(path: str, media_type: str) -> bytes:
    """Two megabytes of chunks that hold one byte each."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {media_type}\r\n"
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + b"1\r\na\r\n" * 300_000 + b"0\r\n\r\n"


#: The rest of a refused body is not read, so the connection may be cut before the refusal is.
CUT = 0
LAST = request("/healthz", method="GET")
DEAR: dict[str, tuple[bytes, *tuple[int, ...]]] = {
    "language without end": (request("/read/", method="GET", Accept_Language="a" * 8_000 + ";x"), 200),
    "spaces of a language": (request("/read/", method="GET", Accept_Language="a" + " " * 8_000 + ";x"), 200),
    "quotes of a media type": (request("/read/", b"a=1", Content_Type="a; charset=" + '"' * 8_000), 415),
    "codec of a parameter": (request("/read/", b"a=1", Content_Type=f"{FORM}; a*=punycode''a-b"), 415),
    "marks on a letter": (request("/read/", b"question=e" + (ACUTE + BELOW) * 15_000), 200),
    "marks in the wrong order": (request("/read/", b"question=e" + ACUTE * 8_000 + BELOW * 8_000), 200),
    "words without end": (request("/read/", b"question=" + b"a+" * 31_000), 422),
    "fields without end": (request("/read/", b"a&" * 30_000), 400),
    "chunks to a form": (in_chunks("/read/", FORM), 413, CUT),
    "chunks to Slack": (in_chunks("/slack/events", "application/json"), 401),
    "chunks to Telegram": (in_chunks("/telegram/webhook", "application/json"), 401, CUT),
    "in a row": (request("/healthz", method="GET", Connection="keep-alive") * 2_000 + LAST, 200),
}


@pytest.mark.slow
def test_what_is_dear_to_read_holds_up_nobody(
    settings: Settings, assistant: Assistant, tmp_path: Path
) -> None:
    found: dict[str, int | str] = {}

    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            for what, (sent, *_) in DEAR.items():
                try:
                    async with no_stall():
                        found[what] = status(await raw(around.port, sent))
                except AssertionError as error:
                    found[what] = str(error)

    asyncio.run(scenario())
    assert {what: seen for what, seen in found.items() if seen not in DEAR[what][1:]} == {}

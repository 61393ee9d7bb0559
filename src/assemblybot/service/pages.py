"""What the pages of the reader and those of curators share: display, forms, headers, and saying why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

from assemblybot.api.responses import LARGEST_QUESTION
from assemblybot.messages import say
from assemblybot.render import reader
from assemblybot.render.reader import Display, Thread

#: Every page carries it, and so does the word that a page has not changed.
POLICY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )
}
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 100


def display_of(request: web.Request, fields: Mapping[str, str]) -> Display:
    """The display that `fields` choose, in the language of the browser where they name none."""
    return Display.asked(fields, request.headers.get("Accept-Language", ""))


async def form(request: web.Request) -> dict[str, str]:
    """The fields that were posted; of a repeated one the last, which is the button pressed."""
    if request.content_type != _FORM:
        raise web.HTTPUnsupportedMediaType(text="Send a form.")
    body = await request.clone(client_max_size=LARGEST_QUESTION).read()
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise web.HTTPBadRequest(text="The form cannot be read. Send it again.") from error


def notice(
    title: str,
    text: str,
    display: Display,
    status: int,
    thread: Thread | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    beside: bool = False,
) -> web.Response:
    """A page that says, under the words of `title`, why there is no other; `beside` the reader's folder."""
    page = reader.notice_page(say(display.language, title), text, display, thread, beside=beside)
    return html(page, status, headers={"Cache-Control": "no-store", **(headers or {})})


def html(page: str | bytes, status: int = 200, *, headers: Mapping[str, str]) -> web.Response:
    """A page with the policy of every page."""
    response = web.Response(
        body=page if isinstance(page, bytes) else page.encode(),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={**POLICY, **headers},
    )
    response.enable_compression()
    return response

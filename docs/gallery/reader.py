"""Pages of the reader and of curators, as the service gives them, each in a frame of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from lxml import html
from lxml.html import HtmlElement
from lxml.html.builder import BASE, CLASS, DIV, IFRAME, STYLE
from pydantic import SecretStr
from tests.conversations.reports import Assistants

from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.conversation import Conversation
from assemblybot.render.reader import ASSETS
from assemblybot.service import review
from assemblybot.service.reader import PLATFORM, Reader
from assemblybot.service.server import build_app
from assemblybot.session import Feedback, Pseudonyms
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings
from gallery.scenes import ADDRESS, ROOT, Scene

_KEY: Final = "the-key-of-the-one-curator"


def hold(scene: Scene, assistants: Assistants) -> list[str]:
    """The page of each answer; every question is asked from the page before."""

    async def held() -> list[str]:
        assistant, _ = scene.among(assistants)
        queue = AnswerQueue(assistant)
        pages: list[str] = []
        async with _client(queue, Reader(Conversation(PLATFORM, queue)).routes) as client:
            fields: Mapping[str, Any] = {}
            for turn in scene.turns:
                async with client.post("/read/", data={**fields, "question": turn.says}) as given:
                    pages.append(await given.text())
                fields = html.fromstring(pages[-1]).find_class("ask")[0].fields
        return pages

    return asyncio.run(held())[scene.unseen :]


def hold_review(scene: Scene, assistants: Assistants) -> list[str]:
    """The page of each question of `scene` that waits for a curator."""

    async def held(state: Path) -> list[str]:
        assistant, _ = scene.among(assistants)
        queue, settings = AnswerQueue(assistant), _settings(state)
        assert settings.question_log
        log = QuestionLog(settings.question_log, Pseudonyms(b"k" * 32))
        for turn in scene.turns:
            await log.add(await asyncio.to_thread(assistant.answer, turn.says))
        async with _client(queue, review.routes(settings, queue, _no_ratings)) as client:
            headers, pages, after = {"Authorization": f"Bearer {_KEY}"}, [], ""
            for _ in scene.turns:
                async with client.get("/review", params={"after": after}, headers=headers) as given:
                    pages.append(await given.text())
                after = html.fromstring(pages[-1]).forms[-1].xpath("//button[@name='after']/@value")[0]
        return pages

    with TemporaryDirectory() as state:
        return asyncio.run(held(Path(state)))


def _settings(state: Path) -> Settings:
    log, key = state / "questions.jsonl", SecretStr(_KEY)
    return Settings(
        corpus_dir=ROOT / "corpus", state_dir=state, question_log=log, review_keys=key, _env_file=None
    )


async def _no_ratings() -> dict[str, Feedback]:
    return {}


@asynccontextmanager
async def _client(queue: AnswerQueue, routes: Sequence[web.RouteDef]) -> AsyncIterator[TestClient[Any, Any]]:
    try:
        async with TestClient(TestServer(build_app(routes))) as client:
            yield client
    finally:
        queue.close()


def windows(pages: Iterable[str], path: str = "/read/") -> HtmlElement:
    """A window of a browser for each page, side by side."""
    return DIV(CLASS("rd"), *(_window(page, ADDRESS.removeprefix("https://") + path) for page in pages))


def _window(page: str, address: str) -> HtmlElement:
    """One page. Nothing can be sent from it: the frame lets no form and no link out."""
    root = html.document_fromstring(page)
    head = root.find("head")
    for link in head.findall("link"):
        link.drop_tree()
    head.insert(0, BASE(target="_blank"))
    head.append(STYLE(ASSETS["reader.css"].body.decode()))
    whole = html.tostring(root, doctype="<!doctype html>", encoding="unicode")
    frame = IFRAME(sandbox="", title=root.findtext("head/title"), srcdoc=whole)
    return DIV(CLASS("rd-window"), DIV(CLASS("rd-address"), address), frame)

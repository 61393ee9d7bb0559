"""The pages of curators over HTTP: who may do what, what a form may say, and what a decision changes."""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.api.openapi import PREFIX
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.curation.curator import Curator
from assemblybot.curation.decided import Decided
from assemblybot.errors import SettingsError
from assemblybot.messages import say
from assemblybot.service import api, review
from assemblybot.service.server import build_app
from assemblybot.session import Feedback, Pseudonyms, UserKey
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings
from tests.conftest import ROOT
from tests.doubles.assistants import ScriptedAssistant
from tests.render.reader.html import parsed, text_of

CURATOR, PROGRAM = "one-key-of-one-curator-here", "one-key-of-one-program-here"
FIRST, SECOND = "off the <b>road</b>?", "off again?"
NAMES = Pseudonyms(b"k" * 32)
Client = TestClient[Any, Any]


def basic(key: str, name: str = "anyone") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{key}".encode()).decode()}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The shipped document with two refused questions about it."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    places = {"corpus_dir": tmp_path / "corpus", "state_dir": tmp_path / "state"}
    keys = {"review_keys": SecretStr(CURATOR), "api_keys": SecretStr(PROGRAM)}
    settings = Settings(_env_file=None, **places, **keys, question_log=tmp_path / "kept" / "questions.jsonl")  # type: ignore[arg-type]
    assert settings.question_log
    log = QuestionLog(settings.question_log, NAMES, clock=lambda: datetime(2026, 1, 5, 9, tzinfo=UTC))
    with ThreadPoolExecutor(1) as aside:  # Playwright runs an event loop in this one
        for question in (SECOND, FIRST):
            refused = log.add(Answer(question, "en", Verdict.NOT_IN_CORPUS, 0.1))
            aside.submit(asyncio.run, refused).result()
    return settings


async def no_ratings() -> dict[str, Feedback]:
    return {}


async def no_limit(_: UserKey) -> float:
    return 0.0


@asynccontextmanager
async def reviewing(settings: Settings) -> AsyncIterator[Client]:
    queue = AnswerQueue(ScriptedAssistant().as_assistant())
    found = [*review.routes(settings, queue, no_ratings), *api.routes(settings, queue, no_limit)]
    try:
        async with TestClient(TestServer(build_app(found))) as client:
            yield client
    finally:
        queue.close()


def play(settings: Settings, scenario: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with reviewing(settings) as client:
            await scenario(client)

    asyncio.run(run())


async def form_of(client: Client, path: str = "/review") -> dict[str, str]:
    """The hidden fields of the first form that decides, as a browser would send them."""
    async with client.get(path, headers=basic(CURATOR)) as shown:
        assert shown.status == 200
        return dict(re.findall(r'type="hidden" name="(token|id)" value="([^"]*)"', await shown.text()))


async def sent(
    client: Client, fields: dict[str, str], path: str = "/review", **headers: str
) -> tuple[int, str]:
    headers = headers or basic(CURATOR)
    async with client.post(path, data=fields, headers=headers, allow_redirects=False) as said:
        return said.status, said.headers.get("Location", await said.text())


def decided(settings: Settings) -> list[Decided]:
    return Curator.configured(settings).file.rows()


def stored(settings: Settings) -> Any:
    path = settings.corpus_dir / "marrakech-2025" / "questions.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["passages"]


WHO = {
    "nobody": ({}, 401),
    "a wrong key": (basic("one-key-of-nobody-at-all-xx"), 401),
    "the key of a program": (basic(PROGRAM), 401),
    "the key of a program as bearer": (bearer(PROGRAM), 401),
    "no password": (basic(""), 401),
    "the key as a name": (basic("", CURATOR), 401),
    "no base64": ({"Authorization": "Basic ???"}, 401),
    "no text": ({"Authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()}, 401),
    "another scheme": ({"Authorization": f"Digest {CURATOR}"}, 401),
    "a curator": (basic(CURATOR), 200),
    "a curator without a name": (basic(CURATOR, ""), 200),
    "a curator's program": (bearer(CURATOR), 200),
}


@pytest.mark.parametrize("who", WHO)
def test_who_may_do_what(settings: Settings, who: str) -> None:
    headers, status = WHO[who]

    async def scenario(client: Client) -> None:
        fields = {**await form_of(client), "decision": "not-in-documents"}
        for path in ("/review", "/review-report"):
            async with client.get(path, headers=headers) as shown:
                assert shown.status == status
                text = await shown.text()
                assert shown.headers["Cache-Control"] == "no-store"
                if status == 401:
                    assert shown.headers["WWW-Authenticate"].startswith("Basic ")
                    assert "off" not in text_of(parsed(text)).split()
        assert decided(settings) == []
        answered, _ = await sent(client, fields, **(headers or {"X-Nobody": "1"}))
        assert answered == (303 if status == 200 else status)
        assert len(decided(settings)) == (status == 200)
        taken, _ = await sent(client, fields, "/review-report", **(headers or {"X-Nobody": "1"}))
        assert taken == (303 if status == 200 else status)
        # the key of a curator asks nothing of the API
        async with client.post(f"{PREFIX}/ask", json={"question": "When?"}, headers=bearer(CURATOR)) as asked:
            assert asked.status == 401

    play(settings, scenario)


def test_without_keys_there_are_no_pages_and_without_a_log_no_keys(settings: Settings) -> None:
    queue = AnswerQueue(ScriptedAssistant().as_assistant())
    none = settings.model_copy(update={"review_keys": None})
    assert review.routes(none, queue, no_ratings) == []
    for changed, says in (
        ({"question_log": None}, "QUESTION_LOG"),
        ({"review_keys": SecretStr("x")}, "REVIEW_KEYS"),
    ):
        with pytest.raises(SettingsError, match=says):
            review.routes(settings.model_copy(update=changed), queue, no_ratings)
    queue.close()


def test_a_conversation_of_a_curator(settings: Settings) -> None:
    """Decide both questions, look at the report, take one decision back, decide it otherwise."""

    async def scenario(client: Client) -> None:
        async with client.get("/review?lang=fr", headers=basic(CURATOR)) as shown:
            page = parsed(await shown.text())
        assert say("fr", "review-waiting", count=2) in text_of(page)
        assert SECOND in text_of(page) or FIRST in text_of(page)
        fields = await form_of(client)
        assert await sent(client, {**fields, "passage": "12", "lang": "fr"}) == (303, "review?lang=fr")
        (row,) = decided(settings)
        assert stored(settings)["12"]["en"][-1] == row.question
        assert await sent(client, {**await form_of(client), "decision": "not-in-documents"}) == (
            303,
            "review",
        )
        async with client.get("/review", headers=basic(CURATOR)) as shown:
            assert say("en", "review-none") in text_of(parsed(await shown.text()))

        async with client.get("/review-report", headers=basic(CURATOR)) as shown:
            told = text_of(parsed(await shown.text()))
        assert FIRST in told
        assert SECOND in told
        assert say("en", "review-right", before=1, now=1, count=2) in told
        fields = await form_of(client, "/review-report")
        assert await sent(client, {**fields, "id": row.id}, "/review-report") == (303, "review-report")
        assert row.question not in stored(settings)["12"]["en"]
        assert [one.question for one in decided(settings)] == [SECOND if row.question == FIRST else FIRST]
        again = await form_of(client)
        assert again["id"] == row.id
        assert (await sent(client, {**again, "decision": "not-in-documents"}))[0] == 303
        assert row.question not in str(stored(settings))

    play(settings, scenario)


def test_a_question_can_be_decided_later(settings: Settings) -> None:
    async def scenario(client: Client) -> None:
        first = await form_of(client)
        second = await form_of(client, f"/review?after={first['id']}")
        assert first["id"] != second["id"]
        assert await form_of(client, f"/review?after={second['id']}") == first
        assert await form_of(client, "/review?after=%00nobody") == first

    play(settings, scenario)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"token": ""}, 403),
        ({"token": "0" * 64}, 403),
        ({"token": "é\ud800".encode("utf-8", "replace").decode()}, 403),
        ({"id": ""}, 422),
        ({"id": "../../etc"}, 422),
        ({"id": "0" * 13}, 422),
        ({"decision": ""}, 422),
        ({"decision": "perhaps"}, 422),
        ({"passage": "x" * 401, "decision": "answers"}, 422),
        ({"id": "0" * 12}, 409),
        ({"decision": "answers"}, 409),
        ({"decision": "wrong"}, 409),
        ({"decision": "answers", "passage": "0"}, 409),
        ({"decision": "answers", "passage": "marrakech-2025#9999"}, 409),
        ({"decision": "answers", "passage": "../corpus#1"}, 409),
        ({"decision": "answers", "passage": "\x00<script>"}, 409),
    ],
)
def test_a_form_that_decides_nothing(settings: Settings, changed: dict[str, str], status: int) -> None:
    before = stored(settings)

    async def scenario(client: Client) -> None:
        fields = {**await form_of(client), "decision": "not-in-documents", **changed}
        answered, text = await sent(client, fields)
        assert answered == status
        assert "<script>" not in text
        assert "Traceback" not in text

    play(settings, scenario)
    assert decided(settings) == []
    assert stored(settings) == before


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"id=%ff%fe&token=%00", "application/x-www-form-urlencoded", 403),
        (b"", "application/x-www-form-urlencoded", 403),
        (b"x" * 200_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form(settings: Settings, body: bytes, kind: str, status: int) -> None:
    async def scenario(client: Client) -> None:
        for path in ("/review", "/review-report"):
            headers = {**basic(CURATOR), "Content-Type": kind}
            async with client.post(path, data=body, headers=headers) as said:
                assert said.status == status

    play(settings, scenario)
    assert decided(settings) == []


def test_what_was_asked_is_shown_as_text(settings: Settings) -> None:
    async def scenario(client: Client) -> None:
        for path in ("/review", f"/review?after={(await form_of(client))['id']}"):
            async with client.get(path, headers=basic(CURATOR)) as shown:
                assert "<b>road" not in await shown.text()

    play(settings, scenario)

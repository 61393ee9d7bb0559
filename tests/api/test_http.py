"""The HTTP API: who may ask, what is answered, what is refused and how."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Answer
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.api.keys import Keys
from assemblybot.api.openapi import document
from assemblybot.api.verify import verified
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.chat.observe import Counted, Observer
from assemblybot.errors import SettingsError
from assemblybot.service import api
from assemblybot.session.base import Throttle
from assemblybot.settings import Settings
from tests.api.serving import AUTHORIZED, KEY, OTHER_KEY, PUBLIC_URL, Client, calling, without_limit
from tests.conftest import ROOT
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant
from tests.service.harness import platforms, serving

SCHEMA = json.loads((ROOT / "docs" / "answer.schema.json").read_text(encoding="utf-8"))
PASSAGE = "/api/passages/marrakech-2025%233"


def play(
    scenario: Callable[[Client], Awaitable[None]],
    assistant: ScriptedAssistant | None = None,
    **how: Any,
) -> ScriptedAssistant:
    scripted = assistant or ScriptedAssistant()

    async def run() -> None:
        async with calling(scripted.as_assistant(), **how) as client:
            await scenario(client)

    asyncio.run(run())
    return scripted


async def ask(client: Client, question: object, **more: object) -> tuple[int, Any]:
    async with client.post("/api/ask", json={"question": question, **more}, headers=AUTHORIZED) as answer:
        return answer.status, await answer.json(content_type=None)


async def refused(answer: Any, status: int) -> str:
    """What a problem says; it is one, and gives nothing away in its headers."""
    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    said = await answer.json(content_type=None)
    assert set(said) == {"type", "title", "status", "detail"} and said["status"] == status
    return str(said["detail"])


def test_an_answer_as_the_schema_says() -> None:
    async def scenario(client: Client) -> None:
        for question, verdict in (
            ("When did it meet?", "answered"),
            ("list them", "answered"),
            ("off the point", "not_in_corpus"),
            ("hello", "not_a_question"),
        ):
            status, said = await ask(client, question)
            assert (status, said["verdict"]) == (200, verdict)
            jsonschema.validate(said, SCHEMA)
            for citation in said["citations"]:
                text = answers.document().text
                assert text[citation["quote_start"] : citation["quote_end"]] == citation["quote"]
                assert citation["link"].startswith(f"{PUBLIC_URL}/read/marrakech-2025#p")
        assert (await ask(client, "When?", language="fr"))[1]["language"] == "fr"

    play(scenario)


def test_everything_cited_can_be_verified() -> None:
    async def scenario(client: Client) -> None:
        _, said = await ask(client, "list them")
        links = [citation["link"] for citation in said["citations"]]
        for given in ([json.dumps(said)], links):
            found = list(verified(given, lambda _: ROOT / "corpus"))
            assert [finding.passage for finding in found] == [c["passage"] for c in said["citations"]]
            assert all(finding.standing == "stands" and finding.unchanged for finding in found)

    play(scenario)


def test_a_passage_with_its_neighbours() -> None:
    async def scenario(client: Client) -> None:
        async with client.get(f"{PASSAGE}?neighbours=5", headers=AUTHORIZED) as answer:
            said = await answer.json()
        jsonschema.validate(said, {**SCHEMA, "$ref": "#/$defs/Excerpt"})
        numbers = [c["paragraph"] for c in (*said["before"], said["passage"], *said["after"])]
        assert numbers == [1, 2, 3, 4, 5, 6, 7, 8]
        for name in (
            "marrakech-2025%2399999",
            "nothing%231",
            "marrakech-2025%23x",
            "%00%23%2F",
            "..%2F..%231",
        ):
            async with client.get(f"/api/passages/{name}", headers=AUTHORIZED) as answer:
                assert "no passage" in await refused(answer, 404)
        async with client.get(f"/api/passages/a%23{'9' * 5000}", headers=AUTHORIZED) as answer:
            await refused(answer, 422)

    play(scenario)


def test_the_sources() -> None:
    async def scenario(client: Client) -> None:
        async with client.get("/api/sources", headers=AUTHORIZED) as answer:
            said = await answer.json()
        jsonschema.validate(said, {**SCHEMA, "$ref": "#/$defs/Sources"})
        assert (said["total"], said["sources"][0]["document"]) == (1, "marrakech-2025")
        async with client.get("/api/sources?offset=1", headers=AUTHORIZED) as answer:
            assert (await answer.json())["sources"] == []
        for bad in ("offset=-1", "limit=0", "limit=101", "offset=x", "page=2"):
            async with client.get(f"/api/sources?{bad}", headers=AUTHORIZED) as answer:
                await refused(answer, 422)

    play(scenario)


def test_the_best_passages_without_a_verdict(assistant: Assistant) -> None:
    async def scenario() -> None:
        async with calling(assistant) as client:
            body = {"query": "recipe for couscous", "most": 3}
            async with client.post("/api/search", json=body, headers=AUTHORIZED) as answer:
                said = await answer.json()
            jsonschema.validate(said, {**SCHEMA, "$ref": "#/$defs/Found"})
            assert len(said["passages"]) == 3
            body = {"query": "كم عدد المندوبين؟"}
            async with client.post("/api/search", json=body, headers=AUTHORIZED) as answer:
                found = (await answer.json())["passages"]
            scores = [passage["score"] for passage in found]
            assert found[0]["passage"] == "marrakech-2025#12" and scores == sorted(scores, reverse=True)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Basic {KEY}",
        KEY,
        f"Bearer {KEY}x",
        f"Bearer {KEY[:-1]}",
    ],
)
def test_nothing_without_a_key(authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    async def scenario(client: Client) -> None:
        for method, path in (
            ("POST", "/api/ask"),
            ("POST", "/api/search"),
            ("GET", "/api/sources"),
            ("GET", PASSAGE),
        ):
            async with client.request(method, path, headers=headers) as answer:
                await refused(answer, 401)
                assert answer.headers["WWW-Authenticate"] == "Bearer"

    assert play(scenario).asked == []


def test_the_description_is_for_everyone() -> None:
    async def scenario(client: Client) -> None:
        async with client.get("/api/openapi.json") as answer:
            assert await answer.json() == document()

    play(scenario)


def test_each_key_has_its_own_limit() -> None:
    async def scenario(client: Client) -> None:
        for _ in range(2):
            assert (await ask(client, "When?"))[0] == 200
        async with client.post("/api/ask", json={"question": "When?"}, headers=AUTHORIZED) as answer:
            await refused(answer, 429)
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
        other = {"Authorization": f"bearer {OTHER_KEY}"}
        async with client.post("/api/ask", json={"question": "When?"}, headers=other) as answer:
            assert answer.status == 200
        async with client.get(PASSAGE, headers=AUTHORIZED) as answer:
            assert answer.status == 200

    async def run() -> None:
        async with calling(ScriptedAssistant().as_assistant(), Throttle("2 per minute").allow) as client:
            await scenario(client)

    asyncio.run(run())


BODIES: list[tuple[bytes, str, int]] = [
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b'{"question": "\\ud800"}', "application/json", 400),
    (b"[" * 60_000, "application/json", 400),
    (b"null", "application/json", 422),
    (b"[]", "application/json", 422),
    (b"{}", "application/json", 422),
    (b'{"question": 5}', "application/json", 422),
    (b'{"question": ""}', "application/json", 422),
    (b'{"question": "?!"}', "application/json", 422),
    (b'{"question": "When?", "language": "de"}', "application/json", 422),
    (b'{"question": "When?", "more": 1}', "application/json", 422),
    (json.dumps({"question": "a" * (LONGEST_QUESTION + 1)}).encode(), "application/json", 422),
    (b'{"question": "When?"}', "text/plain", 415),
    (b"question=When", "application/x-www-form-urlencoded", 415),
    (b'{"question": "' + b"a" * 70_000 + b'"}', "application/json", 413),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES, ids=[str(n) for n in range(len(BODIES))])
def test_bodies_that_cannot_be_read(body: bytes, kind: str, status: int) -> None:
    async def scenario(client: Client) -> None:
        headers = {**AUTHORIZED, "Content-Type": kind}
        async with client.post("/api/ask", data=body, headers=headers) as answer:
            detail = await refused(answer, status)
            assert "de" not in detail.split() and "When" not in detail

    assert play(scenario).asked == []


def test_other_methods_and_addresses() -> None:
    async def scenario(client: Client) -> None:
        for method, path, allowed in (("GET", "/api/ask", "POST"), ("DELETE", "/api/sources", "GET")):
            async with client.request(method, path, headers=AUTHORIZED) as answer:
                await refused(answer, 405)
                assert answer.headers["Allow"] == allowed
        for path in ("/api/", "/api/nothing", "/api/ask/more"):
            async with client.get(path, headers=AUTHORIZED) as answer:
                await refused(answer, 404)

    play(scenario)


def test_too_many_at_once_and_what_nobody_expected(caplog: pytest.LogCaptureFixture) -> None:
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario(client: Client) -> None:
        first = asyncio.create_task(ask(client, "When?"))
        await asyncio.to_thread(scripted.begun.wait, 10)
        async with client.post("/api/ask", json={"question": "Where?"}, headers=AUTHORIZED) as answer:
            await refused(answer, 503)
            assert answer.headers["Retry-After"] == "5"
        scripted.open.set()
        assert (await first)[0] == 200
        body = {"question": "break the unmistakable"}
        async with client.post("/api/ask", json=body, headers=AUTHORIZED) as answer:
            assert "unmistakable" not in await refused(answer, 503)

    play(scenario, scripted, most_waiting=1)
    assert "RuntimeError" in caplog.text and "unmistakable" not in caplog.text


def test_questions_and_keys_are_written_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def scenario(client: Client) -> None:
        for question in ("When was the unmistakable?", "off the unmistakable point", "unmistakable " * 200):
            await ask(client, question)

    play(scenario)
    assert "unmistakable" not in caplog.text
    assert KEY not in caplog.text


def test_what_is_asked_is_counted() -> None:
    class Counting(Observer):
        def __init__(self) -> None:
            self.counted: list[tuple[str, str]] = []

        def answered(self, platform: str, answer: Answer) -> None:
            self.counted.append((platform, str(answer.verdict)))

        def count(self, what: Counted, *labels: str, times: int = 1) -> None:
            self.counted += [(label, what) for label in labels]

    async def scenario(client: Client) -> None:
        await ask(client, "When?")
        await ask(client, "off")

    observer = Counting()
    play(scenario, observer=observer)
    play(scenario, observer=observer, most_waiting=0)
    play(scenario, observer=observer, allow=Throttle("1 per hour").allow)
    counted = ["answered", "not_in_corpus", "busy", "busy", "answered", "throttled"]
    assert observer.counted == [("api", one) for one in counted]


@pytest.mark.parametrize("keys", ["short", f"{KEY},short", "é" * 30])
def test_keys_that_can_be_guessed_are_refused(keys: str) -> None:
    with pytest.raises(SettingsError, match="API_KEYS"):
        Keys.configured(Settings(_env_file=None, api_keys=keys), without_limit)


@pytest.mark.parametrize("keys", [None, "", " , "])
def test_without_keys_there_is_no_api(keys: str | None) -> None:
    queue = AnswerQueue(ScriptedAssistant().as_assistant())
    settings = Settings(_env_file=None, api_keys=keys)
    assert api.routes(settings, queue, without_limit) == []
    queue.close()


def test_the_service_serves_it(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path, api_keys=KEY):
            url = f"http://127.0.0.1:{around.port}/api/ask"
            body = {"question": "How many delegates came?"}
            async with around.client.post(url, json=body, headers=AUTHORIZED) as answer:
                said = await answer.json()
            jsonschema.validate(said, SCHEMA)
            assert said["citations"][0]["passage"] == "marrakech-2025#12"
            counted = (
                'assemblybot_questions_total{collection="default",language="en",'
                'platform="api",verdict="answered"}'
            )
            assert await around.metric(counted) == 1

    asyncio.run(scenario())

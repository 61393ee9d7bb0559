"""Several collections behind one API and one MCP server: each call sees one of them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from mcp import Client as McpClient

from assemblybot.answering.assistant import Assistant
from assemblybot.api.keys import Keys, TooManyQuestionsError
from assemblybot.api.mcp import build
from assemblybot.api.operations import Operations
from assemblybot.api.verify import verified
from assemblybot.chat.answer_queue import AnswerQueue
from assemblybot.errors import SettingsError
from assemblybot.session.base import Throttle
from assemblybot.settings import Settings
from assemblybot.startup import load_others
from tests.api.serving import AUTHORIZED, KEY, OTHER_KEY, PUBLIC_URL, SETTINGS, Client, calling
from tests.conversations.reports import write_reports

QUESTION = "How long did the work on the harbour take?"
NAMES = ("press", "course", "empty")


async def post(client: Client, path: str, **body: Any) -> tuple[int, Any]:
    async with client.post(f"/api/{path}", json=body, headers=AUTHORIZED) as answer:
        return answer.status, await answer.json()


async def get(client: Client, path: str, **query: str) -> tuple[int, Any]:
    async with client.get(f"/api/{path}", params=query, headers=AUTHORIZED) as answer:
        return answer.status, await answer.json()


def test_each_call_sees_one_collection(
    assistant: Assistant, besides: list[Assistant], several: Settings
) -> None:
    async def scenario() -> None:
        async with calling(assistant, others=NAMES, besides=besides) as client:
            _, here = await post(client, "ask", question=QUESTION)
            assert (here["verdict"], here["collection"]) == ("not_in_corpus", "default")
            _, there = await post(client, "ask", question=QUESTION, collection="press")
            assert (there["verdict"], there["collection"]) == ("answered", "press")
            cited = there["citations"][0]
            assert cited["link"].startswith(f"{PUBLIC_URL}/in/press/read/harbour#p3:~:text=")
            found = (await post(client, "search", query="harbour", collection="press"))[1]["passages"]
            assert {one["document"] for one in found} == {"harbour"}
            sources = (await get(client, "sources", collection="press"))[1]["sources"]
            assert [one["link"] for one in sources] == [f"{PUBLIC_URL}/in/press/read/harbour"]
            assert (await get(client, f"passages/{cited['passage'].replace('#', '%23')}"))[0] == 404
            # A link and a citation lead to the documents that were asked.
            asked: list[str] = []

            def corpus_of(name: str) -> Path:
                asked.append(name)
                return several.within(name).corpus_dir

            standing = [f.standing for f in verified([cited["link"], json.dumps(there)], corpus_of)]
            assert standing == ["stands"] * (1 + len(there["citations"]))
            assert set(asked) == {"press"}

    asyncio.run(scenario())


def test_sources_are_compared_within_one_collection_alone(assistant: Assistant, tmp_path: Path) -> None:
    """Who asks one collection does not learn that another one says something else."""
    names = ("older", "newer", "both")
    for name in names:
        write_reports(tmp_path / name / "corpus", *(() if name == "both" else (name,)), languages=("en",))
    settings = Settings(_env_file=None, collections=names, collections_dir=tmp_path)
    opened = load_others(settings, assistant, build_stale=True)
    cited = {"older": ["en-older"], "newer": ["en-newer"], "both": ["en-newer", "en-older"]}

    async def scenario() -> None:
        async with calling(assistant, others=names, besides=opened) as client:
            for name in names:
                asked = {"question": "How much did the footbridge cost?", "collection": name}
                _, said = await post(client, "ask", **asked)
                assert said["sources_differ"] is (name == "both")
                assert sorted({one["document"] for one in said["citations"]}) == cited[name]
                assert all(f"/in/{name}/read/" in one["link"] for one in said["citations"])

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("nowhere", 404),
        ("empty", 503),
        ("../press", 422),
        ("PRESS", 422),
        ("press\n", 422),
        ("ｐress", 422),
        ("", 422),
        (7, 422),
        ("a" * 33, 422),
    ],
)
def test_a_collection_that_is_not_there(
    assistant: Assistant, besides: list[Assistant], name: Any, status: int
) -> None:
    async def scenario() -> None:
        async with calling(assistant, others=NAMES, besides=besides) as client:
            for path, body in (("ask", {"question": QUESTION}), ("search", {"query": QUESTION})):
                got, said = await post(client, path, **body, collection=name)
                assert (got, said["status"]) == (status, status)
            if isinstance(name, str):
                assert (await get(client, "sources", collection=name))[0] == status
                assert (await get(client, "passages/harbour%233", collection=name))[0] == status
            assert (await post(client, "ask", question="How many delegates came?"))[0] == 200

    asyncio.run(scenario())


def test_each_collection_is_limited_by_itself(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        allow = Throttle("1 per hour").allow
        async with calling(assistant, allow, others=NAMES, besides=besides) as client:
            for name, expected in ((None, 200), ("press", 200), (None, 429), ("press", 429), ("course", 200)):
                assert (await post(client, "ask", question="hello", collection=name))[0] == expected

    asyncio.run(scenario())


def test_a_key_is_kept_to_its_collections(assistant: Assistant, besides: list[Assistant]) -> None:
    keys = f"press={KEY}, course={OTHER_KEY}, press={OTHER_KEY}"
    settings = Settings(_env_file=None, collections="press, course", collection_keys=keys, api_keys="a" * 24)

    async def scenario() -> None:
        async with calling(assistant, others=NAMES, besides=besides, settings=settings) as client:

            async def statuses(key: str, collection: str | None) -> set[int]:
                headers, named = {"Authorization": f"Bearer {key}"}, {"collection": collection or ""}
                body, query = ({"collection": collection}, named) if collection else ({}, {})
                found: set[int] = set()
                for path, words in (("ask", {"question": QUESTION}), ("search", {"query": QUESTION})):
                    async with client.post(f"/api/{path}", json=words | body, headers=headers) as answer:
                        found.add(answer.status)
                for path in ("sources", "passages/harbour%233"):
                    async with client.get(f"/api/{path}", params=query, headers=headers) as answer:
                        found.add(answer.status)
                return found

            assert await statuses(KEY, "press") == await statuses(KEY, None) == {200}
            for other in ("default", "course", "nowhere"):
                assert await statuses(KEY, other) == {404}
            assert await statuses(OTHER_KEY, "press") == await statuses(OTHER_KEY, "course") == {200}
            assert await statuses(OTHER_KEY, "default") == {404}
            assert await statuses("a" * 24, "press") == await statuses("a" * 24, "course") == {200}
            # What is refused is told as what is not there.
            told = [await post(client, "ask", question=QUESTION, collection=c) for c in ("course", "nowhere")]
            assert told[0] == told[1]
            # Where none is named, the first one of the key is asked.
            assert (await post(client, "ask", question=QUESTION))[1]["collection"] == "press"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (f"nowhere={KEY}", "not in COLLECTIONS"),
        (KEY, "not in COLLECTIONS"),
        ("press=short", "COLLECTION_KEYS has fewer"),
        ("press=", "COLLECTION_KEYS has fewer"),
        (f"press={OTHER_KEY}", "API_KEYS"),
    ],
)
def test_keys_of_collections_that_cannot_be_used(keys: str, says: str) -> None:
    settings = Settings(_env_file=None, collections="press", collection_keys=keys, api_keys=OTHER_KEY)
    with pytest.raises(SettingsError, match=says) as refused:
        Keys.configured(settings, Throttle("1 per hour").allow)
    assert KEY not in str(refused.value)


def test_tools_take_a_collection(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        queue = AnswerQueue(assistant, others=NAMES)
        for beside in besides:
            queue.replace(beside)
        operations = Operations(queue, "mcp", PUBLIC_URL)
        async with McpClient(build(operations)) as client:

            async def call(tool: str, **arguments: Any) -> Any:
                return await client.call_tool(tool, arguments)

            here = (await call("ask", question=QUESTION)).structured_content
            there = (await call("ask", question=QUESTION, collection="press")).structured_content
            assert (here["verdict"], there["verdict"]) == ("not_in_corpus", "answered")
            own = (await call("list_sources", collection="course")).structured_content
            assert [source["document"] for source in own["sources"]] == ["harbour"]
            for name, says in (("nowhere", "no collection"), ("empty", "just now"), ("../press", "pattern")):
                refused = await call("read_passage", passage="harbour#3", collection=name)
                assert refused.is_error and says in refused.content[0].text
            keys = Keys.configured(SETTINGS, Throttle("1 per hour").allow)
            assert keys
            user = keys.caller(f"Bearer {KEY}").user
            await operations.count(keys, user, None)
            await operations.count(keys, user, "press")
            with pytest.raises(TooManyQuestionsError):
                await operations.count(keys, user, "press")
        queue.close()

    asyncio.run(scenario())

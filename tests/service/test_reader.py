"""The reader over HTTP: pages, answers, addresses, caching, and what is written nowhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from assemblybot import Assistant
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.chat.observe import Observer
from assemblybot.corpus import library
from assemblybot.corpus.document import Document
from assemblybot.messages import say
from assemblybot.render import reader as pages
from assemblybot.render.reader import ASSETS, Display, document_page
from assemblybot.settings import Settings
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.indexes import copies, index_of
from tests.render.reader.html import hidden, parsed, text_of
from tests.service.harness import platforms, serving
from tests.service.reading import reading

Client = TestClient[Any, Any]
ARTICLE = answers.document()
PAGE = "/read/marrakech-2025"


def play(
    scenario: Callable[[Client], Awaitable[None]],
    assistant: ScriptedAssistant | None = None,
    most_waiting: int = 10,
    observer: Observer | None = None,
) -> ScriptedAssistant:
    """Run `scenario` against a reader without a model."""
    scripted = assistant or ScriptedAssistant()

    async def run() -> None:
        async with reading(scripted.as_assistant(), most_waiting, observer) as client:
            await scenario(client)

    asyncio.run(run())
    return scripted


async def page(client: Client, path: str, **headers: str) -> Any:
    async with client.get(path, headers=headers) as answer:
        assert answer.status == 200
        return parsed(await answer.text())


async def asked(client: Client, question: str, **fields: str) -> tuple[int, Any]:
    async with client.post("/read/", data={"question": question, **fields}) as answer:
        kept = "private, no-cache" if answer.status == 200 else "no-store"
        assert answer.headers["Cache-Control"] == kept
        return answer.status, parsed(await answer.text())


def test_pages_in_the_language_that_is_asked_for() -> None:
    async def scenario(client: Client) -> None:
        start = await page(client, "/read/", **{"Accept-Language": "fr-CA"})
        assert start.get("lang") == "fr"
        assert start.xpath("//form[@class='suggestions']//button/@value")
        (link,) = start.xpath("//main//h3/a/@href")
        article = await page(client, f"/read/{link}", **{"Accept-Language": "fr-CA"})
        assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")
        assert article.xpath("/html/body/header/@lang") == ["fr"]
        assert len(article.xpath("//article//*[@class='original']")) == len(ARTICLE.passages)
        chosen = await page(client, f"{PAGE}?lang=es&translation=none&colours=dark")
        assert chosen.xpath("/html/body/header/@lang") == ["es"]
        assert chosen.get("data-colours") == "dark"
        assert not chosen.xpath("//article//*[@class='translation']")

    play(scenario)


def test_security_headers() -> None:
    async def scenario(client: Client) -> None:
        for path in ("/read/", PAGE, "/read/nothing"):
            async with client.get(path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none';")
                assert "script-src" not in policy
                assert "unsafe" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert "Set-Cookie" not in answer.headers

    play(scenario)


def test_a_page_is_sent_again_only_when_it_has_changed(small_corpus: Path) -> None:
    scripted = ScriptedAssistant()

    async def scenario(client: Client) -> None:
        async with client.get(PAGE, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Cache-Control"] == "no-cache"
            assert "Accept-Language" in answer.headers["Vary"]
            tag, policy = answer.headers["ETag"], answer.headers["Content-Security-Policy"]
        async with client.get(PAGE, headers={"If-None-Match": f'"other", {tag}'}) as again:
            assert (again.status, await again.read()) == (304, b"")
            assert again.headers["ETag"] == tag
            assert again.headers["Content-Security-Policy"] == policy
        async with client.get(f"{PAGE}?lang=es", headers={"If-None-Match": tag}) as other:
            assert other.status == 200
        (harbour,) = library.load(small_corpus).documents
        scripted.index = index_of(harbour)
        async with client.get(PAGE, headers={"If-None-Match": tag}) as gone:
            assert gone.status == 404
        assert text_of((await page(client, "/read/harbour")).xpath("//h1")[0]) == harbour.passages[0].text

    play(scenario, scripted)


def test_a_long_list_of_documents_comes_in_pages() -> None:
    scripted = ScriptedAssistant()
    scripted.index = index_of(*copies(ARTICLE, 250))

    async def scenario(client: Client) -> None:
        seen: list[str] = []
        address = "/read/?lang=fr"
        while address:
            shown = await page(client, address)
            seen += [link.rpartition("?")[0] for link in shown.xpath("//main//h3/a/@href")]
            following = shown.xpath("//nav[@class='pages']/a[@rel='next']/@href")
            address = f"/read/{following[0].removeprefix('./')}" if following else ""
        assert seen == [f"d{number}" for number in range(250)]
        assert shown.get("lang") == "fr"
        assert shown.xpath("//a[@rel='prev']/@href") == ["./?lang=fr&page=2"]
        for number in ("0", "4", "-1", "x", "1" * 30):
            async with client.get(f"/read/?page={number}") as answer:
                assert answer.status == 404

    play(scenario, scripted)


def test_assets_are_kept_for_ever_and_others_are_not_there() -> None:
    async def scenario(client: Client) -> None:
        for asset in ASSETS.values():
            async with client.get(f"/read/assets/{asset.name}") as answer:
                assert answer.content_type == asset.media_type
                assert "immutable" in answer.headers["Cache-Control"]
                assert await answer.read() == asset.body
        for name in ("reader.css", "reader.000000000000.css", "..%2Fpages.py"):
            async with client.get(f"/read/assets/{name}") as answer:
                assert answer.status == 404

    play(scenario)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "read/"),
        ("/read", "read/"),
        (f"{PAGE}/12", "../marrakech-2025#p12"),
        ("/read/%D8%AA/3", "../%D8%AA#p3"),
    ],
)
def test_former_addresses_lead_on(path: str, location: str) -> None:
    async def scenario(client: Client) -> None:
        async with client.get(path, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (308, location)

    play(scenario)


@pytest.mark.parametrize("path", ["/read/nothing", "/read/%3Cscript%3E", "/read/search"])
def test_no_such_page(path: str) -> None:
    async def scenario(client: Client) -> None:
        async with client.get(path, headers={"Accept-Language": "ar"}) as answer:
            assert answer.status == 404
            root = parsed(await answer.text())
            assert text_of(root.xpath("//h1")[0]) == say("ar", "reader-no-page")
            assert not root.xpath("//script")

    play(scenario)


def test_answers_like_the_bots() -> None:
    async def scenario(client: Client) -> None:
        status, root = await asked(client, "When did it meet?", lang="fr")
        assert status == 200
        assert text_of(root.xpath("//h1")[0]) == "When did it meet?"
        assert root.xpath("//*[@class='place']/a/@href") == [
            "marrakech-2025?lang=fr#p3",
            "marrakech-2025?lang=fr#p11",
        ]
        _, listed = await asked(client, "list them")
        assert len(listed.xpath("//main//blockquote//ul/li")) == 4
        _, refused = await asked(client, "off the point")
        offered = refused.xpath("//main//button[@name='question']/@value")
        assert offered
        status, _ = await asked(client, offered[0])
        assert status == 200

    scripted = play(scenario)
    assert scripted.texts[0] == "When did it meet?"
    assert all(thread.startswith("answers") for _, _, thread in scripted.asked)


def test_a_question_leans_on_the_answer_on_its_page() -> None:
    async def scenario(client: Client) -> None:
        _, first = await asked(client, "When did it meet?")
        (box,) = first.xpath("//form[@class='ask']")
        _, second = await asked(client, "and where?", **hidden(box))
        assert text_of(second.xpath("//h1")[0]) == "and where?"
        (languages,) = second.xpath("//form[@class='languages']")
        again = hidden(languages)
        assert again.pop("question") == "and where?"
        await asked(client, "and where?", lang="es", **again)
        _, refused = await asked(client, "off the point", **again)
        (offered,) = refused.xpath("//form[@class='suggestions']")
        await asked(client, "list them", **hidden(offered))
        await asked(client, "When?", after="When did it meet?", cited="another#1")

    scripted = play(scenario)
    assert scripted.leaned == [None, *["When did it meet?"] * 4, None]
    cited = [context.citations for _, context, _ in scripted.asked if context and context.citations]
    assert set(cited) == {("marrakech-2025#3", "marrakech-2025#11")}


@pytest.mark.parametrize(
    ("question", "key"),
    [("?!", "question-empty"), ("", "question-empty"), ("why " * LONGEST_QUESTION, "question-too-long")],
)
def test_questions_that_cannot_be_read(question: str, key: str) -> None:
    async def scenario(client: Client) -> None:
        status, root = await asked(client, question, lang="es")
        assert status == 422
        values = {"limit": LONGEST_QUESTION} if key == "question-too-long" else {}
        assert say("es", key, **values) in text_of(root.xpath("//main")[0])

    play(scenario)


def test_too_many_questions_at_once() -> None:
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario(client: Client) -> None:
        first = asyncio.create_task(asked(client, "When?"))
        await asyncio.to_thread(scripted.begun.wait, 10)
        async with client.post("/read/", data={"question": "And where?", "lang": "fr"}) as answer:
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "5"
            assert say("fr", "busy") in await answer.text()
        scripted.open.set()
        assert (await first)[0] == 200

    play(scenario, scripted, most_waiting=1)


def test_few_questions_of_the_reader_wait_and_the_others_are_told_so() -> None:
    scripted = ScriptedAssistant()
    scripted.open.clear()

    async def scenario(client: Client) -> None:
        asking = [asyncio.create_task(asked(client, "When did it meet?")) for _ in range(12)]
        done, waiting = await asyncio.wait(asking, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 4:
            more, waiting = await asyncio.wait(waiting, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            assert more, "more than eight wait"
            done |= more
        scripted.open.set()
        statuses = [status for status, _ in await asyncio.gather(*asking)]
        assert (statuses.count(503), statuses.count(200)) == (4, 8)

    play(scenario, scripted, most_waiting=100)


def test_what_is_kept_of_a_question_stands_on_every_page() -> None:
    async def scenario(client: Client) -> None:
        assert say("en", "reader-promise-kept") not in text_of(await page(client, "/read/?lang=en"))

    async def kept(client: Client) -> None:
        assert say("en", "reader-promise-kept") in text_of(await page(client, "/read/?lang=en"))

    keeping = Observer()
    keeping.keeps_questions = True
    play(scenario)
    play(kept, observer=keeping)


def test_names_of_no_document_push_no_page_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []

    def counted(document: Document, display: Display) -> str:
        rendered.append(document.id)
        return document_page(document, display)

    monkeypatch.setattr(pages, "document_page", counted)

    async def scenario(client: Client) -> None:
        await page(client, PAGE)
        for number in range(300):
            async with client.get(f"/read/nothing-{number}") as answer:
                assert answer.status == 404
        await page(client, PAGE)
        assert rendered == ["marrakech-2025"]

    play(scenario)


def test_bodies_that_are_no_form() -> None:
    async def scenario(client: Client) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body, headers, status in (
            (b"question=" + b"a" * 70_000, form, 413),
            (b"{}", {"Content-Type": "application/json"}, 415),
            (b"question=%FF%FE", form, 422),
            (b"question=" + "متى؟".encode("cp1256"), form, 400),
            (b"question=a", {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense"}, 415),
            (b"&&&=;%", form, 422),
        ):
            async with client.post("/read/", data=body, headers=headers) as answer:
                assert answer.status == status, body[:20]
        async with client.get("/read/?question=Xylophone") as answer:
            assert "Xylophone" not in await answer.text()

    play(scenario)


def test_a_question_is_written_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def scenario(client: Client) -> None:
        for question in ("When was the unmistakable?", "off the unmistakable point", "unmistakable " * 200):
            await asked(client, question)
        async with client.post("/read/", data={"question": "break the unmistakable"}) as answer:
            assert answer.status == 503
            assert say("en", "failed") in await answer.text()

    play(scenario)
    assert any("POST /read/" in record.getMessage() for record in caplog.records)
    assert "unmistakable" not in caplog.text


def test_the_service_serves_and_counts_it(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with platforms() as around, serving(around, settings, assistant, tmp_path):
            status, text = await around.get("/read/marrakech-2025")
            assert status == 200
            assert len(parsed(text).xpath("//article//*[@class='original']")) == len(ARTICLE.passages)
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            assert await around.post("/read/", b"question=How+many+delegates+came%3F", form) == 200
            counted = (
                'assemblybot_questions_total{collection="default",language="en",'
                'platform="reader",verdict="answered"}'
            )
            assert await around.metric(counted) == 1

    asyncio.run(scenario())

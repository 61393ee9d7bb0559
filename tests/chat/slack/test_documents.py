"""Documents that curators send to the bot in Slack, and what everybody else is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from assemblybot.chat.fetching import LARGEST_FILE
from assemblybot.chat.slack.documents import _is_of_slack, sent_in
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from tests.chat.curated import LAMPS, curated, ids
from tests.chat.slack.harness import Bot, ask, buttons, running_bot
from tests.doubles.slack_payloads import click, in_channel, mention, message

FILE = {"id": "F0FILE", "name": "lamps.md", "mimetype": "text/markdown", "size": len(LAMPS)}
CURATOR = "U0ASKER"


def shown(posted: dict[str, Any], key: str, **values: str | int) -> bool:
    return strip_bidi(say("en", key, **values)) in strip_bidi(posted["text"])


def upload(bot: Bot, name: str = "lamps.md", data: bytes = LAMPS) -> dict[str, Any]:
    """A file in Slack, as events name it."""
    bot.slack.files["F0FILE"] = (name, data)
    return FILE | {"name": name, "size": len(data)}


def shared(file: dict[str, Any], text: str = "", **fields: Any) -> dict[str, Any]:
    """A direct message with a file."""
    return message(text, subtype="file_share", files=[file], **fields)


async def press(bot: Bot, posted: dict[str, Any], label: str, **fields: Any) -> dict[str, Any]:
    """A button of a message is clicked; what comes to the response URL."""
    found = {button["text"]["text"]: button for button in buttons(posted).values()}
    before = len(bot.private)
    await bot.act(click(found[say("en", label)], bot.slack.response_url(), **fields))
    assert len(bot.private) == before + 1
    return bot.private[-1]


@pytest.mark.parametrize("way", ["direct", "mention"])
def test_a_curator_sees_a_preview_and_adds_the_document(small_corpus: Path, way: str) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            file = upload(bot)
            await bot.tell(shared(file) if way == "direct" else mention("please add", files=[file]))
            [preview] = bot.posts
            assert shown(preview, "documents-preview", title="The lamps")
            assert shown(preview, "documents-left-out", what="pictures")
            assert preview["thread_ts"]
            assert ids(small_corpus) == ["harbour"]
            done = await press(bot, preview, "documents-button-add")
            assert shown(done, "documents-added", title="The lamps")
            assert done["replace_original"]
            assert ids(small_corpus) == ["harbour", "lamps"]

    asyncio.run(scenario())


def test_a_mention_with_a_file_is_dealt_with_once(small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            event = mention("add this", files=[upload(bot)])
            await bot.tell(event)
            await bot.tell(
                in_channel(event["text"], ts=event["ts"], subtype="file_share", files=event["files"])
            )
            assert len(bot.posts) == 1

    asyncio.run(scenario())


def test_the_command_lists_documents_and_removes_one_after_a_second_question(small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            await bot.tell(shared(upload(bot)))
            await press(bot, bot.posts[0], "documents-button-add")
            listed = await ask(bot, "documents harbour")
            assert shown(listed, "documents-list")
            [button] = buttons(listed).values()
            await bot.act(click(button, bot.slack.response_url(), ephemeral=True))
            asked = bot.private[-1]
            assert shown(asked, "documents-remove", title="The harbour", document="harbour")
            done = await press(bot, asked, "documents-button-remove", ephemeral=True)
            assert shown(done, "documents-removed", title="The harbour")
            assert ids(small_corpus) == ["lamps"]

    asyncio.run(scenario())


def test_a_stranger_hears_the_polite_line_and_cannot_press_a_button(small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            file = upload(bot)
            await bot.tell(shared(file, user="U0OTHER"))
            assert shown(bot.posts[0], "slack-only-text")
            assert not bot.slack.of("files.info")
            assert shown(await ask(bot, "documents", user_id="U0OTHER"), "sources-title")
            await bot.tell(shared(file))
            refused = await press(bot, bot.posts[1], "documents-button-add", user={"id": "U0OTHER"})
            assert shown(refused, "documents-curators-only")
            assert refused["response_type"] == "ephemeral"
            assert not refused["replace_original"]
            assert ids(small_corpus) == ["harbour"]

    asyncio.run(scenario())


def test_without_curators_a_file_gets_the_polite_line() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(shared(upload(bot)))
            assert shown(bot.posts[0], "slack-only-text")

    asyncio.run(scenario())


def test_several_files_are_previewed_each(small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            first = upload(bot)
            bot.slack.files["F1FILE"] = ("other.md", b"# The quay\n\nIt takes ferries.\n")
            await bot.tell(message("", files=[first, {"id": "F1FILE", "name": "other.md"}]))
            titles = ["The lamps", "The quay"]
            assert all(shown(p, "documents-preview", title=t) for p, t in zip(bot.posts, titles, strict=True))

    asyncio.run(scenario())


@pytest.mark.parametrize(("words", "asks"), [("When did the assembly meet?", True), ("", False)])
def test_words_beside_a_picture_are_a_question(small_corpus: Path, words: str, asks: bool) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            await bot.tell(shared(upload(bot, "picture.png", b"\x89PNG"), words))
            assert bool(bot.assistant.texts) is asks
            types = ".docx, .epub, .htm, .html, .md, .odt, .pdf, .txt"
            assert shown(bot.posts[0], "documents-wrong-type", types=types) is not asks

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("error", "key"),
    [
        ("missing_scope", "documents-scope"),
        ("file_not_found", "documents-not-fetched"),
        ("file_deleted", "documents-not-fetched"),
    ],
)
def test_what_slack_refuses_is_said(small_corpus: Path, error: str, key: str) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            file = upload(bot)
            bot.slack.fail("files.info", 200, {"ok": False, "error": error})
            await bot.tell(shared(file))
            assert shown(bot.posts[0], key)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("info", "key"),
    [
        ({"size": LARGEST_FILE + 1}, "documents-too-large"),
        ({"size": 3}, "documents-not-fetched"),
        ({"size": "many"}, "documents-not-fetched"),
        ({"url_private_download": "https://elsewhere.example/lamps.md"}, "documents-not-fetched"),
        ({"url_private_download": ""}, "documents-not-fetched"),
        ({"url_private_download": "https://["}, "documents-not-fetched"),
    ],
)
def test_a_file_is_taken_from_slack_alone_and_as_announced(
    small_corpus: Path, info: dict[str, Any], key: str
) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            file = upload(bot)
            about = bot.slack._about_file("F0FILE")["file"] | info
            bot.slack.fail("files.info", 200, {"ok": True, "file": about})
            await bot.tell(shared(file))
            assert shown(bot.posts[0], key, **({"limit": 20} if key == "documents-too-large" else {}))

    asyncio.run(scenario())


def test_a_page_to_log_in_at_is_no_file(small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR)) as bot:
            file = upload(bot)
            bot.slack.teams.clear()
            await bot.tell(shared(file))
            assert shown(bot.posts[0], "documents-not-fetched")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        (
            "<https://team.slack.com/files/U0ASKER/F0FILE/lamps.md>",
            "documents-preview",
            {"title": "The lamps"},
        ),
        ("<https://files.invalid/lamps.md|lamps>", "documents-not-fetched", {}),
        ("<https://127.0.0.1/lamps.md>", "documents-link-refused", {"hosts": "files.invalid"}),
        ("<http://files.invalid/lamps.md>", "documents-link-refused", {"hosts": "files.invalid"}),
    ],
)
def test_a_link_leads_to_a_file_in_slack_or_at_an_allowed_host(
    small_corpus: Path, text: str, key: str, values: dict[str, str]
) -> None:
    async def scenario() -> None:
        async with running_bot(documents=curated(small_corpus, CURATOR, hosts=("files.invalid",))) as bot:
            upload(bot)
            await bot.tell(message(text))
            await bot.tell(mention(text))
            assert len(bot.posts) == 2
            assert all(shown(posted, key, **values) for posted in bot.posts)
            stranger = message(text, user="U0OTHER")
            await bot.tell(stranger)
            assert not shown(bot.posts[2], key, **values)
            assert sent_in(stranger, bot.conversation.documents) == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://files.slack.com/files-pri/T-F/a.md", True),
        ("https://slack.com/a", True),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com:8443/a", False),
        ("https://files.slack.com.elsewhere.example/a", False),
        ("https://notslack.com/a", False),
        ("https://x@files.slack.com/a", False),
        ("", False),
    ],
)
def test_the_token_goes_to_slack_alone(url: str, ours: bool) -> None:
    assert _is_of_slack(URL(url), URL("https://slack.com/api/")) is ours

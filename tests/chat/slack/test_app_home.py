"""App Home, suggested prompts, previews of links."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from assemblybot.answering.replies import MOST_SOURCES
from assemblybot.render.localise import titles
from assemblybot.render.slack_home import home, source_lines
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES
from tests.chat.slack.harness import NAMES, running_bot
from tests.doubles import answers
from tests.doubles.slack_api import TEAM
from tests.doubles.slack_payloads import click
from tests.doubles.slack_schema import check, texts

ASKER = NAMES.user("slack", TEAM, "U0ASKER")
URL = "https://bot.example.org"


def opened(tab: str) -> dict[str, Any]:
    return {"type": "app_home_opened", "user": "U0ASKER", "channel": "D0DIRECT", "tab": tab}


def test_a_large_library_fits_every_surface() -> None:
    article = answers.document()
    titled = (replace(article.metadata, title=f"{n} " + "كتاب " * 20) for n in range(MOST_SOURCES))
    listed = [replace(article, metadata=metadata, passages=()) for metadata in titled]
    for language in INTERFACE_LANGUAGES:
        view = home(
            language,
            titles({str(n): document for n, document in enumerate(listed)}, language),
            source_lines(listed, 1000, language),
            ["?"] * 3,
            chosen=None,
            privacy="privacy",
            minutes=30,
        )
        check("Home", view)
        assert len(view["blocks"]) < 100
        assert "980" in "\n".join(texts(view)) or language == "ar"


def from_home(action: str, value: str) -> dict[str, Any]:
    body = click({"action_id": action, "type": "button", "value": value}, "")
    for key in ("channel", "message", "response_url"):
        body.pop(key)
    return {**body, "container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "home"}}


def test_home_says_what_the_bot_is_and_lets_choose_a_language() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(opened("home"))
            await bot.act(from_home("choose_language:es", "es"))
            await bot.act(from_home("choose_language:auto", "auto"))
            english, spanish, again = bot.slack.of("views.publish")
            words = strip_bidi("\n".join(texts(english["view"])))
            assert answers.document().translations["en"][1] in words
            assert "What you can ask" in words
            assert "30 minutes" in words
            assert "Qué puedes preguntar" in "\n".join(texts(spanish["view"]))
            assert spanish["user_id"] == "U0ASKER"
            chosen = next(b for b in spanish["view"]["blocks"] if b["type"] == "actions")["elements"]
            assert [b["value"] for b in chosen if b.get("style") == "primary"] == ["es"]
            assert texts(again["view"]) == texts(english["view"])

    asyncio.run(scenario())


def test_forget_me_from_home() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.store.set_preference(ASKER, "language", "fr")
            await bot.tell(opened("home"))
            (view,) = (call["view"] for call in bot.slack.of("views.publish"))
            forget = view["blocks"][-1]["elements"][0]
            assert forget["confirm"]["style"] == "danger"
            await bot.act(from_home("forget_me", ""))
            assert await bot.store.get_preference(ASKER, "language") is None

    asyncio.run(scenario())


def test_a_question_asked_from_home_is_answered_in_the_direct_conversation() -> None:
    async def scenario() -> None:
        async with running_bot(public_url=URL) as bot:
            await bot.act(from_home("ask_question", "when?"))
            (post,) = bot.posts
            assert post["channel"] == "U0ASKER"
            assert not post.get("thread_ts")
            assert "task_card" in [block["type"] for block in post["blocks"]], "as in that conversation"
            in_channel = {"action_id": "ask_question", "type": "button", "value": "when?"}
            await bot.act(click(in_channel, bot.slack.response_url()))
            assert "task_card" not in [block["type"] for block in bot.posts[1]["blocks"]]

    asyncio.run(scenario())


def test_the_agent_panel_suggests_a_question_in_each_language_until_one_is_chosen() -> None:
    async def scenario() -> None:
        async with running_bot() as bot:
            await bot.tell(opened("messages"))
            await bot.store.set_preference(ASKER, "language", "fr")
            await bot.tell(opened("messages"))
            first, second = bot.slack.of("assistant.threads.setSuggestedPrompts")
            assert first["channel_id"] == "D0DIRECT"
            assert len(first["prompts"]) == 4
            assert all(len(p["title"]) <= 75 for p in first["prompts"])
            asked = answers.document().questions
            french = {q for by in asked.values() for q in by["fr"]}
            assert len(second["prompts"]) == 3
            assert all(p["message"] in french for p in second["prompts"])
            assert not bot.slack.of("views.publish")

    asyncio.run(scenario())


def link_shared(*urls: str, **fields: Any) -> dict[str, Any]:
    links = [{"domain": "bot.example.org", "url": url} for url in urls]
    return {
        "type": "link_shared",
        "user": "U0ASKER",
        "channel": "C0ROOM",
        "message_ts": "7.7",
        "links": links,
        **fields,
    }


def test_links_to_passages_are_shown_with_the_passage_and_its_place() -> None:
    async def scenario() -> None:
        async with running_bot(public_url=URL) as bot:
            url = f"{URL}/read/marrakech-2025#p3"
            await bot.tell(link_shared(url, f"{URL}/read/marrakech-2025#p999", f"{URL}/health"))
            await bot.tell(link_shared(url, unfurl_id="C-1", source="composer", channel="COMPOSER"))
            posted, composed = bot.slack.of("chat.unfurl")
            assert list(posted["unfurls"]) == [url]
            shown = strip_bidi("\n".join(texts(posted["unfurls"][url]["blocks"])))
            assert answers.document().passages[2].text in shown
            assert (posted["channel"], posted["ts"]) == ("C0ROOM", "7.7")
            assert (composed["unfurl_id"], composed["source"]) == ("C-1", "composer")

    asyncio.run(scenario())


def test_other_links_and_repeated_events_are_left_alone() -> None:
    async def scenario() -> None:
        async with running_bot(public_url=URL) as bot:
            await bot.tell(link_shared("https://elsewhere.org/read/marrakech-2025#p3"))
            assert not bot.slack.of("chat.unfurl")
            for _ in range(2):
                await bot.tell(link_shared(f"{URL}/read/marrakech-2025#p3"), event_id="EvLink")
            assert len(bot.slack.of("chat.unfurl")) == 1
        async with running_bot() as bot:  # without a public address nothing is ours
            await bot.tell(link_shared(f"{URL}/read/marrakech-2025#p3"))
            assert not bot.slack.of("chat.unfurl")

    asyncio.run(scenario())

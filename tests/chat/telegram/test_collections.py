"""Several collections behind one bot: each chat hears its own documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assemblybot.answering.assistant import Assistant
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES
from tests.chat.curated import LAMPS, curated, ids
from tests.chat.telegram.harness import Chat, button, data_of, play, running
from tests.conftest import write_small
from tests.doubles.telegram_updates import (
    GROUP,
    Json,
    anonymous,
    group,
    person,
    pressed,
    private,
    said,
    sent_file,
)

QUESTION = "How long did the work on the harbour take?"
ANSWER = "nine years of work"
REFUSED = say("en", "not-in-corpus")
NAMES = ("press", "course", "empty")


def words(message: Json) -> str:
    return strip_bidi(str(message["text"]))


async def ask(bot: Chat, text: str = QUESTION, **more: Any) -> str:
    return words(await bot.tell(said(text, **more)))


def test_each_chat_hears_its_own_collection(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        async with running(assistant, others=NAMES, besides=besides) as bot:
            assert REFUSED in await ask(bot)
            assert "“press”" in await ask(bot, "/collection press")
            assert ANSWER in await ask(bot)
            assert "The harbour" in await ask(bot, "/sources")
            other = person(8)
            assert REFUSED in await ask(bot, user=other, chat=private(8))
            # What is remembered in one collection is nothing to follow up on in another.
            await ask(bot, "/collection default")
            remembered = await ask(bot, "/context")
            assert "did not answer" in remembered and "passage" not in remembered
            await ask(bot, "/collection press")
            assert "harbour" in await ask(bot, "/context")
            await ask(bot, "/forget")
            assert REFUSED in await ask(bot)

    play(scenario)


@pytest.mark.parametrize(
    ("who", "key"),
    [
        ({"user": person(7)}, "collection-not-yours"),
        ({"user": person(8)}, "collection-set"),
        ({"user": person(9)}, "collection-set"),
        (anonymous(group()), "collection-set"),
    ],
)
def test_in_a_group_its_administrators_choose(
    assistant: Assistant, besides: list[Assistant], who: Json, key: str
) -> None:
    async def scenario() -> None:
        admins = frozenset({"9"})
        async with running(assistant, others=NAMES, besides=besides, admins=admins) as bot:
            bot.api.administrators.add(8)
            reply = await ask(bot, "/collection press", **{"chat": group(), **who})
            name = "default" if key == "collection-not-yours" else "press"
            assert reply == strip_bidi(say("en", key, name=name))
            answered = await ask(bot, f"/ask {QUESTION}", chat=group(), user=person(7))
            assert (ANSWER if key == "collection-set" else REFUSED) in answered

    play(scenario)


def test_what_settings_bind_stays_as_it_is(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        fixed = {f"telegram:{GROUP}": "press"}
        async with running(assistant, others=NAMES, besides=besides, fixed=fixed) as bot:
            bot.api.administrators.add(7)
            assert "cannot be changed here" in await ask(bot, "/collection course", chat=group())
            assert ANSWER in await ask(bot, f"/ask {QUESTION}", chat=group())

    play(scenario)


def test_a_button_of_one_collection_finds_nothing_in_another(
    assistant: Assistant, besides: list[Assistant]
) -> None:
    """Both hold the same document, to the character."""

    async def scenario() -> None:
        async with running(assistant, others=NAMES, besides=besides) as bot:
            await ask(bot, "/collection press")
            answer = await bot.tell(said(QUESTION))
            around = button(answer, "button-around")
            assert "What changed" in words(await bot.press(pressed(answer, around)))
            await ask(bot, "/collection course")
            bot.api.push(pressed(answer, around))
            told = "The sources have changed since this answer"
            await bot.api.until(
                lambda: any(told in str(c.get("text")) for c in bot.api.of("answerCallbackQuery"))
            )

    play(scenario)


def test_a_collection_without_an_index_stops_no_other(assistant: Assistant, besides: list[Assistant]) -> None:
    async def scenario() -> None:
        async with running(assistant, others=NAMES, besides=besides) as bot:
            unavailable = strip_bidi(say("en", "collection-unavailable"))
            await ask(bot, "/collection empty")
            for text in (QUESTION, "/sources", "/start", "/help"):
                assert await ask(bot, text) == unavailable
            assert "no collection of that name" in await ask(bot, "/collection ../press")
            assert ANSWER not in await ask(bot, user=person(8), chat=private(8))
            await ask(bot, "/collection press")
            assert ANSWER in await ask(bot)

    play(scenario)


def test_a_supergroup_keeps_the_collection_of_the_group(
    assistant: Assistant, besides: list[Assistant]
) -> None:
    async def scenario() -> None:
        small = {"id": -77, "type": "group", "title": "Delegates"}
        async with running(assistant, others=NAMES, besides=besides) as bot:
            bot.api.administrators.add(7)
            await ask(bot, "/collection press", chat=small)
            bot.api.push(said(None, chat=small, migrate_to_chat_id=GROUP))
            await bot.settle()
            assert ANSWER in await ask(bot, f"/ask {QUESTION}", chat=group())

    play(scenario)


def test_a_document_goes_into_the_collection_of_its_chat(
    assistant: Assistant, besides: list[Assistant], small_corpus: Path, tmp_path: Path
) -> None:
    press = write_small(tmp_path / "press")

    async def scenario() -> None:
        documents = curated(small_corpus, "7", press=press)
        async with running(assistant, others=NAMES, besides=besides, documents=documents) as bot:
            bot.api.files["file"] = LAMPS
            await ask(bot, "/collection press")
            for language in INTERFACE_LANGUAGES:
                file = sent_file("lamps.md", size=len(LAMPS), user=person(7, language))
                named = strip_bidi(say(language, "documents-collection", name="press"))
                assert named in words(await bot.tell(file)).splitlines()
            preview = await bot.tell(sent_file("lamps.md", size=len(LAMPS)))
            listed = await bot.tell(said("/documents"))
            await ask(bot, "/collection default")
            # A button stays with the collection that it was shown in.
            [remove] = data_of(listed)
            told = await bot.press(pressed(listed, remove))
            assert words(told) == say("en", "documents-none")
            await bot.press(pressed(preview, button(preview, "documents-button-add")))
            assert (ids(small_corpus), ids(press)) == (["harbour"], ["harbour", "lamps"])
            preview = await bot.tell(sent_file("lamps.md", size=len(LAMPS)))
            assert "default" in words(preview)
            await bot.press(pressed(preview, button(preview, "documents-button-add")))
            assert ids(small_corpus) == ["harbour", "lamps"]
            await ask(bot, "/collection course")
            unavailable = strip_bidi(say("en", "collection-unavailable"))
            assert words(await bot.tell(sent_file("lamps.md", size=len(LAMPS)))) == unavailable
            assert await ask(bot, "/documents") == unavailable

    play(scenario)


def test_with_one_collection_there_is_no_such_command(assistant: Assistant) -> None:
    async def scenario() -> None:
        async with running(assistant) as bot:
            await bot.api.until(lambda: bool(bot.api.of("setMyShortDescription")))
            assert "collection" not in await ask(bot, "/collection")
            assert not any("collection" in str(menu) for menu in bot.api.of("setMyCommands"))

    play(scenario)

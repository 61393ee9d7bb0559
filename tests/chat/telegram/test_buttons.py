"""Buttons, reactions and what follows from them; after a restart and on another replica too."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from assemblybot.chat.telegram.references import References
from assemblybot.messages import say
from assemblybot.render.telegram_state import parse
from assemblybot.service.metrics import Metrics
from assemblybot.session import Feedback, SqliteStore
from assemblybot.session.base import Reason
from assemblybot.text.bidi import strip_bidi
from tests.chat.telegram.harness import NAMES, button, data_of, play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.indexes import index_of
from tests.doubles.telegram_api import Fault, TelegramApi
from tests.doubles.telegram_updates import blocked, person, pressed, private, reacted, said

USER = NAMES.user("telegram", 7)


def rating_of(message: dict[str, Any], references: References) -> str:
    found = parse(button(message, "button-helpful"))
    assert found
    return f"{references.passages(found[1])[0]}~{found[1].mark}"


def test_next_around_back_and_translation_change_the_message_in_place() -> None:
    asked = ScriptedAssistant()
    passages = asked.index.passages

    async def scenario() -> None:
        async with running(asked.as_assistant(), public_url="https://bot.example/") as chat:
            first = await chat.tell(said("When was it?"))
            second = await chat.press(pressed(first, button(first, "button-next")))
            body = strip_bidi(second["text"])
            assert body.index(passages[10].text) < body.index(passages[2].text)
            assert second["message_id"] == first["message_id"]
            again = await chat.press(pressed(second, button(second, "button-next")))
            assert again["text"] == first["text"] and again["entities"] == first["entities"]
            bare = await chat.press(pressed(again, button(again, "button-original")))
            assert "Unofficial" in first["text"] and "Unofficial" not in bare["text"]
            both = await chat.press(pressed(bare, button(bare, "button-translation")))
            assert both["text"] == first["text"]
            around = await chat.press(pressed(both, button(both, "button-around")))
            shown = [passage.text for passage in passages[1:4]]
            assert all(text in strip_bidi(around["text"]) for text in shown)
            back = await chat.press(pressed(around, button(around, "telegram-button-back")))
            assert back["text"] == first["text"]
            assert len(chat.api.sent()) == 1
            assert len(chat.api.of("answerCallbackQuery")) == 6
            assert back["reply_markup"]["inline_keyboard"][2][0]["url"].startswith(
                "https://bot.example/read/"
            )

    play(scenario)


def test_the_press_is_acknowledged_before_the_message_changes() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            first = await chat.tell(said("When was it?"))
            await chat.press(pressed(first, button(first, "button-next")))
            order = [call.method for call in chat.api.calls if call.method.startswith(("answerC", "edit"))]
            assert order == ["answerCallbackQuery", "editMessageText"]

    play(scenario)


def test_buttons_work_after_a_restart_with_nothing_remembered() -> None:
    async def scenario() -> None:
        async with TelegramApi() as api:
            async with running(ScriptedAssistant().as_assistant(), api=api) as chat:
                first = await chat.tell(said("Qui préside ?"))
                listed = await chat.tell(said("list les points"))
            async with running(ScriptedAssistant().as_assistant(), api=api) as chat:
                second = await chat.press(pressed(first, button(first, "button-next")))
                assert "Traduction non officielle" in second["text"]
                bare = await chat.press(pressed(listed, button(listed, "button-original")))
                assert strip_bidi(bare["text"]).count("• ") == 4

    play(scenario)


def test_buttons_of_a_text_that_has_changed_say_so() -> None:
    changed = ScriptedAssistant()
    document = changed.index.documents["marrakech-2025"]
    changed.index = index_of(replace(document, text=document.text + " "))

    async def scenario() -> None:
        async with TelegramApi() as api:
            async with running(ScriptedAssistant().as_assistant(), api=api) as chat:
                first = await chat.tell(said("When was it?"))
            async with running(changed.as_assistant(), api=api) as chat:
                presses = [pressed(first, data) for data in data_of(first)[:2]]
                for press in [*presses, pressed(first, "nonsense"), pressed(first, "qAAAAAAAAAeA")]:
                    api.push(press)
                await api.until(lambda: len(api.of("answerCallbackQuery")) == 4)
                told = api.of("answerCallbackQuery")
                assert {one["text"] for one in told} == {say("en", "telegram-outdated")}
                assert all(one["show_alert"] for one in told)
                await chat.settle()
                assert not api.of("editMessageText")

    play(scenario)


def test_a_button_under_a_message_that_is_gone() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            first = await chat.tell(said("When was it?"))
            chat.api.delete(first["chat"]["id"], first["message_id"])
            chat.api.push(pressed(first, button(first, "button-next")))
            gone = {"chat": first["chat"], "message_id": first["message_id"], "date": 0}
            chat.api.push(pressed(gone, button(first, "button-next")))
            await chat.api.until(lambda: len(chat.api.of("answerCallbackQuery")) == 2)
            await chat.settle()
            assert len(chat.api.sent()) == 1
            assert chat.api.of("answerCallbackQuery")[1]["text"] == say("en", "telegram-too-old")
            await chat.tell(said("Still there?"))

    play(scenario)


def test_a_press_made_while_the_bot_was_down_still_changes_the_message() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            first = await chat.tell(said("When was it?"))
            chat.api.fail("answerCallbackQuery", Fault(400, "Bad Request: query is too old"))
            await chat.press(pressed(first, button(first, "button-next")))

    play(scenario)


def test_pressing_twice_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            first = await chat.tell(said("When was it?"))
            await chat.press(pressed(first, button(first, "button-next")))
            chat.api.push(pressed(first, button(first, "button-next")))
            await chat.api.until(lambda: len(chat.api.of("answerCallbackQuery")) == 2)
            await chat.settle()
            assert len(chat.api.of("editMessageText")) == 1

    play(scenario)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_suggestion_is_asked_when_it_is_tapped() -> None:
    asked = ScriptedAssistant()

    async def scenario() -> None:
        async with running(asked.as_assistant()) as chat:
            nothing = await chat.tell(said("off the subject"))
            assert "👍" not in str(nothing["reply_markup"])
            data = data_of(nothing)
            assert len(data) == 3
            await chat.tell(pressed(nothing, data[1]))
            told = chat.api.sent()[-1]
            assert told["reply_parameters"]["message_id"] == nothing["message_id"]
            captions = [row[0]["text"] for row in nothing["reply_markup"]["inline_keyboard"]]
            assert captions[1] == asked.texts[-1]
            assert not any(caption in nothing["text"] for caption in captions)

    play(scenario)


def test_a_suggestion_that_was_worded_anew_is_asked_in_its_new_words() -> None:
    changed = ScriptedAssistant()
    document = changed.index.documents["marrakech-2025"]
    anew = {number: {"en": ("Worded anew?",)} for number in document.questions}
    changed.index = index_of(replace(document, questions=anew))

    async def scenario() -> None:
        async with TelegramApi() as api:
            async with running(ScriptedAssistant().as_assistant(), api=api) as chat:
                nothing = await chat.tell(said("off the subject"))
            async with running(changed.as_assistant(), api=api) as chat:
                await chat.tell(pressed(nothing, data_of(nothing)[0]))

    play(scenario)
    assert changed.texts == ["Worded anew?"]


def test_ratings_by_button_and_by_reaction() -> None:
    asked = ScriptedAssistant()
    references = References(asked.as_assistant().index)
    metrics = Metrics()

    async def scenario() -> None:
        async with running(asked.as_assistant(), metrics=metrics) as chat:
            told = await chat.tell(said("When was it?"))
            key, number = rating_of(told, references), told["message_id"]

            async def rates(update: dict[str, Any], expected: Feedback) -> None:
                chat.api.push(update)
                await chat.until_stored(lambda: chat.store.feedback(key), expected)

            await rates(pressed(told, button(told, "button-helpful")), Feedback(1, 0))
            assert chat.api.of("answerCallbackQuery")[-1]["text"] == say("en", "feedback-thanks")
            await rates(pressed(told, button(told, "button-not-helpful")), Feedback(0, 1))
            other = person(8)
            await rates(reacted(private(), number, "❤", user=other), Feedback(1, 1))
            await rates(reacted(private(), number, "👎", user=other), Feedback(0, 2))
            await rates(reacted(private(), number, user=other), Feedback(0, 1))
            chat.api.push(reacted(private(), 999, "👍", user=other))
            await chat.settle()
            assert await chat.store.feedback(key) == Feedback(0, 1)
            counted = generate_latest(metrics.registry).decode()
            assert 'ratings_total{platform="telegram",rating="helpful"} 2.0' in counted
            assert 'ratings_total{platform="telegram",rating="not_helpful"} 2.0' in counted

    play(scenario)


@pytest.mark.parametrize("reason", Reason)
def test_who_is_not_helped_is_asked_why_in_the_place_of_the_buttons(reason: Reason) -> None:
    asked = ScriptedAssistant()
    references = References(asked.as_assistant().index)
    metrics = Metrics()

    async def scenario() -> None:
        async with running(asked.as_assistant(), metrics=metrics) as chat:
            told = await chat.tell(said("Quand ?", user=person(language="fr")))
            key = rating_of(told, references)
            why = await chat.press(pressed(told, button(told, "button-not-helpful")))
            assert chat.api.of("answerCallbackQuery")[-1]["text"] == say("fr", "feedback-why")
            assert (why["text"], why["entities"]) == (told["text"], told["entities"])
            assert len(data_of(why)) == len(Reason) + 1
            assert await chat.store.feedback(key) == Feedback(0, 1)
            back = await chat.press(pressed(why, button(why, f"button-{reason}")))
            assert chat.api.of("answerCallbackQuery")[-1]["text"] == say("fr", "feedback-thanks")
            assert back["reply_markup"] == told["reply_markup"] and back["text"] == told["text"]
            assert await chat.store.feedback(key) == Feedback(0, 1, {reason: 1})
            counted = generate_latest(metrics.registry).decode()
            assert f'rating_reasons_total{{platform="telegram",reason="{reason}"}} 1.0' in counted

    play(scenario)


def test_who_does_not_say_why_goes_back_to_the_answer() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            told = await chat.tell(said("When was it?"))
            why = await chat.press(pressed(told, button(told, "button-not-helpful")))
            back = await chat.press(pressed(why, button(why, "telegram-button-back")))
            assert back["reply_markup"] == told["reply_markup"] and back["text"] == told["text"]

    play(scenario)


def test_languages_and_forgetting_by_button() -> None:
    async def scenario() -> None:
        async with running(ScriptedAssistant().as_assistant()) as chat:
            menu = await chat.tell(said("/lang"))
            assert data_of(menu) == ["l1ar", "l1fr", "l1en", "l1es", "l1auto"]
            privacy = await chat.tell(said("/privacy"))
            for data, text in (
                ("l1fr", say("fr", "language-set")),
                ("f1", say("fr", "forgotten")),
                ("l1auto", say("en", "language-automatic")),
            ):
                chat.api.push(pressed(privacy, data))
                await chat.settle()
                assert chat.api.of("answerCallbackQuery")[-1]["text"] == text

    play(scenario)


def test_who_blocks_the_bot_is_forgotten(tmp_path: Path) -> None:
    async def scenario() -> None:
        store = await SqliteStore.open(tmp_path / "s.db")
        async with running(ScriptedAssistant().as_assistant(), store=store) as chat:
            await chat.tell(said("/lang fr"))
            assert await store.get_preference(USER, "language") == "fr"
            chat.api.push(blocked())
            await chat.settle()
            assert await store.get_preference(USER, "language") is None
        await store.close()

    play(scenario)

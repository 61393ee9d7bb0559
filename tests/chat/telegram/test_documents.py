"""Documents that curators send to the bot in Telegram, and what everybody else is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assemblybot import Assistant
from assemblybot.chat.fetching import LARGEST_FILE
from assemblybot.messages import say
from assemblybot.text.bidi import strip_bidi
from tests.chat.curated import LAMPS, curated, ids
from tests.chat.telegram.harness import Chat, button, data_of, play, running
from tests.doubles.telegram_api import Fault, TelegramApi
from tests.doubles.telegram_updates import Json, edited, group, person, pressed, said, sent_file

ADD, REMOVE, CANCEL = (f"documents-button-{name}" for name in ("add", "remove", "cancel"))
STRANGER = person(8)


def shown(message: Json, key: str, **values: str) -> bool:
    return strip_bidi(say("en", key, **values)) in strip_bidi(message["text"])


async def sent(chat: Chat, name: str | None, data: bytes, **more: Any) -> Json:
    """A file is uploaded and sent; the answer to it."""
    chat.api.files["file"] = data
    return await chat.tell(sent_file(name, size=len(data), **more))


@pytest.mark.parametrize("caption", [None, "Please add this."])
def test_a_curator_sees_a_preview_and_adds_the_document(
    assistant: Assistant, small_corpus: Path, caption: str | None
) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            preview = await sent(chat, "lamps.md", LAMPS, **({"caption": caption} if caption else {}))
            assert shown(preview, "documents-preview", title="The lamps")
            assert shown(preview, "documents-left-out", what="pictures")
            assert "default" not in preview["text"]  # it is the only collection
            assert chat.api.sent()[-1]["reply_parameters"]["message_id"]
            assert ids(small_corpus) == ["harbour"]
            done = await chat.press(pressed(preview, button(preview, ADD)))
            assert shown(done, "documents-added", title="The lamps")
            assert not data_of(done)
            assert ids(small_corpus) == ["harbour", "lamps"]

    play(scenario)


def test_the_list_of_documents_removes_one_after_a_second_question(
    assistant: Assistant, small_corpus: Path
) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            preview = await sent(chat, "lamps.md", LAMPS)
            await chat.press(pressed(preview, button(preview, ADD)))
            listed = await chat.tell(said("/documents harbour"))
            assert shown(listed, "documents-list")
            [data] = data_of(listed)
            asked = await chat.press(pressed(listed, data))
            assert shown(asked, "documents-remove", title="The harbour", document="harbour")
            done = await chat.press(pressed(asked, button(asked, REMOVE)))
            assert shown(done, "documents-removed", title="The harbour")
            assert ids(small_corpus) == ["lamps"]

    play(scenario)


def test_a_stranger_who_sends_a_file_hears_the_polite_line_and_nothing_is_fetched(
    assistant: Assistant, small_corpus: Path
) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            told = await sent(chat, "lamps.md", LAMPS, user=STRANGER)
            assert told["text"] == say("en", "telegram-only-text")
            listed = await chat.tell(said("/documents", user=STRANGER))
            assert shown(listed, "sources-title")
            assert not data_of(listed)
            assert not chat.api.of("getFile")

    play(scenario)


def test_a_stranger_cannot_press_the_button_of_a_curator(assistant: Assistant, small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            preview = await sent(chat, "lamps.md", LAMPS)
            chat.api.push(pressed(preview, button(preview, ADD), STRANGER))
            await chat.api.until(lambda: bool(chat.api.of("answerCallbackQuery")))
            [told] = chat.api.of("answerCallbackQuery")
            assert told["text"] == say("en", "documents-curators-only")
            assert ids(small_corpus) == ["harbour"]
            cancelled = await chat.press(pressed(preview, button(preview, CANCEL)))
            assert shown(cancelled, "documents-cancelled")

    play(scenario)


def test_without_curators_files_links_and_the_command_are_as_they_were(assistant: Assistant) -> None:
    async def scenario() -> None:
        async with running(assistant) as chat:
            assert (await sent(chat, "lamps.md", LAMPS))["text"] == say("en", "telegram-only-text")
            assert shown(await chat.tell(said("/documents")), "sources-title")
            assert not shown(await chat.tell(said("https://files.example.org/a.txt")), "documents-private")

    play(scenario)


def test_in_a_group_a_curator_gets_no_buttons(assistant: Assistant, small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            listed = await chat.tell(said("/documents", chat=group()))
            assert shown(listed, "sources-title")
            chat.api.files["file"] = LAMPS
            chat.api.push(sent_file("lamps.md", chat=group()))
            await chat.settle()
            assert len(chat.api.sent()) == 1

    play(scenario)


def test_words_beside_a_file_that_is_not_read_are_a_question(
    assistant: Assistant, small_corpus: Path
) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            answer = await sent(chat, "picture.png", b"\x89PNG", caption="When did the assembly meet?")
            assert answer["reply_markup"]
            assert not chat.api.of("getFile")
            refused = await sent(chat, "picture.png", b"\x89PNG")
            assert shown(
                refused, "documents-wrong-type", types=".docx, .epub, .htm, .html, .md, .odt, .pdf, .txt"
            )

    play(scenario)


@pytest.mark.parametrize(
    ("size", "fault", "key"),
    [
        (LARGEST_FILE + 1, None, "documents-too-large"),
        (None, Fault(status=400, description="Bad Request: file is too big"), "documents-too-large"),
        (None, Fault(status=400, description="Bad Request: wrong file_id"), "documents-not-fetched"),
        (None, Fault(status=403, description="Forbidden"), "documents-not-fetched"),
    ],
)
def test_what_telegram_does_not_give_is_said(
    assistant: Assistant, small_corpus: Path, size: int | None, fault: Fault | None, key: str
) -> None:
    async def scenario() -> None:
        async with TelegramApi() as api:
            if fault:
                api.fail("getFile", fault)
            api.files["file"] = LAMPS
            async with running(assistant, api=api, documents=curated(small_corpus, "7")) as chat:
                told = await chat.tell(sent_file("lamps.md", size=size))
                assert strip_bidi(told["text"]) == strip_bidi(
                    say("en", key, **({"limit": 20} if key == "documents-too-large" else {}))
                )

    play(scenario)


def test_a_file_without_a_name_goes_by_its_type(assistant: Assistant, small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            chat.api.files["file"] = b"<h1>The lamps</h1><p>They were lit in June.</p>"
            update = sent_file(None)
            update["message"]["document"]["mime_type"] = "text/html"
            assert shown(await chat.tell(update), "documents-preview", title="The lamps")

    play(scenario)


def test_a_link_is_followed_to_allowed_hosts_alone(assistant: Assistant, small_corpus: Path) -> None:
    async def scenario() -> None:
        hosts = ("files.invalid",)
        async with running(assistant, documents=curated(small_corpus, "7", hosts=hosts)) as chat:
            refused = await chat.tell(said("https://127.0.0.1/lamps.md"))
            assert shown(refused, "documents-link-refused", hosts="files.invalid")
            assert shown(
                await chat.tell(said("http://files.invalid/lamps.md")),
                "documents-link-refused",
                hosts="files.invalid",
            )
            assert shown(await chat.tell(said("https://files.invalid/lamps.md")), "documents-not-fetched")
            asked = await chat.tell(said("https://files.invalid/lamps.md", user=STRANGER))
            assert not shown(asked, "documents-not-fetched")

    play(scenario)


def test_an_edited_caption_does_not_preview_again(assistant: Assistant, small_corpus: Path) -> None:
    async def scenario() -> None:
        async with running(assistant, documents=curated(small_corpus, "7")) as chat:
            update = sent_file("lamps.md", caption="Please add.")
            chat.api.files["file"] = LAMPS
            await chat.tell(update)
            changed = edited(update["message"], "") | {}
            changed["edited_message"] |= {"caption": "Please do add."}
            del changed["edited_message"]["text"], changed["edited_message"]["entities"]
            chat.api.push(changed)
            await chat.settle()
            assert len(chat.api.of("getFile")) == 1

    play(scenario)

"""Documents that curators send, without a platform: what is previewed, changed, refused and told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from assemblybot.chat.documents import Actor
from assemblybot.chat.fetching import LARGEST_FILE, Fetch, Sent, check_size, readable_name
from assemblybot.corpus import library
from assemblybot.corpus.stored_questions import store_question
from assemblybot.messages import say
from assemblybot.render.cards import Card
from assemblybot.session import SqliteStore
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.chat.curated import LAMPS, NAMES, curated, ids
from tests.conftest import SMALL_TEXT
from tests.session.clock import Clock

ANA, BEN = (Actor("telegram", NAMES.user("telegram", number), "en") for number in (7, 8))


class Uploads:
    """A platform that holds files by their names, and forgets or changes them when told to."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def send(self, name: str, data: bytes) -> Sent:
        self.files[name] = data
        return Sent(id=name, name=name, size=len(data))

    async def fetch(self, sent: Sent, folder: Path) -> Path:
        check_size(sent.size)
        target = folder / readable_name(sent.name)
        await asyncio.to_thread(target.write_bytes, self.files[sent.id])
        return target


class Chat:
    """Documents of a small corpus with a platform, a store and a clock."""

    def __init__(self, corpus: Path, store: SqliteStore, clock: Clock) -> None:
        self.corpus = corpus
        self.clock = clock
        self.store = store
        self.uploads = Uploads()
        self.documents = curated(corpus, "7", "8", "U0ASKER")(store)

    async def send(self, name: str, data: bytes, by: Actor = ANA) -> Card:
        return await self.documents.offer(by, self.uploads.send(name, data), self.uploads.fetch)

    async def press(self, card: Card, key: str, by: Actor = ANA) -> Card | None:
        [data] = [button.data for row in card.rows for button in row if button.text == say("en", key)]
        return await self.documents.press(by, data, self.uploads.fetch)

    @property
    def ids(self) -> list[str]:
        return ids(self.corpus)


def play(corpus: Path, scenario: Callable[[Chat], Awaitable[None]], limit: str = "1000 per minute") -> None:
    async def main() -> None:
        clock = Clock()
        store = await SqliteStore.open(clock=clock, limit=limit)
        try:
            await scenario(Chat(corpus, store, clock))
        finally:
            await store.close()

    asyncio.run(main())


def text(card: Card | None) -> str:
    assert card
    return strip_bidi("\n".join(card.lines))


def said(key: str, **values: Any) -> str:
    return strip_bidi(say("en", key, **values))


ADD, REPLACE, REMOVE, CANCEL = (f"documents-button-{name}" for name in ("add", "replace", "remove", "cancel"))


def test_a_preview_says_what_was_read_and_add_puts_it_into_the_corpus(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        card = await chat.send("Lamps.md", LAMPS)
        assert text(card).split("\n") == [
            said("documents-preview", title="The lamps"),
            said("documents-about", language="English", count=2),
            said("documents-left-out", what="pictures"),
        ]
        assert chat.ids == ["harbour"]
        done = await chat.press(card, ADD)
        assert text(done) == said("documents-added", title="The lamps")
        assert done
        assert not done.rows
        assert chat.ids == ["harbour", "lamps"]
        assert library.load(chat.corpus).documents[1].text.startswith("The lamps")

    play(small_corpus, scenario)


def test_cancel_changes_nothing_and_a_decided_preview_is_not_decided_again(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        card = await chat.send("lamps.md", LAMPS)
        assert text(await chat.press(card, CANCEL)) == said("documents-cancelled")
        assert await chat.press(card, ADD) is None
        assert chat.ids == ["harbour"]

    play(small_corpus, scenario)


def test_a_document_of_that_name_is_replaced_and_keeps_its_author(small_corpus: Path) -> None:
    with (small_corpus / "harbour" / "document.toml").open("a") as file:
        file.write('author = "Ana Torres"\n')

    async def scenario(chat: Chat) -> None:
        card = await chat.send("harbour.txt", SMALL_TEXT.replace("nine", "ten").encode())
        assert said("documents-replaces", title="The harbour", document="harbour") in text(card)
        done = await chat.press(card, REPLACE)
        assert text(done) == said("documents-replaced", title="The new harbour of Port Ellen")
        [document] = library.load(chat.corpus).documents
        assert "ten years" in document.text
        assert document.metadata.author == "Ana Torres"

    play(small_corpus, scenario)


def test_a_document_is_removed_after_a_second_question_and_never_the_only_one(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        listed = await chat.documents.listing(ANA, "")
        ask = listed.rows[0][0].data
        only = await chat.documents.press(ANA, ask, chat.uploads.fetch)
        assert text(only) == said("documents-only", title="The harbour")
        await chat.press(await chat.send("lamps.md", LAMPS), ADD)
        asked = await chat.documents.press(ANA, ask, chat.uploads.fetch)
        assert text(asked) == said("documents-remove", title="The harbour", document="harbour")
        assert asked
        assert chat.ids == ["harbour", "lamps"]
        assert text(await chat.press(asked, REMOVE)) == said("documents-removed", title="The harbour")
        assert chat.ids == ["lamps"]
        gone = await chat.documents.press(ANA, ask, chat.uploads.fetch)
        assert text(gone) == said("documents-none")

    play(small_corpus, scenario)


def test_a_document_that_changed_meanwhile_is_asked_about_anew(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        await chat.press(await chat.send("lamps.md", LAMPS), ADD)
        listed = await chat.documents.listing(ANA, "harbour")
        asked = [
            await chat.documents.press(by, listed.rows[0][0].data, chat.uploads.fetch) for by in (ANA, BEN)
        ]
        store_question(chat.corpus / "harbour", 1, "en", "Which harbour is new?")
        again = await chat.press(asked[0] or listed, REMOVE)
        assert text(again).split("\n")[0] == said("documents-meanwhile")
        assert chat.ids == ["harbour", "lamps"]
        assert text(await chat.press(again or listed, REMOVE)) == said(
            "documents-removed", title="The harbour"
        )
        assert text(await chat.press(asked[1] or listed, REMOVE, BEN)) == said("documents-none")

    play(small_corpus, scenario)


def test_a_list_holds_ten_and_finds_the_others_by_their_words(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        for number in range(11):
            await chat.press(await chat.send(f"part {number}.md", LAMPS + b"Part %d.\n" % number), ADD)
        listed = await chat.documents.listing(ANA, "")
        assert len(listed.rows) == 10
        assert text(listed).split("\n")[1] == said(
            "documents-listed", title="The harbour", language="English"
        )
        assert said("documents-more-listed", count=2) in text(listed)
        assert len((await chat.documents.listing(ANA, "PART-10")).rows) == 1
        assert text(await chat.documents.listing(ANA, "nothing")) == said("documents-none")

    play(small_corpus, scenario)


def pdf(words: str = "") -> bytes:
    """A page with these words; without them, as a scan is."""
    made = FPDF()
    made.add_page()
    if words:
        made.set_font("Helvetica", size=12)
        made.cell(text=words)
    return bytes(made.output())


TYPES = ".docx, .epub, .htm, .html, .md, .odt, .pdf, .txt"


@pytest.mark.parametrize(
    ("name", "data", "key", "words"),
    [
        ("large.pdf", bytes(LARGEST_FILE + 1), "documents-too-large", "20 MB"),
        ("tool.exe", b"MZ", "documents-wrong-type", TYPES),
        ("picture.png", b"\x89PNG", "documents-wrong-type", TYPES),
        ("empty.txt", b"", "documents-refused", "empty.txt"),
        ("blank.md", b" \n\n ", "documents-refused", "no readable text"),
        ("damaged.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 100, "documents-refused", "damaged.pdf"),
        ("damaged.docx", b"PK\x03\x04 no archive", "documents-refused", "damaged"),
        ("scan.pdf", pdf(), "documents-refused", "scan.pdf"),
        ("bytes.txt", bytes(range(256)) * 9, "documents-refused", "bytes.txt"),
        ("again.txt", SMALL_TEXT.encode(), "documents-twin", "harbour"),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_sentence_and_without_a_button(
    small_corpus: Path, name: str, data: bytes, key: str, words: str
) -> None:
    async def scenario(chat: Chat) -> None:
        card = await chat.send(name, data)
        frame = say("en", key, **dict.fromkeys(("limit", "types", "reason", "title", "document"), "\0"))
        assert strip_bidi(frame).split("\0")[0] in text(card)
        assert words in text(card)
        assert not card.rows
        assert chat.ids == ["harbour"]

    play(small_corpus, scenario)


def test_a_preview_expires_and_goes_with_whoever_is_forgotten(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        old = await chat.send("lamps.md", LAMPS)
        chat.clock.now += 3601
        assert text(await chat.press(old, ADD)) == said("documents-expired")
        new = await chat.send("lamps.md", LAMPS)
        await chat.store.forget(ANA.user)
        assert text(await chat.press(new, ADD)) == said("documents-expired")
        assert chat.ids == ["harbour"]

    play(small_corpus, scenario)


def test_of_two_curators_who_add_at_once_one_adds_and_the_other_is_shown_what_is_there(
    small_corpus: Path,
) -> None:
    async def scenario(chat: Chat) -> None:
        first = await chat.send("lamps.md", LAMPS, ANA)
        second = await chat.send("Lamps.md", LAMPS + b"And in July.\n", BEN)
        done = await asyncio.gather(chat.press(first, ADD, ANA), chat.press(second, ADD, BEN))
        told = [text(card).split("\n")[0] for card in done]
        assert sorted(told) == sorted(
            [said("documents-added", title="The lamps"), said("documents-meanwhile")]
        )
        late = next(card for card in done if card and card.rows)
        assert said("documents-replaces", title="The lamps", document="lamps") in text(late)
        assert text(await chat.press(late, REPLACE, BEN)) == said("documents-replaced", title="The lamps")

    play(small_corpus, scenario)


def test_of_two_presses_of_one_button_one_counts(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        card = await chat.send("lamps.md", LAMPS)
        done = await asyncio.gather(chat.press(card, ADD, ANA), chat.press(card, ADD, BEN))
        assert sorted(card is None for card in done) == [False, True]

    play(small_corpus, scenario)


def test_what_goes_in_is_what_was_previewed(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        card = await chat.send("lamps.md", LAMPS)
        chat.uploads.files["lamps.md"] = b"# Something else\n\nNobody has looked at this.\n"
        again = await chat.press(card, ADD)
        assert text(again).startswith(said("documents-meanwhile"))
        assert said("documents-preview", title="Something else") in text(again)
        assert chat.ids == ["harbour"]

    play(small_corpus, scenario)


@pytest.mark.parametrize("action", ["p", "r", "x", ""])
def test_data_that_no_button_holds_changes_nothing(small_corpus: Path, action: str) -> None:
    async def scenario(chat: Chat) -> None:
        card = await chat.send("harbour.txt", LAMPS)
        name = card.rows[0][0].data[1:]
        # a random name may begin with the letter of an action
        other = name if action in ("r", "x") else "0" * 16
        told = await chat.documents.press(ANA, action + other, chat.uploads.fetch)
        assert text(told) == said("documents-expired")
        assert "nine years" in library.load(chat.corpus).documents[0].text

    play(small_corpus, scenario)


def test_who_is_a_curator(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        found = [
            user for user in (7, "7", 77, -7, "U0ASKER", "U0OTHER", "") if chat.documents.is_curator(user)
        ]
        assert found == [7, "7", "U0ASKER"]

    play(small_corpus, scenario)


@pytest.mark.parametrize("limit", ["1 per minute", "1 per second"])
def test_a_curator_who_sends_too_much_is_told_to_wait(small_corpus: Path, limit: str) -> None:
    async def scenario(chat: Chat) -> None:
        cards = await asyncio.gather(chat.send("lamps.md", LAMPS), chat.send("lamps.md", LAMPS))
        assert cards[0].rows
        assert text(cards[1]).startswith("You have asked many questions")

    play(small_corpus, scenario, limit)


def test_of_many_files_at_once_some_are_told_that_all_is_busy(small_corpus: Path) -> None:
    async def scenario(chat: Chat) -> None:
        gate = asyncio.Event()

        async def slowly(sent: Sent, folder: Path) -> Path:
            await gate.wait()
            return await chat.uploads.fetch(sent, folder)

        sent = [chat.uploads.send(f"{number}.md", LAMPS) for number in range(9)]
        fetch: Fetch = slowly
        at_work = [asyncio.create_task(chat.documents.offer(ANA, one, fetch)) for one in sent]
        await asyncio.wait(at_work, return_when=asyncio.FIRST_COMPLETED)
        gate.set()
        told = [text(card) for card in await asyncio.gather(*at_work)]
        assert told.count(said("busy")) == 1

    play(small_corpus, scenario)


def test_a_corpus_that_cannot_be_written_to_is_said_and_an_unforeseen_failure_is_logged_without_content(
    small_corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(sent: Sent, folder: Path) -> Path:
        raise RuntimeError(f"secret words in {sent.name}")

    async def scenario(chat: Chat) -> None:
        sent = chat.uploads.send("secret lamps.md", LAMPS)
        assert text(await chat.documents.offer(ANA, sent, broken)) == said("failed")
        (chat.corpus / ".lock").mkdir()
        card = await chat.send("lamps.md", LAMPS)
        assert text(await chat.press(card, ADD)) == said("documents-unwritable")

    play(small_corpus, scenario)
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_the_audit_trail_says_who_did_what_and_nothing_of_the_content(
    small_corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "assemblybot.audit")

    async def scenario(chat: Chat) -> None:
        await chat.press(await chat.send("lamps.md", LAMPS), ADD)
        await chat.press(await chat.send("harbour.md", LAMPS + b"More."), REPLACE, BEN)
        await chat.press(await chat.send("third.md", LAMPS + b"Third."), CANCEL)
        await chat.send("tool.exe", b"MZ")
        listed = await chat.documents.listing(ANA, "harbour")
        asked = await chat.documents.press(ANA, listed.rows[0][0].data, chat.uploads.fetch)
        assert asked
        await chat.press(asked, REMOVE)

    play(small_corpus, scenario)
    trail = [(record.getMessage(), record.__dict__["fields"]) for record in caplog.records]
    ana, ben = ({"platform": "telegram", "who": by.user, "collection": "default"} for by in (ANA, BEN))
    assert trail == [
        ("document previewed", ana | {"document": "lamps"}),
        ("document added", ana | {"document": "lamps"}),
        ("document previewed", ana | {"document": "harbour"}),
        ("document replaced", ben | {"document": "harbour"}),
        ("document previewed", ana | {"document": "third"}),
        ("document cancelled", ana | {"document": "third"}),
        ("document refused", ana),
        ("document removed", ana | {"document": "harbour"}),
    ]


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_language_has_the_buttons_of_a_preview(small_corpus: Path, language: InterfaceLanguage) -> None:
    async def scenario(chat: Chat) -> None:
        card = await chat.send("lamps.md", LAMPS, Actor("slack", ANA.user, language))
        assert [choice.text for choice in card.rows[0]] == [say(language, ADD), say(language, CANCEL)]

    play(small_corpus, scenario)

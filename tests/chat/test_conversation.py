"""What every platform does alike: languages, memory, ratings, neighbours."""

from __future__ import annotations

import asyncio

import pytest

from assemblybot.chat.conversation import Conversation, known_language
from assemblybot.chat.desk import AnswerDesk
from assemblybot.chat.observe import Observer
from assemblybot.session import Pseudonyms, SqliteStore
from assemblybot.session.base import Reason
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant

NAMES = Pseudonyms(b"k" * 32)
USER = NAMES.user("somewhere", 1)


class Counting(Observer):
    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def rated(self, platform: str, value: int) -> None:
        self.told.append((platform, value))

    def explained(self, platform: str, reason: Reason) -> None:
        self.told.append((platform, reason))


@pytest.mark.parametrize(("code", "known"), [("fr", "fr"), ("ary", None), ("", None), (None, None)])
def test_the_languages_of_the_interface_are_known(code: str | None, known: str | None) -> None:
    assert known_language(code) == known


def test_a_language_an_answer_and_a_rating_are_kept() -> None:
    async def scenario() -> None:
        store = await SqliteStore.open()
        observer = Counting()
        desk = AnswerDesk(ScriptedAssistant().as_assistant(), observer=observer)
        conversation = Conversation("somewhere", desk, store)
        assert await conversation.chosen(USER) is None
        await conversation.choose(USER, "es")
        assert await conversation.chosen(USER) == "es"
        here, there = NAMES.conversation("somewhere", 1), NAMES.conversation("somewhere", 2)
        await conversation.remember([here, there], USER, answers.not_in_corpus("en"))
        assert await store.recall(here) is None
        await conversation.remember([here, there], USER, answers.answered("en"))
        kept = await store.recall(here)
        assert kept is not None
        assert kept == await store.recall(there)
        assert kept.citations == tuple(c.passage for c in answers.answered("en").citations)
        await conversation.rate("key", USER, -1)
        await conversation.explain("key", USER, Reason.OTHER)
        assert observer.told == [("somewhere", -1), ("somewhere", Reason.OTHER)]
        desk.close()
        await store.close()

    asyncio.run(scenario())


def test_neighbours_stay_in_the_document_and_a_lost_passage_has_none() -> None:
    async def scenario() -> None:
        store = await SqliteStore.open()
        desk = AnswerDesk(ScriptedAssistant().as_assistant())
        conversation = Conversation("somewhere", desk, store)
        document = answers.document().id
        assert [c.paragraph for c in conversation.neighbours(f"{document}#3", "en")] == [2, 3, 4]
        assert [c.paragraph for c in conversation.neighbours(f"{document}#1", "en")] == [1, 2]
        assert conversation.neighbours("gone#1", "en") == ()
        desk.close()
        await store.close()

    asyncio.run(scenario())

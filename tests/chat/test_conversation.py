"""What every platform does alike: languages, memory, ratings, neighbours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from assemblybot.answering.answer import Answer, Context, Source, Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.chat.answer_queue import AnswerQueue, BusyError
from assemblybot.chat.bindings import Bindings
from assemblybot.chat.conversation import Asked, Conversation, Reply
from assemblybot.chat.observe import Counted, Observer
from assemblybot.chat.stored_conversation import Shared, StoredConversation
from assemblybot.errors import QuestionError, QuestionTooLongError
from assemblybot.session import Pseudonyms, SessionStore, SqliteStore
from assemblybot.session.base import Reason
from assemblybot.session.identity import rating_key_of
from tests.chat.curated import without_curators
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant

NAMES = Pseudonyms(b"k" * 32)
USER = NAMES.user("somewhere", 1)


class Counting(Observer):
    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def count(self, what: Counted, *labels: str, times: int = 1) -> None:
        self.told.append((what, *labels))


def stored(queue: AnswerQueue, store: SessionStore) -> StoredConversation:
    bindings = Bindings(store, NAMES, queue.collections)
    return StoredConversation("somewhere", Shared(queue, store, NAMES, bindings, without_curators(store)))


def test_a_language_an_answer_and_a_rating_are_kept() -> None:
    async def scenario() -> None:
        store = await SqliteStore.open()
        observer = Counting()
        queue = AnswerQueue(ScriptedAssistant().as_assistant(), observer=observer)
        conversation = stored(queue, store)
        assert await conversation.chosen(USER) is None
        await conversation.choose(USER, "es")
        assert await conversation.chosen(USER) == "es"
        here, there = NAMES.conversation("somewhere", 1), NAMES.conversation("somewhere", 2)
        asked = Asked("When?", USER)
        await conversation.remember(Reply(asked, "en", answers.not_in_corpus("en")), [here, there])
        assert await store.recall(here) == Context(language="en", refused="?")
        await conversation.remember(Reply(asked, "en", answers.answered("en")), [here, there])
        kept = await store.recall(here)
        assert kept is not None
        assert kept == await store.recall(there)
        assert kept.citations == tuple(c.passage for c in answers.answered("en").citations)
        await conversation.rate("key", USER, -1)
        await conversation.explain("key", USER, Reason.OTHER)
        assert observer.told == [
            ("ratings", "somewhere", "not_helpful"),
            ("rating_reasons", "somewhere", "other"),
        ]
        queue.close()
        await store.close()

    asyncio.run(scenario())


@asynccontextmanager
async def talking(
    limit: str = "100 per minute",
) -> AsyncIterator[tuple[StoredConversation, ScriptedAssistant]]:
    scripted, store = ScriptedAssistant(), await SqliteStore.open(limit=limit)
    queue = AnswerQueue(scripted.as_assistant())
    yield stored(queue, store), scripted
    queue.close()
    await store.close()


def test_a_question_leans_on_the_first_conversation_that_has_something_remembered() -> None:
    async def scenario() -> None:
        async with talking() as (conversation, scripted):
            empty, here, there = (NAMES.conversation("somewhere", n) for n in range(3))
            await conversation.answer(Asked("here?", USER, (here,)))
            await conversation.answer(Asked("there?", USER, (there,)))
            await conversation.answer(Asked("and?", USER, (empty,), leans_on=(empty, here, there)))
            await conversation.answer(Asked("alone?", USER, (here,), leans_on=()))
            leaned = [context.question if context else None for _, context, _ in scripted.asked]
            assert leaned == [None, None, "here?", None]
            kept = await conversation.store.recall(empty)
            assert kept is not None
            assert kept.question == "and?"

    asyncio.run(scenario())


def test_answers_and_words_are_in_the_language_that_was_chosen() -> None:
    async def scenario() -> None:
        async with talking(limit="2 per minute") as (conversation, _):
            asked = Asked("Who chaired it?", USER, speaks="es")
            assert (await conversation.answer(asked)).language == "en"
            await conversation.choose(USER, "fr")
            reply = await conversation.answer(asked)
            assert reply.answer is not None
            assert (reply.language, reply.answer.language) == ("fr", "fr")
            translations = [citation.translation for citation in reply.answer.citations]
            assert {translation and translation.language for translation in translations} == {"fr"}
            late = await conversation.answer(asked)
            assert (late.answer, late.key, late.language) == (None, "slow-down", "fr")
            assert late.wait > 0
            await conversation.choose(USER, None)
            assert await conversation.speaks(asked) == "en"
            assert await conversation.speaks(Asked("👍", USER, speaks="es")) == "es"
            assert await conversation.speaks(Asked("Qui est-ce ?", USER)) == "fr"

    asyncio.run(scenario())


@pytest.mark.parametrize(("text", "key"), [("break it", "failed"), ("?!", "question-empty")])
def test_a_question_that_fails_gets_words_and_is_not_remembered(text: str, key: str) -> None:
    async def scenario() -> None:
        async with talking() as (conversation, _):
            here = NAMES.conversation("somewhere", 1)
            reply = await conversation.answer(Asked(text, USER, (here,)))
            assert (reply.answer, reply.key) == (None, key)
            assert reply.error is not None
            assert await conversation.store.recall(here) is None

    asyncio.run(scenario())


def test_neighbours_stay_in_the_document_and_a_lost_passage_has_none() -> None:
    queue = AnswerQueue(ScriptedAssistant().as_assistant())
    conversation = Conversation("somewhere", queue)
    document = answers.document().id
    assert [c.paragraph for c in conversation.neighbours(f"{document}#3", "en")] == [2, 3, 4]
    assert [c.paragraph for c in conversation.neighbours(f"{document}#3", "en", reach=2)] == [1, 2, 3, 4, 5]
    assert [c.paragraph for c in conversation.neighbours(f"{document}#1", "en")] == [1, 2]
    assert conversation.neighbours("gone#1", "en") == ()
    queue.close()


def test_limits_and_contexts_are_of_one_collection_and_go_together(
    assistant: Assistant, besides: list[Assistant]
) -> None:
    async def scenario() -> None:
        store = await SqliteStore.open(limit="1 per hour")
        queue = AnswerQueue(assistant, others=("press", "course"))
        for beside in besides:
            queue.replace(beside)
        conversation = stored(queue, store)
        here = NAMES.conversation("somewhere", 1)

        async def ask(collection: str) -> Reply:
            with queue.within(collection):
                return await conversation.answer(Asked("What did the council promise?", USER, (here,)))

        async def known(collection: str) -> bool:
            with queue.within(collection):
                return await conversation.recall(here) is not None

        first, again, other = await ask("press"), await ask("press"), await ask("course")
        assert first.answer and again.wait > 0 and other.answer
        assert rating_key_of(NAMES, first.answer) != rating_key_of(NAMES, other.answer)
        assert [await known(name) for name in queue.collections] == [False, True, True]
        await conversation.forget(USER)
        assert not any([await known(name) for name in queue.collections])
        assert (await ask("press")).answer and (await ask("nowhere")).key == "collection-unavailable"
        queue.close()
        await store.close()

    asyncio.run(scenario())


def test_the_documents_that_are_named_have_pages() -> None:
    async def scenario(public_url: str | None) -> str | None:
        scripted = ScriptedAssistant()
        queue = AnswerQueue(scripted.as_assistant())
        conversation = Conversation("somewhere", queue, public_url)
        named = Answer(
            "link?",
            "en",
            Verdict.NOT_A_QUESTION,
            1.0,
            sources=(Source(answers.document().metadata, document="d"),),
        )
        scripted.answer = lambda *_, **__: named  # type: ignore[method-assign]
        reply = await conversation.answer(Asked("link?"))
        queue.close()
        assert reply.answer is not None
        return reply.answer.sources[0].address

    assert asyncio.run(scenario("https://bot.example.org")) == "https://bot.example.org/read/d"
    assert asyncio.run(scenario(None)) is None


def test_what_is_suggested_and_named_is_of_one_collection(
    assistant: Assistant, besides: list[Assistant]
) -> None:
    async def scenario() -> None:
        queue = AnswerQueue(assistant, others=("press", "course"))
        for beside in besides:
            queue.replace(beside)
        conversation = Conversation("somewhere", queue, "https://bot.example.org")
        with queue.within("press"):
            suggested = conversation.suggestions("en")
            named = await conversation.answer(Asked("What documents do you have?"))
            answered = await conversation.answer(Asked("What did the council promise?"))
        assert suggested and {one.passage.partition("#")[0] for one in suggested} == {"harbour"}
        assert named.answer and [source.page for source in named.answer.sources] == [
            "https://bot.example.org/in/press/read/harbour"
        ]
        assert answered.answer and not answered.answer.sources_differ
        assert {citation.document for citation in answered.answer.citations} == {"harbour"}
        queue.close()

    asyncio.run(scenario())


def test_who_cannot_be_answered_is_told_why(caplog: pytest.LogCaptureFixture) -> None:
    queue = AnswerQueue(ScriptedAssistant().as_assistant())
    conversation = Conversation("somewhere", queue)
    too_long = {"limit": LONGEST_QUESTION}
    for error, words in (
        (BusyError("busy"), ("busy", {})),
        (QuestionTooLongError("long"), ("question-too-long", too_long)),
        (QuestionError("empty"), ("question-empty", {})),
    ):
        assert conversation.apology(error) == words
    assert not caplog.records
    assert conversation.apology(RuntimeError("secret words")) == ("failed", {})
    assert "RuntimeError" in caplog.text
    assert "secret words" not in caplog.text
    queue.close()

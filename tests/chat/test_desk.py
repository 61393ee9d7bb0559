"""The one queue in front of the assistant: bounded, with a deadline, one index to the end."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from assemblybot.answering.question import LONGEST_QUESTION
from assemblybot.chat.desk import TURNS, AnswerDesk, BusyError
from assemblybot.errors import QuestionError, QuestionTooLongError
from tests.doubles.assistants import ScriptedAssistant


async def behind(desk: AnswerDesk, question: str) -> None:
    """Ask as whoever may be anyone."""
    await desk.run(lambda: desk.assistant.answer(question), behind=True)


def test_more_than_may_wait_are_turned_away_at_once() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant()
        scripted.open.clear()
        desk = AnswerDesk(scripted.as_assistant(), most_waiting=2)
        waiting = [asyncio.ensure_future(desk.answer(f"q{n}?")) for n in range(2)]
        await asyncio.sleep(0)
        assert desk.waiting == 2
        with pytest.raises(BusyError, match="Too many"):
            await desk.answer("q3?")
        scripted.open.set()
        await asyncio.gather(*waiting)
        assert desk.waiting == 0
        desk.close()

    asyncio.run(scenario())


def test_a_question_that_waited_too_long_costs_no_answer() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant(seconds=0.2)
        desk = AnswerDesk(scripted.as_assistant(), deadline=0.1)
        found = await asyncio.gather(desk.answer("one?"), desk.answer("two?"), return_exceptions=True)
        assert isinstance(found[1], BusyError)
        assert scripted.texts == ["one?"]
        desk.close()

    asyncio.run(scenario())


def test_who_may_be_anyone_comes_after_all_others_and_takes_half_of_the_time() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant(seconds=0.1)
        desk = AnswerDesk(scripted.as_assistant())
        first = asyncio.create_task(desk.answer("bot 0?"))
        await asyncio.sleep(0)
        strangers = [asyncio.create_task(behind(desk, f"stranger {n}?")) for n in range(2)]
        await asyncio.sleep(0)
        bots = [asyncio.create_task(desk.answer(f"bot {n}?")) for n in (1, 2)]
        await asyncio.gather(first, *bots)
        assert scripted.texts[:3] == ["bot 0?", "bot 1?", "bot 2?"]
        await strangers[0]
        begin = time.monotonic()
        await desk.answer("bot 3?")  # while strangers rest
        assert scripted.texts == ["bot 0?", "bot 1?", "bot 2?", "stranger 0?", "bot 3?"]
        await strangers[1]
        assert time.monotonic() - begin >= 0.1
        desk.close()

    asyncio.run(scenario())


def test_who_waits_behind_the_others_too_long_is_told_so() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant(seconds=0.3)
        desk = AnswerDesk(scripted.as_assistant(), deadline=0.2)
        first = asyncio.create_task(desk.answer("bot?"))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await behind(desk, "stranger?")
        await first
        assert scripted.texts == ["bot?"]
        desk.close()

    asyncio.run(scenario())


def test_who_comes_when_too_many_stand_in_line_hears_that_all_is_busy() -> None:
    async def scenario() -> None:
        desk = AnswerDesk(ScriptedAssistant().as_assistant(), most_waiting=2)
        async with desk.turn() as end_turn, desk.turn():
            async with desk.turn():
                assert desk.in_line == 2
                with pytest.raises(BusyError):
                    await desk.answer("one?")
            for _ in range(2):
                end_turn()
                assert desk.in_line == 1
            async with desk.turn():
                assert (await desk.answer("two?")).question == "two?"
        assert desk.in_line == 0
        desk.close()

    asyncio.run(scenario())


def test_who_gives_up_waiting_for_a_turn_leaves_the_line() -> None:
    async def scenario() -> None:
        desk = AnswerDesk(ScriptedAssistant().as_assistant())
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(TURNS):
                await stack.enter_async_context(desk.turn())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01), desk.turn():
                    pass
            assert desk.in_line == TURNS
        assert desk.in_line == 0
        desk.close()

    asyncio.run(scenario())


def test_what_began_with_one_index_ends_with_it() -> None:
    async def scenario() -> None:
        old, new = ScriptedAssistant(), ScriptedAssistant()
        desk = AnswerDesk(old.as_assistant())
        with desk.one_index():
            desk.replace(new.as_assistant())
            await desk.answer("in flight?")
            assert desk.assistant is old.as_assistant()
        await desk.answer("after?")
        assert (old.texts, new.texts) == (["in flight?"], ["after?"])
        desk.close()

    asyncio.run(scenario())


def test_who_cannot_be_answered_is_told_why(caplog: pytest.LogCaptureFixture) -> None:
    desk = AnswerDesk(ScriptedAssistant().as_assistant())
    too_long = {"limit": LONGEST_QUESTION}
    for error, words in (
        (BusyError("busy"), ("busy", {})),
        (QuestionTooLongError("long"), ("question-too-long", too_long)),
        (QuestionError("empty"), ("question-empty", {})),
    ):
        assert desk.apology(error, "telegram") == words
    assert not caplog.records
    assert desk.apology(RuntimeError("secret words"), "telegram") == ("failed", {})
    assert "RuntimeError" in caplog.text
    assert "secret words" not in caplog.text
    desk.close()

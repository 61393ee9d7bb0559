"""The one queue in front of the assistant: bounded, with a deadline, one index to the end."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from assemblybot.chat.answer_queue import SLOTS, AnswerQueue, BusyError
from tests.doubles.assistants import ScriptedAssistant


async def behind(queue: AnswerQueue, question: str) -> None:
    """Ask as whoever may be anyone."""
    await queue.run(lambda: queue.assistant.answer(question), low_priority=True)


def test_more_than_may_wait_are_turned_away_at_once() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant()
        scripted.open.clear()
        queue = AnswerQueue(scripted.as_assistant(), most_waiting=2)
        waiting = [asyncio.ensure_future(queue.answer(f"q{n}?")) for n in range(2)]
        await asyncio.sleep(0)
        assert queue.waiting == 2
        await asyncio.to_thread(scripted.begun.wait, 30)
        assert queue.at_work_for > 0.0
        with pytest.raises(BusyError, match="Too many"):
            await queue.answer("q3?")
        scripted.open.set()
        await asyncio.gather(*waiting)
        assert queue.waiting == 0
        assert queue.at_work_for == 0.0
        queue.close()

    asyncio.run(scenario())


def test_a_question_that_waited_too_long_costs_no_answer() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant(seconds=0.2)
        queue = AnswerQueue(scripted.as_assistant(), deadline=0.1)
        found = await asyncio.gather(queue.answer("one?"), queue.answer("two?"), return_exceptions=True)
        assert isinstance(found[1], BusyError)
        assert scripted.texts == ["one?"]
        queue.close()

    asyncio.run(scenario())


def test_who_may_be_anyone_comes_after_all_others_and_takes_half_of_the_time() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant(seconds=0.1)
        queue = AnswerQueue(scripted.as_assistant())
        first = asyncio.create_task(queue.answer("bot 0?"))
        await asyncio.sleep(0)
        strangers = [asyncio.create_task(behind(queue, f"stranger {n}?")) for n in range(2)]
        await asyncio.sleep(0)
        bots = [asyncio.create_task(queue.answer(f"bot {n}?")) for n in (1, 2)]
        await asyncio.gather(first, *bots)
        assert scripted.texts[:3] == ["bot 0?", "bot 1?", "bot 2?"]
        await strangers[0]
        begin = time.monotonic()
        await queue.answer("bot 3?")  # while strangers rest
        assert scripted.texts == ["bot 0?", "bot 1?", "bot 2?", "stranger 0?", "bot 3?"]
        await strangers[1]
        assert time.monotonic() - begin >= 0.1
        queue.close()

    asyncio.run(scenario())


def test_who_may_be_anyone_waits_as_long_as_the_answer_before_took() -> None:
    async def scenario() -> None:
        queue = AnswerQueue(ScriptedAssistant(seconds=0.1).as_assistant())
        begin = time.monotonic()
        await asyncio.gather(behind(queue, "one?"), behind(queue, "two?"))
        assert time.monotonic() - begin >= 0.29
        queue.close()

    asyncio.run(scenario())


def test_who_waits_behind_the_others_too_long_is_told_so() -> None:
    async def scenario() -> None:
        scripted = ScriptedAssistant(seconds=0.3)
        queue = AnswerQueue(scripted.as_assistant(), deadline=0.2)
        first = asyncio.create_task(queue.answer("bot?"))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await behind(queue, "stranger?")
        await first
        assert scripted.texts == ["bot?"]
        queue.close()

    asyncio.run(scenario())


def test_who_comes_when_too_many_stand_in_line_hears_that_all_is_busy() -> None:
    async def scenario() -> None:
        queue = AnswerQueue(ScriptedAssistant().as_assistant(), most_waiting=2)
        async with queue.slot() as release_slot, queue.slot():
            async with queue.slot():
                assert queue.pending == 2
                with pytest.raises(BusyError):
                    await queue.answer("one?")
            for _ in range(2):
                release_slot()
                assert queue.pending == 1
            async with queue.slot():
                assert (await queue.answer("two?")).question == "two?"
        assert queue.pending == 0
        queue.close()

    asyncio.run(scenario())


def test_who_gives_up_waiting_for_a_turn_leaves_the_line() -> None:
    async def scenario() -> None:
        queue = AnswerQueue(ScriptedAssistant().as_assistant())
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(SLOTS):
                await stack.enter_async_context(queue.slot())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01), queue.slot():
                    pass
            assert queue.pending == SLOTS
        assert queue.pending == 0
        async with asyncio.timeout(30), contextlib.AsyncExitStack() as stack:
            for _ in range(SLOTS):  # as many as before
                await stack.enter_async_context(queue.slot())
        queue.close()

    asyncio.run(scenario())


def test_a_slot_that_is_released_early_goes_to_the_next() -> None:
    async def scenario() -> None:
        queue = AnswerQueue(ScriptedAssistant().as_assistant())

        async def next_one() -> None:
            async with queue.slot():
                pass

        async with contextlib.AsyncExitStack() as stack:
            for _ in range(SLOTS):
                release_slot = await stack.enter_async_context(queue.slot())
            waiting = asyncio.create_task(next_one())
            await asyncio.sleep(0)
            assert not waiting.done()
            release_slot()
            await asyncio.wait_for(waiting, 30)
        queue.close()

    asyncio.run(scenario())


def test_what_began_with_one_index_ends_with_it() -> None:
    async def scenario() -> None:
        old, new = ScriptedAssistant(), ScriptedAssistant()
        queue = AnswerQueue(old.as_assistant())
        with queue.one_index():
            queue.replace(new.as_assistant())
            await queue.answer("in flight?")
            assert queue.assistant is old.as_assistant()
        await queue.answer("after?")
        assert (old.texts, new.texts) == (["in flight?"], ["after?"])
        queue.close()

    asyncio.run(scenario())

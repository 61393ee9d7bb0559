"""The functions that a question passes through, from poll to message, are those of the documentation."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import assemblybot
from assemblybot.answering.answer import Answer
from assemblybot.answering.assistant import Assistant
from tests.chat.telegram.harness import play, running
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.telegram_updates import said

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = str(Path(assemblybot.__file__).parent)
#: Where the callers are looked at: the ends of the path, and where it changes task or thread.
LOOKED_AT = ("SqliteInbox.put", "AnswerQueue.run", "reply_message", "RateLimiter.process_request")
MOST_HOPS = 16


class Looking(ScriptedAssistant):
    """Notes who calls it; it stands for the assistant."""

    def __init__(self) -> None:
        super().__init__()
        self.callers: list[str] = []

    def answer(self, *args: Any, **kwargs: Any) -> Answer:
        self.callers = list(callers(sys._getframe().f_back))
        return super().answer(*args, **kwargs)


def callers(frame: FrameType | None) -> Iterator[str]:
    """The package's own functions from the outermost one to `frame`."""
    found: list[str] = []
    while frame:
        code = frame.f_code
        if code.co_filename.startswith(PACKAGE):
            module = ".".join(Path(code.co_filename).relative_to(PACKAGE).with_suffix("").parts[1:])
            found.append(f"{module}.{code.co_qualname}")
        frame = frame.f_back
    return reversed(found)


def listed() -> list[str]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return re.findall(r"^\| \d+ \| `(.+?)` \|", text, re.MULTILINE)


def test_the_path_of_a_question_is_short_and_documented() -> None:
    assistant = Looking()
    seen: dict[str, list[str]] = {}

    def look(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_qualname
        if event == "call" and name in LOOKED_AT and name not in seen:
            found = list(callers(frame))
            if name != "RateLimiter.process_request" or any("sending.send" in one for one in found):
                seen[name] = found

    async def scenario() -> None:
        async with running(assistant.as_assistant()) as chat:
            sys.setprofile(look)
            try:
                await chat.tell(said("When did it meet?"))
            finally:
                sys.setprofile(None)

    play(scenario)
    put, run, rendered, sent = (seen[name] for name in LOOKED_AT)
    path = [*put[:-1], *rendered[:-1], *run, *assistant.callers, "Assistant.answer", *rendered[-1:]]
    path += [one for one in sent if one not in path]
    assert path == listed()
    assert len(path) <= MOST_HOPS
    assert Assistant.answer.__qualname__ in path

"""Commands as they are typed, with what they print: the API asked by `curl`, `verify`, and `review`."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rich.console import Console
from tests.api.serving import AUTHORIZED, SETTINGS, calling
from tests.conversations.reports import REPORTS, Assistants, write_reports

from assemblybot.answering.assistant import Assistant
from assemblybot.api.verify import verified
from assemblybot.chat.review import Review, show_report
from assemblybot.curation.curator import Curator
from assemblybot.curation.report import waiting
from assemblybot.session import Pseudonyms
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings
from assemblybot.startup import load_others
from gallery.scenes import ADDRESS, Scene
from gallery.terminal import printed, screen

_NAMES: Final = Pseudonyms(b"k" * 32)
#: The key that decides each question of a review.
_PASSAGE_ONE: Final = "1"
#: What the newer report says later: of the three sentences that are cited, the first one stands, the second
#: one stands further below, and the third one is another.
_CHANGED: Final = ("The design", "This page was corrected.\n\nThe design"), ("148 metres", "151 metres")


def hold_api(scene: Scene, assistants: Assistants) -> str:
    """The questions of `scene` asked over HTTP."""
    shown = screen()
    with _installed(scene, assistants) as (_, opened):
        for turn, answer in zip(scene.turns, _asked(scene, opened()), strict=True):
            body = shlex.quote(json.dumps({"question": turn.says}))
            _typed(
                shown, f"curl -s {ADDRESS}/api/ask -H 'Authorization: Bearer KEY' \\\n    --json {body} | jq"
            )
            shown.print(json.dumps(answer, indent=2), markup=False)
    return printed(shown)


def hold_verify(scene: Scene, assistants: Assistants) -> str:
    """What was cited for each question of `scene` from the newer report, after that has changed."""
    shown = screen()
    with _installed(scene, assistants) as (corpus, opened):
        links = [answer["citations"][0]["link"] for answer in _asked(scene, opened())]
        report = corpus / "en-newer" / "report.md"
        text = report.read_text(encoding="utf-8")
        for before, now in _CHANGED:
            text = text.replace(before, now)
        report.write_text(text, encoding="utf-8")
        for link in links:
            _typed(shown, f"assemblybot verify {shlex.quote(link)}")
            for finding in verified([link], lambda _: corpus):
                shown.print(str(finding), markup=False)
    return printed(shown)


def hold_review(scene: Scene, assistants: Assistants) -> str:
    """Each question of `scene` that waits is answered by the first passage; then the report."""
    shown = screen()
    with _installed(scene, assistants) as (corpus, opened):
        log, assistant = corpus.with_name("questions.jsonl"), opened()
        for turn in scene.turns:
            asyncio.run(QuestionLog(log, _NAMES).add(assistant.answer(turn.says)))
        curator = Curator(corpus, log, _NAMES)

        def press(_: str) -> str:
            _typed(shown, _PASSAGE_ONE, prompt="")
            return _PASSAGE_ONE

        _typed(shown, "assemblybot review")
        Review(curator, assistant, shown, "logical", "en", press).run({})
        assistant = opened()
        for row in waiting(curator.report(assistant.index)):
            curator.note(row, assistant.answer(row.question), assistant.index)
        shown.print()
        show_report(curator.report(assistant.index), shown, "logical", "en")
    return printed(shown)


def _asked(scene: Scene, assistant: Assistant) -> list[Any]:
    """The JSON that the API answers each question of `scene` with."""

    async def asked() -> list[Any]:
        async with calling(assistant, settings=SETTINGS) as client:
            bodies = ({"question": turn.says} for turn in scene.turns)
            sent = [await client.post("/api/ask", json=body, headers=AUTHORIZED) for body in bodies]
            return [await answer.json() for answer in sent]

    return asyncio.run(asked())


def _typed(shown: Console, words: str, prompt: str = "$ ") -> None:
    shown.print(f"[bold]{prompt}[/]", end="")
    shown.print(words, markup=False, style="bold")


@contextmanager
def _installed(scene: Scene, assistants: Assistants) -> Iterator[tuple[Path, Callable[[], Assistant]]]:
    """A corpus of the English reports, and what opens an assistant over it as it is then."""
    models, _ = scene.among(assistants)
    with TemporaryDirectory() as folder:
        settings = Settings(collections=(REPORTS,), collections_dir=Path(folder), _env_file=None)
        corpus = settings.within(REPORTS).corpus_dir
        write_reports(corpus, languages=("en",))
        yield corpus, lambda: load_others(settings, models, build_stale=True)[0]

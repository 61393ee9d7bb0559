"""A curator's session of twelve questions over three documents, with the command and the shipped model.

Real questions about documents without stored questions, as the model answers them: four that it refuses
though a passage answers, three that the documents do not answer, five of the rest.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assemblybot import Assistant
from assemblybot.answering.answer import Verdict
from assemblybot.cli import app
from assemblybot.corpus import adding
from assemblybot.curation.curator import Curator
from assemblybot.curation.queue import offered
from assemblybot.embedding import Embedder
from assemblybot.evaluation import questions
from assemblybot.evaluation.questions import GoldQuestion
from assemblybot.evaluation.run import Case, evaluate
from assemblybot.messages import say
from assemblybot.session import Pseudonyms, open_store
from assemblybot.session.identity import KEY_FILE, rating_key_of
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings
from assemblybot.startup import build_index, open_assistant
from assemblybot.text.bidi import strip_bidi
from tests.conftest import MODEL, ROOT

QUALITY = ROOT / "tests" / "quality"
REFUSALS, ABSENT, REST = 4, 3, 5


@dataclass
class Twelve:
    """The questions with what is known of them, by what becomes of them before the session."""

    refused: list[GoldQuestion]
    absent: list[GoldQuestion]
    rest: list[GoldQuestion]

    @property
    def all(self) -> list[GoldQuestion]:
        return [*self.refused, *self.absent, *self.rest]


@pytest.fixture
def installed(tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with three documents, an index, and a question log."""
    corpus = tmp_path / "corpus"
    assert list(adding.add(sorted((QUALITY / "documents").iterdir()), corpus))
    places: dict[str, Any] = {
        "corpus_dir": corpus,
        "index_dir": tmp_path / "index",
        "state_dir": tmp_path / "state",
    }
    settings = Settings(
        _env_file=None, **places, model=str(MODEL), question_log=tmp_path / "kept" / "questions.jsonl"
    )
    build_index(settings, embedder)
    for name in ("corpus_dir", "index_dir", "state_dir", "model", "question_log"):
        monkeypatch.setenv(name.upper(), str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en")
    return settings


def chosen(assistant: Assistant) -> Twelve:
    """The first questions of each sort, asked until there are enough."""
    twelve = Twelve([], [], [])
    for question in questions.read(QUALITY / "questions.jsonl", assistant.index.documents):
        if len(question.places) > 1:
            continue
        answer = assistant.answer(question.text)
        refused = answer.verdict is Verdict.NOT_IN_CORPUS
        if refused and question.answerable and len(twelve.refused) < REFUSALS:
            twelve.refused.append(question)
        elif refused and not question.answerable and len(twelve.absent) < ABSENT:
            twelve.absent.append(question)
        elif answer.is_unsure and question.answerable and len(twelve.rest) < REST - 1:
            twelve.rest.append(question)
        elif answer.verdict is Verdict.ANSWERED and not answer.is_unsure and question.answerable:
            twelve.rest[REST - 1 :] = [question] if len(twelve.rest) == REST - 1 else twelve.rest[REST - 1 :]
        if len(twelve.all) == REFUSALS + ABSENT + REST:
            return twelve
    raise AssertionError(f"The model answers too well for this test: {len(twelve.all)} questions were found")


async def asked(settings: Settings, assistant: Assistant, twelve: Twelve) -> None:
    """People ask; one says that an answer did not help. As the service keeps it."""
    names = Pseudonyms.from_file(settings.state_dir / KEY_FILE)
    assert settings.question_log
    log, store = QuestionLog(settings.question_log, names), await open_store(settings)
    for question in twelve.all:
        await log.add(assistant.answer(question.text))
    disliked = assistant.answer(twelve.rest[-1].text)
    await store.record_feedback(rating_key_of(names, disliked), names.user("telegram", 7), -1)
    await store.close()


def keys(settings: Settings, assistant: Assistant, twelve: Twelve) -> list[str]:
    """What the curator presses for each question, in the order in which they wait."""
    curator = Curator.configured(settings)
    names = Pseudonyms.from_file(settings.state_dir / KEY_FILE)
    disliked = rating_key_of(names, assistant.answer(twelve.rest[-1].text))
    known, pressed = {question.text: question for question in twelve.all}, []
    for queued in curator.queue(_ratings(settings)):
        question = known[queued.question]
        if not question.answerable:
            pressed.append("n")
            continue
        passages = [one.passage for one in offered(assistant, queued)]
        gold = passage_of(assistant, question)
        pressed.append(str(passages.index(gold) + 1) if gold in passages else f"p {gold}")
    assert disliked in _ratings(settings)
    return pressed


def _ratings(settings: Settings) -> dict:  # type: ignore[type-arg]
    async def read() -> dict:  # type: ignore[type-arg]
        store = await open_store(settings)
        try:
            return await store.ratings()
        finally:
            await store.close()

    return asyncio.run(read())


def passage_of(assistant: Assistant, question: GoldQuestion) -> str:
    document, start, end = question.places[0]
    return next(p.id for p in assistant.index.documents[document].passages if p.start < end and start < p.end)


def right(cases: tuple[Case, ...]) -> list[str]:
    return [case.question.text for case in cases if case.outcome.right]


@pytest.mark.slow
def test_four_refusals_are_mended_and_the_evaluation_file_proves_it(installed: Settings) -> None:
    before = open_assistant(installed)
    twelve = chosen(before)
    asyncio.run(asked(installed, before, twelve))
    pressed = keys(installed, before, twelve)
    assert len(pressed) == 12
    result = CliRunner().invoke(app, ["review"], input="\n".join(pressed) + "\n", catch_exceptions=False)
    assert result.exit_code == 0, result.output

    file = Curator.configured(installed).file.path
    after = open_assistant(installed)
    then, now = evaluate(before, file), evaluate(after, file)
    assert len(then.cases) == len(now.cases) == 12
    mended = set(right(now.cases)) - set(right(then.cases))
    assert {question.text for question in twelve.refused} <= mended
    hurt = set(right(then.cases)) - set(right(now.cases))
    assert len(hurt) <= 1
    for case in now.cases:
        if case.question.text in {question.text for question in twelve.refused}:
            assert case.answer.verdict is Verdict.ANSWERED

    told = {"before": len(right(then.cases)), "now": len(right(now.cases)), "count": 12}
    assert strip_bidi(say("en", "review-right", **told)) in result.output
    assert f"Improved ({len(mended)})" in result.output
    assert ("Worsened" in result.output) is bool(hurt)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [row["type"] for row in rows].count("not-in-documents") == ABSENT

    again = CliRunner().invoke(app, ["review"], input="", catch_exceptions=False)
    assert say("en", "review-none") in again.output
    assert strip_bidi(say("en", "review-right", **told)) in again.output

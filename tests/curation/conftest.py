"""A small library with its index, a question log, and the curator of both."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.corpus import library
from assemblybot.curation.curator import Curator
from assemblybot.embedding import Embedder
from assemblybot.index.build import build
from assemblybot.session.identity import Pseudonyms
from assemblybot.session.question_log import QuestionLog
from assemblybot.startup import silent
from tests.conftest import Answering, write_small

NAMES = Pseudonyms(b"k" * 32)


@dataclass
class Desk:
    """What a curator works on; `asked` logs a question as the service does."""

    corpus: Path
    log: Path
    assistant: Assistant
    embedder: Embedder
    answering: Answering

    @property
    def curator(self) -> Curator:
        return Curator(self.corpus, self.log, NAMES)

    def asked(self, *questions: str) -> None:
        log = QuestionLog(self.log, NAMES)
        for question in questions:
            asyncio.run(log.add(self.assistant.answer(question)))

    def rebuilt(self) -> Assistant:
        """Answers from the corpus as it is now."""
        self.assistant = self.answering(build(library.load(self.corpus), self.embedder, silent))
        return self.assistant


@pytest.fixture(scope="session")
def harbour_assistant(
    embedder: Embedder, answering: Answering, tmp_path_factory: pytest.TempPathFactory
) -> Assistant:
    """Over the small corpus as it is before anything is decided."""
    folder = tmp_path_factory.mktemp("harbour")
    write_small(folder)
    return answering(build(library.load(folder / "corpus"), embedder, silent))


@pytest.fixture
def harbour(
    small_corpus: Path, tmp_path: Path, harbour_assistant: Assistant, embedder: Embedder, answering: Answering
) -> Desk:
    log = tmp_path / "kept" / "questions.jsonl"
    return Desk(small_corpus, log, harbour_assistant, embedder, answering)

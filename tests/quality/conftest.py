"""What the quality tests measure, gathered once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.corpus import adding, library
from assemblybot.embedding import Embedder
from assemblybot.evaluation.run import Case, evaluate
from assemblybot.index.build import build
from assemblybot.startup import silent
from tests.conftest import ROOT, Answering
from tests.quality.gate import Gathered

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions.jsonl"
#: of the questions about the article, and of those about the other documents, every so many
ARTICLE_EVERY, OWN_EVERY = 4, 2


@pytest.fixture(scope="session")
def own_assistant(
    embedder: Embedder, answering: Answering, tmp_path_factory: pytest.TempPathFactory
) -> Assistant:
    """Over three documents for which no question was stored."""
    folder = tmp_path_factory.mktemp("quality") / "corpus"
    assert list(adding.add(sorted((HERE / "documents").iterdir()), folder))
    return answering(build(library.load(folder), embedder, silent))


@pytest.fixture(scope="session")
def own_cases(own_assistant: Assistant) -> tuple[Case, ...]:
    """Every question about the three documents, answered."""
    return evaluate(own_assistant, QUESTIONS).cases


@pytest.fixture(scope="session")
def sets(assistant: Assistant, own_assistant: Assistant) -> dict[str, Gathered]:
    """The sets of the gate by name."""
    about_article = [ROOT / "tests" / "data" / f"{name}.jsonl" for name in ("dev", "second", "third")]
    return {
        "own documents": Gathered.of(own_assistant, [QUESTIONS], OWN_EVERY),
        "article": Gathered.of(assistant, about_article, ARTICLE_EVERY),
    }

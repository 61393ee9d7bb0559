"""Shared fixtures: the shipped model, and indexes built with it once a test run."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Generator
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from assemblybot import Assistant
from assemblybot.embedding import Embedder, load_embedder
from assemblybot.index.index import Index
from assemblybot.index.store import IndexStore
from assemblybot.settings import Settings
from assemblybot.startup import assistant_over, build_index, load_others, open_assistant
from tests.conversations.reports import Assistants, with_reports

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "output"
MODEL = ROOT / "models" / "assembly-e5"
ARTICLE = ROOT / "corpus" / "marrakech-2025" / "article.ar.txt"

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make what was captured fit to be sent between processes: fuzzed bodies hold half pairs of
    surrogates, which would end the whole run."""
    report = yield
    report.sections = [
        (name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections
    ]
    return report


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """One worker gets all tests of a file, of the folders that answer many questions, and of the scripted
    conversations in any channel: what the models read for the first is kept for the others."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        if test.startswith("test_conversation["):
            return "conversations"
        return next((folder for folder in ("quality", "evaluation") if f"/{folder}/" in path), path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    config.option.loadscopereorder = False  # files with few tests, which can take long, would come last
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder(str(MODEL))


@pytest.fixture(scope="session")
def settings(embedder: Embedder) -> Settings:
    """Settings for the real corpus, with an index that the first worker of the first run builds.

    It is kept between runs and rebuilt, as any index, when corpus, model or text code change.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    chosen = Settings(corpus_dir=ROOT / "corpus", index_dir=KEPT / "index", model=str(MODEL), _env_file=None)
    with (KEPT / "index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if IndexStore(chosen.index_dir).is_stale(chosen.corpus_dir, embedder.id):
            build_index(chosen, embedder)
    return chosen


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Assistant:
    return open_assistant(settings)


@pytest.fixture(scope="session")
def several(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with the collections “press” and “course”, which hold the small corpus both, and “empty”."""
    folder = tmp_path_factory.mktemp("collections")
    for name in ("press", "course"):
        write_small(folder / name)
    return Settings(
        corpus_dir=settings.corpus_dir,
        index_dir=settings.index_dir,
        model=settings.model,
        collections=("press", "course", "empty"),
        collections_dir=folder,
        _env_file=None,
    )


@pytest.fixture(scope="session")
def besides(several: Settings, assistant: Assistant) -> list[Assistant]:
    """The assistants of “press” and “course”; “empty” has none."""
    return load_others(several, assistant, build_stale=True)


@pytest.fixture(scope="session")
def assistants(assistant: Assistant) -> Assistants:
    """For each collection in which a scripted conversation is held, its assistant."""
    return with_reports(assistant)


#: An assistant over an index in memory.
Answering = Callable[[Index], Assistant]


@pytest.fixture(scope="session")
def answering(embedder: Embedder) -> Answering:
    chosen = Settings(model=str(MODEL), _env_file=None)
    return lambda index: assistant_over(index, embedder, chosen)


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """A corpus of one short English document about something else."""
    return write_small(tmp_path)


def write_small(folder: Path) -> Path:
    """Write the small corpus below a folder."""
    folder = folder / "corpus" / "harbour"
    folder.mkdir(parents=True)
    (folder / "document.toml").write_text(
        'title = "The harbour"\nlanguage = "en"\nfile = "harbour.txt"\n', encoding="utf-8"
    )
    (folder / "harbour.txt").write_text(SMALL_TEXT, encoding="utf-8")
    return folder.parent


SMALL_TEXT = """The new harbour of Port Ellen

By Ana Torres

The harbour opened on 3 May 2021 after nine years of work.

What changed

The council promised three things:
A quay for ferries that also takes fishing boats;
A school for divers, paid for by the port;
Lamps along the whole sea wall.

These promises cost forty million crowns, the mayor said.

Loading...
"""

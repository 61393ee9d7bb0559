"""kill -9 at random moments of an index build: is the index always loadable, whole and right?

    python -m benchmarks.kill_builds --kills 500 [--seed 7] [--write]

Every attempt changes the document, starts `build_index` in a process of its own and sends it
SIGKILL: every other one at any moment of the build, the others while parts are written and made
current. Then the index must load, every part verified, and answer a question about what changed
with the edition that the index holds: the one before or the new one. Killed builds must not pile
up. The forkserver has imported everything, so that a kill hits the build and not the imports.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from assemblybot.answering.answer import Verdict
from assemblybot.embedding import Embedder
from assemblybot.errors import AssemblybotError
from assemblybot.index.store import IndexStore
from assemblybot.settings import Settings, load_settings
from assemblybot.startup import assistant_over, build_index, open_embedder
from benchmarks.figures import options, report

QUESTION = "When did the harbour open?"
DESCRIPTION = 'title = "The harbour"\nlanguage = "en"\nfile = "harbour.txt"\n'
TEXT = """The new harbour of Port Ellen

The harbour opened on day {edition} after nine years of work.

The ferry to the island leaves every morning at eight.

The council promised lamps along the whole sea wall and a school for divers.
"""
#: What a build tells of itself.
STAGES = ("begun", "writing")
#: What may lie in the folder: CURRENT, the lock, two builds, and two things of one killed build.
MOST_ENTRIES = 6


@dataclass
class Found:
    """What the kills led to."""

    outcomes: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    wrong: list[str] = field(default_factory=list)


def build_once(settings: Settings, told: Connection) -> None:
    """One build; tells when it begins and when it begins to write."""
    embedder = open_embedder(settings)
    told.send("begun")

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "words" and done == total:
            told.send("writing")

    build_index(settings, embedder, progress)


class Killer:
    """Starts builds and kills them."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._settings = settings
        self._random = random.Random(seed)
        # What a killed process held is counted as leaked, which it is, and told for each.
        os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["assemblybot.startup", "assemblybot.embedding.onnx_embedder"])
        self.computing = self.writing = 0.0

    def measure(self) -> None:
        """How long a build computes and writes, in seconds; the slower of two, as moments to aim at."""
        for _ in range(2):
            begun, writing, done = self._run()
            self.computing = max(self.computing, writing - begun)
            self.writing = max(self.writing, done - writing)

    def kill(self, *, while_writing: bool) -> None:
        """Start a build and kill it at a random moment."""
        if while_writing:
            self._run("writing", self._random.uniform(0, 1.2 * self.writing))
        else:
            self._run("begun", self._random.uniform(0, self.computing + self.writing))

    def _run(self, killed_in: str = "", after: float = 0.0) -> list[float]:
        """Build, killed so many seconds after a stage was begun; when each stage was, and when it ended."""
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=build_once, args=(self._settings, theirs))
        process.start()
        theirs.close()
        moments: list[float] = []
        for _ in STAGES:
            stage = ours.recv()
            moments.append(time.perf_counter())
            if stage == killed_in:
                time.sleep(after)
                process.kill()
                break
        process.join()
        return [*moments, time.perf_counter()]


def check(settings: Settings, embedder: Embedder, before: int, now: int, found: Found) -> int:
    """Load, verify and ask; the edition that the index holds (`before` when it cannot be told)."""
    entries = len(list(settings.index_dir.iterdir()))
    found.entries = max(found.entries, entries)
    if entries > MOST_ENTRIES:
        found.wrong.append(f"edition {now}: {entries} entries in the folder")
    try:
        index = IndexStore(settings.index_dir).load(embedder.id)
    except AssemblybotError as error:
        found.outcomes["unusable"] += 1
        found.wrong.append(f"edition {now}: {error}")
        return before
    answer = assistant_over(index, embedder, settings).answer(QUESTION)
    for edition, outcome in ((now, "new"), (before, "old")):
        right = TEXT.format(edition=edition)
        if index.documents["harbour"].text.strip() == right.strip():
            cited = answer.citations[0].text if answer.verdict is Verdict.ANSWERED else ""
            if f"day {edition} " in cited:
                found.outcomes[outcome] += 1
                return edition
    found.outcomes["wrong"] += 1
    found.wrong.append(f"edition {now}: verdict {answer.verdict}")
    return before


def kill_builds(folder: Path, kills: int, seed: int) -> tuple[Killer, Found]:
    """Kill that many builds in `folder` and say what was found."""
    settings = load_settings().model_copy(
        update={"corpus_dir": folder / "corpus", "index_dir": folder / "index"}
    )
    document = settings.corpus_dir / "harbour"
    document.mkdir(parents=True)
    (document / "document.toml").write_text(DESCRIPTION, encoding="utf-8")
    text = document / "harbour.txt"
    text.write_text(TEXT.format(edition=0), encoding="utf-8")
    killer, found = Killer(settings, seed), Found()
    killer.measure()
    embedder = open_embedder(settings)
    holds = 0
    for edition in range(1, kills + 1):
        text.write_text(TEXT.format(edition=edition), encoding="utf-8")
        killer.kill(while_writing=edition % 2 == 0)
        holds = check(settings, embedder, holds, edition, found)
    build_index(settings, embedder)
    if check(settings, embedder, holds, kills, found) != kills:
        found.wrong.append("the build after the last kill did not take")
    return killer, found


def main() -> int:
    """Kill, check, print; 1 when anything was wrong."""
    parser = options(__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        killer, found = kill_builds(Path(folder), chosen.kills, chosen.seed)
        seconds = time.monotonic() - start
    figures = {
        "kills": chosen.kills,
        "seed": chosen.seed,
        "index_old": found.outcomes["old"],
        "index_new": found.outcomes["new"] - 1,  # the build after the last kill was let live
        "index_unusable": found.outcomes["unusable"],
        "index_wrong": found.outcomes["wrong"],
        "most_entries_in_the_folder": found.entries,
        "build_computes_s": round(killer.computing, 3),
        "build_writes_s": round(killer.writing, 3),
        "seconds": round(seconds),
    }
    report("kill-builds", figures, write=chosen.write)
    print("\n".join(found.wrong))
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

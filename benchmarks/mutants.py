"""Mutation testing: how many small faults in a module its own tests notice.

    python -m benchmarks.mutants [--places 320] [--seed 7] [--slice 1/10] [--minutes 5] [--only PART]

Draws places from the code of `mutations.PACKAGES`, as many of each module as it has, puts a fault into one
and runs the tests of its package that execute its line, those of the mirror file first. Each runs in a fork
that imports the changed module; no file is touched. Which test executes which line is measured once, and
again when code or tests have changed.

Each verdict is kept below tests/output, so a run that ended early (`--minutes` of processor time) goes on
where it stopped; `--survivors` tries again what survived, after new tests. `--write` puts the figures of all
that was tried of this draw into benchmarks/results/mutants.json.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import spec_from_file_location
from itertools import accumulate
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from coverage import CoverageData

from benchmarks.figures import ROOT, options, report
from benchmarks.mutations import PACKAGES, SOURCE, Mutant, drawn

KEPT = ROOT / "tests" / "output" / "mutants"
#: Imported once, before the forks: they take longer to import than most tests to run.
SHARED = (
    *("aiohttp.web", "babel.dates", "faiss", "fluent.runtime", "limits.aio", "lxml.html", "onnxruntime"),
    *("prompt_toolkit", "redis.asyncio", "rich.console", "slack_bolt.async_app", "sqlalchemy.ext.asyncio"),
    *("telegram.ext", "assemblybot.embedding", "assemblybot.settings"),
)


def share() -> None:
    """Do before the forks what no mutant changes: import, and check the files of the model."""
    for name in SHARED:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    sys.modules["assemblybot.embedding"].load_embedder(str(ROOT / "models" / "assembly-e5"))


class _Swap(Loader):
    """Imports the changed code where its module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._code = compile(mutant.tree(), str(mutant.path), "exec")

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """The module of the mutant; None for every other."""
        wanted = name == self._mutant.module
        return spec_from_file_location(name, self._mutant.path, loader=self) if wanted else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code as the module."""
        exec(self._code, module.__dict__)


class _Passing:
    """Keeps the seconds of each test function all of whose cases pass."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seconds = defaultdict[str, float](float)
        self._failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of one case."""
        test = function_of(report.nodeid)
        self._seconds[test] += report.duration
        if report.failed:
            self._failed.add(test)

    def pytest_sessionfinish(self) -> None:
        """Write them down."""
        passing = {test: taken for test, taken in self._seconds.items() if test not in self._failed}
        self._path.write_text(json.dumps(passing), encoding="utf-8")


def function_of(test: str) -> str:
    """The name of a test without that of the case."""
    return test.partition("[")[0]


def outcome(tests: Sequence[str], mutant: Mutant | None, seconds: float) -> str:
    """`passed`, `failed` or `timeout` of these tests, in a fork, with the mutant or without one."""
    return _in_a_fork(["-x", *tests], (), mutant, seconds)


def _in_a_fork(
    arguments: Sequence[str], plugins: Sequence[object], mutant: Mutant | None, seconds: float
) -> str:
    child = os.fork()
    if not child:
        _run_pytest(arguments, plugins, mutant)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "passed" if status == 0 else "failed"
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _run_pytest(arguments: Sequence[str], plugins: Sequence[object], mutant: Mutant | None) -> None:
    """In the fork: run the tests and end the process with their exit code."""
    os.setsid()
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    code = 1
    try:
        if mutant:
            sys.meta_path.insert(0, _Swap(mutant))
        # On a busy machine a property that takes too long is no fault.
        hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True)
        always = ["-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-profile=mutants"]
        # Plugins of pytest are among what SHARED imports.
        imported = ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]
        code = int(pytest.main([*always, *imported, *arguments], plugins=plugins))
    finally:
        os._exit(code)


class Bench:
    """Knows which tests of a package execute a line, and runs them over a mutant, for `most` seconds."""

    def __init__(self, package: str, most: float) -> None:
        self._most = most
        self._folder = ROOT / "tests" / package
        self._lines, passing = KEPT / f"{package}.coverage", KEPT / f"{package}.json"
        code = [*(SOURCE / "assemblybot").rglob("*.py"), *self._folder.rglob("*.py")]
        newest = max(file.stat().st_mtime for file in code)
        if not passing.exists() or passing.stat().st_mtime < newest:
            self._measure(passing)
        self._seconds: dict[str, float] = json.loads(passing.read_text(encoding="utf-8"))
        self._executed = CoverageData(str(self._lines))
        self._executed.read()

    def _measure(self, passing: Path) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        os.environ["COVERAGE_FILE"] = str(self._lines)
        traced = ["--cov=assemblybot", "--cov-context=test", "--cov-report="]
        _in_a_fork([*traced, f"--rootdir={ROOT}", str(self._folder)], [_Passing(passing)], None, 3600)

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that execute its line, those of the mirror file first, then the quickest.

        A line that runs at import, or in a fixture that tests share, may matter to all that execute the
        module; so may one within an expression, which need not be traced.
        """
        of_lines = self._executed.contexts_by_lineno(str(mutant.path))
        contexts = of_lines.get(mutant.line, [""])
        if any(not context.endswith("|run") for context in contexts):
            contexts = [context for line in of_lines.values() for context in line]
        found = {function_of(context.rpartition("|")[0]) for context in contexts}
        mirror = f"/test_{mutant.path.name}::"
        ordered = sorted(
            found & self._seconds.keys(), key=lambda test: (mirror not in test, self._seconds[test])
        )
        until = accumulate(self._seconds[test] for test in ordered)
        return [
            test
            for test, seconds in zip(ordered, until, strict=True)
            if seconds <= self._most or test == ordered[0]
        ]

    def verdict(self, mutant: Mutant) -> str:
        """`killed` or `survived`."""
        tests = self.tests(mutant)
        seconds = 60 + 5 * sum(self._seconds[test] for test in tests)
        killed = tests and outcome([str(ROOT / test) for test in tests], mutant, seconds) != "passed"
        return "killed" if killed else "survived"


def processor_minutes() -> float:
    """Processor time of this process and of the forks that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used) / 60


def kept() -> dict[str, str]:
    """The last verdict of each mutant that was ever tried."""
    path = KEPT / "verdicts.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return dict(json.loads(line) for line in lines)


def keep(mutant: Mutant, verdict: str) -> None:
    """Add a verdict."""
    with (KEPT / "verdicts.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps([str(mutant), verdict], ensure_ascii=False) + "\n")


def figures(tried: Iterable[Mutant]) -> dict[str, object]:
    """How many of these were killed, by package, and which survived."""
    verdicts = kept()
    known = {mutant: verdicts[str(mutant)] for mutant in tried if str(mutant) in verdicts}
    killed, of = Counter[str](), Counter[str]()
    for mutant, verdict in known.items():
        of[mutant.package] += 1
        killed[mutant.package] += verdict == "killed"
    return {
        "mutants": of.total(),
        "killed": killed.total(),
        "share_killed": round(killed.total() / of.total(), 3) if of else None,
        "packages": {name: f"{killed[name]} of {of[name]}" for name in PACKAGES if of[name]},
        "survivors": sorted(str(mutant) for mutant, verdict in known.items() if verdict == "survived"),
    }


def main() -> None:
    """Try what of the slice was not tried before, then say how many of the draw were killed."""
    parser = options(__doc__)
    parser.add_argument("--places", type=int, default=320)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--slice", default="1/1", help="the first of ten: 1/10")
    parser.add_argument("--minutes", type=float, default=60.0, help="of processor time, then it ends")
    parser.add_argument("--seconds", type=float, default=30.0, help="of tests over a mutant at most")
    parser.add_argument("--only", default="", help="a part of the path of modules")
    parser.add_argument("--survivors", action="store_true", help="try again what survived, and nothing else")
    chosen = parser.parse_args()
    share()
    number, of = (int(part) for part in chosen.slice.split("/"))
    before = kept()
    wanted = "survived" if chosen.survivors else None
    todo = drawn(chosen.places, chosen.seed, chosen.only)[number - 1 :: of]
    # By package: the tests of one are measured, then its mutants tried.
    todo = sorted((one for one in todo if before.get(str(one)) == wanted), key=lambda one: one.package)
    benches: dict[str, Bench] = {}
    for mutant in todo:
        if processor_minutes() > chosen.minutes:
            break
        if mutant.package not in benches:
            benches[mutant.package] = Bench(mutant.package, chosen.seconds)
        verdict = benches[mutant.package].verdict(mutant)
        keep(mutant, verdict)
        print(f"{verdict:9} {mutant}", flush=True)
    report("mutants", figures(drawn(chosen.places, chosen.seed, chosen.only)), write=chosen.write)


if __name__ == "__main__":
    main()

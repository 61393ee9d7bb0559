"""Mutation testing: how many small faults in a module its own tests notice.

    python -m benchmarks.mutants [--places 300] [--seed 7] [--slice 1/10] [--minutes 5] [--only PART]

Draws places from the code of PACKAGES, as many of each module as it has, changes one (`<` to `<=`, `and` to
`or`, a number, a condition, a call left out) and runs the tests of that module: its mirror file under
tests/, or those of its folder. Each runs in a fork that imports the changed module; no file is touched.
Prints the mutants that survived. A run can be cut into slices, and ends after so many minutes of processor
time; with `--write`, the figures of each slice are kept beside those of the others.
"""

from __future__ import annotations

import ast
import copy
import importlib
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from benchmarks.figures import ROOT, options, report

SOURCE = ROOT / "src"
PACKAGES = ("answering", "index", "text", "session", "render", "chat")
#: Imported once, before the forks: they take longer to import than most tests to run.
SHARED = ("numpy", "faiss", "onnxruntime", "pydantic_settings", "aiohttp.web", "telegram.ext")
_SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the node of this number in a walk over the module, and what it becomes."""

    path: Path
    node: int
    line: int
    before: str
    after: str

    @property
    def module(self) -> str:
        """The name it is imported by."""
        return ".".join(self.path.relative_to(SOURCE).with_suffix("").parts)

    def tree(self) -> ast.Module:
        """The changed module."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        node = list(ast.walk(tree))[self.node]
        _become(node, _changed(node))
        return ast.fix_missing_locations(tree)

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}  {self.before}  ->  {self.after}"


def _changed(node: ast.AST) -> ast.AST | None:
    """The node with a fault in it; None where this kind of node gets none."""
    new = copy.copy(node)
    match new:
        case ast.Compare(ops=[one]):
            new.ops = [_SWAPPED[type(one)]()]
        case ast.BoolOp():
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
        case ast.UnaryOp(op=ast.Not()):
            return new.operand
        case ast.BinOp() if type(new.op) in _OPERATORS:
            new.op = _OPERATORS[type(new.op)]()
        case ast.Constant(value=bool()):
            new.value = not new.value
        case ast.Constant(value=int() | float() as value):
            new.value = value + 1
        case (
            ast.If(test=ast.Name() | ast.Attribute() | ast.Call())
            | ast.IfExp(test=ast.Name() | ast.Attribute())
        ):
            new.test = ast.UnaryOp(ast.Not(), new.test)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            new.func = ast.Name(_CALLS[name], ast.Load())
        case ast.Expr(value=ast.Call() | ast.Await()):
            new.value = ast.Constant(None)
        case ast.Return(value=ast.expr()):
            new.value = ast.Constant(None)
        case _:
            return None
    return new


def _become(node: ast.AST, new: ast.AST | None) -> None:
    """Make `node` the other one, in the tree where it stands."""
    assert new is not None
    node.__class__ = new.__class__
    node.__dict__.clear()
    node.__dict__.update(new.__dict__)


def _left_out(tree: ast.AST) -> set[int]:
    """Nodes in annotations, logging calls and error messages: a test of them would repeat the code."""
    out: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        match node:
            case ast.AnnAssign() | ast.arg():
                parts = [node.annotation]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                parts = [node.returns, *node.decorator_list]
            case ast.Raise():
                parts = [node.exc]
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="_LOG")))):
                parts = [node]
            case ast.Assign(targets=[ast.Name(id=name)]) if name.endswith("VERSION"):
                parts = [node]
        out |= {id(inner) for part in parts if part for inner in ast.walk(part)}
    return out


def mutants(path: Path) -> Iterator[Mutant]:
    """Every place of a module where a fault can be put."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = _left_out(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in left_out and (new := _changed(node)):
            line = getattr(node, "lineno", 0)
            yield Mutant(path, number, line, _first_line(node), _first_line(new))


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0][:90]


def drawn(places: int, seed: int, only: str) -> list[Mutant]:
    """So many mutants of all packages, or of those below `only`, in an order that the seed decides."""
    modules = [
        path for package in PACKAGES for path in sorted((SOURCE / "assemblybot" / package).rglob("*.py"))
    ]
    every = [mutant for path in modules if path.name != "__init__.py" for mutant in mutants(path)]
    chosen = random.Random(seed).sample(every, min(places, len(every)))
    return [mutant for mutant in chosen if only in str(mutant.path.relative_to(SOURCE))]


def tests_of(path: Path) -> tuple[str, ...]:
    """The mirror file of a module; where there is none, the test files of its folder."""
    inside = path.relative_to(SOURCE / "assemblybot")
    folder = ROOT / "tests" / inside.parent
    mirror = folder / f"test_{inside.name}"
    return (
        (str(mirror),) if mirror.exists() else tuple(str(file) for file in sorted(folder.glob("test_*.py")))
    )


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


def outcome(tests: Sequence[str], mutant: Mutant | None, seconds: float) -> str:
    """`passed`, `failed` or `timeout` of these tests, in a fork, with the mutant or without one."""
    child = os.fork()
    if not child:
        _run_tests(tests, mutant)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "passed" if status == 0 else "failed"
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _run_tests(tests: Sequence[str], mutant: Mutant | None) -> None:
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
        arguments = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not slow"]
        arguments.append("--hypothesis-profile=mutants")
        # Plugins of pytest are among what SHARED imports.
        imported = ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]
        code = int(pytest.main([*arguments, *imported, *tests]))
    finally:
        os._exit(code)


class Bench:
    """Runs mutants and keeps how long the tests of each module take without one."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, ...], float | None] = {}

    def verdict(self, mutant: Mutant) -> str:
        """`killed` or `survived`; `untested` where the module has no tests that pass without a fault."""
        tests = tests_of(mutant.path)
        if tests not in self._seconds:
            begin = time.monotonic()
            passes = bool(tests) and outcome(tests, None, 600) == "passed"
            self._seconds[tests] = time.monotonic() - begin if passes else None
        usual = self._seconds[tests]
        if usual is None:
            return "untested"
        return "survived" if outcome(tests, mutant, 20 + 5 * usual) == "passed" else "killed"


def processor_minutes() -> float:
    """Processor time of this process and of the forks that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used) / 60


def main() -> None:
    """Run one slice, print each mutant, then the share that was killed and those that survived."""
    parser = options(__doc__)
    parser.add_argument("--places", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--slice", default="1/1", help="the first of ten: 1/10")
    parser.add_argument("--minutes", type=float, default=60.0, help="of processor time, then it ends")
    parser.add_argument("--only", default="", help="a part of the path of modules")
    chosen = parser.parse_args()
    for name in SHARED:
        importlib.import_module(name)
    number, of = (int(part) for part in chosen.slice.split("/"))
    bench, counted, survivors = Bench(), Counter[str](), []
    for mutant in drawn(chosen.places, chosen.seed, chosen.only)[number - 1 :: of]:
        if processor_minutes() > chosen.minutes:
            break
        verdict = bench.verdict(mutant)
        counted[verdict] += 1
        if verdict == "survived":
            survivors.append(str(mutant))
        print(f"{verdict:9} {mutant}", flush=True)
    tried = counted["killed"] + counted["survived"]
    share = round(counted["killed"] / tried, 3) if tried else None
    figures = {
        **counted,
        "share_killed": share,
        "minutes": round(processor_minutes(), 1),
        "survivors": survivors,
    }
    part = f"seed {chosen.seed}, {chosen.places} places, {chosen.slice} {chosen.only}".strip()
    report("mutants", figures, write=chosen.write, part=part)


if __name__ == "__main__":
    main()

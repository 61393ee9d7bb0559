"""Mutants: which faults are put where, and that tests notice them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import mutants, mutations
from tests.conftest import ROOT

CODE = '''
"""Ages."""

from dataclasses import dataclass

AGE: int = 18


@dataclass(frozen=True)
class Person:
    """Someone."""

    age: int


def grown(age: int, *, strict: bool = True) -> bool:
    """Whether someone is of age."""
    if not strict:
        return age + 1 >= AGE
    if age < 0:
        raise ValueError("an age is 0 at least")
    return age >= AGE and age < 200
'''
TEST = """
from assemblybot.years.ages import grown


def test_of_age():
    assert grown(18) and not grown(17)
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module with its tests, where the benchmark looks for both."""
    path = tmp_path / "src" / "assemblybot" / "years" / "ages.py"
    tests = tmp_path / "tests" / "years"
    path.parent.mkdir(parents=True)
    tests.mkdir(parents=True)
    path.write_text(CODE)
    for folder in path.parents[:2]:
        (folder / "__init__.py").touch()
    (tests / "test_ages.py").write_text(TEST)
    (tests / "test_other.py").write_text("def test_other():\n    pass\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    return path


def test_faults_are_put_into_code_and_not_into_what_only_declares_or_words_it(module: Path) -> None:
    every = [(mutant.before, mutant.after) for mutant in mutations.mutants(module)]
    found = set(every)
    assert ("age >= AGE", "age > AGE") in found
    assert ("age >= AGE and age < 200", "age >= AGE or age < 200") in found
    assert ("not strict", "strict") in found
    assert ("18", "19") in found
    assert every.count(("True", "False")) == 1
    assert not [
        before for before, _ in found if "ValueError" in before or "Ages" in before or before == "int"
    ]


def test_a_mutant_differs_from_its_module_in_one_place(module: Path) -> None:
    whole = ast.unparse(ast.parse(CODE)).splitlines()
    for mutant in mutations.mutants(module):
        changed = ast.unparse(mutant.tree()).splitlines()
        assert sum(a != b for a, b in zip(whole, changed, strict=True)) == 1, mutant


@pytest.mark.slow
def test_the_draw_is_of_the_seed() -> None:
    first = mutations.drawn(30, 7, "")
    assert len(first) == 30 and first == mutations.drawn(30, 7, "") != mutations.drawn(30, 8, "")
    assert all("/text/" in str(mutant.path) for mutant in mutations.drawn(30, 7, "/text/"))


@pytest.mark.slow
def test_a_fault_is_killed_by_a_test_that_executes_its_line(module: Path) -> None:
    """In a process of its own: a fork of this one would have other tests' modules."""
    project = module.parents[3]
    script = (
        "import sys, pathlib\n"
        "from benchmarks import mutants, mutations\n"
        "root = mutants.ROOT = mutations.ROOT = pathlib.Path(sys.argv[1])\n"
        "mutants.SOURCE = mutations.SOURCE = root / 'src'\n"
        "mutants.KEPT = root / 'kept'\n"
        "bench = mutants.Bench('years', 30)\n"
        "for mutant in mutations.mutants(root / 'src' / 'assemblybot' / 'years' / 'ages.py'):\n"
        "    print(bench.verdict(mutant), len(bench.tests(mutant)), mutant.before, '->', mutant.after)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(project)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": f"{project / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = ran.stdout.splitlines()
    assert "killed 1 age >= AGE -> age > AGE" in said
    assert "survived 1 age < 0 -> age <= 0" in said
    assert "survived 1 age + 1 >= AGE -> age + 1 > AGE" in said


def test_verdicts_are_kept_and_the_last_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "KEPT", tmp_path)
    first, second, third = mutations.drawn(3, 7, "")
    assert mutants.figures([first])["share_killed"] is None
    for mutant, verdict in ((first, "survived"), (second, "survived"), (first, "killed")):
        mutants.keep(mutant, verdict)
    found = mutants.figures([first, second, third])
    assert (found["mutants"], found["killed"], found["share_killed"]) == (2, 1, 0.5)
    assert found["survivors"] == [str(second)]

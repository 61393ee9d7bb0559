"""Mutants: which faults are put where, and that tests notice them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import mutants
from tests.conftest import ROOT

CODE = '''
"""Ages."""

AGE: int = 18


def grown(age: int, *, strict: bool = True) -> bool:
    """Whether someone is of age."""
    if not strict:
        return age + 1 >= AGE
    if age < 0:
        raise ValueError("an age is 0 at least")
    return age >= AGE and age < 200
'''
TEST = """
from assemblybot.ages import grown


def test_of_age():
    assert grown(18) and not grown(17)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module with its mirror file, where the benchmark looks for both."""
    path = tmp_path / "src" / "assemblybot" / "ages.py"
    path.parent.mkdir(parents=True)
    path.write_text(CODE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_ages.py").write_text(TEST)
    (tmp_path / "tests" / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    monkeypatch.setattr(mutants, "SOURCE", tmp_path / "src")
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    return path


def test_faults_are_put_into_code_and_not_into_annotations_docstrings_or_errors(module: Path) -> None:
    found = {(mutant.before, mutant.after) for mutant in mutants.mutants(module)}
    assert ("age >= AGE", "age > AGE") in found
    assert ("age >= AGE and age < 200", "age >= AGE or age < 200") in found
    assert ("not strict", "strict") in found
    assert ("18", "19") in found and ("True", "False") in found
    assert not [
        before for before, _ in found if "ValueError" in before or "Ages" in before or before == "int"
    ]


def test_a_mutant_differs_from_its_module_in_one_place(module: Path) -> None:
    whole = ast.unparse(ast.parse(CODE)).splitlines()
    for mutant in mutants.mutants(module):
        changed = ast.unparse(mutant.tree()).splitlines()
        assert sum(a != b for a, b in zip(whole, changed, strict=True)) == 1, mutant


def test_the_tests_of_a_module_are_its_mirror_file_or_those_of_its_folder(module: Path) -> None:
    tests = module.parents[2] / "tests"
    assert mutants.tests_of(module) == (str(tests / "test_ages.py"),)
    (tests / "test_other.py").write_text("")
    assert mutants.tests_of(module.with_name("unmirrored.py")) == (
        str(tests / "test_ages.py"),
        str(tests / "test_other.py"),
    )


def test_the_draw_is_of_the_seed() -> None:
    first = mutants.drawn(30, 7, "")
    assert len(first) == 30 and first == mutants.drawn(30, 7, "") != mutants.drawn(30, 8, "")
    assert all("/text/" in str(mutant.path) for mutant in mutants.drawn(30, 7, "/text/"))


def test_a_fault_that_a_test_notices_fails_it_and_another_does_not(module: Path) -> None:
    """In a process of its own: a fork of this one would have other tests' modules."""
    script = (
        "import sys, pathlib\nfrom benchmarks import mutants\n"
        "mutants.SOURCE = pathlib.Path(sys.argv[1])\nmutants.ROOT = mutants.SOURCE.parent\n"
        "for mutant in mutants.mutants(mutants.SOURCE / 'assemblybot' / 'ages.py'):\n"
        "    if mutant.before in ('age >= AGE', 'age < 0'):\n"
        "        print(mutants.outcome([sys.argv[2]], mutant, 300), mutant.before, '->', mutant.after)\n"
    )
    folders = [str(module.parents[1]), str(module.parents[2] / "tests" / "test_ages.py")]
    ran = subprocess.run(
        [sys.executable, "-c", script, *folders],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{folders[0]}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = ran.stdout.splitlines()
    assert "failed age >= AGE -> age > AGE" in said
    assert "passed age < 0 -> age <= 0" in said

"""What runs the checks, on a machine of one's own and in CI, names targets that the Makefile has."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import yaml

from tests.conftest import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
_CALL = re.compile(r"\bmake ([a-z][a-z-]*)")


def makefile() -> str:
    return (ROOT / "Makefile").read_text("utf-8")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile(), re.MULTILINE))


def test_the_workflow_is_one_that_github_takes() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    checked = subprocess.run([*command, str(WORKFLOW)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", [".ci/run", ".github/workflows/ci.yml", ".pre-commit-config.yaml"])
def test_every_target_that_is_called_exists(name: str) -> None:
    called = set(_CALL.findall((ROOT / name).read_text("utf-8")))
    assert called and called <= targets()


def test_the_head_of_the_makefile_names_every_target_a_person_types() -> None:
    named = set(re.findall(r"^# make ([a-z-]+)", makefile(), re.MULTILINE))
    assert named == targets() - {"install"}


def test_ci_and_the_commit_hook_run_the_checks() -> None:
    steps = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["test"]["steps"]
    assert ".ci/run" in [step.get("run") for step in steps]
    hooks = yaml.safe_load(HOOKS.read_text("utf-8"))["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == ["make format", "make check"]
    assert re.search(r"^test: check$", makefile(), re.MULTILINE)

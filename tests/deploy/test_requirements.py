"""The locked versions in requirements/ fit pyproject.toml; `make lock` renews them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUN: list[str] = PYPROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]


def text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


def locked(name: str) -> dict[str, str]:
    """Version of each package of `requirements/<name>.txt`, by its canonical name."""
    found = re.findall(r"^([\w.-]+)==(\S+)", text(name), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("base", RUN),
        ("build", PYPROJECT["dependency-groups"]["build"] + PYPROJECT["build-system"]["requires"]),
        ("dev", [*RUN, *(text for extra in EXTRAS.values() for text in extra)]),
    ],
    ids=["base", "build", "dev"],
)
def test_what_is_wanted_is_locked(name: str, wanted: list[str]) -> None:
    versions = locked(name)
    for requirement in map(Requirement, wanted):
        if requirement.name != "assemblybot":
            version = versions.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not in requirements/{name}.txt; run: make lock"
            assert requirement.specifier.contains(version), f"{requirement}: {version}; run: make lock"


@pytest.mark.parametrize("name", ["base", "build"])
def test_every_file_that_is_installed_to_run_has_its_digest(name: str) -> None:
    requirements = re.split(r"^(?=[\w.-]+==)", text(name), flags=re.MULTILINE)[1:]
    assert requirements
    assert all("--hash=sha256:" in one for one in requirements)


def test_the_files_agree_and_name_no_index() -> None:
    every = locked("dev")
    assert all(every[name] == version for name, version in locked("base").items() if name in every)
    assert "://" not in text("base") + text("build") + text("dev")


def test_running_needs_no_torch() -> None:
    heavy = {"torch", "transformers", "sentence-transformers", "scikit-learn", "pandas", "pymilvus"}
    assert not heavy & set(locked("base"))


def test_the_pythons_that_are_promised() -> None:
    supported = Requirement(f"x{PYPROJECT['project']['requires-python']}").specifier
    named = re.findall(r"Python :: (3\.\d+)", " ".join(PYPROJECT["project"]["classifiers"]))
    assert named
    assert all(supported.contains(f"{version}.2") for version in named)
    assert not supported.contains("3.11.1")

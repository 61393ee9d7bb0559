"""Writes `deploy/requirements.txt`: what an image needs to run the embedded model, exact versions.

    python deploy/requirements.py

The dependencies of `pyproject.toml` without sentence-transformers, and theirs in turn, as
installed here, with the versions of `constraints.txt`. Without it an image is smaller by torch
and transformers, and answers with the embedded model alone.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "deploy" / "requirements.txt"
LEFT_OUT = frozenset({"sentence-transformers"})
_HEAD = "# Written by deploy/requirements.py: everything but sentence-transformers and what it needs.\n"


def pins() -> dict[str, str]:
    """Version of each package of `constraints.txt`, by its canonical name."""
    found = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def closure() -> set[tuple[str, str]]:
    """Canonical names of the packages, each with the extra it is wanted with or an empty text."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [Requirement(text) for text in project["dependencies"]]
    found: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        for extra in ("", *wanted.extras):
            if name in LEFT_OUT or (name, extra) in found:
                continue
            found.add((name, extra))
            for text in requires(name) or ():
                needed = Requirement(text)
                if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                    waiting.append(needed)
    return found


def requirements() -> str:
    """Content of `deploy/requirements.txt`."""
    versions = pins()
    names = sorted({name for name, _ in closure()})
    return _HEAD + "".join(f"{name}=={versions[name]}\n" for name in names)


if __name__ == "__main__":
    TARGET.write_text(requirements(), encoding="utf-8")

"""The fenced blocks of the documentation, and the checkout in which a reader runs them.

`sh` blocks are commands, `console` blocks commands with their output, `python` blocks a script.
An info string may go on with `no-run=reason`, for what needs a token, a cluster or the network,
or `run=slow`, for what takes more than some seconds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import MODEL, ROOT

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>```+)(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)(?P=fence) *$",
    re.MULTILINE | re.DOTALL,
)
RUN = ("sh", "bash", "console", "python")
_LINKED = (
    ".env.example",
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "benchmarks",
    "deploy",
    "docs",
    "pyproject.toml",
    "requirements",
    "src",
    "tests",
    "training",
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: where it stands, its language, its attributes, its lines."""

    path: Path
    line: int
    language: str
    attributes: dict[str, str]
    body: str

    @property
    def place(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Every page a reader follows."""
    return sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = path.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, *attributes = match["info"].split() or [""]
        indent = match["indent"]
        body = "".join(line.removeprefix(indent) for line in match["body"].splitlines(keepends=True))
        pairs = dict(attribute.split("=", 1) for attribute in attributes)
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(path, line, language, pairs, body))
    return found


@dataclass
class Checkout:
    """A copy of the project in which a page's blocks are run one after the other.

    Only what commands change is copied; the rest is linked. Variables that one block exports are
    there in the next.
    """

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @classmethod
    def lay(cls, folder: Path, index: Path) -> Checkout:
        """A checkout with the environment of `make` and an index built already."""
        for name in _LINKED:
            (folder / name).symlink_to(ROOT / name)
        (folder / "models").mkdir()
        (folder / "models" / MODEL.name).symlink_to(MODEL)
        shutil.copytree(ROOT / "corpus", folder / "corpus")
        shutil.copytree(index, folder / "index")
        (folder / ".venv").mkdir()
        (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
        for done in (".base", ".docs", ".dev"):
            (folder / ".venv" / done).touch()
        return cls(
            folder,
            {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT / "src"),
                "HOME": str(folder),
                "LANG": "C.UTF-8",
                "COLUMNS": "100",
            },
        )

    def run(self, script: str, shell: tuple[str, ...] = ("bash", "-euo", "pipefail", "-c")) -> str:
        """What a script prints. Raises CalledProcessError with its output when it fails."""
        kept = self.folder / ".environment"
        if shell[0] == "bash":
            script += f"\nenv -0 > {kept}"
        done = subprocess.run(
            [*shell, script],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"exit code {done.returncode} of:\n{script}\n{done.stdout}"
        if shell[0] == "bash":
            lines = kept.read_text(encoding="utf-8").split("\0")
            self.env = dict(line.split("=", 1) for line in lines if line)
        return done.stdout

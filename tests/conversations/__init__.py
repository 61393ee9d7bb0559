"""Scripted conversations shared by the tests of every channel; see README.md here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from assemblybot.answering.answer import Remark, Verdict


@dataclass(frozen=True, slots=True)
class Step:
    """One thing said, and what must come of it."""

    says: str
    verdict: Verdict
    cites: tuple[str, ...] = ()
    is_list: bool = False
    remark: Remark | None = None
    language: str | None = None

    def check(self, verdict: Verdict, cited: tuple[str, ...], remark: Remark | None = None) -> None:
        """Raises AssertionError when a channel showed something else."""
        assert verdict is self.verdict, self.says
        if self.verdict is not Verdict.ANSWERED:
            assert not cited, self.says
            assert remark is None or self.remark in (None, remark), (self.says, remark)
        elif not self.cites:
            assert cited, self.says
        elif self.is_list:
            assert cited == self.cites, self.says
        else:
            assert cited[:1] == self.cites[:1] and set(self.cites) <= set(cited), (self.says, cited)


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation."""

    name: str
    about: str
    steps: tuple[Step, ...]


def load() -> list[Script]:
    """Every script of this folder, by name."""
    return [_read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]


def _read(path: Path) -> Script:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    steps = tuple(
        Step(
            says=step["says"],
            verdict=Verdict(step["verdict"]),
            cites=tuple(step.get("cites", ())),
            is_list=step.get("is_list", False),
            remark=Remark(step["remark"]) if "remark" in step else None,
            language=step.get("language"),
        )
        for step in told["step"]
    )
    return Script(path.stem, told["about"], steps)

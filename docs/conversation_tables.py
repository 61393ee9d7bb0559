"""The scripted conversations as tables, from the scripts that the tests of every channel hold."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.conversations import Script, Step, load

from assemblybot.answering.answer import Verdict
from results import table

_VERDICTS: Final = {
    Verdict.ANSWERED: "answered",
    Verdict.NOT_IN_CORPUS: "not in the sources",
    Verdict.NOT_A_QUESTION: "talk",
}


def conversations() -> str:
    """How long each script is, and what becomes of its turns."""
    heads = ("script", "turns", *_VERDICTS.values(), "depend on the previous turn")
    return table(heads, map(_counts, load()))


def turns() -> str:
    """Every turn of the long scripts."""
    return "\n".join(map(_turns, (script for script in load() if script.name.startswith("turns-"))))


def _counts(script: Script) -> tuple[str, ...]:
    verdicts = Counter(step.verdict for step in script.steps)
    leaning = sum(step.verdict is Verdict.ANSWERED and step.remark is not None for step in script.steps)
    shown = (len(script.steps), *(verdicts[verdict] for verdict in _VERDICTS), leaning)
    return (script.name, *map(str, shown))


def _turns(script: Script) -> str:
    rows = ((str(number), *_row(step)) for number, step in enumerate(script.steps, start=1))
    heads = ("", "message", "verdict", "kind", "paragraphs cited first")
    return f"## {script.name.removeprefix('turns-').capitalize()}\n\n{table(heads, rows)}"


def _row(step: Step) -> tuple[str, ...]:
    cited = ", ".join(passage.rpartition("#")[2] for passage in step.cites)
    language = f" ({step.language})" if step.language else ""
    remark = (step.remark or "question").replace("-", " ")
    return step.says, _VERDICTS[step.verdict], f"{remark}{language}", cited

"""Measures what the README and the evaluation page report, and writes it into them.

    python docs/figures.py

Runs the commands that those pages name: `ask` for each command of the transcript, `eval` with and
without `--ablation`, `benchmarks/core.py`. Figures go to benchmarks/results/, and from there into
the pages (docs/generate.py).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from assemblybot.answering.phrases import bare
from assemblybot.corpus import library
from results import RESULTS

ROOT = Path(__file__).resolve().parents[1]
DEV = "tests/data/dev.jsonl"
ASKED = ("Who wrote this article?",)


def _run(*command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip("\n")


def transcript() -> str:
    """A question and its answer as the terminal shows them."""
    shown = [f"$ assemblybot ask '{asked}'\n{_run('-m', 'assemblybot', 'ask', asked)}" for asked in ASKED]
    return "```console\n" + "\n\n".join(shown) + "\n```\n"


def unseen() -> dict[str, float]:
    """Figures without the development questions that also stand among the corpus's own.

    Questions count as the same when their folded words are (they were written without knowledge of
    the development questions; short ones coincide).
    """
    documents = library.load(ROOT / "corpus").documents
    own = {
        bare(text)
        for document in documents
        for by_language in document.questions.values()
        for texts in by_language.values()
        for text in texts
    }
    lines = (ROOT / DEV).read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if bare(json.loads(line)["question"]) not in own]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write("\n".join(others))
        file.flush()
        found: dict[str, float] = json.loads(_run("-m", "assemblybot", "eval", "--json", file.name))
    return found


def measure() -> None:
    """Write the figures of retrieval, ablation and speed."""
    _keep("evaluation.txt", _run("-m", "assemblybot", "eval", DEV))
    summary = json.loads(_run("-m", "assemblybot", "eval", "--json", DEV))
    _keep("evaluation.json", json.dumps(summary, indent=1))
    _keep("evaluation-unseen.json", json.dumps(unseen(), indent=1))
    for name in ("second", "third"):
        found = json.loads(_run("-m", "assemblybot", "eval", "--json", f"tests/data/{name}.jsonl"))
        _keep(f"evaluation-{name}.json", json.dumps(found, indent=1))
    _keep("ablation.txt", _run("-m", "assemblybot", "eval", "--ablation", DEV))
    _run("-m", "benchmarks.core", "--write")


def _keep(name: str, text: str) -> None:
    (RESULTS / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    readme = ROOT / "README.md"
    part = re.compile(r"(<!-- transcript -->\n).*?(<!-- /transcript -->)", re.DOTALL)
    text = part.sub(lambda found: found[1] + transcript() + found[2], readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8")
    measure()
    _run("docs/generate.py")

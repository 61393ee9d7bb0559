"""Measures and writes the transcript and the figures of the README, and the files behind them.

    python docs/figures.py

Runs the commands that the README names: `ask` on three questions, `eval` with and without
`--ablation`, `benchmarks/core.py`. Raw figures go to benchmarks/results/.
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

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
DEV = "tests/data/dev.jsonl"
_MEASURES = {
    "r1_ar_fr_en_es": "first citation right, Arabic, French, English, Spanish",
    "r1_darija": "first citation right, Darija",
    "r3": "right among the first three",
    "refusal_recall": "unanswerable refused",
    "answerable_refused": "answerable refused",
    "calibration_error": "expected calibration error",
}
ASKED = ("شحال ديال المندوبين حضرو؟", "Qui est Abdellatif Hammouchi ?", "Who will be the next president?")


def _run(*command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip("\n")


def _replace(text: str, name: str, content: str) -> str:
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return pattern.sub(lambda found: f"{found[1]}{content}\n{found[2]}", text)


def transcript() -> str:
    """Three questions and their answers as the terminal shows them."""
    shown = [f"$ assemblybot ask '{asked}'\n{_run('-m', 'assemblybot', 'ask', asked)}" for asked in ASKED]
    return "```\n" + "\n\n".join(shown) + "\n```"


def unseen() -> tuple[int, dict[str, float]]:
    """How many development questions also stand among the corpus's own, and figures without them.

    Questions count as the same when their folded words are (asked-as and known questions were
    written without knowledge of the development questions; short ones coincide).
    """
    documents = library.load(ROOT / "corpus").documents
    own = {bare(question.text) for document in documents for question in document.questions}
    own |= {
        bare(text)
        for document in documents
        for by_language in document.asked_as.values()
        for texts in by_language.values()
        for text in texts
    }
    lines = (ROOT / DEV).read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if bare(json.loads(line)["question"]) not in own]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write("\n".join(others))
        file.flush()
        found: dict[str, float] = json.loads(_run("-m", "assemblybot", "eval", "--json", file.name))
    return len(lines) - len(others), found


def figures() -> str:
    """Tables of retrieval, ablation and speed."""
    evaluation = _run("-m", "assemblybot", "eval", DEV)
    summary = json.loads(_run("-m", "assemblybot", "eval", "--json", DEV))
    ablation = _run("-m", "assemblybot", "eval", "--ablation", DEV)
    speed = json.loads(_run("benchmarks/core.py", "--write"))
    (RESULTS / "evaluation.txt").write_text(evaluation + "\n", encoding="utf-8")
    (RESULTS / "evaluation.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    same, disjoint = unseen()
    (RESULTS / "evaluation-unseen.json").write_text(json.dumps(disjoint, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "ablation.txt").write_text(ablation + "\n", encoding="utf-8")
    return "\n".join(
        [
            f"`assemblybot eval {DEV}`: {summary['questions']} questions. {same} of them also stand, by "
            "coincidence, among the questions in the corpus; the second column leaves those out.",
            "",
            f"| measure | all {summary['questions']} | {disjoint['questions']} unseen |",
            "|---|---|---|",
            *(f"| {text} | {summary[name]:.3f} | {disjoint[name]:.3f} |" for name, text in _MEASURES.items()),
            "",
            "| speed | figure |",
            "|---|---|",
            f"| cold process to first answer, median of 9 | {speed['cold_start_s']:.2f} s |",
            f"| a question in a warm process, median | {speed['p50_ms']:.1f} ms |",
            f"| peak resident memory | {speed['peak_resident_mb']} MB |",
            "",
            f"Speed on {speed['cores']} shared cores at a load of {speed['load_average']} "
            "(`python benchmarks/core.py`). What each part adds (`--ablation`, nothing refused):",
            "",
            "```",
            ablation,
            "```",
        ]
    )


def main() -> None:
    """Renew both parts of the README."""
    path = ROOT / "README.md"
    text = _replace(path.read_text(encoding="utf-8"), "transcript", transcript())
    path.write_text(_replace(text, "figures", figures()), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Answers about documents for which no question was stored, and about the article: right, refused, reserved.

    python -m benchmarks.quality [--others FOLDER] [--write]

Sets: the documents and questions of `tests/quality/`, the lines there that ask nothing, and the three
question sets of the article. `--others` adds a folder with `documents/` and `questions.jsonl`: its questions
are asked of each document alone, and of all of them beside the article.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from assemblybot import Assistant
from assemblybot.answering.answer import Verdict
from assemblybot.corpus import adding, library
from assemblybot.embedding import Embedder
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Outcome, Share, share
from assemblybot.evaluation.questions import GoldQuestion
from assemblybot.evaluation.run import ask, evaluate
from assemblybot.index.build import build
from assemblybot.index.index import Index
from assemblybot.settings import load_settings
from assemblybot.startup import assistant_over, open_embedder, silent
from benchmarks.figures import ROOT, options, report

OWN: Final = ROOT / "tests" / "quality"
ARTICLE: Final = ROOT / "corpus"
#: An answer that no passage holds, since the document was not read whole.
_NOWHERE: Final = ("", 0, 1)


class Bench:
    """Assistants over folders of documents."""

    def __init__(self, work: Path) -> None:
        self.settings = load_settings()
        self.embedder: Embedder = open_embedder(self.settings)
        self._work = work

    def over(self, documents: Sequence[Path], beside: Path | None = None) -> Assistant:
        """An assistant over documents, and over those of the corpus `beside`."""
        corpus = Path(tempfile.mkdtemp(dir=self._work)) / "corpus"
        if beside:
            shutil.copytree(beside, corpus)
        if documents:
            assert list(adding.add(documents, corpus))
        index = build(library.load(corpus), self.embedder, silent)
        return assistant_over(index, self.embedder, self.settings)


def own(bench: Bench) -> tuple[list[Outcome], dict[str, Any]]:
    """Outcomes over the documents of this repository, and what became of lines that ask nothing."""
    assistant = bench.over(sorted((OWN / "documents").iterdir()))
    talk = [assistant.answer(line) for line in (OWN / "talk.txt").read_text("utf-8").splitlines()]
    answered = [answer for answer in talk if answer.verdict is Verdict.ANSWERED]
    told = {
        "lines": len(talk),
        "answered": len(answered),
        "answered_surely": sum(not answer.is_unsure for answer in answered),
    }
    return evaluate(assistant, OWN / "questions.jsonl").outcomes, told


def article(bench: Bench) -> list[Outcome]:
    """Outcomes over the shipped corpus."""
    assistant = bench.over([], ARTICLE)
    files = (ROOT / "tests" / "data" / f"{name}.jsonl" for name in ("dev", "second", "third"))
    return [outcome for file in files for outcome in evaluate(assistant, file).outcomes]


def others(bench: Bench, folder: Path) -> dict[str, list[Outcome]]:
    """Outcomes over the documents of other people: each alone, and all beside the article."""
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if "after" not in row]
    documents = sorted((folder / "documents").iterdir())
    alone: list[Outcome] = []
    for document in documents:
        assistant = bench.over([document])
        alone += _asked(assistant, [row for row in rows if row["document"] == document.name])
    return {"others alone": alone, "others beside": _asked(bench.over(documents, ARTICLE), rows)}


def _asked(assistant: Assistant, rows: Sequence[dict[str, Any]]) -> list[Outcome]:
    return [ask(assistant, _gold(row, assistant.index)).outcome for row in rows]


def _gold(row: dict[str, Any], index: Index) -> GoldQuestion:
    places: list[tuple[str, int, int]] = []
    if row["answerable"]:
        name = Path(row["document"]).stem
        places = [p for gold in row["gold"] for p in _passages(gold, name, index)] or [_NOWHERE]
    return GoldQuestion(row["id"], row["lang"], row["kind"], row["question"], tuple(places))


def _passages(gold: str, name: str, index: Index) -> Iterator[tuple[str, int, int]]:
    """Places of the passages, with their lead-ins, that hold all words of an answer."""
    wanted = set(_words(gold))
    for document in index.documents.values():
        if name not in (document.id, Path(document.metadata.about.get("file", document.id)).stem):
            continue
        for passage in document.passages:
            above = document.passages[passage.lead_in - 1].text if passage.lead_in else ""
            if wanted <= set(_words(f"{above} {passage.text}")):
                yield document.id, passage.start, passage.end


def _words(text: str) -> list[str]:
    bare = re.sub("[\u064b-\u0652\u0640\u00ad\u200b-\u200f]", "", unicodedata.normalize("NFKC", text))
    return re.findall(r"\w+", bare.casefold())


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares over one set."""
    held = share(o.refused or o.unsure for o in outcomes if not o.answerable)
    return {
        "questions": len(outcomes),
        "first_right": _rounded(measures.recall(outcomes)),
        "answerable_refused": _rounded(measures.refusals(outcomes, answerable=True)),
        "answerable_reserved": _rounded(measures.answered_unsurely(outcomes)),
        "unanswerable_refused": _rounded(measures.refusals(outcomes, answerable=False)),
        "unanswerable_refused_or_reserved": _rounded(held),
        "calibration_error": round(measures.expected_calibration_error(outcomes), 3),
        "risk_area": round(measures.aurc(outcomes), 3),
    }


def _rounded(found: Share) -> float | None:
    return round(found.value, 3) if found.count else None


def by_language(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures of each language."""
    languages = sorted({o.language for o in outcomes})
    return {language: figures([o for o in outcomes if o.language == language]) for language in languages}


def main() -> None:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--others", type=Path, help="folder with documents/ and questions.jsonl")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(Path(work))
        outcomes, talk = own(bench)
        sets = {"own documents": outcomes, "article": article(bench)}
        if chosen.others:
            sets |= others(bench, chosen.others)
    found = {name: {**figures(of), "by_language": by_language(of)} for name, of in sets.items()}
    report("quality", {"sets": found, "talk": talk}, write=chosen.write)


if __name__ == "__main__":
    main()

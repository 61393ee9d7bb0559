"""Tables of figures, made from the files in benchmarks/results/ and from nothing else."""

from __future__ import annotations

from typing import Any, Final

from results import RESULTS, read, table

_MEASURES: Final = {
    "r1_ar_fr_en_es": "first citation right, Arabic, French, English, Spanish",
    "r1_darija": "first citation right, Darija",
    "r3": "right among the first three",
    "refusal_recall": "unanswerable refused",
    "unanswerable_answered_surely": "unanswerable answered without a caveat",
    "answerable_refused": "answerable refused",
    "answerable_unsure": "answerable answered with a caveat",
    "calibration_error": "expected calibration error",
}


#: Column heads by file; the last two sets were written from the article alone.
_SETS: Final = {
    "evaluation.json": "development, {questions}",
    "evaluation-unseen.json": "of these, not among the stored questions, {questions}",
    "evaluation-second.json": "second set, {questions}",
    "evaluation-third.json": "third set, {questions}",
}


def retrieval() -> str:
    """How often the first citation is right, and what is refused."""
    sets = [(head, read(name)) for name, head in _SETS.items()]
    heads = ("measure", *(head.format(**found) for head, found in sets))
    rows = ((text, *(f"{found[name]:.3f}" for _, found in sets)) for name, text in _MEASURES.items())
    return table(heads, rows)


#: Column heads by measure of `benchmarks/quality.py`.
_QUALITY: Final = {
    "questions": "questions",
    "first_right": "first citation right",
    "answerable_refused": "answerable refused",
    "unanswerable_refused": "unanswerable refused",
    "unanswerable_refused_or_reserved": "unanswerable refused or with a caveat",
    "calibration_error": "calibration error",
}
_MEASURED_ON: Final = {
    "own documents": "three documents in Arabic, French and English, no translations or stored questions",
    "article": "the article in the repository, with translations and stored questions",
    "others alone": "five documents by other authors, each indexed alone",
    "others beside": "the same five, indexed together with the article",
}


def quality() -> str:
    """What is found and what is refused, by set of documents."""
    found = read("quality.json")["sets"]
    rows = (
        (_MEASURED_ON[name], *(f"{figures[measure]:g}" for measure in _QUALITY))
        for name, figures in found.items()
    )
    return table(("documents", *_QUALITY.values()), rows)


def quality_by_language() -> str:
    """First citation right and answerable refused, by language of the question."""
    found = read("quality.json")["sets"]
    languages = ("ar", "ary", "ary-Latn", "en", "es", "fr")
    rows = (
        (
            _MEASURED_ON[name],
            *(
                f"{own['first_right']:.2f} ({own['answerable_refused']:.2f})" if own else ""
                for own in map(figures["by_language"].get, languages)
            ),
        )
        for name, figures in found.items()
    )
    return table(("documents", *languages), rows)


def talk() -> str:
    """What becomes of lines that ask nothing."""
    found = read("quality.json")["talk"]
    surely = found["answered_surely"]
    return (
        f"Of {found['lines']} messages that ask nothing, in the same languages, "
        f"{found['answered'] - surely} received an answer with a caveat and {surely} received one without.\n"
    )


def speed() -> str:
    """Seconds to the first answer, milliseconds for a question, memory."""
    found = read("core.json")
    heads = (f"speed, on {found['cores']} shared cores at a load of {found['load_average']}", "figure")
    rows = (
        ("from process start to first answer, median of 9", f"{found['cold_start_s']:.2f} s"),
        ("one question in a running process, median", f"{found['p50_ms']:.1f} ms"),
        ("peak resident memory", f"{found['peak_resident_mb']} MB"),
    )
    return table(heads, rows)


#: What the model is to reach, by measure.
_GOALS: Final = {
    "NTREX ar→en": "0.85",
    "NTREX fr→ar": "0.78",
    "FLORES ary→ar": "0.88",
    "FLORES ary→en": "0.65",
    "all": "0.45",
    "question_p50_ms": "≤ 16 ms",
    "import_to_first_vector_s": "≤ 0.6 s",
}


def model() -> str:
    """What the shipped model reaches by its vectors alone (`training/evaluate.py`)."""
    found = read("model.json")
    shown = {task: (f"{task}, top-1", f"{value:.3f}") for task, value in found["retrieval_top_1"].items()}
    for language, (hits, count) in found["development_first_line_right"].items():
        title = f"development questions, {language}: first line right"
        shown[language] = (title, f"{hits / count:.3f} ({hits}/{count})")
    shown["question_p50_ms"] = ("question of 12 words, p50", f"{found['question_p50_ms']:.1f} ms")
    seconds = f"{found['import_to_first_vector_s']:.2f} s"
    shown["import_to_first_vector_s"] = ("import to first vector", seconds)
    rows = ((*cells, _GOALS.get(name, "")) for name, cells in shown.items())
    return table(("measure", "figure", "goal"), rows)


def peers() -> str:
    """Other libraries on the same questions: given the article alone, and given every text."""
    heads = (
        "system",
        "given",
        "R@1",
        "answered right",
        "unanswerable refused",
        "cold start",
        "median",
        "memory",
    )
    rows = (row for row in read("peers.json")["rows"] if row["given"] in ("article", "everything"))
    return table(heads, map(_peer, rows))


def _peer(row: dict[str, Any]) -> tuple[str, ...]:
    shares = (row[name]["value"] for name in ("r1", "answered_right", "unanswerable_refused"))
    costs = (f"{row['cold_s']:.2f} s", f"{row['p50_ms']:.1f} ms", f"{row['peak_mb']} MB")
    return (row["system"], row["given"], *(f"{value:.3f}" for value in shares), *costs)


def extraction() -> str:
    """How many letters of PDFs are read wrongly, by producer; how long reading and adding take."""
    found = read("extraction.json")
    rates: dict[str, dict[str, float]] = {}
    for name, rate in found["character_error_rate"].items():
        producer, language = name.split(", ")
        rates.setdefault(producer, {})[language] = rate
    rows = ((name, f"{of['ar']:.2%}", f"{of['fr']:.2%}") for name, of in rates.items())
    speed = (
        f"A PDF of {found['long_pages']} pages is read in {found['long_seconds']:.1f} s; `assemblybot add` "
        f"of one of two pages takes {found['add_seconds']:.1f} s, on {found['cores']} shared cores at a load "
        f"of {found['load_average']:.1f}.\n"
    )
    return table(("made by", "letters wrong, Arabic", "French"), rows) + f"\n{speed}"


def damaged() -> str:
    """What became of damaged files, by format."""
    found = read("damaged.json")
    heads = ("format", "added", "refused with a message", "exception", "over 10 s", "corpus unreadable")
    rows = (
        (
            f"`{suffix}`",
            *(f"{one[name]:,}" for name in ("added", "refused")),
            str(sum(one["exceptions"].values())),
            *(str(one[name]) for name in ("slow", "unreadable_corpora")),
        )
        for suffix, one in found["formats"].items()
    )
    return f"Of {found['files']:,} damaged files, made with seed {found['seed']}:\n\n{table(heads, rows)}"


def by_kind() -> str:
    """The evaluation by language and kind of question, as the command prints it."""
    return _printed("evaluation.txt")


def ablation() -> str:
    """What each part of retrieval adds, as the command prints it."""
    return _printed("ablation.txt")


def _printed(name: str) -> str:
    return f"```\n{(RESULTS / name).read_text(encoding='utf-8').rstrip()}\n```\n"

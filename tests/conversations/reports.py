"""The collection of two reports of each place, of which the newer one contradicts the older one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from assemblybot.answering.assistant import Assistant
from assemblybot.collection import DEFAULT
from assemblybot.corpus import library
from assemblybot.index.build import build
from assemblybot.startup import silent

REPORTS: Final = "reports"
#: By the name of a collection.
Assistants = Mapping[str, Assistant]

_WRITTEN: Final = Path(__file__).resolve().parents[1] / "data" / "compared.toml"
_DAYS: Final = {"older": "2020-02-03", "newer": "2025-02-03"}


def with_reports(assistant: Assistant) -> Assistants:
    """That assistant as the one of the default collection, and one over the English and Arabic reports."""
    with TemporaryDirectory() as corpus:
        write_reports(Path(corpus))
        index = build(library.load(Path(corpus)), assistant.embedder, silent)
    return {DEFAULT: assistant, REPORTS: assistant.over(replace(index, collection=REPORTS))}


def write_reports(corpus: Path, *which: str, languages: tuple[str, ...] = ("en", "ar")) -> None:
    """Write the reports into a corpus: the older ones, the newer ones or, where nothing is named, both."""
    written = tomllib.loads(_WRITTEN.read_text(encoding="utf-8"))
    for language in languages:
        for one in which or _DAYS:
            _write(corpus / f"{language}-{one}", written[language][one], language, _DAYS[one])


def _write(folder: Path, text: str, language: str, day: str) -> None:
    """One document, as a corpus keeps it; its first line is its title."""
    title = text.partition("\n")[0].removeprefix("# ")
    about = f'title = "{title}"\nlanguage = "{language}"\nfile = "report.md"\ndate = "{day}"\n'
    folder.mkdir(parents=True)
    (folder / "document.toml").write_text(about, encoding="utf-8")
    (folder / "report.md").write_text(text, encoding="utf-8")

"""Reading and adding documents: character error rate of PDFs by producer, time and memory.

    python -m benchmarks.extraction [--write]

The texts are those of `tests/corpus/formats/pdf/producers.py`, so every letter is known. Browser print,
LibreOffice and LaTeX are measured where `chromium`, `soffice` and `xelatex` are installed. `assemblybot add`
puts a document of two pages beside the shipped corpus, as a process of its own.
"""

from __future__ import annotations

import html
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.corpus.formats.pdf.producers import ARABIC, FRENCH, PRODUCERS, body, build, heading

from assemblybot.corpus.readers import read
from benchmarks.figures import ROOT, options, report

_TEXTS = {"ar": ARABIC, "fr": FRENCH}
_PAGES = 50
_TIMES = 5
_YEAR = (
    "In {0} the ferry of line {1} carried {2} thousand people to the pier, and paid the port for each of "
    "them. "
)


def distance(wanted: str, found: str) -> int:
    """Levenshtein's: letters to change, put in or take out."""
    above = list(range(len(found) + 1))
    for row, letter in enumerate(wanted, start=1):
        line = [row]
        for column, other in enumerate(found, start=1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other)))
        above = line
    return above[-1]


def error_rate(path: Path, texts: tuple[str, ...]) -> float:
    """Share of the letters of `texts` that differ in what is read of `path`; LaTeX draws ' as ’."""
    found = "\n".join(read(path).texts()).replace("’", "'")
    wanted = "\n".join(texts)
    return round(distance(wanted, found) / len(wanted), 5)


def page_of(texts: Sequence[str], path: Path) -> Path:
    """A web page with each text as a paragraph."""
    direction = "rtl" if texts is ARABIC else "ltr"
    paragraphs = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    style = "body { font-family: 'DejaVu Sans'; font-size: 11pt }"
    path.write_text(
        f"<!DOCTYPE html><html dir='{direction}'><head><meta charset='utf-8'><title>Text</title>"
        f"<style>{style}</style></head><body>{paragraphs}</body></html>",
        encoding="utf-8",
    )
    return path


def by_browser(texts: Sequence[str], path: Path) -> Path:
    """Printed by Chromium, with the header and footer that it adds."""
    page = page_of(texts, path.with_suffix(".html"))
    _run("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={path}", page.as_uri())
    return path


def by_libreoffice(texts: Sequence[str], path: Path) -> Path:
    """Exported by LibreOffice Writer."""
    page = page_of(texts, path.with_suffix(".html"))
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    convert = ("--infilter=HTML (StarWriter)", "--convert-to", "pdf:writer_pdf_Export", "--outdir")
    _run("soffice", profile, "--headless", *convert, str(path.parent), str(page))
    return path


def by_latex(texts: Sequence[str], path: Path) -> Path:
    """Set by XeLaTeX as an article; its Arabic has a percent sign in front of the number."""
    language = "arabic" if texts is ARABIC else "french"
    text = "\n\n".join(texts).replace("%", r"\%")
    source = path.with_suffix(".tex")
    source.write_text(
        r"\documentclass{article}\usepackage{fontspec}\usepackage{polyglossia}"
        rf"\setmainlanguage{{{language}}}\newfontfamily\arabicfont[Script=Arabic]{{DejaVu Sans}}"
        rf"\begin{{document}}{text}\end{{document}}",
        encoding="utf-8",
    )
    _run("xelatex", "-interaction=batchmode", f"-output-directory={path.parent}", str(source))
    return path


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def producers() -> dict[str, Callable[[Sequence[str], Path], Path]]:
    """The producers that are on this machine."""
    found = dict(PRODUCERS)
    if shutil.which("chromium"):
        found["Chromium"] = by_browser
    if shutil.which("soffice"):
        found["LibreOffice"] = by_libreoffice
    if shutil.which("xelatex"):
        found["LaTeX"] = by_latex
    return found


def seconds_to_add(folder: Path) -> float:
    """`assemblybot add` of an ordinary document, beside the shipped corpus; the median of five."""
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    found = []
    for number in range(_TIMES):
        # The first time, the shipped corpus gets its index too.
        parts = [heading("The harbour in figures", 18)]
        for year in range(2010, 2022):
            parts += [
                heading(f"The year {year}"),
                body(_YEAR.format(year, number, 3 * number + year % 7) * 2),
            ]
        path = build(folder / f"harbour-{number}.pdf", parts, "The harbour in figures")
        command = [sys.executable, "-m", "assemblybot", "add", str(path)]
        command += ["--corpus", str(folder / "corpus"), "--index", str(folder / "index")]
        started = time.perf_counter()
        _run(*command)
        found.append(time.perf_counter() - started)
    return sorted(found)[_TIMES // 2]


def long_document(path: Path) -> Path:
    """About fifty pages of articles."""
    text = "The council decides on the use of the harbour and on what ferries pay in the season {}. " * 3
    parts = [heading("The law of the harbour", 18)]
    for number in range(1, 11 * _PAGES):
        parts.append(body(f"Article {number}. {text}".replace("{}", str(number))))
    return build(path, parts, "The law of the harbour")


def main() -> None:
    """Measure and print."""
    chosen = options(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rates = {
            f"{producer}, {language}": error_rate(make(texts, folder / "a.pdf"), texts)
            for producer, make in producers().items()
            for language, texts in _TEXTS.items()
        }
        added = seconds_to_add(folder)
        path = long_document(folder / "long.pdf")
        started, used = time.perf_counter(), time.process_time()
        extract = read(path)
        seconds, used = time.perf_counter() - started, time.process_time() - used
    figures = {
        "character_error_rate": rates,
        "long_pages": int((extract.blocks[-1].anchor or "page 0").removeprefix("page ")),
        "long_seconds": round(seconds, 2),
        "long_processor_seconds": round(used, 2),
        "add_seconds": round(added, 2),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    report("extraction", figures, write=chosen.write)


if __name__ == "__main__":
    main()

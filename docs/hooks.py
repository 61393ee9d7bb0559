"""What the site is built with besides its pages: gallery, evaluation report, changelog."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Final

# For `gallery`, and for the conversations that the tests hold.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from assemblybot.collection import DEFAULT
from assemblybot.evaluation import run
from assemblybot.evaluation.page.page import render
from gallery.page import gallery
from gallery.scenes import ROOT, open_assistants

REPORT: Final = "evaluation-report.html"
_assistants = cache(open_assistants)
_FENCE_WITH_ATTRIBUTES = re.compile(r"^( *```\w+) [\w-]+=.*$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The changelog, which stands at the root where people look for it, and the report."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=changelog))
    files.append(File.generated(config, REPORT, content=_report(ROOT / config.extra["questions"])))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Without what info strings say to the tests."""
    return _FENCE_WITH_ATTRIBUTES.sub(r"\1", markdown)


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Below the words of their pages: the gallery, and where the report is."""
    if page.file.src_uri == "gallery.md":
        return html + gallery(_assistants())
    if page.file.src_uri == "evaluation.md":
        return f'{html}<p><a href="../{REPORT}">The report on the shipped article</a></p>'
    return html


def _report(questions: Path) -> str:
    """Plots and mistakes of these questions, measured while the site is built."""
    assistant = _assistants()[DEFAULT]
    measured = run.evaluate(assistant, questions)
    return render(measured, assistant.index.documents, questions.name)

"""What the site is built with besides its pages: the gallery, and the changelog of the project."""

from __future__ import annotations

import re
import sys
from pathlib import Path

# For `gallery`, and for the conversations that the tests hold.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from gallery.page import ROOT, gallery, shipped_assistant

_FENCE_WITH_ATTRIBUTES = re.compile(r"^( *```\w+) [\w-]+=.*$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The changelog stands at the root, where people look for it."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=changelog))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Without what info strings say to the tests."""
    return _FENCE_WITH_ATTRIBUTES.sub(r"\1", markdown)


def on_page_content(html: str, page: Page, **_: object) -> str:
    """The gallery is drawn below the words of its page."""
    if page.file.src_uri != "gallery.md":
        return html
    return html + gallery(shipped_assistant())

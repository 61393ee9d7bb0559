"""Generated parts are current, links lead somewhere, and the site builds without a warning."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from lxml import html
from packaging.utils import canonicalize_name

from assemblybot.settings import Settings
from tests.conftest import MODEL, ROOT

sys.path.insert(0, str(ROOT / "docs"))

import generate
from gallery.scenes import SCENES

_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]*))?\)")


@pytest.mark.parametrize("page", generate.pages(), ids=lambda page: page.stem)
def test_generated_parts_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert generate.renewed(text) == text, "run: make docs"


def test_every_generated_part_stands_on_a_page() -> None:
    everything = "".join(page.read_text(encoding="utf-8") for page in generate.pages())
    assert [name for name in generate.PARTS if f"<!-- {name} -->" not in everything] == []


def test_the_example_of_settings_is_current() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == generate.env_example(), "run: make docs"


def at_the_root() -> list[Path]:
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        ROOT / "training" / "README.md",
    ]


@pytest.mark.parametrize("page", at_the_root(), ids=lambda page: page.stem)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for name, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / name if name else page
        assert target.exists(), name
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[\[>=<]", requirement)[0] for requirement in wanted} - {project["name"]}
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = page[page.index("## Dependencies") :]
    given = set(re.split(r"[ ,|()]+", " ".join(re.findall(r"^\| (.*?) \|", rows, re.MULTILINE))))
    assert {canonicalize_name(name) for name in names} <= {canonicalize_name(name) for name in given}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """With a report on a few questions; the quality gate measures answers."""
    folder, asked = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("asked") / "few.jsonl"
    lines = (ROOT / "tests" / "data" / "dev.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    asked.write_text("".join(lines[::15]), encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={
            **os.environ,
            "INDEX_DIR": str(settings.index_dir),
            "MODEL": str(MODEL),
            "QUESTIONS": str(asked),
        },
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.mark.slow
def test_the_site(site: Path) -> None:
    """Built with links and anchors checked; the gallery is in it, and it asks nobody else for anything."""
    gallery = html.parse(site / "gallery" / "index.html").getroot()
    for name, platform in (("tg", "telegram"), ("sl", "slack"), ("te", "terminal"), ("rd", "reader")):
        shown = gallery.find_class(name)
        assert len(shown) >= sum(platform in scene.platforms for scene in SCENES)
    assert "عبد اللطيف الحموشي" in gallery.find_class("tg")[0].text_content()
    for page in site.rglob("*.html"):
        root = html.parse(page).getroot()
        for kind, attribute in (("script", "src"), ("link", "href"), ("img", "src")):
            for element in root.iter(kind):
                address = element.get(attribute, "")
                foreign = address.startswith(("http:", "https:", "//"))
                assert not foreign or element.get("rel") == "canonical", (page, address)

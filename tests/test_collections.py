"""The commands with several collections, in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assemblybot.settings import Settings
from tests.conftest import SMALL_TEXT
from tests.test_cli import failed, run

QUESTION = "How long did the work on the harbour take?"


@pytest.mark.slow
def test_documents_of_a_collection_are_its_own(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "collections"
    env = {"COLLECTIONS": "press", "COLLECTIONS_DIR": str(folder), "PUBLIC_URL": "https://bot.example.org"}
    file = tmp_path / "harbour.txt"
    file.write_text(SMALL_TEXT, encoding="utf-8")
    added = run("add", "--collection", "press", str(file), settings=settings, **env)
    assert added.returncode == 0, added.stderr
    assert {path.name for path in (folder / "press").iterdir()} == {"corpus", "index"}
    assert "harbour" in run("list", "--collection", "press", settings=settings, **env).stdout
    assert "harbour" not in run("list", settings=settings, **env).stdout

    said = run("ask", "--json", "--collection", "press", QUESTION, settings=settings, **env).stdout
    answer = json.loads(said)
    assert (answer["verdict"], answer["collection"]) == ("answered", "press")
    link = answer["citations"][0]["link"]
    assert "/in/press/read/harbour#" in link
    checked = run("verify", link, said, settings=settings, **env)
    assert checked.returncode == 0 and checked.stdout.count("stands: harbour") == 1 + len(answer["citations"])
    assert "does not exist" not in checked.stderr

    assert run("remove", "--collection", "press", "harbour", settings=settings, **env).returncode == 0
    assert not any((folder / "press" / "corpus").iterdir())


@pytest.mark.parametrize("name", ["nowhere", "../press", "", "Press"])
def test_a_collection_that_is_not_there(settings: Settings, name: str) -> None:
    failed(
        run("list", "--collection", name, settings=settings, COLLECTIONS="press"),
        3,
        "COLLECTIONS names: default, press",
    )

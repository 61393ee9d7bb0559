"""`assemblybot verify` as it is typed: what it takes, what it cannot read, and where it looks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assemblybot.cli import app
from assemblybot.collection import DEFAULT
from assemblybot.corpus import library
from assemblybot.errors import AssemblybotError, CitationError, CollectionError, CorpusError, QuestionError
from assemblybot.render.links import permalink, prefix_of
from assemblybot.render.reference import Reference, digest
from tests.conftest import SMALL_TEXT, write_small

QUOTE = "The harbour opened on 3 May 2021 after nine years of work."
GONE = "It never opened."
REFUSAL = {"verdict": "not_in_corpus", "citations": []}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the small corpus, and the collection “press” in which its document is another one."""
    write_small(tmp_path)
    press = write_small(tmp_path / "collections" / "press")
    (press / "harbour" / "harbour.txt").write_text(SMALL_TEXT.replace("nine", "ten"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("CORPUS_DIR", "corpus"),
        ("COLLECTIONS", "press, empty"),
        ("COLLECTIONS_DIR", "collections"),
    ):
        monkeypatch.setenv(name, value)
    return tmp_path


def cited(quote: str = QUOTE, **changes: Any) -> dict[str, Any]:
    """A citation of the small corpus, with the fields that are checked."""
    at = max(SMALL_TEXT.find(quote), 0)
    known = {"quote_start": at, "document_sha256": digest(SMALL_TEXT), "index": "0" * 16}
    return {"document": "harbour", "quote": quote, **known, **changes}


def link(quote: str = QUOTE, collection: str = DEFAULT) -> str:
    reference = replace(Reference.of("harbour", max(SMALL_TEXT.find(quote), 0), quote), collection=collection)
    return permalink(f"https://bot.example.org{prefix_of(collection)}", 3, reference, quote)


def verify(*given: str, pasted: str = "") -> Result:
    return CliRunner().invoke(app, ["verify", *given], input=pasted)


def said(result: Result) -> list[str]:
    return [line.partition(":")[0] for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("text", "standings"),
    [
        (link(), ["stands"]),
        (f"\n  {link()}  \r\n\r\n{link(GONE)}\n", ["stands", "gone"]),
        (json.dumps({"verdict": "answered", "citations": [cited(), cited(GONE)]}), ["stands", "gone"]),
        (json.dumps({"verdict": "answered", "citations": [cited()]}, indent=2), ["stands"]),
        (json.dumps([cited(), cited()], indent=4), ["stands", "stands"]),
        (f"{json.dumps(REFUSAL)}\n{json.dumps([cited()])}\n", ["stands"]),
        (json.dumps(cited(quote_start=0)), ["moved"]),
        (json.dumps(cited(quote_start=10**400)), ["moved"]),
        (json.dumps(cited(document="../../etc/passwd")), ["moved"]),
        (json.dumps(cited("a\u2028b", document="no\u2028where")), ["gone"]),
    ],
)
def test_what_it_takes(installed: Path, text: str, standings: list[str]) -> None:
    result = verify("-", pasted=text)
    assert said(result) == standings, result.output
    worst = max(("stands", "moved", "gone").index(one) for one in standings)
    assert result.exit_code == (0, 1, 8)[worst]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("", CitationError),
        ("\n \n", CitationError),
        (json.dumps(REFUSAL), CitationError),
        ("harbour.txt", CitationError),
        ("https://bot.example.org/read/harbour#p3", CitationError),
        ("{", CitationError),
        ("[]", CitationError),
        ("null", CitationError),
        ('{"question": "?!", "error": "It has no readable text."}', CitationError),
        (json.dumps(cited() | {"quote": 5}), CitationError),
        (json.dumps(cited("x" * 10_001)), CitationError),
        (json.dumps(cited(quote_start=1.5)), CitationError),
        (json.dumps(cited(document_sha256="0" * 8)), CitationError),
        (json.dumps(cited(collection=None)), CitationError),
        (json.dumps(cited(collection="nowhere")), CollectionError),
        (json.dumps(cited(collection="../press")), CollectionError),
        (link(collection="nowhere"), CollectionError),
        (json.dumps(cited(collection="empty")), CorpusError),
        ("a\0b", QuestionError),
    ],
)
def test_what_it_cannot_check(installed: Path, given: str, error: type[AssemblybotError]) -> None:
    result = verify("-", pasted=given)
    assert isinstance(result.exception, error), result.output
    assert result.stdout == ""


def test_of_many_the_one_that_is_no_citation_is_named_and_the_others_are_checked(installed: Path) -> None:
    result = verify(link(), "https://bot.example.org/read/harbour#p3", link(GONE), "nonsense")
    assert said(result) == ["stands", "gone"]
    named = [line.partition(": ")[2] for line in result.stderr.splitlines()]
    assert [line.partition(": ")[0] for line in named] == [
        "https://bot.example.org/read/harbour#p3",
        "nonsense",
    ]
    assert result.exit_code == 8
    assert verify(link(), "nonsense").exit_code == CitationError.exit_code


def test_what_is_printed_is_a_line_that_tells_a_terminal_nothing(installed: Path) -> None:
    result = verify(link("red \x1b[31m line\ntwo"), "\x1b]0;title\x07")
    assert said(result) == ["gone"]
    assert "“red [31m line two”" in result.stdout
    assert "\x1b" not in result.output + result.stderr and "\x07" not in result.output + result.stderr


def test_each_citation_is_looked_for_in_its_own_collection_alone(installed: Path) -> None:
    here, there = link(), link(collection="press")
    assert said(verify(here, there)) == ["stands", "gone"]
    assert said(verify(json.dumps([cited(), cited(collection="press")]))) == ["stands", "gone"]
    changed = QUOTE.replace("nine", "ten")
    assert said(verify(json.dumps([cited(changed), cited(changed, collection="press")]))) == ["gone", "moved"]


def test_a_link_of_somebody_else_says_nothing_about_other_files(installed: Path) -> None:
    """A link can name any document; only documents of the corpus are opened."""
    secret = "A line of another file."
    (installed / "secret.txt").write_text(secret, encoding="utf-8")
    for document in ("..", "../secret.txt", str(installed / "secret.txt"), "harbour/../../secret.txt", "\0"):
        assert said(verify(json.dumps(cited(secret, quote_start=0, document=document)))) == ["gone"]
    assert not list(library.document_folders(installed / "corpus"))[1:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pasted", "code", "says"),
    [
        (b"\xff\xfe\x00", 2, "not text in UTF-8"),
        (b"[" * 100_000, 2, "no answer and no citation"),
        (b"\xef\xbb\xbf" + link().encode(), 0, ""),
    ],
)
def test_bytes_of_any_kind(installed: Path, pasted: bytes, code: int, says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assemblybot", "verify", "-"],
        input=pasted,
        capture_output=True,
        env={**os.environ},
        timeout=120,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr
    assert says in done.stderr.decode()

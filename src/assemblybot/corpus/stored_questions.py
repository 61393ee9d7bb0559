"""Putting one question into a document's `questions.toml`, and taking it out again.

Everything else in the file stays as it was written, comments and order included. An edit is written only
when the file, read back, holds exactly what it held before and that question; by one rename.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assemblybot.corpus.readers import name_of
from assemblybot.corpus.side_files import QUESTIONS, one_line, questions, toml_string
from assemblybot.errors import CorpusError
from assemblybot.folders import write_whole
from assemblybot.text.language import Language

_Stored = dict[str, dict[str, list[str]]]
_HEADER: Final = r"""^[ \t]*\[[ \t]*passages[ \t]*\.[ \t]*["']?{number}["']?[ \t]*\][ \t]*(?:#.*)?$"""
_ARRAY: Final = r"""^[ \t]*["']?{language}["']?[ \t]*=[ \t]*\["""


def store_question(folder: Path, number: int, language: Language, question: str) -> bool:
    """Store a question under passage `number` of the document in `folder`; False when it is there.

    Raises CorpusError for a question without text, and when the file cannot be read, or is written so
    that nothing can be added to it.
    """
    if not one_line(question):
        raise CorpusError("A question without text cannot be stored.")
    text, stored = _read(folder)
    texts = stored.setdefault(str(number), {}).setdefault(language, [])
    if one_line(question) in texts:
        return False
    texts.append(one_line(question))
    _write_first(folder, _additions(text, number, language, toml_string(question)), stored, question)
    return True


def drop_question(folder: Path, number: int, language: Language, question: str) -> None:
    """Take a question out again; nothing happens when it is not there. Raises CorpusError."""
    text, stored = _read(folder)
    texts = stored.get(str(number), {}).get(language, [])
    if one_line(question) in texts:
        texts.remove(one_line(question))
        _write_first(folder, _removals(text, number, language, toml_string(question)), stored, question)


def _read(folder: Path) -> tuple[str, _Stored]:
    """The file as text and as what it holds."""
    path = folder / QUESTIONS
    if not path.is_file():
        return "", {}
    questions(folder, range(1, 10**9))  # raises what a build would raise
    text = path.read_bytes().decode()
    return text, tomllib.loads(text).get("passages", {})


def _additions(text: str, number: int, language: Language, literal: str) -> Iterator[str]:
    """Ways to write the question into `text`: behind the others of its language, since the first of each
    language is the one that is suggested; or as the first."""
    for found in re.finditer(_HEADER.format(number=number), text.replace("\r", " "), re.MULTILINE):
        header = found.end()
        for array in re.finditer(_ARRAY.format(language=language), text[header:], re.MULTILINE):
            for end in re.finditer(r"\]", text[header + array.end() :]):
                yield _before(text, header + array.end() + end.start(), literal)
        yield f"{text[:header]}\n{language} = [{literal}]{text[header:]}"
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    yield f"{text}{gap}[passages.{number}]\n{language} = [{literal}]\n"


def _before(text: str, end: int, literal: str) -> str:
    """`text` with one more question before the bracket at `end`; on its own line where the others are."""
    written = text[:end].rstrip()
    comma = "" if written.endswith((",", "[")) else ", "
    last = text[:end].rpartition("\n")[2]
    if comma or last.strip():
        return f"{text[:end]}{comma}{literal}{text[end:]}"
    indent = re.findall(r"^([ \t]*)\S", written, re.MULTILINE)[-1] if written.endswith(",") else "    "
    return f"{text[: end - len(last)]}{indent}{literal},\n{last}{text[end:]}"


def _removals(text: str, number: int, language: Language, literal: str) -> Iterator[str]:
    """Ways to take the question out of `text`, with the line or the table that held nothing else."""
    quoted = re.escape(literal)
    line = rf"{re.escape(language)} = \[{quoted},?[ \t]*\]\r?\n?"
    for pattern in (
        rf"\r?\n?^\[passages\.{number}\]\r?\n{line}(?=\s*(?:\[|\Z))",
        rf"^{line}",
        rf"\n[ \t]*{quoted},(?=[ \t]*\r?\n)",
        rf"{quoted},[ \t]*",
        rf"(?:,[ \t]*)?{quoted}",
    ):
        for found in re.finditer(pattern, text, re.MULTILINE):
            yield text[: found.start()] + text[found.end() :]


def _write_first(folder: Path, edits: Iterator[str], wanted: _Stored, question: str) -> None:
    """Write the first edit that makes the file hold what is wanted, and nothing else."""
    path = folder / QUESTIONS
    edit = next((edit for edit in edits if _holds(edit, wanted)), None)
    if edit is None:
        raise CorpusError(
            f"{folder.name}/{QUESTIONS} is written in a way that cannot be edited here. "
            f"Change it by hand for the question “{one_line(question)}”."
        )
    try:
        write_whole(path, edit, path.stat().st_mode & 0o777 if path.exists() else 0o644)
    except OSError as error:
        raise CorpusError(f"{name_of(path)} cannot be written: {error.strerror or error}.") from error


def _holds(text: str, wanted: _Stored) -> bool:
    try:
        return _questions(tomllib.loads(text).get("passages", {})) == _questions(wanted)
    except tomllib.TOMLDecodeError:
        return False


def _questions(stored: _Stored) -> list[tuple[str, str, list[str]]]:
    """Passage, language and questions, where there are any."""
    return sorted((n, lang, texts) for n, held in stored.items() for lang, texts in held.items() if texts)

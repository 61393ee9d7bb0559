"""The corpus folder: one sub-folder a document, read in sorted order.

corpus/marrakech-2025/document.toml         title, language, file, author …
corpus/marrakech-2025/article.ar.txt        the original, never changed
corpus/marrakech-2025/translations/fr.toml  optional: [passages] 12 = "…"
corpus/marrakech-2025/asked-as.toml         optional: [passages.12] fr = ["…"]
corpus/marrakech-2025/questions.toml        optional: [[questions]] language, text, passages
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from assemblybot.corpus.cleaning import CLEANING_VERSION
from assemblybot.corpus.document import Document, KnownQuestion, Metadata, Passage
from assemblybot.corpus.passages import PASSAGES_VERSION, split
from assemblybot.corpus.readers import READERS_VERSION, read, readable_suffixes
from assemblybot.errors import CorpusError
from assemblybot.text.language import LANGUAGES, identify

CORPUS_VERSION: Final = f"{CLEANING_VERSION}.{PASSAGES_VERSION}.{READERS_VERSION}"
_DESCRIPTION: Final = "document.toml"
_NAMED: Final = ("title", "language", "author", "source_url", "note", "file")


@dataclass(frozen=True)
class Corpus:
    """The documents of one folder, sorted by id; `fingerprint` changes with any file in it."""

    documents: tuple[Document, ...]
    fingerprint: str

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Passages of all documents, in order."""
        return tuple(passage for document in self.documents for passage in document.passages)


def load(folder: Path) -> Corpus:
    """Read every document of `folder`.

    Raises CorpusError when the folder is missing or empty, or when a description, a
    translation or a question file does not fit its document.
    """
    folders = list(_document_folders(folder))
    if not folders:
        raise CorpusError(f"There is no document in {folder}. Put one in with: assemblybot add FILE")
    return Corpus(tuple(_load_document(path) for path in folders), fingerprint(folder))


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and bytes of every file of every document."""
    digest = hashlib.sha256()
    for document in _document_folders(folder):
        for path in sorted(p for p in document.rglob("*") if p.is_file() and not p.name.startswith(".")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def add(source: Path, folder: Path) -> list[str]:
    """Copy a file, or every readable file below a folder, into the corpus; ids of what was added.

    Each file is read first, so that nothing unreadable gets in, and its folder appears whole
    or not at all. A file whose id is taken replaces nothing: CorpusError.
    """
    if not source.exists():
        raise CorpusError(f"{source} does not exist.")
    files = [source]
    if source.is_dir():
        files = sorted(p for p in source.rglob("*") if p.suffix.lower() in readable_suffixes())
        if not files:
            raise CorpusError(
                f"No file below {source} can be read ({', '.join(sorted(readable_suffixes()))})."
            )
    staged = [(path, _slug(path.stem), read(path).text) for path in files]
    for path, name, _ in staged:
        if (folder / name).exists() or sum(name == other for _, other, _ in staged) > 1:
            raise CorpusError(f"{path.name}: the corpus already has a document “{name}”. Rename the file.")
    return [_stage(path, name, text, folder) for path, name, text in staged]


def _stage(path: Path, name: str, text: str, folder: Path) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".adding-") as temporary:
            staged = Path(temporary) / name
            staged.mkdir()
            shutil.copyfile(path, staged / path.name)
            title = next(line.strip("# \t\r") for line in text.splitlines() if line.strip())[:200]
            fields = {"title": title, "language": identify(text[:2000]), "file": path.name}
            lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
            (staged / _DESCRIPTION).write_text("\n".join(lines) + "\n", encoding="utf-8")
            staged.rename(folder / name)
    except OSError as error:
        raise CorpusError(f"{path.name} cannot be put into {folder}: {error.strerror or error}.") from error
    return name


def _slug(stem: str) -> str:
    return re.sub(r"[^\w]+", "-", stem.lower()).strip("-") or "document"


def _document_folders(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise CorpusError(f"The corpus folder {folder} does not exist.")
    try:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and (path / _DESCRIPTION).is_file():
                yield path
            elif path.is_file() and path.suffix.lower() in readable_suffixes() and path.name != "README.md":
                raise CorpusError(
                    f"{path.name} lies loose in {folder}. Put it in with: assemblybot add {path}"
                )
    except OSError as error:
        raise CorpusError(f"The corpus folder {folder} cannot be read: {error.strerror}.") from error


def _load_document(folder: Path) -> Document:
    described = _toml(folder / _DESCRIPTION)
    for key in ("title", "language", "file"):
        if not isinstance(described.get(key), str):
            raise CorpusError(f"{folder.name}/{_DESCRIPTION} lacks “{key}”.")
    if described["language"] not in LANGUAGES:
        raise CorpusError(
            f"{folder.name}/{_DESCRIPTION}: language “{described['language']}” is not one of "
            f"{', '.join(LANGUAGES)}."
        )
    extract = read(folder / described["file"])
    passages = split(folder.name, extract)
    if not passages:
        raise CorpusError(f"{folder.name}/{described['file']} holds no passage of text.")
    return Document(
        id=folder.name,
        text=extract.text,
        metadata=Metadata(
            title=described["title"],
            language=described["language"],
            author=described.get("author"),
            source_url=described.get("source_url"),
            note=described.get("note"),
            about={key: str(value) for key, value in described.items() if key not in _NAMED},
        ),
        passages=passages,
        translations=_translations(folder, passages),
        asked_as=_asked_as(folder, passages),
        questions=_questions(folder, passages),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path.parent.name}/{path.name} cannot be read: {error}.") from error


def _numbers(path: Path, table: Mapping[str, Any], passages: tuple[Passage, ...]) -> list[int]:
    known = {passage.number for passage in passages}
    for key in table:
        if not key.isdecimal() or int(key) not in known:
            raise CorpusError(f"{path.parent.name}/{path.name}: there is no passage {key}.")
    return sorted(map(int, table))


def _languages(path: Path, found: Mapping[str, Any]) -> None:
    for language in found:
        if language not in LANGUAGES:
            raise CorpusError(f"{path.name}: “{language}” is not one of {', '.join(LANGUAGES)}.")


def _translations(folder: Path, passages: tuple[Passage, ...]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for path in sorted((folder / "translations").glob("*.toml")):
        _languages(path, {path.stem: None})
        table = _toml(path).get("passages", {})
        found[path.stem] = {n: str(table[str(n)]) for n in _numbers(path, table, passages)}
    return found


def _asked_as(folder: Path, passages: tuple[Passage, ...]) -> dict[int, dict[str, tuple[str, ...]]]:
    path = folder / "asked-as.toml"
    if not path.is_file():
        return {}
    table = _toml(path).get("passages", {})
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for number in _numbers(path, table, passages):
        _languages(path, table[str(number)])
        found[number] = {
            lang: tuple(map(str, table[str(number)][lang])) for lang in sorted(table[str(number)])
        }
    return found


def _questions(folder: Path, passages: tuple[Passage, ...]) -> tuple[KnownQuestion, ...]:
    path = folder / "questions.toml"
    if not path.is_file():
        return ()
    found: list[KnownQuestion] = []
    for record in _toml(path).get("questions", []):
        if not isinstance(record, dict) or not {"language", "text", "passages"} <= record.keys():
            raise CorpusError(f"{folder.name}/{path.name}: a question lacks language, text or passages.")
        _languages(path, {record["language"]: None})
        numbers = {str(number): None for number in record["passages"]}
        _numbers(path, numbers, passages)
        found.append(KnownQuestion(record["language"], record["text"], tuple(record["passages"])))
    return tuple(found)

"""Putting documents into the corpus, replacing them, taking them out.

A document's folder is made aside, read back as the corpus will read it, and only then renamed into
place, so that the corpus never holds a part of a document or one that cannot be read.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assemblybot.corpus import side_files
from assemblybot.corpus.document import Document, PassageKind
from assemblybot.corpus.extract import Extract
from assemblybot.corpus.library import document_folders, keep_extract, load_document
from assemblybot.corpus.readers import READABLE, name_of, read_bounded
from assemblybot.corpus.structure import ENDS_SENTENCE
from assemblybot.errors import CorpusError
from assemblybot.text.language import Language, identify

SET_ASIDE: Final = "set-aside"
_LONGEST_TITLE: Final = 200
_LONGEST_ID: Final = 80
_BLOCKS_FOR_LANGUAGE: Final = 60
_LONGEST_VOTE: Final = 500

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Added:
    """A document that is in the corpus now (or would be), and what was not taken of its file."""

    document: Document
    file: str
    replaced: bool = False
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not in the corpus, and why."""

    file: str
    reason: str


def add(
    sources: Sequence[Path],
    folder: Path,
    *,
    replace: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Iterator[Added | Refused]:
    """Put files, or every readable file below folders, into the corpus; one by one, in order.

    A document whose id is taken is refused, or with `replace` takes the place of the one there.
    With `dry_run` each file is read and nothing is written. Raises CorpusError when a source does
    not exist, or nothing below it can be read.
    """
    files = [file for source in sources for file in _files(source)]
    taken: set[str] = set()
    for position, file in enumerate(files, start=1):
        if progress:
            progress(position, len(files), name_of(file))
        try:
            if document_id(file) in taken:
                raise CorpusError(
                    f"Another file that was just added became “{document_id(file)}”. Rename one of them."
                )
            added = add_file(file, folder, replace=replace, dry_run=dry_run)
            taken.add(added.document.id)
            yield added
        except CorpusError as error:
            yield Refused(name_of(file), str(error).removeprefix(f"{name_of(file)}: "))
        except OSError as error:
            yield Refused(name_of(file), f"It cannot be put into {folder}: {error.strerror or error}.")


def add_file(file: Path, folder: Path, *, document: str = "", replace: bool, dry_run: bool = False) -> Added:
    """Put one file into the corpus, as the document of that id or, without one, of its own name.

    Raises CorpusError, and OSError when the folder cannot be written.
    """
    name = document or document_id(file)
    there = folder / name
    if there.exists() and not replace:
        raise CorpusError(f"The corpus already has a document “{name}”. Rename the file, or add --replace.")
    extract = read_bounded(file)
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=None if dry_run else folder) as aside:
        staged = Path(aside) / name
        _stage(file, extract, there, staged)
        replaced = there.exists()
        notes = [*extract.notes, *(_take_over(there, staged) if replaced else ())]
        added = load_document(staged)
        if not dry_run:
            _put(staged, there, Path(aside) / "before")
    return Added(added, name_of(file), replaced, extract.left_out, tuple(notes))


def remove(name: str, folder: Path) -> None:
    """Take a document out of the corpus. Raises CorpusError when there is none of that id."""
    found = next((path for path in document_folders(folder) if path.name == name), None)
    if found is None:
        raise CorpusError(f"There is no document “{name}” in {folder}. See: assemblybot list")
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".removing-") as aside:
            found.rename(Path(aside) / name)
    except OSError as error:
        raise CorpusError(f"“{name}” cannot be removed from {folder}: {error.strerror or error}.") from error


def document_id(file: Path) -> str:
    """The id of the document that a file becomes: its name in small letters, with hyphens."""
    stem = file.stem.encode(errors="replace").decode()
    return re.sub(r"[^\w]+", "-", stem.lower()).strip("-_")[:_LONGEST_ID].rstrip("-_") or "document"


def language_of(extract: Extract) -> Language:
    """The language in which most of the text is.

    The longest blocks are asked first, until the others cannot change the result: only short ones need
    the statistical model, which takes half a second to load.
    """
    texts = sorted((text[:_LONGEST_VOTE] for text in extract.texts()), key=len, reverse=True)
    longest = texts[:_BLOCKS_FOR_LANGUAGE]
    votes: Counter[Language] = Counter()
    undecided = sum(map(len, longest))
    for text in longest:
        votes[identify(text)] += len(text)
        undecided -= len(text)
        first, *others = sorted(votes.values(), reverse=True)
        if first - max(others, default=0) > undecided:
            break
    return max(votes, key=lambda language: votes[language])


def _files(source: Path) -> list[Path]:
    if not source.exists():
        raise CorpusError(f"{source} does not exist.")
    if not source.is_dir():
        return [source]
    below = sorted(path for path in source.rglob("*") if not path.is_dir())
    files = [p for p in below if not any(part.startswith(".") for part in p.relative_to(source).parts)]
    if not any(path.suffix.lower() in READABLE for path in files):
        raise CorpusError(f"No file below {source} can be read ({', '.join(sorted(READABLE))}).")
    return files


def _stage(file: Path, extract: Extract, there: Path, staged: Path) -> None:
    """Write the folder of a document: the file, its description, and what was read of it."""
    staged.mkdir()
    kept = file.name if name_of(file) == file.name and "\\" not in file.name else staged.name + file.suffix
    shutil.copyfile(file, staged / kept)
    title = _title(extract) or side_files.one_line(name_of(Path(file.stem))) or staged.name
    fields = {"title": title, "language": language_of(extract), "file": kept}
    fields |= {key: value for key, value in (("author", extract.author), ("date", extract.day)) if value}
    if there.exists():
        # A new edition has a date of its own; an author may have been corrected by hand.
        renewed = set(fields) - {"author"}
        before = side_files.description(there).model_dump(exclude=renewed, exclude_none=True)
        fields |= {key: str(value) for key, value in before.items()}
    (staged / side_files.DESCRIPTION).write_text(side_files.toml_lines(fields), encoding="utf-8")
    keep_extract(staged, staged / kept, extract)


def _title(extract: Extract) -> str:
    """The title that a file says, or its first line where that is no sentence; else nothing."""
    first = extract.blocks[0]
    text = extract.texts()[0]
    is_title = first.kind in (PassageKind.TITLE, PassageKind.HEADING) or not text.endswith(ENDS_SENTENCE)
    title = side_files.one_line(extract.title or (text if is_title and any(map(str.isalpha, text)) else ""))
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _take_over(there: Path, staged: Path) -> list[str]:
    """Translations and questions of the document that is replaced; set aside when passages differ."""
    names = (side_files.TRANSLATIONS, side_files.QUESTIONS)
    beside = [there / name for name in names if (there / name).exists()]
    if not beside:
        return []
    old = [passage.text for passage in load_document(there).passages]
    same = old == [passage.text for passage in load_document(staged).passages]
    target = staged if same else staged / SET_ASIDE
    target.mkdir(exist_ok=True)
    for path in beside:
        copy = shutil.copytree if path.is_dir() else shutil.copyfile
        copy(path, target / path.name)
    if same:
        return []
    return [
        f"The passages have changed, so translations and questions no longer fit their numbers; they lie in "
        f"{staged.name}/{SET_ASIDE}."
    ]


def _put(staged: Path, there: Path, before: Path) -> None:
    """Rename into place; what was there goes only when that has worked."""
    if there.exists():
        there.rename(before)
    try:
        staged.rename(there)
    except OSError:
        if before.exists():
            before.rename(there)
        raise

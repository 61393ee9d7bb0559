"""Many small documents in a corpus folder, and two indexes of them, one beside the other.

A document is a title, a heading and a sentence of the pool; a few hold a passage that some of the
questions ask for instead. Vectors are drawn: searching them takes as long as it would with real ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.scale.synthetic import COLUMNS, DOMAIN, document_of, drawn, pool

from assemblybot.corpus import library
from assemblybot.corpus.document import Document, Metadata, PassageKind
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder, Vectors
from assemblybot.index.build import build
from assemblybot.index.files import write
from assemblybot.index.index import Index
from assemblybot.index.manifest import Manifest
from assemblybot.startup import silent

_ASKED = 60
_NOISES = 4096


@dataclass(frozen=True)
class Asked:
    """A real passage, in Arabic, with its questions."""

    passage: str
    questions: tuple[str, ...]


def asked() -> tuple[list[Asked], list[Asked]]:
    """Passages that the documents hold, and others that they lack."""
    found: list[Asked] = []
    for line in (DOMAIN / "passages-a.jsonl").read_text(encoding="utf-8").splitlines()[: 2 * _ASKED]:
        row = json.loads(line)
        questions = tuple(asked["question"] for asked in row["questions"])
        found.append(Asked(row["passage"], questions))
    return found[:_ASKED], found[_ASKED:]


def documents(count: int, held: Sequence[Asked]) -> Iterator[Document]:
    """`count` documents; `held` lie among the first of them. Only the last has a stored question."""
    texts, languages = pool(), tuple(COLUMNS.values())
    for number in range(count):
        language = languages[number % len(languages)]
        if number < len(held):
            language, text = "ar", held[number].passage
        else:
            text = texts[language][number % len(texts[language])]
        heading = texts[language][number * 7 % len(texts[language])]
        title, section = f"Report {number}", f"{heading} ({number})"
        made = document_of(
            f"d{number:06}",
            Metadata(title=title, language=language),
            [
                (PassageKind.TITLE, title, None),
                (PassageKind.HEADING, section, None),
                (PassageKind.PARAGRAPH, text, section),
            ],
        )
        if number == count - 1:
            made = replace(made, questions={3: {"fr": ("Que dit le rapport ?",)}})
        yield made


class QuickEmbedder:
    """Goes by the name of the model, so that a service takes its index. Only the texts in `real` are encoded;
    all others get vectors that are drawn by the hash of their text."""

    def __init__(self, model: Embedder, real: Sequence[str]) -> None:
        self._model = model
        self.id = model.id
        self.dimension = model.dimension
        self._drawn = np.random.default_rng(5).standard_normal((_NOISES, self.dimension), dtype=np.float32)
        self._real = dict(zip(real, model.embed_passages(real), strict=True))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, d)` by the model."""
        return self._model.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, d)`: a sum of four drawn ones, or the model's."""
        vectors = drawn(texts, self._drawn)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        for row, text in enumerate(texts):
            if text in self._real:
                vectors[row] = self._real[text]
        return vectors


def write_files(listed: Sequence[Document], folder: Path) -> None:
    """A corpus folder with these documents."""
    for document in listed:
        place = folder / document.id
        place.mkdir(parents=True)
        about = f'title = "{document.metadata.title}"\nlanguage = "{document.metadata.language}"\n'
        (place / "document.toml").write_text(f'{about}file = "text.txt"\n', encoding="utf-8")
        (place / "text.txt").write_text(document.text, encoding="utf-8")


def two_indexes(
    listed: Sequence[Document], corpus: Path, embedder: Embedder, folder: Path
) -> tuple[str, str]:
    """Names of two builds in `folder` that differ in their manifests alone; both fit `corpus`."""
    fingerprint = library.fingerprint(corpus)
    index = build(Corpus(tuple(listed), fingerprint), embedder, silent)
    one = _written(index, fingerprint, embedder, folder)
    return one, _written(replace(index, built=index.built - 1), fingerprint, embedder, folder)


def _written(index: Index, fingerprint: str, embedder: Embedder, folder: Path) -> str:
    aside = folder / "aside"
    aside.mkdir(parents=True)
    write(index, fingerprint, embedder, aside)
    name = Manifest.read(aside).version
    aside.rename(folder / name)
    return name

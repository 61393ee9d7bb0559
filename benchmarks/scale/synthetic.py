"""Synthetic corpora: real sentences in five languages, recombined two by two into distinct passages.

The sentences are those of `training/domain/sentences-a.tsv` and `-b.tsv`; questions are those of
`passages-*.jsonl`, which are in no corpus. A passage's vector is composed: the normalised mean of
the vectors of its sentences plus seeded noise. Encoding a million passages would take hours and
would not change how fast or how well vectors are searched; sentences and questions are encoded
for real.
"""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Embedder, Vectors
from assemblybot.text.sentences import clauses, sentences

DOMAIN = Path(__file__).resolve().parents[2] / "training" / "domain"
COLUMNS = {"ar": "ar", "ary": "ary", "ary_latn": "ary-Latn", "fr": "fr", "en": "en", "es": "es"}
PASSAGES_A_DOCUMENT = 20
# Length of the noise added to a unit vector; it is the sum of four of so many random vectors.
_NOISE = 0.15
_NOISES = 4096
_BATCH = 256
_BEST = 10


def pool() -> dict[str, list[str]]:
    """Distinct single sentences by language, each closed by a mark, so that joined ones stay two."""
    found: dict[str, dict[str, None]] = {language: {} for language in COLUMNS.values()}
    for name in ("sentences-a.tsv", "sentences-b.tsv"):
        with (DOMAIN / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                for column, language in COLUMNS.items():
                    if len(sentences(f"{row[column]} {row[column]}")) == 2:
                        found[language][row[column]] = None
    return {language: list(texts) for language, texts in found.items()}


def questions(count: int, seed: int = 11) -> list[tuple[str, str]]:
    """`count` questions with their language, none of them in a corpus."""
    found: dict[tuple[str, str], None] = {}
    for path in sorted(DOMAIN.glob("passages-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for asked in json.loads(line)["questions"]:
                found[asked["question"], COLUMNS.get(asked["lang"], asked["lang"])] = None
    order = np.random.default_rng(seed).permutation(len(found))[:count]
    listed = list(found)
    return [listed[i] for i in order]


def documents(count: int, first: int = 0, seed: int = 7) -> Iterator[Document]:
    """Documents that hold passages `first` … `first + count - 1` of the endless synthetic corpus.

    Passage i is a pair of sentences of one language; each language's pairs are walked with a
    step that has no divisor in common with their number, so that none comes twice.
    """
    texts = pool()
    languages = list(texts)
    rng = np.random.default_rng(seed)
    steps = {language: _step(len(texts[language]) ** 2, rng) for language in languages}
    for number in range(first // PASSAGES_A_DOCUMENT, (first + count) // PASSAGES_A_DOCUMENT):
        language = languages[number % len(languages)]
        own, step = texts[language], steps[language]
        begin = number // len(languages) * PASSAGES_A_DOCUMENT
        pairs = [divmod((begin + i) * step % len(own) ** 2, len(own)) for i in range(PASSAGES_A_DOCUMENT)]
        name = f"d{number:06}"
        passages = [(PassageKind.PARAGRAPH, f"{own[a]} {own[b]}", None) for a, b in pairs]
        yield document_of(name, Metadata(title=name, language=language), passages)


def corpus(count: int, first: int = 0) -> Corpus:
    """A corpus of `count` passages; it lies in no folder, so its fingerprint names its size."""
    return Corpus(tuple(documents(count, first)), f"synthetic-{first}-{count}")


def _step(size: int, rng: np.random.Generator) -> int:
    step = int(rng.integers(size // 3, size // 2))
    while np.gcd(step, size) != 1:
        step += 1
    return step


def document_of(
    name: str, metadata: Metadata, parts: Sequence[tuple[PassageKind, str, str | None]]
) -> Document:
    """A document of passages, each given by its kind, text and section."""
    passages, start = [], 0
    for number, (kind, text, section) in enumerate(parts, start=1):
        passages.append(Passage(name, number, kind, text, start, start + len(text), section))
        start += len(text) + 2
    return Document(name, "\n\n".join(text for _, text, _ in parts), metadata, tuple(passages))


def drawn(texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """A row for each text: the sum of four of `vectors`, which its hash chooses."""
    hashed = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    rows = np.frombuffer(hashed, dtype=np.uint16).reshape(-1, 4) % len(vectors)
    return np.asarray(vectors[rows].sum(axis=1), dtype=np.float32)


class ComposedEmbedder:
    """The real model for questions; for passages, vectors composed of those of their sentences."""

    def __init__(self, model: Embedder, folder: Path) -> None:
        self._model = model
        self.id = f"composed-{model.id}"
        self.dimension = model.dimension
        texts = [text for group in pool().values() for text in group]
        noise = np.random.default_rng(5).standard_normal((_NOISES, self.dimension), dtype=np.float32)
        self._noise = noise * np.float32(_NOISE / np.sqrt(4 * self.dimension))
        self.watch(np.empty((0, self.dimension), dtype=np.float32))
        self._vectors = _encoded(model, texts, folder)
        self._row = {text: row for row, text in enumerate(texts)}
        for row, text in enumerate(texts):
            for whole in sentences(text):
                for part in clauses(text, whole):
                    self._row.setdefault(part.slice(text), row)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, d)` by the model."""
        return self._model.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, d)` composed of real ones; a clause has that of its sentence, but for noise."""
        mean = np.stack([self._mean(text) for text in texts])
        composed: NDArray[np.float32] = mean + drawn(texts, self._noise)
        composed /= np.linalg.norm(composed, axis=1, keepdims=True)
        self._see(texts, composed)
        return composed

    def watch(self, queries: Vectors) -> None:
        """From now on keep, of all texts embedded, the ten with the highest scores for each query."""
        self._queries = queries
        self.best_scores = np.full((len(queries), _BEST), -np.inf, dtype=np.float32)
        self.best_texts = np.full((len(queries), _BEST), "", dtype=object)

    def _see(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        scores = np.concatenate([self.best_scores, self._queries @ vectors.T], axis=1)
        names = np.broadcast_to(np.array(texts, dtype=object), (len(scores), len(texts)))
        names = np.concatenate([self.best_texts, names], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :_BEST]
        self.best_scores = np.take_along_axis(scores, best, axis=1)
        self.best_texts = np.take_along_axis(names, best, axis=1)

    def rate(self, texts: Sequence[str]) -> float:
        """Texts a second that the model really encodes."""
        begin = time.perf_counter()
        self._model.embed_passages(texts)
        return round(len(texts) / (time.perf_counter() - begin), 1)

    def _mean(self, text: str) -> NDArray[np.float32]:
        row = self._row.get(text)
        rows = [self._row[span.slice(text)] for span in sentences(text)] if row is None else [row]
        mean = self._vectors[rows].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _encoded(model: Embedder, texts: Sequence[str], folder: Path) -> NDArray[np.float32]:
    """Vectors of `texts` by the model, kept in `folder` for the next run."""
    digest = hashlib.sha256("\n".join([model.id, *texts]).encode()).hexdigest()[:16]
    path = folder / f"sentences-{digest}.npy"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        batches = [texts[i : i + _BATCH] for i in range(0, len(texts), _BATCH)]
        np.save(path, np.concatenate([model.embed_passages(batch) for batch in batches]))
    return np.asarray(np.load(path), dtype=np.float32)

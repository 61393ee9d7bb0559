"""What one passage costs, measured: the figures behind the sizes of large clusters.

    python -m benchmarks.sizing [--write]

Shape: entries a passage, word terms an entry of the shipped article alone, without
translations and questions, which a corpus of millions does not have, as a large corpus keeps them:
mostly one entry a passage. Rates are by seconds of one
core, which other work on the machine disturbs least: entries encoded; entries added to a graph of
one-byte vectors and milliseconds of one search of it, over the article's entries moved by seeded
noise; postings added up. Reach: the share of all entries that hold a term of a question, summed
over its terms, over the development questions and the whole shipped corpus; terms that are
common in a large index (`index/postings.py`) have no postings and do not count. docs/scaling.py works out
the rest.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

import faiss
import numpy as np
from numpy.typing import NDArray

from assemblybot.corpus import library
from assemblybot.embedding import Embedder
from assemblybot.index.bm25 import BM25
from assemblybot.index.entries import Entry, entries
from assemblybot.index.milvus import BUILD_EFFORT, LINKS
from assemblybot.index.milvus_collection import SEARCH_EFFORT
from assemblybot.index.postings import COMMON_WORDS
from assemblybot.settings import load_settings
from assemblybot.startup import open_embedder
from assemblybot.text.language import identify
from assemblybot.text.terms import word_terms
from benchmarks.figures import development_questions, options, report

_GRAPH: Final = 30_000
_QUERIES: Final = 500
_NOISE: Final = 0.04
_ADDED_UP: Final = 5_000_000

Vectors = NDArray[np.float32]


def plain_entries() -> tuple[int, list[Entry]]:
    """Number of passages of the corpus, and their entries without translations and questions."""
    corpus = library.load(load_settings().corpus_dir)
    bare = [replace(document, translations={}, questions={}) for document in corpus.documents]
    return len(corpus.passages), entries(replace(corpus, documents=tuple(bare)), large=True)


def encoded(found: list[Entry], embedder: Embedder) -> tuple[float, Vectors]:
    """Entries encoded by a core in a second, and their vectors."""
    texts = [entry.text for entry in found]
    embedder.embed_passages(texts[:1])
    start = time.process_time()
    vectors = embedder.embed_passages(texts)
    return len(texts) / (time.process_time() - start), vectors


def graph(vectors: Vectors) -> tuple[float, float]:
    """Entries added by a core in a second, and its milliseconds for a search."""
    generator = np.random.default_rng(7)
    many = vectors[generator.integers(len(vectors), size=_GRAPH + _QUERIES)]
    many = many + generator.normal(scale=_NOISE, size=many.shape).astype(np.float32)
    many /= np.linalg.norm(many, axis=1, keepdims=True)
    faiss.omp_set_num_threads(1)
    index = faiss.IndexHNSWSQ(
        vectors.shape[1],
        faiss.ScalarQuantizer.QT_8bit,  # type: ignore[arg-type]  # its stub names the class instead
        LINKS,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.hnsw.efConstruction, index.hnsw.efSearch = BUILD_EFFORT, SEARCH_EFFORT
    index.train(many[:_GRAPH])
    start = time.process_time()
    index.add(many[:_GRAPH])
    built = time.process_time() - start
    start = time.process_time()
    index.search(many[_GRAPH:], SEARCH_EFFORT)
    return _GRAPH / built, 1000 * (time.process_time() - start) / _QUERIES


def reach() -> float:
    """Share of the shipped corpus's entries that a question's terms hold, summed over its terms."""
    found = entries(library.load(load_settings().corpus_dir))
    vocabulary = BM25.build(word_terms(entry.text, entry.language) for entry in found)
    shares: list[float] = []
    for question in development_questions():
        numbers, _, _ = vocabulary.weigh(word_terms(question, identify(question)))
        held = vocabulary.frequencies[numbers] / len(vocabulary)
        shares.append(float(held[held <= COMMON_WORDS].sum()))
    return float(np.mean(shares))


def postings_per_s() -> float:
    """Postings that a core adds up in a second."""
    generator = np.random.default_rng(7)
    held = np.sort(generator.integers(_ADDED_UP // 10, size=_ADDED_UP)).astype(np.int32)
    weights = generator.random(_ADDED_UP).astype(np.float32)
    start = time.process_time()
    np.bincount(held, weights=np.float32(2.5) * weights, minlength=_ADDED_UP // 10)
    return _ADDED_UP / (time.process_time() - start)


def main() -> None:
    """Measure and print."""
    chosen = options(__doc__).parse_args()
    passages, found = plain_entries()
    words = [len(set(word_terms(entry.text, entry.language))) for entry in found]
    rate, vectors = encoded(found, open_embedder(load_settings()))
    added, search = graph(vectors)
    figures = {
        "entries_per_passage": round(len(found) / passages, 2),
        "words_per_entry": round(float(np.mean(words)), 1),
        "text_bytes_per_passage": round(
            sum(len(entry.text.encode()) for entry in found if entry.kind == "original") / passages
        ),
        "encoded_per_core_s": round(rate, 1),
        "graph_entries": _GRAPH,
        "graph_added_per_core_s": round(added, 1),
        "graph_search_ms": round(search, 3),
        "words_reach": round(reach(), 4),
        "postings_per_core_s": round(postings_per_s()),
    }
    report("sizing", figures, write=chosen.write)


if __name__ == "__main__":
    main()

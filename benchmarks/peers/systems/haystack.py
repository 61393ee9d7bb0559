"""Haystack with its in-memory store, as in its first tutorial: `DocumentSplitter` with its defaults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.systems.base import Hit, Text, Vectors
from haystack import Document, Pipeline, component
from haystack.components.converters import TextFileToDocument
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore


@component
class _TextEmbedder:
    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, Any]:
        return {"embedding": self._vectors.lists([text])[0]}


class System:
    """A pipeline of embedder and retriever; hybrid with BM25 joined by reciprocal ranks."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def split(self, article: Path) -> list[Text]:
        """Chunks of 200 words, the library's default."""
        loaded = TextFileToDocument().run(sources=[article])["documents"]
        splitter = DocumentSplitter()
        splitter.warm_up()
        chunks = splitter.run(documents=loaded)["documents"]
        return [Text(chunk.content, chunk.content) for chunk in chunks]

    def build(self, texts: Sequence[Text], folder: Path) -> None:
        """The store as one JSON file."""
        vectors = self._vectors.lists([t.text for t in texts])
        documents = [
            Document(id=str(number), content=t.text, meta={"cited": t.cited}, embedding=vector)
            for number, (t, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(documents)
        store.save_to_disk(str(folder / "store.json"))

    def open(self, folder: Path, *, hybrid: bool) -> None:
        """Load the store and connect the pipeline."""
        store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
        self._pipeline, self._hybrid = Pipeline(), hybrid
        self._pipeline.add_component("embedder", _TextEmbedder(self._vectors))
        self._pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
        self._pipeline.connect("embedder.embedding", "dense.query_embedding")
        if hybrid:
            self._pipeline.add_component("words", InMemoryBM25Retriever(store))
            self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
            self._pipeline.connect("dense", "joiner")
            self._pipeline.connect("words", "joiner")

    def search(self, question: str, count: int) -> list[Hit]:
        """Documents with the score of the retriever or joiner."""
        asked: dict[str, Any] = {"embedder": {"text": question}, "dense": {"top_k": count}}
        if self._hybrid:
            asked["words"] = {"query": question, "top_k": count}
        found = self._pipeline.run(asked)["joiner" if self._hybrid else "dense"]["documents"]
        return [Hit(d.content, d.meta["cited"], float(d.score)) for d in found[:count]]

"""LangChain with FAISS, as in its retrieval tutorial: recursive splitter of 1000 with 200 overlap."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.systems.base import Hit, Text, Vectors
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_community.vectorstores.utils import DistanceStrategy
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


class _Embeddings(Embeddings):
    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._vectors.lists(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._vectors.lists([text])[0]


class System:
    """Dense search by inner product; hybrid by `EnsembleRetriever` with BM25."""

    def __init__(self, vectors: Vectors) -> None:
        self._embeddings = _Embeddings(vectors)

    def split(self, article: Path) -> list[Text]:
        """Chunks of at most 1000 characters."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        loaded = [Document(article.read_text(encoding="utf-8"), metadata={"source": str(article)})]
        return [Text(d.page_content, d.page_content) for d in splitter.split_documents(loaded)]

    def build(self, texts: Sequence[Text], folder: Path) -> None:
        """FAISS in a folder, and the BM25 retriever beside it."""
        documents = [Document(t.text, metadata={"cited": t.cited}) for t in texts]
        store = FAISS.from_documents(
            documents, self._embeddings, distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT
        )
        store.save_local(str(folder))
        with (folder / "bm25.pickle").open("wb") as file:
            pickle.dump(BM25Retriever.from_documents(documents), file)

    def open(self, folder: Path, *, hybrid: bool) -> None:
        """Load what `build` kept."""
        self._store = FAISS.load_local(
            str(folder),
            self._embeddings,
            allow_dangerous_deserialization=True,
            distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
        )
        self._ensemble = None
        if hybrid:
            from langchain_classic.retrievers import EnsembleRetriever

            with (folder / "bm25.pickle").open("rb") as file:
                self._keywords = pickle.load(file)
            self._dense = self._store.as_retriever()
            self._ensemble = EnsembleRetriever(retrievers=[self._keywords, self._dense], weights=[0.5, 0.5])

    def search(self, question: str, count: int) -> list[Hit]:
        """The ensemble gives no score; the best inner product stands for it."""
        scored = self._store.similarity_search_with_score(question, k=1 if self._ensemble else count)
        if self._ensemble is None:
            return [Hit(d.page_content, d.metadata["cited"], float(score)) for d, score in scored]
        self._keywords.k = count
        self._dense.search_kwargs = {"k": count}
        best = float(scored[0][1])
        found = self._ensemble.invoke(question)[:count]
        return [Hit(d.page_content, d.metadata["cited"], best) for d in found]

"""LlamaIndex with FAISS, as in its vector store guide: `SentenceSplitter` with its defaults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
from benchmarks.peers.systems.base import Hit, Text, Vectors
from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import TextNode
from llama_index.vector_stores.faiss import FaissVectorStore
from pydantic import PrivateAttr


class _Embedding(BaseEmbedding):
    _vectors: Vectors = PrivateAttr()

    def __init__(self, vectors: Vectors) -> None:
        super().__init__(model_name="assembly-minilm")
        self._vectors = vectors

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._vectors.lists(texts)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vectors.lists([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._vectors.lists([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class System:
    """Dense search by inner product; hybrid by `QueryFusionRetriever` with BM25, no generated queries."""

    def __init__(self, vectors: Vectors) -> None:
        self._embedding, self._dimension = _Embedding(vectors), vectors.dimension

    def split(self, article: Path) -> list[Text]:
        """Chunks of at most 1024 tokens with 200 overlap, the library's default."""
        nodes = SentenceSplitter().get_nodes_from_documents(
            [Document(text=article.read_text(encoding="utf-8"))]
        )
        return [Text(node.get_content(), node.get_content()) for node in nodes]

    def build(self, texts: Sequence[Text], folder: Path) -> None:
        """A persisted storage context."""
        nodes = [
            TextNode(
                text=t.text,
                metadata={"cited": t.cited},
                excluded_embed_metadata_keys=["cited"],
                excluded_llm_metadata_keys=["cited"],
            )
            for t in texts
        ]
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(self._dimension))
        context = StorageContext.from_defaults(vector_store=store)
        # Nodes also go into the document store, where BM25 finds them.
        context.docstore.add_documents(nodes)
        index = VectorStoreIndex(nodes, storage_context=context, embed_model=self._embedding)
        index.storage_context.persist(str(folder))

    def open(self, folder: Path, *, hybrid: bool) -> None:
        """Load the storage context; BM25 is built from its documents, as documented."""
        store = FaissVectorStore.from_persist_dir(str(folder))
        context = StorageContext.from_defaults(vector_store=store, persist_dir=str(folder))
        self._index = load_index_from_storage(context, embed_model=self._embedding)
        self._hybrid = hybrid
        self._retrievers: dict[int, BaseRetriever] = {}

    def search(self, question: str, count: int) -> list[Hit]:
        """Nodes with the score of the retriever."""
        if count not in self._retrievers:
            self._retrievers[count] = self._retriever(count)
        found = self._retrievers[count].retrieve(question)
        return [Hit(n.get_content(), n.metadata["cited"], float(n.score or 0.0)) for n in found]

    def _retriever(self, count: int) -> BaseRetriever:
        dense = self._index.as_retriever(similarity_top_k=count)
        if not self._hybrid:
            return dense
        from llama_index.core.llms import MockLLM
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.retrievers.bm25 import BM25Retriever

        words = BM25Retriever.from_defaults(docstore=self._index.docstore, similarity_top_k=count)
        return QueryFusionRetriever(
            [dense, words],
            llm=MockLLM(),  # never called: one query, the question itself
            mode="reciprocal_rerank",
            similarity_top_k=count,
            num_queries=1,
            use_async=False,
        )

"""The project's own embedding model on onnxruntime: no torch, no download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assemblybot.embedding.base import Progress, Vectors
from assemblybot.embedding.model_folder import opened, session, tokenizer
from assemblybot.embedding.tokens import END, grouped, padded
from assemblybot.embedding.worker import Worker, by_length

#: texts that are split into tokens at once, and tokens of one run of the model, padding counted
TEXTS, TOKENS = 256, 512
#: what multilingual-e5 expects before a question and before a text to be found
QUERY, PASSAGE = "query: ", "passage: "
GRAPH = "encoder.onnx"


class EmbeddedModel:
    """An :class:`~assemblybot.embedding.base.Embedder` over a folder such as assembly-e5."""

    def __init__(self, folder: Path, *, threads: int = 2, cache_size: int = 1024) -> None:
        found, (self._tokenizer, self._session) = opened(
            folder, lambda: (tokenizer(folder), session(folder / GRAPH, threads))
        )
        self.id = found.id
        self.dimension = found.dimension
        self._max_tokens = found.max_tokens
        self._worker = Worker(found.dimension, cache_size)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors ``(n, 384)`` of questions, from the cache where possible."""
        return self._worker.run_cached(self._side(QUERY), texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors ``(n, 384)``; a question that comes meanwhile waits for one batch at most."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        for group in by_length(texts, TEXTS):
            passages = [texts[index] for index in group]
            vectors[group] = self._worker.run(self._side(PASSAGE), passages)
            done += len(group)
            if progress is not None:
                progress(done)
        return vectors

    def _side(self, prefix: str) -> Callable[[Sequence[str]], Vectors]:
        return partial(self._encode, prefix)

    def _encode(self, prefix: str, texts: Sequence[str]) -> Vectors:
        """In runs of few tokens, as one of thousands would take gigabytes; on the worker's thread only."""
        encodings = self._tokenizer.encode_batch([prefix + text for text in texts])
        rows = [self._cut(encoding.ids) for encoding in encodings]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for group in grouped(rows, TOKENS):
            ids, mask = padded([rows[index] for index in group])
            feeds = {"input_ids": ids, "attention_mask": mask}
            vectors[group] = self._session.run(["sentence_embedding"], feeds)[0]
        return vectors

    def _cut(self, ids: list[int]) -> list[int]:
        """The first tokens and the end mark."""
        return ids if len(ids) <= self._max_tokens else [*ids[: self._max_tokens - 1], END]

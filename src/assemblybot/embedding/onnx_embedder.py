"""The project's own embedding model on onnxruntime: no torch, no download."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assemblybot.embedding.base import CachingEmbedder, Vectors
from assemblybot.embedding.model_folder import END, load_checked, padded, session, tokenizer

#: tokens of one run of the model, padding counted
TOKENS = 512
#: what multilingual-e5 expects before a question and before a text to be found
QUERY, PASSAGE = "query: ", "passage: "
GRAPH = "encoder.onnx"


class OnnxEmbedder(CachingEmbedder):
    """An `Embedder` over a folder such as assembly-e5."""

    batch = 256

    def __init__(self, folder: Path, *, threads: int = 2, cache_size: int = 1024) -> None:
        found, (self._tokenizer, self._session) = load_checked(
            folder, lambda: (tokenizer(folder), session(folder / GRAPH, threads))
        )
        super().__init__(found.id, found.dimension, cache_size)
        self._max_tokens = found.max_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, dimension)` of questions."""
        return self._encode([QUERY + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors `(n, dimension)` of passages."""
        return self._encode([PASSAGE + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        """In runs of few tokens, as one of thousands would take gigabytes."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        rows = [r if len(r) <= self._max_tokens else [*r[: self._max_tokens - 1], END] for r in rows]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for group in grouped(rows, TOKENS):
            ids, mask = padded([rows[index] for index in group])
            feeds = {"input_ids": ids, "attention_mask": mask}
            vectors[group] = self._session.run(["sentence_embedding"], feeds)[0]
        return vectors


def grouped(rows: Sequence[Sequence[int]], most: int) -> list[list[int]]:
    """Indices of rows in groups of similar length, longest first.

    Filled up to its longest row, a group has at most `most` tokens; a row that is longer is alone.
    """
    groups: list[list[int]] = []
    room = 0
    for index in sorted(range(len(rows)), key=lambda index: -len(rows[index])):
        if room == 0:
            room = max(1, most // max(1, len(rows[index])))
            groups.append([])
        groups[-1].append(index)
        room -= 1
    return groups

"""The project's own model on onnxruntime: no torch, no download."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from assemblybot.embedding.base import Progress, Vectors
from assemblybot.embedding.model_folder import open_model_folder
from assemblybot.embedding.worker import Worker, by_length
from assemblybot.errors import ModelError

BATCH = 16


class EmbeddedModel:
    """An :class:`~assemblybot.embedding.base.Embedder` over a folder such as assembly-minilm."""

    def __init__(self, folder: Path, *, threads: int = 2, cache_size: int = 1024) -> None:
        with ThreadPoolExecutor(max_workers=1) as aside:
            # Hashing 60 MB takes as long as loading them; the two go side by side.
            checked = aside.submit(open_model_folder, folder)
            try:
                self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
                self._session = _session(folder / "model.onnx", threads)
            except Exception as error:  # both libraries raise kinds of their own
                checked.result()  # a damaged file explains more
                raise ModelError(f"The model in {folder} cannot be loaded: {error}") from error
            found = checked.result()
        self.id = found.id
        self.dimension = found.dimension
        self._tokenizer.enable_truncation(found.max_tokens)
        self._tokenizer.enable_padding()
        self._worker = Worker(found.dimension, cache_size)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors ``(n, 384)`` of questions, from the cache where possible."""
        return self._worker.run_cached(self._encode, texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors ``(n, 384)``, in batches of similar length."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        for group in by_length(texts, BATCH):
            vectors[group] = self._worker.run(self._encode, [texts[index] for index in group])
            done += len(group)
            if progress is not None:
                progress(done)
        return vectors

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """In batches, as one of thousands would take gigabytes; runs on the worker's thread only."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for group in by_length(texts, BATCH):
            vectors[group] = self._encode_batch([texts[index] for index in group])
        return vectors

    def _encode_batch(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([row.ids for row in encoded], np.int64)
        mask = np.array([row.attention_mask for row in encoded], np.int64)
        feeds = {"input_ids": ids, "attention_mask": mask}
        vectors: Vectors = self._session.run(["sentence_embedding"], feeds)[0]
        return vectors


def _session(graph: Path, threads: int) -> ort.InferenceSession:
    """The graph on ``threads`` threads that sleep when there is nothing to do."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin between two questions would take the processor from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

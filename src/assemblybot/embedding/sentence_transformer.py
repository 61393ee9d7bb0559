"""Any sentence-transformers model, by hub name or folder; torch is imported only here."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import numpy as np

from assemblybot.embedding.base import CachingEmbedder, Vectors
from assemblybot.embedding.model_folder import is_model_folder, open_model_folder
from assemblybot.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEmbedder(CachingEmbedder):
    """An `Embedder` around a loaded model, with the prompts of its own."""

    batch = 16

    def __init__(self, model: SentenceTransformer, name: str, *, cache_size: int = 1024) -> None:
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The model {name} does not say how wide its vectors are.")
        super().__init__(name, int(dimension), cache_size)
        self._model = model

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, with the model's query prompt."""
        return _unit(self._model.encode_query(list(texts), show_progress_bar=False))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, with the model's document prompt."""
        return _unit(self._model.encode_document(list(texts), show_progress_bar=False))


def _unit(vectors: object) -> Vectors:
    """float32 rows of length one, whatever the model gives."""
    rows = np.asarray(vectors, np.float32)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(length, 1e-12)
    return unit


def load(name: str, *, threads: int = 2, cache_size: int = 1024) -> SentenceTransformerEmbedder:
    """A model by folder or hub name; ModelError says what to do when it cannot be had.

    The copy on this machine is used when there is one, without asking the network.
    """
    if Path(name).is_absolute() and not Path(name).exists():
        raise ModelError(f"There is no model in {name}. Give a folder that holds one, or a name on the hub.")
    try:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ImportError as error:
        raise ModelError(
            f"The model {name} needs sentence-transformers: pip install 'assemblybot[models]'. "
            "The default model needs nothing more."
        ) from error
    torch.set_num_threads(threads)
    logging.disable_progress_bar()
    # Code in a folder is run only when the folder is ours and its files are as the manifest says.
    ours = is_model_folder(Path(name)) and bool(open_model_folder(Path(name)))
    options: dict[str, Any] = {"device": "cpu", "trust_remote_code": ours}
    try:
        model = SentenceTransformer(name, local_files_only=True, **options)
    except Exception as first:  # the libraries raise many kinds, among them OSError and ValueError
        if Path(name).exists():
            raise ModelError(f"The model in {name} cannot be loaded: {first}") from first
        model = _download(name, options)
    return SentenceTransformerEmbedder(model, _identity(name, model), cache_size=cache_size)


def _download(name: str, options: dict[str, Any]) -> SentenceTransformer:
    """The model from the hub, or an error within seconds when the hub cannot be reached."""
    from huggingface_hub import constants
    from sentence_transformers import SentenceTransformer

    hub = urlsplit(constants.ENDPOINT)
    try:
        if not getproxies():
            socket.create_connection((hub.hostname, hub.port or 443), timeout=5).close()
        return SentenceTransformer(name, **options)
    except Exception as error:  # as above
        raise ModelError(
            f"The model {name} is not on this machine and could not be downloaded. Check the name, "
            f"connect once and run: hf download {name} (or give a folder that holds the model)."
        ) from error


def _identity(name: str, model: SentenceTransformer) -> str:
    """Hub name and revision, or folder name and content; part of every index's manifest."""
    folder = Path(name)
    if is_model_folder(folder):
        return open_model_folder(folder).id
    if folder.is_dir():
        digest = hashlib.sha256()
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
        return f"{folder.resolve().name}-{digest.hexdigest()[:12]}"
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    return f"{name}@{getattr(config, '_commit_hash', None) or 'unknown'}"

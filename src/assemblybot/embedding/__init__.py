"""Our own models, shipped with the project, or any sentence-transformers model for the vectors."""

from __future__ import annotations

from pathlib import Path

from assemblybot.embedding.base import Embedder, Vectors
from assemblybot.embedding.cross_encoder import CrossEncoder
from assemblybot.embedding.model_folder import is_model_folder
from assemblybot.embedding.onnx_embedder import OnnxEmbedder

__all__ = ["CrossEncoder", "Embedder", "Vectors", "load_embedder"]


def load_embedder(name_or_folder: str, *, threads: int = 2, cache_size: int = 1024) -> Embedder:
    """Loads a model by folder or hub name.

    A folder with our manifest runs on onnxruntime, without torch; anything else is handed to
    sentence-transformers. `threads` are the CPU threads of one call, `cache_size` the number
    of recent questions whose vectors are kept. Raises `ModelError`.
    """
    folder = Path(name_or_folder).expanduser()
    if is_model_folder(folder):
        return OnnxEmbedder(folder, threads=threads, cache_size=cache_size)
    from assemblybot.embedding import sentence_transformer

    return sentence_transformer.load(
        str(folder) if folder.is_dir() else name_or_folder, threads=threads, cache_size=cache_size
    )

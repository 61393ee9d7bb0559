"""Lets sentence-transformers load this folder: the same graph, run by onnxruntime.

``SentenceTransformer(folder, trust_remote_code=True)``; nothing here trains.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import onnxruntime as ort
import torch
from tokenizers import Tokenizer

try:
    from sentence_transformers.base.modules import InputModule
except ImportError:  # before version 6
    from sentence_transformers.models import InputModule


class AssemblyE5(InputModule):
    """Text to the graph's own unit vectors; the only module of the folder."""

    config_keys: ClassVar[list[str]] = ["model_type", "format", "dimension", "max_tokens", "graph", "table"]

    def __init__(self, graph: Path, tokenizer: Path, config: dict[str, Any]) -> None:
        super().__init__()
        self.config = config
        self.graph = graph
        self.max_seq_length = int(config["max_tokens"])
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.enable_truncation(self.max_seq_length)
        self.tokenizer.enable_padding(pad_id=1)
        options = ort.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self.session = ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    @classmethod
    def load(cls, model_name_or_path: str, **kwargs: Any) -> AssemblyE5:
        """Finds the files in a folder or in the hub's cache."""
        places = ("subfolder", "token", "cache_folder", "revision", "local_files_only")
        where = {name: kwargs[name] for name in places if name in kwargs}
        config = cls.load_config(model_name_or_path, **where)
        cls.load_file_path(model_name_or_path, config["table"], **where)  # the graph reads it
        graph = cls.load_file_path(model_name_or_path, config["graph"], **where)
        tokenizer = cls.load_file_path(model_name_or_path, "tokenizer.json", **where)
        return cls(Path(graph), Path(tokenizer), config)

    def get_embedding_dimension(self) -> int:
        """The width of the vectors."""
        return int(self.config["dimension"])

    def get_config_dict(self) -> dict[str, Any]:
        """What ``config.json`` holds."""
        return self.config

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Token ids and mask, padded to the longest text."""
        rows = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([row.ids for row in rows]),
            "attention_mask": torch.tensor([row.attention_mask for row in rows]),
        }

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Adds ``sentence_embedding``."""
        names = ("input_ids", "attention_mask")
        feeds = {name: features[name].cpu().numpy().astype(np.int64) for name in names}
        vectors = self.session.run(["sentence_embedding"], feeds)[0]
        features["sentence_embedding"] = torch.from_numpy(vectors).to(features["input_ids"].device)
        return features

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Copies the graph, the tokenizer and the configuration."""
        for name in (self.config["graph"], self.config["table"]):
            Path(output_path, name).write_bytes((self.graph.parent / name).read_bytes())
        self.tokenizer.save(str(Path(output_path, "tokenizer.json")))
        self.save_config(output_path)

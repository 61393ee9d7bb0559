"""Turns texts into vectors with a torch encoder, and keeps the English teacher's vectors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from encoder import Encoder, english_teacher, minilm_folder

MAX_TOKENS = 128
TOKENS_AT_ONCE = 8_192


def load_tokenizer(path: Path, max_tokens: int = MAX_TOKENS) -> Tokenizer:
    """A tokenizer that truncates and does not pad."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def pad(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids and mask, both ``(n, longest)``."""
    longest = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
    lengths = torch.tensor([len(row) for row in rows])
    return ids, torch.arange(longest)[None, :] < lengths[:, None]


def batches(lengths: Sequence[int], tokens: int = TOKENS_AT_ONCE) -> list[list[int]]:
    """Indices grouped by similar length, each group at most ``tokens`` after padding."""
    groups: list[list[int]] = [[]]
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if groups[-1] and (len(groups[-1]) + 1) * lengths[index] > tokens:
            groups.append([])
        groups[-1].append(index)
    return groups


def encode(model: Encoder, tokenizer: Tokenizer, texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors ``(n, 384)`` in the order of ``texts``."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    vectors = np.empty((len(rows), 384), np.float32)
    device = next(model.parameters()).device
    with torch.no_grad():
        for group in batches([len(row) for row in rows]) if rows else []:
            ids, mask = pad([rows[i] for i in group])
            vectors[group] = model(ids.to(device), mask.to(device)).cpu().numpy()
    return vectors


class TeacherCache:
    """English text to the teacher's vector, float16, kept in a folder between runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, int] = {}
        self.vectors = np.zeros((0, 384), np.float16)
        if (folder / "texts.json").exists():
            texts = json.loads((folder / "texts.json").read_text("utf-8"))
            self._rows = {text: row for row, text in enumerate(texts)}
            self.vectors = np.load(folder / "vectors.npy")

    def rows(self, texts: Sequence[str]) -> list[int]:
        """The row of each text in ``vectors``; computes and stores the missing ones."""
        missing = sorted({text for text in texts if text not in self._rows})
        if missing:
            tokenizer = load_tokenizer(minilm_folder() / "tokenizer.json")
            new = encode(english_teacher(), tokenizer, missing).astype(np.float16)
            self._rows.update({text: len(self._rows) + i for i, text in enumerate(missing)})
            self.vectors = np.concatenate([self.vectors, new])
            self._folder.mkdir(parents=True, exist_ok=True)
            np.save(self._folder / "vectors.npy", self.vectors)
            (self._folder / "texts.json").write_text(json.dumps(list(self._rows)), "utf-8")
        return [self._rows[text] for text in texts]

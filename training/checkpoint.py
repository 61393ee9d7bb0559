"""Saves and restores a training run: weights, optimisers, step and best score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from encoder import DIMENSION, Encoder, minilm_weights


def load_encoder(path: Path) -> Encoder:
    """An encoder from ``start.pt`` (new rows only) or from a checkpoint (all weights)."""
    found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    if "added" in found:
        return Encoder(minilm_weights(), found["added"])
    weights = found["model"]
    model = Encoder(minilm_weights(), torch.zeros(len(weights["added.weight"]), DIMENSION))
    model.load_state_dict(weights)
    return model


def save(path: Path, model: Encoder, **state: Any) -> None:
    """Writes a checkpoint beside the old one, then takes its place."""
    partial = path.with_suffix(".partial")
    torch.save({"model": model.state_dict(), **state}, partial)
    partial.replace(path)

"""The three groups of weights, each with its own pace, on a warm-up and cosine schedule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from encoder import Encoder


@dataclass(frozen=True, slots=True)
class Paces:
    """Learning rates of the new rows, MiniLM's own rows and the body."""

    added: float
    base: float
    body: float


class Optimisers:
    """Lazy Adam for the token rows, AdamW for the body; ``body=0`` freezes it."""

    def __init__(self, model: Encoder, paces: Paces) -> None:
        self._model, self._paces = model, paces
        for value in model.body.values():
            value.requires_grad_(paces.body > 0)
        self._rows = torch.optim.SparseAdam(
            [
                {"params": [model.added.weight], "lr": paces.added},
                {"params": [model.base.weight], "lr": paces.base},
            ]
        )
        self._body = torch.optim.AdamW(model.body.values(), lr=paces.body, weight_decay=0.01)

    def step(self, progress: float) -> None:
        """One step at ``progress`` in [0, 1] of the stage; clears the gradients."""
        pace = min(progress / 0.03, 1.0) * (0.05 + 0.475 * (1 + math.cos(math.pi * progress)))
        groups = self._rows.param_groups
        for group, rate in zip(groups, (self._paces.added, self._paces.base), strict=True):
            group["lr"] = max(rate * pace, 1e-8)
        self._rows.step()  # type: ignore[no-untyped-call]
        self._rows.zero_grad()
        if self._paces.body > 0:
            torch.nn.utils.clip_grad_norm_(self._model.body.values(), 1.0)
            self._body.param_groups[0]["lr"] = self._paces.body * pace
            self._body.step()
            self._body.zero_grad()

    def state(self) -> dict[str, Any]:
        """What a checkpoint must hold to go on from here."""
        return {"rows": self._rows.state_dict(), "body": self._body.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Continues from :meth:`state`."""
        self._rows.load_state_dict(state["rows"])
        self._body.load_state_dict(state["body"])

"""What was learned once and holds for every document: weights of the ranking and of the verdict.

`calibration.json` in the model folder holds it; `training/calibrate.py` makes it. No corpus is looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.answering.retrieve import FEATURES
from assemblybot.embedding.cross_encoder import Reading
from assemblybot.embedding.model_folder import RESTORE
from assemblybot.errors import ModelError

NAME: Final = "calibration.json"
#: Of each passage that was read: what the cross-encoder says of it.
READ: Final = ("answers", "found")
#: Evidence that the passage ranked first answers the question.
SIGNALS: Final = (
    "answers",
    "found",
    "dense",
    "margin",
    "dense:asked",
    "words:asked",
    "numbers lacking",
    "words lacking",
)
Floats = NDArray[np.float64]
#: The cross-encoder's numbers are cut here: beyond, they say no more.
_LIMIT: Final = 8.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the ranking `(len(FEATURES),)`, of readings `(len(READ),)` and of the verdict
    `(len(SIGNALS),)` with its bias, and two thresholds of its probability.

    A question is answered from `answered` on, and without a caveat from `sure` on. Passages are read one by
    one until the best leads the next, unread one by `lead` (log-odds).
    """

    ranking: Floats
    reading: Floats
    lead: float
    verdict: Floats
    bias: float
    answered: float
    sure: float

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read `calibration.json` of a model folder. Raises ModelError."""
        try:
            return cls.from_dict(json.loads((folder / NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"The model folder {folder} has no readable {NAME}. {RESTORE}") from error

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calibration:
        """From the plain values of the file."""
        ranking, reading, verdict = (
            np.array([float(stored[part][name]) for name in names])
            for part, names in (("ranking", FEATURES), ("reading", READ), ("verdict", SIGNALS))
        )
        thresholds = stored["thresholds"]
        return cls(
            ranking,
            reading,
            float(stored["lead"]),
            verdict,
            float(stored["bias"]),
            float(thresholds["answered"]),
            float(thresholds["sure"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for the file."""
        parts = (
            ("ranking", FEATURES, self.ranking),
            ("reading", READ, self.reading),
            ("verdict", SIGNALS, self.verdict),
        )
        named = {
            part: {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
            for part, names, weights in parts
        }
        thresholds = {"answered": round(self.answered, 4), "sure": round(self.sure, 4)}
        return {**named, "lead": self.lead, "bias": round(self.bias, 4), "thresholds": thresholds}

    def confidence(self, signals: Floats) -> float:
        """Probability that the passage ranked first answers, from one row of signals."""
        return 1.0 / (1.0 + math.exp(-float(np.clip(signals @ self.verdict + self.bias, -30, 30))))


def reading_row(reading: Reading) -> Floats:
    """One row `(len(READ),)` of what the cross-encoder says of a passage."""
    return np.clip([reading.answers, reading.found], -_LIMIT, _LIMIT)

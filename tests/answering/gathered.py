"""Evidence as a searcher would gather it, from scores and an order that a test chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assemblybot.answering.calibration import SIGNALS
from assemblybot.answering.evidence import Evidence
from assemblybot.answering.query import Query
from assemblybot.answering.retrieve import FEATURES, Candidates, EntryScores
from assemblybot.embedding.cross_encoder import Reading


def evidence(
    scores: EntryScores,
    passages: Sequence[int] = (0,),
    probabilities: Sequence[float] = (1.0,),
    readings: Mapping[int, Reading] | None = None,
) -> Evidence:
    """Evidence for passages with these probabilities to be right, best first."""
    positions = np.array(passages, np.int64)
    found = Candidates(positions, np.zeros((len(passages), len(FEATURES)), np.float32))
    totals, signals = np.log(np.array(probabilities)), np.zeros(len(SIGNALS))
    asked = Query("", "en", np.zeros(1, np.float32), "")
    return Evidence(
        asked, scores, found, tuple(passages), totals, readings or {}, readings or {}, signals, 1.0, {}
    )

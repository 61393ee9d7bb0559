"""What a text is: a question, or something that asks nothing of the documents.

A linear classifier over the question's vector (`training/turns.py` fits it): one column of weights a kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assemblybot.errors import ModelError

NAME: Final = "turns.npy"


class Turn(StrEnum):
    """Kinds of turns, in the order of the classifier's columns."""

    QUESTION = "question"
    CHATTER = "chatter"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    COMPLAINT = "complaint"
    ABOUT_BOT = "about_bot"
    SUMMARY = "summary"
    MORE = "more"
    WHY = "why"
    LINK = "link"
    TRANSLATE = "translate"
    AUTHOR = "author"


#: what people say without asking anything
_SOCIAL: Final = (Turn.CHATTER, Turn.GREETING, Turn.THANKS, Turn.GOODBYE, Turn.COMPLAINT)
# From this probability of being one of these on, a text is not answered: 0.85 of the held-out lines that
# ask nothing reach it, and 0.017 of the held-out questions. A few words, one of which the documents hold, may
# be keywords, so that more is asked of them: 0.60 and none.
_SURELY, _SURELY_NO_KEYWORDS = 0.7, 0.9


@dataclass(frozen=True, slots=True)
class Turns:
    """`weights` `(d + 1, len(Turn))`, the last row being the bias."""

    weights: NDArray[np.float32]

    @classmethod
    def load(cls, folder: Path) -> Turns:
        """Read `turns.npy` of a model folder. Raises ModelError."""
        try:
            weights = np.load(folder / NAME, allow_pickle=False).astype(np.float32)
        except (OSError, ValueError, EOFError) as error:
            raise ModelError(
                f"The model folder {folder} has no readable {NAME}. Restore the folder from the project "
                "(git checkout, or reinstall the package)."
            ) from error
        return cls(weights)

    def probabilities(self, vector: NDArray[np.float32]) -> dict[Turn, float]:
        """Probability of each kind (softmax), from the vector `(d,)` of a text."""
        scores = vector @ self.weights[:-1] + self.weights[-1]
        odds = np.exp(scores - scores.max())
        return {turn: float(p) for turn, p in zip(Turn, odds / odds.sum(), strict=True)}

    def asks_nothing(self, vector: NDArray[np.float32], *, keywords: bool = False) -> bool:
        """Whether a text with this vector `(d,)` asks nothing that documents could answer.

        `keywords`: it has few words, and the documents hold one of them.
        """
        found = self.probabilities(vector)
        return sum(found[turn] for turn in _SOCIAL) >= (_SURELY_NO_KEYWORDS if keywords else _SURELY)

"""What a text is (its dialogue act): a question, or something that asks nothing of the documents.

A network with one hidden layer over the question's vector (`training/turns.py` fits it).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assemblybot.embedding.model_folder import RESTORE
from assemblybot.errors import ModelError

NAME: Final = "turns.npz"


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
SOCIAL: Final = (Turn.CHATTER, Turn.GREETING, Turn.THANKS, Turn.GOODBYE, Turn.COMPLAINT)
# A text with at least this probability of being one of these is not answered: 0.93 of the held-out lines that
# ask nothing reach it, and 0.02 of the held-out questions.
_SOCIAL: Final = 0.64
# With a lower probability, the documents are asked first.
_SURELY_SOCIAL: Final = 0.9
# A text whose words are in the documents may be keywords, so it needs this probability.
_SOCIAL_DESPITE_KEYWORDS: Final = 0.985
# A request (for a summary, a link …) has at most this probability of being a question.
_PERHAPS_A_QUESTION: Final = 0.3
# What may be keywords (“conclusion”, “résume-le”) is a request only if its kind has the first probability.
# With less than the second, the documents are asked first: “your phone number?” may be meant for the bot or
# for the authors of the document.
_A_REQUEST, _SURELY_A_REQUEST = 0.6, 0.85


class Classification(NamedTuple):
    """The kind of a text; `doubtful` where it may yet be a question: then the documents are asked first."""

    turn: Turn
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Turns:
    """`hidden` `(d + 1, h)` and `output` `(h + 1, len(Turn))`, the last row of each being the bias."""

    hidden: NDArray[np.float32]
    output: NDArray[np.float32]

    @classmethod
    def load(cls, folder: Path) -> Turns:
        """Read `turns.npz` of a model folder. Raises ModelError."""
        try:
            with np.load(folder / NAME, allow_pickle=False) as held:
                hidden, output = (held[part].astype(np.float32) for part in ("hidden", "output"))
        except (OSError, ValueError, EOFError, KeyError, TypeError, BadZipFile) as error:
            raise ModelError(f"The model folder {folder} has no readable {NAME}. {RESTORE}") from error
        return cls(hidden, output)

    def probabilities(self, vector: NDArray[np.float32]) -> dict[Turn, float]:
        """Probability of each kind (softmax), from the vector `(d,)` of a text."""
        inner = np.maximum(vector @ self.hidden[:-1] + self.hidden[-1], 0)
        scores = inner @ self.output[:-1] + self.output[-1]
        odds = np.exp(scores - scores.max())
        return {turn: float(p) for turn, p in zip(Turn, odds / odds.sum(), strict=True)}

    def classify(self, vector: NDArray[np.float32], *, keywords: bool = False) -> Classification:
        """The kind of a text with this vector `(d,)`; a question unless it is surely something else.

        `keywords`: it has few words, and the documents hold one of them.
        """
        found = self.probabilities(vector)
        social = sum(found[turn] for turn in SOCIAL)
        if social >= (_SOCIAL_DESPITE_KEYWORDS if keywords else _SOCIAL):
            return Classification(max(SOCIAL, key=lambda turn: found[turn]), doubtful=social < _SURELY_SOCIAL)
        turn = max(found, key=lambda turn: found[turn])
        if keywords and found[turn] < _A_REQUEST:
            return Classification(Turn.QUESTION)
        if turn in SOCIAL or found[Turn.QUESTION] > _PERHAPS_A_QUESTION:
            return Classification(Turn.QUESTION)
        asks_documents = turn is Turn.AUTHOR or (keywords and turn is Turn.ABOUT_BOT)
        return Classification(turn, doubtful=asks_documents or found[turn] < _SURELY_A_REQUEST)

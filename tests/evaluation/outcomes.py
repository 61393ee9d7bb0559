"""Outcomes as values, for what is measured of them."""

from typing import Any

from assemblybot.evaluation.measures import Outcome


def outcome(**changes: Any) -> Outcome:
    """An answerable question whose first citation is right, but for `changes`."""
    usual: dict[str, Any] = {
        "id": "q",
        "language": "ar",
        "type": "who",
        "answerable": True,
        "refused": False,
        "rank": 1,
        "best_right": True,
        "confidence": 0.9,
        "threshold": 0.5,
    }
    return Outcome(**{**usual, **changes})


RIGHT = outcome(confidence=0.95, seconds={"encode": 0.001, "search": 0.002, "total": 0.004})
SECOND = outcome(rank=2, best_right=False, confidence=0.85)
WRONG = outcome(rank=0, best_right=False, confidence=0.65, unsure=True)
SHY = outcome(refused=True, rank=0, confidence=0.45)
REFUSED = outcome(answerable=False, refused=True, rank=0, best_right=False, confidence=0.05)
INVENTED = outcome(answerable=False, rank=0, best_right=False, confidence=0.75, unsure=True)
EVERY = [RIGHT, SECOND, WRONG, SHY, REFUSED, INVENTED]

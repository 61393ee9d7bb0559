"""Follow-up questions: “and Morocco?”, “what next?”, told by their first words and length."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from assemblybot.answering.phrases import bare, phrases

_FEW_WORDS: Final = 6


class FollowUp(StrEnum):
    """How a question leans on the one before it."""

    CONTINUES = "continues"
    REFERS = "refers"


def follow_up(text: str) -> FollowUp | None:
    """Whether `text` asks for what comes next, leans on the question before, or stands alone."""
    joined = bare(text)
    words = joined.split()
    if joined in phrases("continues"):
        return FollowUp.CONTINUES
    if len(words) > _FEW_WORDS:
        return None
    if any(joined.startswith(phrase + " ") for phrase in phrases("follows")):
        return FollowUp.REFERS
    back = phrases("refers_back")
    return FollowUp.REFERS if any(word in back for word in words) else None

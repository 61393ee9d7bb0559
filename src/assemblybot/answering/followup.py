"""Questions that lean on the one before: “and Morocco?”, “when was it?”, told by their words and length."""

from __future__ import annotations

from typing import Final

from assemblybot.answering.phrases import bare, phrases

_FEW_WORDS: Final = 6


def continues(text: str) -> bool:
    """Whether a text is nothing but a word for “and then?”; by itself it looks like talk."""
    return bare(text) in phrases("continues")


def leans_on_last(text: str) -> bool:
    """Whether a question says too little by itself: an “and”, a word that points back, or no name."""
    joined = bare(text)
    words = joined.split()
    if len(words) > _FEW_WORDS:
        return False
    if any(joined == phrase or joined.startswith(phrase + " ") for phrase in phrases("follows")):
        return True
    if any(word in phrases("refers_back") for word in words):
        return True
    return all(word in phrases("function_words") for word in words)

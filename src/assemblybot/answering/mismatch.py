"""What a question names and a document lacks: numbers, and languages in which words can be compared.

A document about the 93rd session does not answer a question about the 94th, however alike they are.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

from assemblybot.index.index import Index

# Digits that stand for letters in Arabizi are no numbers; an ordinal's ending or a unit may follow.
# A longer run of digits is no number that a question would repeat.
_NUMBER: Final = re.compile(
    r"(?<![a-zà-ÿ\d])(\d{1,12})(?:st|nd|rd|th|er?|[eè]re|[eè]me|[oaºª]|h|min|km|m)?(?![a-zà-ÿ\d])",
    re.IGNORECASE,
)


def numbers(text: str) -> frozenset[int]:
    """The whole numbers in a text, in whatever digits."""
    return frozenset(int(found) for found in _NUMBER.findall(text))


def lacking(asked: Set[int], held: Set[int]) -> float:
    """Share of the numbers that are `asked` for and not `held`; 0 where none is asked for."""
    return len(asked - held) / len(asked) if asked else 0.0


def languages(index: Index) -> frozenset[str]:
    """Languages of the documents and their translations; in others, shared words say nothing."""
    return index.languages | {"ary"} if "ar" in index.languages else index.languages

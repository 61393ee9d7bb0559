"""Questions with known answers: one JSON object a line.

{"id", "lang", "type", "question", "gold": ["verbatim quote", …], "answerable"}

A curator's question with `wrong` quotes says only which passages do not answer it: it has no known answer,
and is left out here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assemblybot.corpus.document import Document
from assemblybot.errors import CorpusError

Place = tuple[str, int, int]
_NEEDED: Final = ("id", "lang", "type", "question", "answerable")


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and the places `(document, start, end)` of the quotes that answer it."""

    id: str
    language: str
    type: str
    text: str
    places: tuple[Place, ...]

    @property
    def answerable(self) -> bool:
        """True when the corpus answers."""
        return bool(self.places)


def read(path: Path, documents: Mapping[str, Document]) -> list[GoldQuestion]:
    """Read a question file.

    Raises CorpusError for a file without questions, a question that lacks something, and a quote
    that no document holds.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise CorpusError(f"The questions in {path} cannot be read: {error}.") from error
    found: list[GoldQuestion] = []
    for number, record in enumerate(records, start=1):
        known = record if isinstance(record, dict) else {}
        if known.get("wrong"):
            continue
        needed = (*_NEEDED, "gold") if known.get("answerable") else _NEEDED
        if not known.keys() >= set(needed):
            raise CorpusError(f"{path}: question {number} lacks one of {', '.join(needed)}.")
        quotes = known["gold"] if known["answerable"] else []
        places = tuple(place for quote in quotes for place in _places(known["id"], quote, documents))
        found.append(GoldQuestion(known["id"], known["lang"], known["type"], known["question"], places))
    if not found:
        raise CorpusError(f"{path} holds no questions: one JSON object a line is expected.")
    return found


def _places(question: str, quote: str, documents: Mapping[str, Document]) -> list[Place]:
    found = [
        (document.id, match.start(), match.start() + len(quote))
        for document in documents.values()
        for match in re.finditer(f"(?={re.escape(quote)})", document.text)
    ]
    if not found:
        raise CorpusError(f"{question}: no document holds the quote “{quote}”.")
    return found

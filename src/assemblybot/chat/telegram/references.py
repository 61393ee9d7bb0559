"""Short names, for buttons and links, of passages and of questions the corpus answers.

A document's code depends on its text, so a name made before the text changed finds nothing. It also depends
on the collection: a name from one collection finds nothing in another, even if both contain the document.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

from assemblybot.answering.answer import Citation, Suggestion
from assemblybot.collection import DEFAULT
from assemblybot.index.index import Index
from assemblybot.render.telegram_state import MOST_CITED, Cited, State, number_from_text, number_to_text
from assemblybot.text.language import LANGUAGES, Language

_CODE: Final = 6
_VARIANTS: Final = 64
_TOPIC: Final = "z"
_PASSAGE_LINK: Final = re.compile(r"p(\d{1,6})(?:-([\w-]{6}))?\Z", re.ASCII)
_QUESTION: Final = re.compile(r"q([\w-]{6})([\w-]{3})([a-z])([\w-])\Z", re.ASCII)
_LETTERS: Final = dict(zip("adtfes", LANGUAGES, strict=True))


class References:
    """Names of what is in one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        named = "" if index.collection == DEFAULT else index.collection
        self._salt = zlib.crc32(named.encode())  # 0 for no name

    def cited(self, citations: tuple[Citation, ...], *, is_list: bool) -> tuple[Cited, ...]:
        """What buttons remember of citations: the first few, or both ends of a list."""
        kept = (citations[0], citations[-1]) if is_list else citations[:MOST_CITED]
        return tuple(
            Cited(self._code(c.document), c.paragraph, next(iter(c.highlights), (0, 0))) for c in kept
        )

    def passages(self, state: State) -> tuple[str, ...]:
        """Ids of the passages that a button remembers; empty when one of them is gone."""
        found = [p for cited in state.cited if (p := self.passage(cited.document, cited.number))]
        if len(found) < len(state.cited):
            return ()
        return self._between(found[0], found[-1]) if state.is_list else tuple(found)

    def passage(self, code: str, number: int) -> str | None:
        """Id of a passage, while its document is as it was."""
        passage = f"{self._index.document_with(number_from_text(code) ^ self._salt)}#{number}"
        return passage if passage in self._index.position else None

    def linked_passage(self, payload: str) -> str | None:
        """Id of the passage that `/start p12` or `/start p12-code` asks for."""
        match = _PASSAGE_LINK.match(payload)
        if not match:
            return None
        number, code = match.groups()
        if code:
            return self.passage(code, int(number))
        passage = f"{next(iter(self._index.documents))}#{int(number)}"
        return passage if passage in self._index.position else None

    def link(self, citation: Citation) -> str:
        """The payload of a deep link to a passage."""
        return f"p{citation.paragraph}-{self._code(citation.document)}"

    def question_name(self, suggestion: Suggestion, language: Language) -> str | None:
        """Name of a suggested question, for a button or a deep link; `None` where it has none."""
        if (position := self._index.position.get(suggestion.passage)) is None:
            return None
        at = self._index.passages[position]
        code = self._code(at.document)
        asked = self._index.documents[at.document].questions.get(at.number, {}).get(language, ())
        if suggestion.text in asked[:_VARIANTS]:
            letter = next(letter for letter, known in _LETTERS.items() if known == language)
            return _name(code, at.number, letter, asked.index(suggestion.text))
        topics = self._index.topics_at(position, language)
        if suggestion.text not in topics:
            return None
        variant = topics.index(suggestion.text) * len(LANGUAGES) + LANGUAGES.index(language)
        return _name(code, at.number, _TOPIC, variant)

    def question(self, name: str) -> str | None:
        """The question with that name."""
        match = _QUESTION.match(name)
        passage = self.passage(match.group(1), number_from_text(match.group(2))) if match else None
        if match is None or passage is None:
            return None
        at = self._index.passages[self._index.position[passage]]
        variant = number_from_text(match.group(4))
        if match.group(3) == _TOPIC:
            kind, place = divmod(variant, len(LANGUAGES))
            topics = self._index.topics_at(self._index.position[passage], LANGUAGES[place])
            return topics[kind] or None if kind < len(topics) else None
        language = _LETTERS.get(match.group(3))
        asked = self._index.documents[at.document].questions.get(at.number, {}).get(str(language), ())
        return asked[variant] if variant < len(asked) else None

    def _code(self, document: str) -> str:
        code = int(self._index.codes[self._index.document_numbers[document]])
        return number_to_text(code ^ self._salt, _CODE)

    def _between(self, first: str, last: str) -> tuple[str, ...]:
        """A list from its first to its last item; it may begin with the line that introduces it."""
        start, end = self._index.position[first], self._index.position[last]
        lead_in = self._index.passages[end].lead_in
        items = (p.id for p in self._index.passages[start + 1 : end + 1] if p.lead_in == lead_in)
        return (first, *items)


def _name(code: str, number: int, letter: str, variant: int) -> str:
    return f"q{code}{number_to_text(number, 3)}{letter}{number_to_text(variant, 1)}"

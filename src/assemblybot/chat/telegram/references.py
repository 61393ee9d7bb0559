"""Short names, for buttons and links, of passages and of questions the corpus answers.

A document's code hangs on its text, so a name made before the text changed finds nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Final

from assemblybot.answering.answer import Citation
from assemblybot.corpus.document import Document
from assemblybot.index.index import Index
from assemblybot.render.telegram_state import MOST_CITED, Cited, State, number_from_text, number_to_text
from assemblybot.text.language import LANGUAGES, Language

_CODE: Final = 6
_SECTION: Final = "z"
_PASSAGE_LINK: Final = re.compile(r"p(\d{1,6})(?:-([\w-]{6}))?\Z", re.ASCII)
_QUESTION: Final = re.compile(r"q([\w-]{6})([\w-]{3})([a-z])([\w-])\Z", re.ASCII)
_LETTERS: Final = dict(zip("adtfes", LANGUAGES, strict=True))


class References:
    """Names of what is in one index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._code = {document.id: _code(document) for document in index.documents.values()}
        self._document = {code: document for document, code in self._code.items()}

    def cited(self, citations: tuple[Citation, ...], *, is_list: bool) -> tuple[Cited, ...]:
        """What buttons remember of citations: the first few, or both ends of a list."""
        kept = (citations[0], citations[-1]) if is_list else citations[:MOST_CITED]
        return tuple(
            Cited(self._code[c.document], c.paragraph, next(iter(c.highlights), (0, 0))) for c in kept
        )

    def passages(self, state: State) -> tuple[str, ...]:
        """Ids of the passages that a button remembers; empty when one of them is gone."""
        found = [p for cited in state.cited if (p := self.passage(cited.document, cited.number))]
        if len(found) < len(state.cited):
            return ()
        return self._between(found[0], found[-1]) if state.is_list else tuple(found)

    def passage(self, code: str, number: int) -> str | None:
        """Id of a passage, while its document is as it was."""
        passage = f"{self._document.get(code)}#{number}"
        return passage if passage in self.index.position else None

    def linked_passage(self, payload: str) -> str | None:
        """Id of the passage that `/start p12` or `/start p12-code` asks for."""
        match = _PASSAGE_LINK.match(payload)
        if not match:
            return None
        code = match.group(2) or next(iter(self._document), "")
        return self.passage(code, int(match.group(1)))

    def link(self, citation: Citation) -> str:
        """The payload of a deep link to a passage."""
        return f"p{citation.paragraph}-{self._code[citation.document]}"

    def question_name(self, question: str, language: Language) -> str | None:
        """Name of a suggested question, for a button or a deep link."""
        for document, number, asked, variant in self._asked(language):
            if asked == question:
                letter = next(letter for letter, known in _LETTERS.items() if known == language)
                return _name(self._code[document], number, letter, variant)
        for passage in self.index.passages:
            if passage.section == question:
                return _name(self._code[passage.document], passage.number, _SECTION, 0)
        return None

    def question(self, name: str) -> str | None:
        """The question with that name."""
        match = _QUESTION.match(name)
        passage = self.passage(match.group(1), number_from_text(match.group(2))) if match else None
        if match is None or passage is None:
            return None
        at = self.index.passages[self.index.position[passage]]
        if match.group(3) == _SECTION:
            return at.section
        language = _LETTERS.get(match.group(3))
        asked = self.index.documents[at.document].asked_as.get(at.number, {}).get(str(language), ())
        variant = number_from_text(match.group(4))
        return asked[variant] if variant < len(asked) else None

    def _asked(self, language: Language) -> Iterator[tuple[str, int, str, int]]:
        for document in self.index.documents.values():
            for number, by_language in document.asked_as.items():
                for variant, asked in enumerate(by_language.get(language, ())[:64]):
                    yield document.id, number, asked, variant

    def _between(self, first: str, last: str) -> tuple[str, ...]:
        start, end = self.index.position[first], self.index.position[last]
        lead_in = self.index.passages[start].lead_in
        run = self.index.passages[start : end + 1]
        return tuple(passage.id for passage in run if passage.lead_in == lead_in)


def _name(code: str, number: int, letter: str, variant: int) -> str:
    return f"q{code}{number_to_text(number, 3)}{letter}{number_to_text(variant, 1)}"


def _code(document: Document) -> str:
    digest = hashlib.sha256(f"{document.id}\0{document.text}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii")[:_CODE]

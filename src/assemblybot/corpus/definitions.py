"""Lists of definitions to blocks: a term stands before each of its definitions, “term: definition”."""

from __future__ import annotations

from assemblybot.corpus.document import PassageKind
from assemblybot.corpus.extract import BlockWriter, collapsed


class Definitions:
    """The terms of a list while its blocks are written; none is lost where nothing defines it."""

    def __init__(self, writer: BlockWriter) -> None:
        self._writer = writer
        self._term = ""
        self._defined = False
        self._due = False

    def term(self, text: str) -> None:
        """Take a term; several in a row share their definitions."""
        if self._defined:
            self.end()
        self._term = f"{self._term}, {collapsed(text)}" if self._term else collapsed(text)
        self._due = bool(self._term)

    def definition(self) -> None:
        """Begin a definition."""
        self._defined = True
        self._due = bool(self._term)

    def end(self) -> None:
        """End the list, or what belongs to the last term."""
        self.write_term()
        self._term, self._defined = "", False

    def with_term(self, text: str) -> str:
        """The text that a definition begins with, after its term; any other text as it is."""
        if not self._due:
            return text
        self._due = False
        return f"{self._term}: {collapsed(text)}"

    def write_term(self) -> None:
        """Write the term as a paragraph of its own, where no text of its definition stands with it yet."""
        if self._due:
            self._due = False
            self._writer.add(PassageKind.PARAGRAPH, self._term)

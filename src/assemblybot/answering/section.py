"""Sections that a question calls by their number: “clause 11”, “What does article 5 say?”."""

from __future__ import annotations

from collections.abc import Container
from itertools import compress
from typing import NamedTuple

from assemblybot.answering.phrases import bare, phrases
from assemblybot.index.index import Index
from assemblybot.text.divisions import referred
from assemblybot.text.language import Language, reads


class Section(NamedTuple):
    """`begins` are the positions at which sections of that number begin, ascending; `is_all_asked` tells that
    the question asks for nothing but the section."""

    begins: tuple[int, ...]
    is_all_asked: bool


def named_section(index: Index, text: str, language: Language, cited: Container[str]) -> Section | None:
    """The section that a question in `language` names; of several, those in documents that were `cited` just
    before, or else in documents in that language."""
    reference = referred(text)
    if reference is None:
        return None
    begins = sorted({position for name in reference.names for position in index.about(name)})
    if not begins:
        return None
    documents = [index.documents[index.passages[position].document] for position in begins]
    before = [document.id in cited for document in documents]
    readable = [reads(language, document.metadata.language) for document in documents]
    meant = next((list(compress(begins, which)) for which in (before, readable) if any(which)), begins)
    says_nothing = {*phrases("function_words"), *phrases("asks_for_text")}
    rest = bare(reference.rest).replace("'", " ").split()
    return Section(tuple(meant), says_nothing.issuperset(rest))

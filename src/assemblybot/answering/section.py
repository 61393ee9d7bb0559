"""Sections that a question calls by their number: “clause 11”, “What does article 5 say?”."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from assemblybot.answering.phrases import bare, phrases
from assemblybot.index.index import Index
from assemblybot.text.divisions import referred


class Section(NamedTuple):
    """`begins` are the positions at which sections of that number begin, ascending; `is_all_asked` tells that
    the question asks for nothing but the section."""

    begins: tuple[int, ...]
    is_all_asked: bool


def named_section(index: Index, text: str, cited: Container[str]) -> Section | None:
    """The section that a question names; of several, those in documents that were `cited` just before."""
    reference = referred(text)
    if reference is None:
        return None
    begins = sorted({position for name in reference.names for position in index.about(name)})
    if not begins:
        return None
    meant = [position for position in begins if index.passages[position].document in cited] or begins
    says_nothing = {*phrases("function_words"), *phrases("asks_for_text")}
    rest = bare(reference.rest).replace("'", " ").split()
    return Section(tuple(meant), says_nothing.issuperset(rest))

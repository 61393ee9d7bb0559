"""From evidence to what is cited: one passage and the next best, or a whole list in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assemblybot.corpus.document import PassageKind
from assemblybot.index.index import Index
from assemblybot.text.arabic import fold

MOST_PASSAGES: Final = 3
_LEAST_CHANCE: Final = 0.01
_NEAR: Final = 5

_ASKS_FOR_LIST = re.compile(
    "|".join(
        (
            r"\b(?:اذكر|اذكروا|عدد|عددوا|سم|قائمه|لائحه|لاءحه|كل|جميع|كافه|ماهي|ما هي|ما اهم|ما ابرز|المحاور|النقاط|التوصيات|الاولويات)\b",
            r"\b(?:شنو هوما|شنو هما|شنا هوما|شنوما|اش من|اشمن|عطيني|كاع|كامله|chno homa|chnou homa|chno huma|achno homa|3tini|ga3|kamlin)\b",
            r"\b(?:list|name|enumerate|what are|what were|which are|all|every|points|priorities)\b",
            r"\b(?:quels|quelles|liste|lister|enumere[rz]?|cite[rz]?|tous|toutes|lesquels|lesquelles)\b",
            r"\b(?:cuales|que \w+s|enumera|lista|todos|todas|nombra|menciona)\b",
        )
    )
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Positions of the passages to cite, in order, and whether they are a whole list."""

    passages: tuple[int, ...]
    is_list: bool = False


def asks_for_list(question: str) -> bool:
    """True when the words of the question ask for several things."""
    return bool(_ASKS_FOR_LIST.search(fold(question)))


def select(index: Index, ranked: Sequence[int], chances: Sequence[float], question: str) -> Selection:
    """What to cite of passages `ranked` best first, with their `chances` of being right."""
    top = ranked[0]
    passage = index.passages[top]
    if items := index.list_items.get(top):
        return Selection(items, is_list=True)
    if passage.kind is PassageKind.HEADING and (section := _section(index, top)):
        lists = [position for position in section if position in index.list_items]
        if lists:
            return Selection(index.list_items[lists[0]], is_list=True)
        return Selection(tuple(sorted(section, key=_rank(ranked)))[:MOST_PASSAGES])
    if passage.lead_in is not None and asks_for_list(question):
        lead_in = index.position[f"{passage.document}#{passage.lead_in}"]
        items = index.list_items[lead_in]
        near = set(ranked[:_NEAR]) & {lead_in, *items} - {top}
        if near:
            return Selection(items, is_list=True)
    near_enough = [p for p, chance in zip(ranked, chances, strict=True) if chance >= _LEAST_CHANCE]
    content = [p for p in near_enough if p == top or _is_content(index, p)]
    return Selection(tuple(content[:MOST_PASSAGES]) or (top,))


def following(index: Index, cited: Sequence[str]) -> Selection:
    """The passages that come after the last one cited, in the document's order."""
    positions = [index.position[passage] for passage in cited if passage in index.position]
    if not positions:
        return Selection(())
    last = index.passages[max(positions)]
    after = [
        position
        for position in range(max(positions) + 1, len(index.passages))
        if index.passages[position].document == last.document and _is_content(index, position)
    ]
    if after and (passage := index.passages[after[0]]).lead_in is not None:
        return Selection(tuple(p for p in after if index.passages[p].lead_in == passage.lead_in), True)
    return Selection(tuple(after[:1]))


def _is_content(index: Index, position: int) -> bool:
    kind = index.passages[position].kind
    return kind in (PassageKind.PARAGRAPH, PassageKind.ITEM) or (
        kind is PassageKind.LEAD_IN and position not in index.list_items
    )


def _section(index: Index, heading: int) -> list[int]:
    """Positions of what stands under a heading."""
    passage = index.passages[heading]
    found: list[int] = []
    for position in range(heading + 1, len(index.passages)):
        other = index.passages[position]
        if other.document != passage.document or other.kind is PassageKind.HEADING:
            break
        found.append(position)
    return found


def _rank(ranked: Sequence[int]):  # type: ignore[no-untyped-def]
    place = {position: i for i, position in enumerate(ranked)}
    return lambda position: place.get(position, len(place))

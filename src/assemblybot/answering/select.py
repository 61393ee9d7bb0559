"""From evidence to what is cited: one passage and the next best, or a whole list in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from assemblybot.answering.evidence import Evidence
from assemblybot.answering.highlight import answering_spans
from assemblybot.corpus.document import BODY, PassageKind
from assemblybot.index.index import Index
from assemblybot.index.topics import hash_of
from assemblybot.text.arabic import fold
from assemblybot.text.language import LANGUAGES

MOST_PASSAGES: Final = 3
_LEAST_PROBABILITY: Final = 0.01
# Passages that only name what follows, as the source line of a citation does.
_NAMES: Final = (PassageKind.TITLE, PassageKind.HEADING)

# Words that ask for several things, and question words before a plural.
_ASKS_FOR_LIST = re.compile(
    r"\b(?:"
    r"اذكر|اذكروا|عدد|عددوا|سم|قائمه|لائحه|لاءحه|كل|جميع|كافه|ماهي|ما هي|ما اهم|ما ابرز"
    r"|(?:ما|اي) (?:\w+ )?(?:ال)?(?:\w+(?:ات|ين)|محاور|نقاط|نتائج|نتايج|اولويات|بنود|مطالب|اهداف|خطوات)"
    r"|اعط(?:ني|يني|ونا|نا)|هات|شنو هوما|شنو هما|شنوما|شنوهوما|اشمن|عطيني|كاع|شنو هي ال\w+ات"
    r"|chno homa|chnou homa|chno huma|achno homa|chno hiya|chnahiya|3tini|ga3|kamlin"
    r"|list|listing|name|enumerate|what are|what were|which are|all|every"
    r"|(?:give|tell|show) me (?:the|all|its) (?:\w+ )?(?!news\b)\w{3,}s|(?:different|various|several) \w{3,}s"
    r"|(?:what|which) (?:\w+ )?(?!is\b|was\b|does\b|has\b|this\b|its\b)\w{3,}s"
    r"|quels|quelles|liste[rz]?|enumere[rz]?|cite[rz]?|tous|toutes|lesquels|lesquelles"
    r"|(?:donne|indique|montre)[rz]?[ -]moi (?:les|des)|(?:differentes?|plusieurs) \w{3,}s"
    r"|cuales|(?:que|cuantas|cuantos) (?:\w+ )?(?!es\b|mas\b)\w{3,}s"
    r"|(?:dame|dime|indicame) (?:los|las)|(?:diferentes|varios|varias) \w{3,}s"
    r"|enumera|lista|listado|todos|todas|nombra|menciona"
    r")\b"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Positions of the passages to cite, in order, and whether they are a whole list."""

    passages: tuple[int, ...]
    is_list: bool = False


def asks_for_list(question: str) -> bool:
    """True when the words of the question ask for several things."""
    return bool(_ASKS_FOR_LIST.search(fold(question)))


def select(
    index: Index,
    evidence: Evidence,
    question: str,
    answering: Sequence[int] = (),
) -> Selection:
    """What to cite for a question; `answering` are passages of different documents, cited first unless a
    list is."""
    ranked = evidence.passages
    top = ranked[0]
    probabilities = evidence.probabilities
    wants_list = asks_for_list(question)
    if index.kind(top) is PassageKind.HEADING:
        if not index.list_items(top):
            top = _under_heading(index, top, ranked)
        wants_list = True
    if items := index.list_items(top):
        if not _introduces(index, top, evidence):
            return _best(index, answering or (top,), probabilities)
        return Selection(items if wants_list else (top, *items), is_list=True)
    lead_in = _lead_in(index, top)
    if lead_in is not None and wants_list:
        items = index.list_items(lead_in)
        rest = sum(probabilities.get(p, 0.0) for p in (lead_in, *items) if p != top)
        if rest >= probabilities.get(top, 0.0):
            return Selection(items, is_list=True)
    return _best(index, answering or (top,), probabilities)


def _best(index: Index, first: Sequence[int], probabilities: Mapping[int, float]) -> Selection:
    """`first` and the next best passages that are not too unlikely."""
    others = [
        position
        for position, probability in probabilities.items()
        if position not in first and probability >= _LEAST_PROBABILITY and index.kind(position) not in _NAMES
    ]
    return Selection((*first, *others)[:MOST_PASSAGES])


def _introduces(index: Index, lead_in: int, evidence: Evidence) -> bool:
    """True when it is the line before the list that answers, not a sentence before that line."""
    sentence = answering_spans(index, lead_in, evidence).sentence
    return sentence.end == len(index.passages[lead_in].text)


def _under_heading(index: Index, heading: int, ranked: Sequence[int]) -> int:
    """The best passage below a heading (the heading itself where there is none).

    An item stands for its list: who asks for a heading wants the whole.
    """
    after = range(heading + 1, index.passage_range(index.passages[heading].document).stop)
    section = set(takewhile(lambda position: index.kind(position) is not PassageKind.HEADING, after))
    best = next((p for p in ranked if p in section), heading)
    lead_in = _lead_in(index, best)
    return best if lead_in is None else lead_in


def _lead_in(index: Index, position: int) -> int | None:
    passage = index.passages[position]
    return None if passage.lead_in is None else index.position[f"{passage.document}#{passage.lead_in}"]


def following(index: Index, cited: Sequence[str]) -> tuple[int, ...]:
    """Positions of what comes after the first passage cited: a passage, or the whole list it begins."""
    positions = [index.position[passage] for passage in cited if passage in index.position]
    if not positions:
        return ()
    end = index.passage_range(index.passages[positions[0]].document).stop
    after = [
        position
        for position in range(positions[0] + 1, end)
        if position not in positions
        and index.kind(position) is not PassageKind.HEADING
        and not index.list_items(position)
    ]
    if after and (passage := index.passages[after[0]]).lead_in is not None:
        return tuple(p for p in after if index.passages[p].lead_in == passage.lead_in)
    return tuple(after[:1])


def on_topic(index: Index, about: Sequence[int], text: str) -> Selection:
    """The passages that a topic stands for: that of a key sentence, the first ones of a section or of a
    document, a whole list. A topic of several documents stands for the first passage of each."""
    first = about[0]
    passage = index.passages[first]
    if len(about) > 1 or is_key_sentence(index, first, text):
        return Selection(tuple(about[:MOST_PASSAGES]))
    if items := index.list_items(first):
        return Selection((first, *items), is_list=True)
    if (lead_in := _lead_in(index, first)) is not None:
        return Selection(index.list_items(lead_in), is_list=True)
    after = range(first, index.passage_range(passage.document).stop)
    body = (p for p in after if index.kind(p) in BODY)
    section = (p for p in body if index.passages[p].section == passage.section)
    return Selection(tuple(islice(section, MOST_PASSAGES)))


def is_key_sentence(index: Index, position: int, text: str) -> bool:
    """Whether a text is the key sentence of a passage, or a translation of it."""
    return hash_of(text) in {hash_of(index.topics_at(position, code).sentence) for code in LANGUAGES}

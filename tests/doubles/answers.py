"""Answers made by hand from the real documents, for renderers: no model, no retrieval."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from assemblybot.answering.answer import Answer, Citation, Quote, Remark, Suggestion, Translation, Verdict
from assemblybot.corpus import library
from assemblybot.corpus.document import Document
from assemblybot.text.language import Language

_CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@lru_cache
def document() -> Document:
    """The article."""
    return next(d for d in library.load(_CORPUS).documents if d.id == "marrakech-2025")


def citation(number: int, language: Language, words: str = "") -> Citation:
    """Passage `number` with `words` of it highlighted."""
    doc = document()
    passage = doc.passages[number - 1]
    above = doc.passages[passage.lead_in - 1] if passage.lead_in else None
    start = passage.text.index(words)
    return Citation(
        passage=passage.id,
        document=passage.document,
        title=doc.metadata.title,
        section=passage.section,
        paragraph=passage.number,
        kind=passage.kind,
        quote=passage.text,
        text=passage.text,
        start=passage.start,
        end=passage.end,
        highlights=((start, start + len(words)),) if words else (),
        score=0.9,
        lead_in=Quote(above.id, above.text, above.start, above.end, _translated(above.number, language))
        if above
        else None,
        translation=_translated(number, language),
    )


def _translated(number: int, language: Language) -> Translation | None:
    text = document().translations.get(language, {}).get(number)
    return Translation(language, text) if text else None


def answered(language: Language) -> Answer:
    """Two passages; of the first, a span with digits and a Latin run is highlighted."""
    first = citation(3, language, "من 24 إلى 27 نوفمبر 2025 أشغال الدورة الـ93")
    return Answer("?", language, Verdict.ANSWERED, 0.97, (first, citation(11, language)))


def one_item(language: Language) -> Answer:
    """One item of a list, with its lead-in; it holds a Latin word in brackets."""
    return Answer("?", language, Verdict.ANSWERED, 0.9, (citation(7, language, "(scam centres)"),))


def listed(language: Language) -> Answer:
    """A whole list."""
    items = tuple(citation(number, language) for number in (6, 7, 8, 9))
    return Answer("?", language, Verdict.ANSWERED, 0.95, items, is_list=True)


def introduced(language: Language) -> Answer:
    """A whole list after the passage that introduces it."""
    return replace(listed(language), citations=(citation(5, language), *listed(language).citations))


def unsure(language: Language) -> Answer:
    """A passage that comes close and may not answer."""
    return Answer("?", language, Verdict.ANSWERED, 0.6, (citation(12, language),), is_unsure=True)


def not_in_corpus(language: Language) -> Answer:
    """No passages, three questions instead."""
    asked = document().questions
    ideas = tuple(Suggestion(asked[n][language][0], f"{document().id}#{n}") for n in (3, 12, 2))
    return Answer("?", language, Verdict.NOT_IN_CORPUS, 0.2, suggestions=ideas)


def greeting(language: Language) -> Answer:
    """A text that asks nothing."""
    return Answer("!", language, Verdict.NOT_A_QUESTION, 1.0, remark=Remark.GREETING)


CITING = (answered, one_item, listed, unsure)
KINDS = (*CITING, not_in_corpus, greeting)

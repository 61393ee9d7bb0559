"""What is replied to turns that are no questions to the documents' text.

They are about the bot, about a document as a whole, or about the last answer: more of it, why, another one,
the same in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from assemblybot.answering.answer import Answer, Context, Remark, Source, Verdict
from assemblybot.answering.citing import cite
from assemblybot.answering.phrases import bare, phrases
from assemblybot.answering.select import following
from assemblybot.answering.suggest import suggest
from assemblybot.answering.turns import Turn
from assemblybot.corpus.document import Document, PassageKind
from assemblybot.index.index import Index
from assemblybot.text.language import LANGUAGES, Language, reads

#: Positions of passages for a question, best first.
Rank = Callable[[str, Language], Sequence[int]]

#: The most documents that are named or listed; a reply holds one more where there are more.
MOST_SOURCES: Final = 20
_OTHERS: Final = 3
_REMARKS: Final = {
    Turn.CHATTER: Remark.CHATTER,
    Turn.GREETING: Remark.GREETING,
    Turn.THANKS: Remark.THANKS,
    Turn.GOODBYE: Remark.GOODBYE,
    Turn.COMPLAINT: Remark.COMPLAINT,
    Turn.ABOUT_BOT: Remark.ABOUT_BOT,
}
# Turns about the last answer; where that was a refusal, about the refusal.
_ABOUT_LAST: Final = (Turn.TRANSLATE, Turn.MORE, Turn.WHY, Turn.COMPLAINT)
# Passages that say something by themselves; a line before a list does not.
_WHOLE: Final = (PassageKind.PARAGRAPH, PassageKind.ITEM)
_WITHOUT_IDEAS: Final = (Remark.CHATTER, Remark.THANKS, Remark.GOODBYE, Remark.SUMMARY)


class Replies:
    """Replies from one index. `rank` is the assistant's."""

    def __init__(self, index: Index, rank: Rank) -> None:
        self._index = index
        self._rank = rank

    def to(self, turn: Turn, text: str, language: Language, context: Context | None) -> Answer:
        """The reply to a turn that is no question; `text` is what was said."""
        refused = context.refused if context and turn in _ABOUT_LAST else ""
        if refused and turn is not Turn.COMPLAINT:
            return self.remark(Remark.REFUSED, refused, language)
        if context and (refused or not self._before(context)):
            context = None
        if turn is Turn.SUMMARY:
            return self._summary(text, language, context)
        if turn in (Turn.LINK, Turn.AUTHOR):
            sources = self._sources([self._document(context)] if context else None)
            return self.remark(Remark(turn), text, language, sources)
        if turn in _REMARKS and not (turn is Turn.COMPLAINT and context):
            remark = _REMARKS[turn]
            return self.remark(remark, text, language, self._sources() if turn is Turn.ABOUT_BOT else ())
        if context is None:
            return self.remark(Remark.NOTHING_YET, text, language)
        leaning = {
            Turn.TRANSLATE: self._translated,
            Turn.MORE: self._more,
            Turn.WHY: self._why,
            Turn.COMPLAINT: self._others,
        }
        return leaning[turn](text, language, context)

    def remark(
        self, remark: Remark, text: str, language: Language, sources: tuple[Source, ...] = ()
    ) -> Answer:
        """A reply without passages."""
        ideas = () if remark in _WITHOUT_IDEAS else suggest(self._index, language)
        return Answer(
            text,
            language,
            Verdict.NOT_A_QUESTION,
            1.0,
            suggestions=ideas,
            remark=remark,
            sources=sources,
            collection=self._index.collection,
        )

    def _cited(
        self,
        remark: Remark,
        positions: Sequence[int],
        language: Language,
        context: Context,
        *,
        is_unsure: bool = False,
    ) -> Answer:
        citations = tuple(cite(self._index, position, language) for position in positions)
        lead_ins = {citation.lead_in and citation.lead_in.passage for citation in citations}
        return Answer(
            context.question,
            language,
            Verdict.ANSWERED,
            1.0,
            citations,
            remark=remark,
            is_unsure=is_unsure,
            is_list=len(citations) > 1 and len(lead_ins) == 1 and None not in lead_ins,
            collection=self._index.collection,
        )

    def _translated(self, text: str, language: Language, context: Context) -> Answer:
        wanted, before = named_language(text) or language, self._before(context)
        has_it = any(self._is_read(position, wanted) for position in before)
        remark = Remark.TRANSLATE if has_it else Remark.UNTRANSLATED
        return self._cited(remark, before, wanted, context)

    def _is_read(self, position: int, language: Language) -> bool:
        """Whether someone who speaks `language` reads a passage, or a translation of it."""
        passage = self._index.passages[position]
        document = self._index.documents[passage.document]
        translated = (code for code, texts in document.translations.items() if passage.number in texts)
        return any(reads(language, code) for code in (document.metadata.language, *translated))

    def _more(self, text: str, language: Language, context: Context) -> Answer:
        after = following(self._index, context.citations)
        if not after:
            return self.remark(Remark.END, text, language)
        return self._cited(Remark.MORE, after, language, context)

    def _why(self, text: str, language: Language, context: Context) -> Answer:
        """The other passages of the section, those first that fit the question before with its “why”; where
        it has no others, those on both sides."""
        cited = self._before(context)
        passages, section = self._index.passages, self._index.passages[cited[0]].section
        body = [
            position
            for position in self._index.passage_range(passages[cited[0]].document)
            if position not in cited and passages[position].kind in _WHOLE
        ]
        beside = sorted(body, key=lambda position: abs(position - cited[0]))[:2]
        near = [position for position in body if passages[position].section == section] or beside
        ranked = [p for p in self._rank(f"{context.question} {text}", language) if p in near]
        if not ranked:
            return self.remark(Remark.END, text, language)
        return self._cited(Remark.WHY, ranked[:_OTHERS], language, context, is_unsure=True)

    def _others(self, text: str, language: Language, context: Context) -> Answer:
        """The passages that come after the cited ones for the same question."""
        ranked = list(self._rank(context.question, language))
        cited = set(self._before(context))
        seen = max((place for place, position in enumerate(ranked) if position in cited), default=-1)
        others = [p for p in ranked[seen + 1 :] if self._index.passages[p].kind in _WHOLE]
        if not others:
            return self.remark(Remark.COMPLAINT, text, language)
        return self._cited(Remark.COMPLAINT, others[:_OTHERS], language, context, is_unsure=True)

    def _summary(self, text: str, language: Language, context: Context | None) -> Answer:
        if context is None and len(self._index.documents) > 1:
            return self.remark(Remark.CHOICE, text, language, self._sources())
        return self.summary(text, language, self._document(context))

    def summary(self, text: str, language: Language, document: Document) -> Answer:
        """The key sentences of a document."""
        said = self.remark(Remark.SUMMARY, text, language, self._sources([document]))
        keys = self._index.key_spans(self._index.passage_range(document.id))
        found = (cite(self._index, position, language, key, key) for position, key in keys.items())
        return replace(said, key_sentences=tuple(found))

    def _before(self, context: Context) -> list[int]:
        """Positions of what was cited before; an index made since may lack some."""
        return [self._index.position[p] for p in context.citations if p in self._index.position]

    def _document(self, context: Context | None) -> Document:
        """The document of the last answer, or the first one."""
        before = self._before(context) if context else []
        name = self._index.passages[before[0]].document if before else next(iter(self._index.documents))
        return self._index.documents[name]

    def _sources(self, documents: Sequence[Document] | None = None) -> tuple[Source, ...]:
        named = self._index.documents.values() if documents is None else documents
        return tuple(_source(document) for document in islice(named, MOST_SOURCES + 1))


def named_language(text: str) -> Language | None:
    """The language that a text names, as in “in English please”."""
    said = f" {bare(text)} "
    named = ((said.find(f" {phrase} "), code) for code in LANGUAGES for phrase in phrases(f"language_{code}"))
    return min(((at, code) for at, code in named if at >= 0), default=(0, None))[1]


def _source(document: Document) -> Source:
    titles, bylines = map(document.translated, (PassageKind.TITLE, PassageKind.BYLINE))
    return Source(document.metadata, titles, bylines, document.id)

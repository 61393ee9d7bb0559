"""Question → Answer: the one entry that every channel uses.

text → cleaned → language → kind of turn → evidence → verdict → citations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assemblybot.answering.answer import Answer, Citation, Context, Verdict
from assemblybot.answering.calibration import Calibration
from assemblybot.answering.citing import cite, cite_selected
from assemblybot.answering.compare import Compared, Comparer
from assemblybot.answering.evidence import Evidence, Searcher, trace
from assemblybot.answering.question import (
    MOST_KEYWORDS,
    are_keywords,
    cleaned,
    continues,
    is_follow_up,
    remark,
    require_readable,
    without_courtesy,
)
from assemblybot.answering.replies import Replies
from assemblybot.answering.section import named_section
from assemblybot.answering.select import Selection, is_key_sentence, on_topic, select
from assemblybot.answering.suggest import suggest
from assemblybot.answering.title import titled
from assemblybot.answering.turns import SOCIAL, Classification, Turn, Turns
from assemblybot.corpus.document import Document, PassageKind, document_of
from assemblybot.embedding import Embedder
from assemblybot.embedding.cross_encoder import CrossEncoder
from assemblybot.index.index import Index
from assemblybot.text.arabic import words
from assemblybot.text.language import Language, identify

# A word with at least this many letters can be a keyword.
_KEYWORD: Final = 4
# A document that is called by its title is looked for among those of the first three passages.
_BEST: Final = 3
# A request for a summary has at least this probability with “document” for the title; none of 807 development
# questions has it.
_SUMMARY: Final = 0.92
# What a few words that lean on the question before may look like without it.
_UNCERTAIN_ALONE: Final = (Turn.CHATTER, Turn.ABOUT_BOT, Turn.MORE)


class Assistant:
    """Answers questions from one index; safe to share between threads.

    `reader` reads passages with the question; `calibration` says what its evidence is worth. `turns` tells
    questions from talk by the embedder's vectors; without it, only courtesies are recognised.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        reader: CrossEncoder,
        calibration: Calibration,
        turns: Turns | None = None,
    ) -> None:
        self.index = index
        self.embedder = embedder
        self.reader = reader
        self.calibration = calibration
        self.turns = turns
        self._searcher = Searcher(index, embedder, reader, calibration)
        self._comparer = Comparer(index, embedder, reader)
        self._replies = Replies(index, lambda text, spoken: self._searcher.evidence(text, spoken).passages)

    def over(self, index: Index) -> Assistant:
        """An assistant with the same models over another index."""
        return Assistant(index, self.embedder, self.reader, self.calibration, self.turns)

    def answer(
        self, question: str, context: Context | None = None, *, language: Language | None = None
    ) -> Answer:
        """The answer to one question; `language` overrides what the text looks like, and a short text that
        tells no language has that of the turn before.

        Raises QuestionError for a question that is too long or holds no readable text.
        """
        text = cleaned(question)
        spoken = language or identify(text, context.spoken if context else None)
        if said := remark(text):
            return self._replies.remark(said, text, spoken)
        require_readable(text)
        if about := self.index.about(text):
            return self._topic(text, spoken, about)
        asked = without_courtesy(text)
        section = named_section(self.index, asked, spoken, _documents(context))
        if section and section.is_all_asked:
            return self._topic(text, spoken, section.begins)
        leans = bool(context and context.citations) and is_follow_up(asked)
        turn, doubtful = self._turn(asked, leans=leans)
        if turn in SOCIAL and asked != text:  # what was set aside said the most
            turn, doubtful = self._turn(text, leans=leans)
        if turn is not Turn.QUESTION and not doubtful:
            return self._replies.to(turn, text, spoken, context)
        if context and leans:
            document = document_of(context.citations[0])
            evidence = self._searcher.follow_up(text, context.question, spoken, document)
        else:
            evidence = self._searcher.evidence(asked, spoken)
        if not leans and (whole := self._to_summarise(asked, spoken, evidence)):
            return self._replies.summary(text, spoken, whole)
        if doubtful and not self._settles(evidence, turn, context):
            return self._replies.to(turn, text, spoken, context)
        threshold = self.calibration.answered
        if not leans and are_keywords(asked) and not self._may_be_keywords(asked):
            threshold = self.calibration.sure
        answer = self._answered(text, spoken, evidence, threshold)
        if section and answer.verdict is Verdict.NOT_IN_CORPUS:
            return replace(self._topic(text, spoken, section.begins), is_unsure=True)
        return answer

    def search(self, query: str, most: int, *, language: Language | None = None) -> tuple[Citation, ...]:
        """Up to `most` passages for a query, best first, without a verdict. Raises QuestionError."""
        text = cleaned(query)
        require_readable(text)
        spoken = language or identify(text)
        evidence = self._searcher.evidence(text, spoken)
        return cite_selected(self.index, Selection(evidence.passages[:most]), evidence, spoken)

    def passage(self, passage: str, language: Language = "ar") -> Citation | None:
        """One passage by its id, cited whole; `None` when there is no such passage."""
        position = self.index.position.get(passage)
        return None if position is None else cite(self.index, position, language)

    def _answered(self, text: str, language: Language, evidence: Evidence, threshold: float) -> Answer:
        """The answer that evidence gives: citations, or a refusal with suggestions below the threshold."""
        is_answered = evidence.confidence >= threshold
        compared = self._comparer.compare(evidence) if is_answered else Compared(evidence)
        evidence = compared.evidence
        chosen = select(self.index, evidence, text, compared.answering)
        is_unsure = evidence.confidence < self.calibration.sure
        differ = compared.differ and not chosen.is_list and not is_unsure
        if differ:
            chosen = Selection(compared.answering)
        citations = cite_selected(self.index, chosen, evidence, language)
        answer = Answer(
            text,
            language,
            Verdict.NOT_IN_CORPUS,
            evidence.confidence,
            collection=self.index.collection,
            threshold=threshold,
            best=citations[0],
            trace=trace(self.index, evidence),
            timings=evidence.timings,
        )
        if not is_answered:
            return replace(answer, suggestions=suggest(self.index, language, evidence.passages))
        return replace(
            answer,
            verdict=Verdict.ANSWERED,
            citations=citations,
            is_list=chosen.is_list,
            is_unsure=is_unsure,
            sources_differ=differ,
        )

    def _topic(self, text: str, language: Language, about: Sequence[int]) -> Answer:
        """What stands under a topic that was asked for word for word: it needs no search and no verdict. A
        passage is quoted whole, unless its key sentence was asked for."""
        chosen = on_topic(self.index, about, text)
        asks_sentence = len(about) == 1 and is_key_sentence(self.index, about[0], text)
        key = self.index.key_sentence(about[0]) if asks_sentence else None
        citations = tuple(cite(self.index, position, language, key, key) for position in chosen.passages)
        return Answer(
            text,
            language,
            Verdict.ANSWERED,
            1.0,
            citations,
            is_list=chosen.is_list,
            best=citations[0],
            collection=self.index.collection,
        )

    def _turn(self, text: str, *, leans: bool) -> Classification:
        """What a text is; a few words of which the documents hold one may be keywords."""
        if continues(text):
            return Classification(Turn.MORE)
        if self.turns is None:
            return Classification(Turn.QUESTION)
        (vector,) = self.embedder.embed_queries([text])
        told = self.turns.classify(vector, keywords=self._may_be_keywords(text))
        return Classification(Turn.QUESTION) if leans and told.turn in _UNCERTAIN_ALONE else told

    def _to_summarise(self, text: str, language: Language, evidence: Evidence) -> Document | None:
        """The document, one of those with the best passages, whose summary a text asks for by its title."""
        best = dict.fromkeys(self.index.passages[p].document for p in evidence.passages[:_BEST])
        found = titled((self.index.documents[name] for name in best), text, language)
        if found is None or self.turns is None:
            return None
        (vector,) = self.embedder.embed_queries([found.rest])
        return found.document if self.turns.probabilities(vector)[Turn.SUMMARY] >= _SUMMARY else None

    def _settles(self, evidence: Evidence, turn: Turn, context: Context | None) -> bool:
        """Whether the documents answer what may be a request, too. Who asks for the author means the document
        that was cited just before; nobody else asks for a byline."""
        first, cited = evidence.passages[0], _documents(context)
        if turn is Turn.AUTHOR:
            if cited and self.index.passages[first].document not in cited:
                return False
        elif self.index.kind(first) is PassageKind.BYLINE:
            return False
        return evidence.confidence >= self.calibration.sure

    def _may_be_keywords(self, text: str) -> bool:
        """Whether a text is a few words of which the documents hold one, or more of which they hold most."""
        said = words(text)
        held = [self.index.words.knows(word) for word in said if len(word) >= _KEYWORD]
        return any(held) if len(said) <= MOST_KEYWORDS else sum(held) > len(held) / 2


def _documents(context: Context | None) -> set[str]:
    """The documents that were cited just before."""
    return {document_of(passage) for passage in context.citations} if context else set()

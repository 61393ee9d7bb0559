"""Deciding: the queue of one installation, and what becomes of each decision."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.corpus import library
from assemblybot.corpus.document import Passage
from assemblybot.corpus.side_files import one_line
from assemblybot.corpus.stored_questions import drop_question, store_question
from assemblybot.curation.decided import Decided, DecidedFile, Decision
from assemblybot.curation.queue import Queued, question_id, queue
from assemblybot.curation.report import Change, Measured, read_measured, write_measured
from assemblybot.errors import CorpusError, CurationError, SettingsError
from assemblybot.index.index import Index
from assemblybot.session.base import Feedback
from assemblybot.session.identity import KEY_FILE, Pseudonyms
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings


class Curator:
    """Reads the queue of a question log, and writes decisions beside it and into the corpus.

    Args:
        corpus: The folder of documents; `questions.toml` of a document gets what is decided.
        log: The question log.
        names: Leads from lines of the log to ratings.
    """

    def __init__(self, corpus: Path, log: Path, names: Pseudonyms) -> None:
        self._corpus = corpus
        self._log = log
        self._names = names
        self.file = DecidedFile(log.with_name(f"{log.stem}-decided.jsonl"))
        self._measured = log.with_name(f"{log.stem}-measured.json")

    @classmethod
    def configured(cls, settings: Settings) -> Curator:
        """The curator of an installation. Raises SettingsError where no questions are kept."""
        if settings.question_log is None:
            raise SettingsError(
                "Questions are not kept, so there is nothing to review. Set QUESTION_LOG, "
                "and see docs/curation.md for what that means for those who ask."
            )
        names = Pseudonyms.from_file(settings.state_dir / KEY_FILE)
        return cls(settings.corpus_dir, settings.question_log, names)

    def queue(self, ratings: Mapping[str, Feedback]) -> list[Queued]:
        """What is to be decided. Raises SettingsError and CurationError for files that cannot be read."""
        decided = {row.id for row in self.file.rows()}
        return queue(QuestionLog.read(self._log), ratings, self._names, decided)

    def decide(
        self, queued: Queued, decision: Decision, answer: Answer, index: Index, passage: str = ""
    ) -> Decided:
        """Keep a decision; for `Decision.ANSWERS`, `passage` is the id of the one that gets the question.

        `answer` is how the question is answered from `index`, the one in use; later ones are compared to it.

        Raises:
            CurationError: It is decided already, or the passage is not there.
            CorpusError: The question cannot be stored with the document.
        """
        with self.file.locked():
            rows = self.file.rows()
            if any(row.id == queued.id for row in rows):
                raise CurationError("This question has been decided meanwhile. Go on with the next one.")
            passages = _decided_on(queued, decision, index, passage)
            answers = decision is Decision.ANSWERS
            quotes = tuple(one.text for one in passages)
            row = Decided(
                id=question_id(queued.question),
                lang=queued.language,
                type=decision,
                question=one_line(queued.question),
                gold=quotes if answers else (),
                answerable=answers,
                wrong=() if answers else quotes,
                passages=tuple(one.id for one in passages),
                stored=answers and self._store(queued, passages[0]),
            )
            self.file.write([*rows, row])
            self._note(row, answer, index)
        return row

    def take_back(self, decided: str) -> Decided:
        """Undo the decision of that id: the row goes, and so does the question that was stored for it.

        Raises CurationError when nothing of that id is decided, and CorpusError.
        """
        with self.file.locked():
            rows = self.file.rows()
            row = next((row for row in rows if row.id == decided), None)
            if row is None:
                raise CurationError("There is no such decision. It may have been taken back meanwhile.")
            if row.stored:
                document, _, number = row.passages[0].rpartition("#")
                if (self._corpus / document).is_dir():
                    drop_question(self._corpus / document, int(number), row.lang, row.question)
            self.file.write(other for other in rows if other.id != decided)
            measured = read_measured(self._measured)
            if measured.pop(row.id, None):
                write_measured(self._measured, measured)
        return row

    def report(self, index: Index) -> list[Change]:
        """Before and after on all decided rows, as far as they were asked. Raises CurationError."""
        kept, changes = read_measured(self._measured), []
        for row in self.file.rows():
            measured = kept.get(row.id, [])
            now = next((one for one in measured if one.index == index.version), None)
            before = next((one for one in reversed(measured) if one is not now), None)
            gone = row.type is Decision.ANSWERS and not row.places(index.documents)
            changes.append(Change(row, before, now, gone))
        return changes

    def note(self, row: Decided, answer: Answer, index: Index) -> None:
        """Keep how a decided row is answered from `index`. Raises CurationError."""
        with self.file.locked():
            self._note(row, answer, index)

    def _note(self, row: Decided, answer: Answer, index: Index) -> None:
        kept = read_measured(self._measured)
        cited = answer.citations[0].passage if answer.verdict is Verdict.ANSWERED else ""
        now = Measured(index=index.version, met=row.is_met_by(answer, index.documents), cited=cited)
        before = [one for one in kept.get(row.id, []) if one.index != index.version]
        write_measured(self._measured, kept | {row.id: [*before[-1:], now]})

    def _store(self, queued: Queued, passage: Passage) -> bool:
        """Put the question with a passage; False where it stood there before."""
        folder = self._corpus / passage.document
        there = library.load_document(folder).passages if folder.is_dir() else ()
        if passage.number > len(there) or there[passage.number - 1].text != passage.text:
            raise CorpusError(
                f"The document “{passage.document}” has changed since its index was built. "
                "Wait for the new index, or build it with: assemblybot index build"
            )
        return store_question(folder, passage.number, queued.language, queued.question)


def _decided_on(queued: Queued, decision: Decision, index: Index, name: str) -> list[Passage]:
    """The passages that a decision is about. Raises CurationError where there are none.

    Of a corpus of one document, the number of a passage is name enough.
    """
    if decision is Decision.NOT_IN_DOCUMENTS:
        return []
    if decision is Decision.WRONG:
        if cited := [index.passages[index.position[p]] for p in queued.cited if p in index.position]:
            return cited
        raise CurationError(
            "Nothing was cited for this question, so nothing can be wrong. "
            "Name the passage that answers, or say that it is not in the documents."
        )
    if name.isdecimal() and len(index.documents) == 1:
        name = f"{next(iter(index.documents))}#{name}"
    if name not in index.position:
        raise CurationError(
            f"There is no passage “{one_line(name)[:80]}”. A passage has the name of its document and a "
            "number, as in marrakech-2025#12."
        )
    return [index.passages[index.position[name]]]

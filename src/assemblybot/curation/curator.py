"""Deciding: the queue of one installation, and what becomes of each decision."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assemblybot.answering.answer import Answer
from assemblybot.corpus import library
from assemblybot.corpus.document import Passage
from assemblybot.corpus.side_files import one_line
from assemblybot.corpus.stored_questions import drop_question, store_question
from assemblybot.curation.decided import Decided, DecidedFile, Decision, decided_file
from assemblybot.curation.queue import Queued, question_id, queue
from assemblybot.curation.report import Measurements, Report
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
        self.file = DecidedFile(decided_file(log))
        self._measurements = Measurements(log.with_name(f"{log.stem}-measured.json"))

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
        """Keep a decision; a passage that answers gets the question as one of its own.

        Args:
            queued: The question, from `queue`.
            decision: What the curator says of it.
            answer: How it is answered from `index` now, for the comparison with later.
            index: The index in use.
            passage: The id of the passage that answers, for `Decision.ANSWERS`.

        Raises:
            CurationError: It is decided already, or the passage is not there.
            CorpusError: The question cannot be stored with the document.
        """
        with self.file.alone():
            rows = self.file.rows()
            if any(row.id == queued.id for row in rows):
                raise CurationError("This question has been decided meanwhile. Go on with the next one.")
            row = self._row(queued, decision, index, passage)
            if decision is Decision.ANSWERS:
                row = row.model_copy(update={"stored": self._store(row, index)})
            self.file.write([*rows, row])
            self._measurements.note(row, answer, index.documents, version_of(index))
        return row

    def take_back(self, decided: str) -> Decided:
        """Undo the decision of that id: the row goes, and so does the question that was stored for it.

        Raises CurationError when nothing of that id is decided, and CorpusError.
        """
        with self.file.alone():
            rows = self.file.rows()
            row = next((row for row in rows if row.id == decided), None)
            if row is None:
                raise CurationError("There is no such decision. It may have been taken back meanwhile.")
            if row.stored:
                document, _, number = row.passages[0].rpartition("#")
                if (self._corpus / document).is_dir():
                    drop_question(self._corpus / document, int(number), row.lang, row.question)
            self.file.write([other for other in rows if other.id != decided])
            self._measurements.forget(row)
        return row

    def report(self, index: Index) -> Report:
        """Before and after on all decided rows, as far as they were asked. Raises CurationError."""
        return self._measurements.report(self.file.rows(), index.documents, version_of(index))

    def note(self, row: Decided, answer: Answer, index: Index) -> None:
        """Keep how a decided row is answered from `index`. Raises CurationError."""
        with self.file.alone():
            self._measurements.note(row, answer, index.documents, version_of(index))

    def _row(self, queued: Queued, decision: Decision, index: Index, passage: str) -> Decided:
        passages: tuple[Passage, ...] = ()
        if decision is Decision.ANSWERS:
            passages = (found_passage(index, passage),)
        elif decision is Decision.WRONG:
            passages = tuple(index.passages[index.position[p]] for p in queued.cited if p in index.position)
            if not passages:
                raise CurationError(
                    "Nothing was cited for this question, so nothing can be wrong. "
                    "Name the passage that answers, or say that it is not in the documents."
                )
        quotes = tuple(one.text for one in passages)
        return Decided(
            id=question_id(queued.question),
            lang=queued.language,
            type=decision,
            question=one_line(queued.question),
            gold=quotes if decision is Decision.ANSWERS else (),
            answerable=decision is Decision.ANSWERS,
            wrong=quotes if decision is Decision.WRONG else (),
            passages=tuple(one.id for one in passages),
        )

    def _store(self, row: Decided, index: Index) -> bool:
        """Put the question with its passage; False where it stood there before."""
        passage = found_passage(index, row.passages[0])
        folder = self._corpus / passage.document
        there = library.load_document(folder).passages if folder.is_dir() else ()
        if passage.number > len(there) or there[passage.number - 1].text != passage.text:
            raise CorpusError(
                f"The document “{passage.document}” has changed since its index was built. "
                "Wait for the new index, or build it with: assemblybot index build"
            )
        return store_question(folder, passage.number, row.lang, row.question)


def found_passage(index: Index, name: str) -> Passage:
    """The passage of that id or, where there is one document alone, of that number. Raises CurationError."""
    if name.isdecimal() and len(index.documents) == 1:
        name = f"{next(iter(index.documents))}#{name}"
    if name not in index.position:
        raise CurationError(
            f"There is no passage “{one_line(name)[:80]}”. A passage has the name of its document and a "
            "number, as in marrakech-2025#12."
        )
    return index.passages[index.position[name]]


def version_of(index: Index) -> str:
    """The name of an index in measurements."""
    return index.manifest.version if index.manifest else ""

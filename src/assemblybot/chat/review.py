"""Reviewing in a terminal: one question after another, one key for each decision; then what it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import Console

from assemblybot.answering.answer import Citation
from assemblybot.answering.assistant import Assistant
from assemblybot.chat.repl import write
from assemblybot.curation.curator import Curator
from assemblybot.curation.decided import Decided, Decision
from assemblybot.curation.queue import Queued, offered
from assemblybot.curation.report import Change
from assemblybot.errors import CorpusError, CurationError
from assemblybot.messages import say
from assemblybot.render.localise import localised_citation
from assemblybot.render.review import asked, changes, reasons
from assemblybot.render.terminal import Bidi, Line
from assemblybot.session.base import Feedback
from assemblybot.text.language import InterfaceLanguage

_PASSAGE, _NOT_IN_DOCUMENTS, _WRONG = "p", "n", "w"
_LATER, _TAKE_BACK, _LEAVE = "s", "u", "q"
#: With each key, the key of the words that say what it does.
KEYS: Final[Mapping[str, str]] = {
    "1–9": "review-key-answers",
    _PASSAGE: "review-key-passage",
    _NOT_IN_DOCUMENTS: "review-key-not-in-documents",
    _WRONG: "review-key-wrong",
    _LATER: "review-key-skip",
    _TAKE_BACK: "review-key-take-back",
    _LEAVE: "review-key-leave",
}
_DECISIONS: Final = {_NOT_IN_DOCUMENTS: Decision.NOT_IN_DOCUMENTS, _WRONG: Decision.WRONG}


class Review:
    """One session of a curator.

    Args:
        curator: Takes the decisions.
        assistant: Offers passages, and answers as things are before the decisions.
        console: Where everything is shown.
        bidi: How Arabic is written there.
        language: The language to speak.
        read: The next key or, given the words that ask for it, a line; `None` at the end of input.
    """

    def __init__(
        self,
        curator: Curator,
        assistant: Assistant,
        console: Console,
        bidi: Bidi,
        language: InterfaceLanguage,
        read: Callable[[str], str | None],
    ) -> None:
        self._curator = curator
        self._assistant = assistant
        self._console = console
        self._bidi: Bidi = bidi
        self._language = language
        self._read = read
        #: What was decided in this session, with the place of the question in the queue.
        self._decided: list[tuple[int, Decided]] = []

    def run(self, ratings: Mapping[str, Feedback]) -> bool:
        """Show every question that waits; whether a question was stored or taken back, so that the index
        is another one now.

        Raises SettingsError and CurationError for files that cannot be read or written.
        """
        waiting = self._curator.queue(ratings)
        if not waiting:
            self._say("review-none")
            return False
        self._say("review-waiting", count=len(waiting))
        changed, at = False, 0
        while at < len(waiting):
            self._show(at + 1, waiting[at], len(waiting))
            to = self._decision(at, waiting[at])
            if to is None:
                break
            changed = changed or any(row.stored for _, row in self._decided)
            at = to
        return changed

    def _decision(self, at: int, queued: Queued) -> int | None:
        """Read keys until one moves on or back: the place of the question to show next; `None` to leave."""
        candidates = offered(self._assistant, queued)
        self._offer(candidates)
        while (key := self._read("")) is not None and key != _LEAVE:
            try:
                if key == _LATER:
                    return at + 1
                if key == _TAKE_BACK and self._decided:
                    before, row = self._decided.pop()
                    self._curator.take_back(row.id)
                    self._say("review-done-taken-back")
                    return before
                if chosen := self._chosen(key, candidates):
                    self._decided.append((at, self._decide(queued, *chosen)))
                    return at + 1
                self._say("review-unknown-key")
            except (CurationError, CorpusError) as error:
                self._print([Line(str(error), "verdict")])
        return None

    def _chosen(self, key: str, candidates: Sequence[Citation]) -> tuple[Decision, str] | None:
        """What a key decides, and the passage that it names."""
        if key in _DECISIONS:
            return _DECISIONS[key], ""
        name, _, passage = key.partition(" ")
        if name == _PASSAGE:
            passage = passage or self._read(say(self._language, "review-which-passage") + " ") or ""
            return Decision.ANSWERS, passage.strip()
        if key.isdecimal() and 0 < int(key) <= len(candidates):
            return Decision.ANSWERS, candidates[int(key) - 1].passage
        return None

    def _decide(self, queued: Queued, decision: Decision, passage: str) -> Decided:
        answer = self._assistant.answer(queued.question)
        row = self._curator.decide(queued, decision, answer, self._assistant.index, passage)
        named = {"passage": row.passages[0]} if decision is Decision.ANSWERS else {}
        self._say(f"review-done-{row.type.value}", **named)
        return row

    def _show(self, number: int, queued: Queued, count: int) -> None:
        self._print(
            [
                Line("", "blank"),
                Line(f"{number}/{count}  {asked(queued, self._language)}", "label"),
                Line(f"? {queued.question}", "offer"),
                *(Line(reason, "label") for reason in reasons(queued, self._language)),
            ]
        )

    def _offer(self, candidates: Sequence[Citation]) -> None:
        if candidates:
            self._say("review-offered")
        documents = self._assistant.index.documents
        for number, citation in enumerate(candidates, start=1):
            shown = localised_citation(citation, documents[citation.document], self._language)
            self._print(_offered(number, shown))
        keys = (f"{key} {say(self._language, words)}" for key, words in KEYS.items())
        self._print([Line(" · ".join(keys), "label")])

    def _say(self, key: str, **values: str | int) -> None:
        self._print([Line(say(self._language, key, **values), "verdict")])

    def _print(self, lines: Sequence[Line] | Iterator[Line]) -> None:
        write(self._console, self._bidi, lines)
        self._console.file.flush()


def show_report(report: Sequence[Change], console: Console, bidi: Bidi, language: InterfaceLanguage) -> None:
    """Before and after on all decided rows."""
    write(console, bidi, (Line(text, "blank") for text in changes(report, language)))


def _offered(number: int, citation: Citation) -> Iterator[Line]:
    if citation.translation:
        yield Line(f"{number}  {citation.passage}  {citation.translation.text}", "answer")
        yield Line(citation.text, "rest")
    else:
        yield Line(f"{number}  {citation.passage}  {citation.text}", "answer")

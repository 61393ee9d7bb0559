"""A review in a terminal, key by key, over the real documents and without a model."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from assemblybot.chat.review import Review
from assemblybot.curation.curator import Curator
from assemblybot.curation.decided import Decided, Decision
from assemblybot.messages import say
from assemblybot.session import Pseudonyms
from assemblybot.session.question_log import QuestionLog
from tests.conftest import ROOT
from tests.doubles.assistants import ScriptedAssistant

NAMES = Pseudonyms(b"k" * 32)
FIRST, SECOND = "off to where?", "off with whom?"
#: Offered for every question, in this order; between them stands a heading.
OFFERED = tuple(f"marrakech-2025#{number}" for number in (3, 5, 6, 7))
UNKNOWN, WHICH = say("en", "review-unknown-key"), say("en", "review-which-passage")


class Desk:
    """A corpus with two refused questions in its log; `review` presses keys."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT / "corpus" / "marrakech-2025", folder / "corpus" / "marrakech-2025")
        self.assistant = ScriptedAssistant()
        self.curator = Curator(folder / "corpus", folder / "questions.jsonl", NAMES)
        self._log = QuestionLog(folder / "questions.jsonl", NAMES)
        for question in (SECOND, FIRST, FIRST):  # asked most often, so it comes first
            asyncio.run(self._log.add(self.assistant.answer(question)))

    @property
    def rows(self) -> list[Decided]:
        return self.curator.file.rows()

    def review(self, *keys: str) -> tuple[bool, str]:
        """What a session with these keys says of the index, and all that it shows."""
        out, pressed = io.StringIO(), iter(keys)
        console = Console(file=out, width=400, markup=False, emoji=False, highlight=False)

        def read(words: str) -> str | None:
            out.write(words)
            return next(pressed, None)

        review = Review(self.curator, self.assistant.as_assistant(), console, "logical", "en", read)
        changed = review.run({})
        assert next(pressed, None) is None, "it went on to the last key"
        return changed, out.getvalue()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def shown(text: str) -> Iterator[str]:
    """The questions that were shown, in order, each with its place."""
    lines = text.splitlines()
    for before, line in pairwise(lines):
        if line.startswith("? "):
            yield f"{before.split()[0]} {line.removeprefix('? ')}"


def test_questions_are_shown_with_what_may_answer_and_can_be_left_for_later(desk: Desk) -> None:
    changed, text = desk.review("s", "s")
    assert list(shown(text)) == [f"1/2 {FIRST}", f"2/2 {SECOND}"]
    offered = [line.split()[:2] for line in text.splitlines() if "  marrakech-2025#" in line]
    assert offered == [[str(number), passage] for number, passage in enumerate(OFFERED, 1)] * 2
    assert not changed
    assert desk.rows == []


def test_a_digit_gives_the_question_to_the_passage_offered_under_it(desk: Desk) -> None:
    changed, text = desk.review("1", "4")
    assert changed
    assert [(row.question, row.passages) for row in desk.rows] == [
        (FIRST, (OFFERED[0],)),
        (SECOND, (OFFERED[3],)),
    ]
    assert text.count("From now on, ") == 2
    assert desk.review() == (False, say("en", "review-none") + "\n")


@pytest.mark.parametrize("key", ["0", "5", "10", "x", "", "1 2", "²", "-1", "u", "N"])
def test_a_key_that_does_nothing_here_says_so_and_the_question_stays(desk: Desk, key: str) -> None:
    changed, text = desk.review(key, "s", "q")
    assert text.count(UNKNOWN) == 1
    assert list(shown(text)) == [f"1/2 {FIRST}", f"2/2 {SECOND}"]
    assert not changed
    assert desk.rows == []


@pytest.mark.parametrize("keys", [("p", "12"), ("p", " marrakech-2025#12 "), ("p 12",)])
def test_a_passage_can_be_named(desk: Desk, keys: tuple[str, ...]) -> None:
    changed, text = desk.review(*keys, "q")
    assert changed
    assert [row.passages for row in desk.rows] == [("marrakech-2025#12",)]
    assert (WHICH in text) is (len(keys) == 2)


@pytest.mark.parametrize("keys", [("p", "999"), ("p 999",), ("w",)])
def test_what_cannot_be_decided_is_explained_and_the_question_stays(
    desk: Desk, keys: tuple[str, ...]
) -> None:
    changed, text = desk.review(*keys, "s", "q")
    assert ("There is no passage" in text) is ("w" not in keys)
    assert ("nothing can be wrong" in text) is ("w" in keys)
    assert list(shown(text)) == [f"1/2 {FIRST}", f"2/2 {SECOND}"]
    assert not changed
    assert desk.rows == []


def test_a_decision_is_taken_back_and_its_question_comes_again(desk: Desk) -> None:
    changed, text = desk.review("n", "u", "s", "q")
    assert list(shown(text)) == [f"1/2 {FIRST}", f"2/2 {SECOND}", f"1/2 {FIRST}", f"2/2 {SECOND}"]
    assert say("en", "review-done-not-in-documents") in text
    assert say("en", "review-done-taken-back") in text
    assert not changed
    assert desk.rows == []


def test_what_was_stored_and_taken_back_has_changed_the_index_too(desk: Desk) -> None:
    assert desk.review("1", "u", "q")[0]
    assert desk.rows == []


@pytest.mark.parametrize("keys", [(), ("q",)])
def test_a_session_ends_with_the_input_or_when_it_is_left(desk: Desk, keys: tuple[str, ...]) -> None:
    changed, text = desk.review(*keys)
    assert list(shown(text)) == [f"1/2 {FIRST}"]
    assert not changed


def test_what_is_not_in_the_documents_leaves_the_index_as_it_is(desk: Desk) -> None:
    changed, _ = desk.review("n", "n")
    assert not changed
    assert {row.type for row in desk.rows} == {Decision.NOT_IN_DOCUMENTS}

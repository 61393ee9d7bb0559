"""What becomes of a decision: the evaluation file, the document's questions, before and after."""

from __future__ import annotations

import asyncio
import json
import stat
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assemblybot.answering.answer import Answer, Verdict
from assemblybot.curation.curator import Curator
from assemblybot.curation.decided import Decided, DecidedFile, Decision
from assemblybot.curation.queue import Queued
from assemblybot.curation.report import Outcome
from assemblybot.curation.report import waiting as not_asked
from assemblybot.errors import AssemblybotError, CorpusError, CurationError, SettingsError
from assemblybot.evaluation import questions
from assemblybot.session.question_log import QuestionLog
from assemblybot.settings import Settings
from tests.curation.conftest import NAMES, Desk

UNKNOWN = "Who sells the best bread in Lisbon?"
OTHER = "How do bees find their way home?"
ASKED = "Is there something on illumination by the water?"
LAMPS = "harbour#8"


def waiting(desk: Desk, *asked: str) -> list[Queued]:
    """The queue after these questions were refused, in their order."""
    log = QuestionLog(desk.log, NAMES)
    for question in asked:
        asyncio.run(log.add(Answer(question, "en", Verdict.NOT_IN_CORPUS, 0.1)))
    found = {one.question: one for one in desk.curator.queue({})}
    return [found[question] for question in asked]


def decide(desk: Desk, queued: Queued, decision: Decision, passage: str = "") -> Decided:
    answer = desk.assistant.answer(queued.question)
    return desk.curator.decide(queued, decision, answer, desk.assistant.index, passage)


def stored(desk: Desk) -> Any:
    path = desk.corpus / "harbour" / "questions.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["passages"] if path.exists() else {}


def test_a_passage_that_answers_gets_the_question_and_the_file_a_row(harbour: Desk) -> None:
    (one,) = waiting(harbour, ASKED)
    row = decide(harbour, one, Decision.ANSWERS, LAMPS)
    assert stored(harbour) == {"8": {"en": [ASKED]}}
    assert harbour.curator.queue({}) == []
    (gold,) = questions.read(harbour.curator.file.path, harbour.assistant.index.documents)
    passage = harbour.assistant.index.passages[harbour.assistant.index.position[LAMPS]]
    assert gold.places == (("harbour", passage.start, passage.end),)
    assert stat.S_IMODE(harbour.curator.file.path.stat().st_mode) == 0o600

    (change,) = harbour.curator.report(harbour.assistant.index)
    assert change.outcome in (Outcome.RIGHT, Outcome.WRONG)
    assistant = harbour.rebuilt()
    answer = assistant.answer(ASKED)
    assert answer.citations[0].passage == LAMPS
    assert not answer.is_unsure
    harbour.curator.note(row, answer, assistant.index)


@pytest.mark.parametrize(
    ("decision", "answerable"), [(Decision.NOT_IN_DOCUMENTS, False), (Decision.ANSWERS, True)]
)
def test_only_a_passage_that_answers_changes_the_documents(
    harbour: Desk, decision: Decision, answerable: bool
) -> None:
    before = {path: path.read_bytes() for path in harbour.corpus.rglob("*") if path.is_file()}
    (one,) = waiting(harbour, UNKNOWN)
    row = decide(harbour, one, decision, LAMPS)
    now = {path: path.read_bytes() for path in harbour.corpus.rglob("*") if path.is_file()}
    assert row.answerable is answerable
    assert (now != before) is answerable
    assert {path: now[path] for path in before} == before
    (read,) = questions.read(harbour.curator.file.path, harbour.assistant.index.documents)
    assert read.answerable is answerable


def test_a_wrong_citation_is_met_by_anything_else(harbour: Desk) -> None:
    question = "When did the harbour open?"
    answer = harbour.assistant.answer(question)
    cited = (answer.citations[0].passage,)
    queued = Queued("", question, "en", (), cited, 1, "2026-01-05T09Z", 1, {})
    row = decide(harbour, queued, Decision.WRONG)
    documents = harbour.assistant.index.documents
    assert stored(harbour) == {}
    assert not row.is_met_by(answer, documents)
    assert row.is_met_by(harbour.assistant.answer(UNKNOWN), documents)
    assert row.is_met_by(harbour.assistant.answer("Who will learn at the school for divers?"), documents)
    with pytest.raises(CorpusError, match="holds no questions"):  # nothing is known of what answers it
        questions.read(harbour.curator.file.path, documents)


def test_a_decision_can_be_taken_back(harbour: Desk) -> None:
    first, second = waiting(harbour, ASKED, UNKNOWN)
    by_hand = harbour.corpus / "harbour" / "questions.toml"
    by_hand.write_text('[passages.3]\nen = ["When?"] # by hand\n', encoding="utf-8")
    rows = [
        decide(harbour, first, Decision.ANSWERS, LAMPS),
        decide(harbour, second, Decision.NOT_IN_DOCUMENTS),
    ]
    for row in rows:
        harbour.curator.take_back(row.id)
    assert by_hand.read_text(encoding="utf-8").strip() == '[passages.3]\nen = ["When?"] # by hand'
    assert {one.question for one in harbour.curator.queue({})} == {ASKED, UNKNOWN}
    assert harbour.curator.report(harbour.assistant.index) == []
    with pytest.raises(CurationError, match="no such decision"):
        harbour.curator.take_back(rows[0].id)


def test_a_question_that_stood_there_by_hand_stays_when_a_decision_is_taken_back(harbour: Desk) -> None:
    (one,) = waiting(harbour, ASKED)
    by_hand = harbour.corpus / "harbour" / "questions.toml"
    by_hand.write_text(f'[passages.8]\nen = ["{ASKED}"]\n', encoding="utf-8")
    row = decide(harbour, one, Decision.ANSWERS, LAMPS)
    harbour.curator.take_back(row.id)
    assert stored(harbour) == {"8": {"en": [ASKED]}}


@pytest.mark.parametrize(
    ("passage", "says"),
    [
        ("", "no passage"),
        ("99", "no passage"),
        ("0", "no passage"),
        ("-1", "no passage"),
        ("harbour", "no passage"),
        ("harbour#", "no passage"),
        ("harbour#0", "no passage"),
        ("harbour#99", "no passage"),
        ("harbour#٣", "no passage"),
        ("harbour#1e3", "no passage"),
        ("elsewhere#1", "no passage"),
        ("../harbour#1", "no passage"),
        ("#" * 100_000, "no passage"),
        ("harbour#" + "9" * 5000, "no passage"),
        ("\x00\u202e", "no passage"),
    ],
)
def test_a_passage_that_is_not_there_decides_nothing(harbour: Desk, passage: str, says: str) -> None:
    (one,) = waiting(harbour, ASKED)
    with pytest.raises(CurationError, match=says) as raised:
        decide(harbour, one, Decision.ANSWERS, passage)
    assert len(str(raised.value)) < 300
    assert stored(harbour) == {}
    assert harbour.curator.file.rows() == []


def test_what_cannot_be_decided(harbour: Desk) -> None:
    one, two = waiting(harbour, UNKNOWN, OTHER)
    with pytest.raises(CurationError, match="Nothing was cited"):
        decide(harbour, one, Decision.WRONG)
    decide(harbour, one, Decision.NOT_IN_DOCUMENTS)
    with pytest.raises(CurationError, match="decided meanwhile"):
        decide(harbour, one, Decision.ANSWERS, LAMPS)
    (harbour.corpus / "harbour" / "harbour.txt").write_text(
        "Another text\n\nIt is short.\n", encoding="utf-8"
    )
    with pytest.raises(CorpusError, match="has changed"):
        decide(harbour, two, Decision.ANSWERS, LAMPS)
    assert [row.question for row in harbour.curator.file.rows()] == [UNKNOWN]
    assert stored(harbour) == {}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "{}",
        '{"id": "1", "lang": "de", "type": "answers", "question": "?", "answerable": true}',
        '{"id": "1", "lang": "en", "type": "perhaps", "question": "?", "answerable": true}',
        '{"id": "1", "lang": "en", "type": "wrong", "question": "", "answerable": false}',
        '{"id": "1", "lang": "en", "type": "wrong", "question": "?", "gold": "x", "answerable": false}',
    ],
)
def test_a_decided_file_that_was_spoilt_is_told_and_kept(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions-decided.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(CurationError, match="no decision"):
        DecidedFile(path).rows()
    assert path.read_text(encoding="utf-8") == line + "\n"


def test_a_spoilt_measurement_is_measured_anew(harbour: Desk) -> None:
    (one,) = waiting(harbour, UNKNOWN)
    decide(harbour, one, Decision.NOT_IN_DOCUMENTS)
    measured = harbour.log.with_name("questions-measured.json")
    assert not_asked(harbour.curator.report(harbour.assistant.index)) == []
    measured.write_text("[1]", encoding="utf-8")
    (row,) = not_asked(harbour.curator.report(harbour.assistant.index))
    assert row.question == UNKNOWN


def test_a_passage_that_is_gone_is_told_apart(harbour: Desk) -> None:
    (one,) = waiting(harbour, ASKED)
    decide(harbour, one, Decision.ANSWERS, LAMPS)
    (harbour.corpus / "harbour" / "questions.toml").unlink()
    text = harbour.corpus / "harbour" / "harbour.txt"
    text.write_text(text.read_text("utf-8").replace("Lamps along the whole sea wall.", "A wall."), "utf-8")
    (change,) = harbour.curator.report(harbour.rebuilt().index)
    assert (change.row.question, change.outcome) == (ASKED, Outcome.GONE)


def test_two_curators_at_a_time_lose_nothing(harbour: Desk) -> None:
    asked = [f"Who is number {number} of the rowing crew of Lisbon?" for number in range(8)]
    found = waiting(harbour, *asked)

    def one_decides(queued: Queued) -> str:
        try:
            return decide(harbour, queued, Decision.NOT_IN_DOCUMENTS).question
        except AssemblybotError:
            return ""

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(one_decides, [*found, *found]))
    assert sorted(filter(None, told)) == sorted(asked)
    assert sorted(row.question for row in harbour.curator.file.rows()) == sorted(asked)
    rows = harbour.curator.file.path.read_text(encoding="utf-8").splitlines()
    assert {json.loads(row)["type"] for row in rows} == {"not-in-documents"}


def test_without_a_question_log_there_is_nothing_to_review() -> None:
    with pytest.raises(SettingsError, match="QUESTION_LOG"):
        Curator.configured(Settings(_env_file=None))

import json
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.errors import CorpusError
from assemblybot.evaluation import measures
from assemblybot.evaluation.measures import Share
from assemblybot.evaluation.questions import read


def test_wilson_interval_of_a_known_case() -> None:
    """Brown, Cai and DasGupta 2001: 8 of 10 gives 0.490 to 0.943."""
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)


def test_nothing_counted() -> None:
    assert Share(0, 0).value != Share(0, 0).value


def write(path: Path, **changes: object) -> Path:
    record = {
        "id": "x",
        "lang": "ar",
        "type": "who",
        "question": "من؟",
        "gold": ["بقلم: حسن الخلقي"],
        "answerable": True,
    }
    path.write_text(json.dumps({**record, **changes}, ensure_ascii=False), encoding="utf-8")
    return path


def test_gold_quotes_become_places(assistant: Assistant, tmp_path: Path) -> None:
    documents = assistant.index.documents
    question = read(write(tmp_path / "q.jsonl"), documents)[0]
    document, start, end = question.places[0]
    assert documents[document].text[start:end] == "بقلم: حسن الخلقي"


def test_an_unknown_quote_fails(assistant: Assistant, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no document holds"):
        read(write(tmp_path / "q.jsonl", gold=["ليس في المقال"]), assistant.index.documents)


def test_rank_reciprocal_rank_and_refusals(assistant: Assistant, tmp_path: Path) -> None:
    known = read(write(tmp_path / "q.jsonl"), assistant.index.documents)[0]
    right = measures.outcome(known, assistant.answer("بقلم حسن الخلقي"))
    wrong = measures.outcome(known, assistant.answer("كم عدد المندوبين؟"))
    assert right.rank == 1
    assert wrong.rank != 1
    assert measures.first_right([right, wrong]).value == 0.5
    assert measures.reciprocal_rank([right]) == 1.0
    assert measures.refusals([right], answerable=True).value == 0.0
    assert 0 <= measures.calibration_error([right, wrong]) <= 1

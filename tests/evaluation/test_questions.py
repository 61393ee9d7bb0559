import json
from pathlib import Path

import pytest

from assemblybot import Assistant
from assemblybot.errors import CorpusError
from assemblybot.evaluation.questions import read


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


def test_a_file_without_questions_fails(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("\n\n")
    with pytest.raises(CorpusError, match="holds no questions"):
        read(path, assistant.index.documents)


@pytest.mark.parametrize("lacking", [None, "id", "lang", "type", "question", "gold", "answerable"])
def test_a_question_that_lacks_something_fails(
    assistant: Assistant, tmp_path: Path, lacking: str | None
) -> None:
    path = write(tmp_path / "q.jsonl")
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({k: v for k, v in record.items() if k != lacking} if lacking else [1]))
    with pytest.raises(CorpusError, match="question 1 lacks one of id, "):
        read(path, assistant.index.documents)

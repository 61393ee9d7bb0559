"""One question more, or less, in a `questions.toml` that someone wrote by hand."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblybot.corpus.side_files import one_line, questions
from assemblybot.corpus.stored_questions import drop_question, store_question
from assemblybot.errors import CorpusError
from tests.conftest import ROOT

QUESTION = "Who pays for the “school”, [and] why?"
BY_HAND = """# Written by hand; the first of each language is suggested.

[passages.3]
fr = ["Quand ?"] # one
en = [
    "When did it open?", # [sic]
    'Which "day" was it?',
]

  [ passages . "7" ]  # the school
en = [ "For whom is the school?", ]
es = []
"""


def written(folder: Path) -> str:
    return (folder / "questions.toml").read_text(encoding="utf-8")


def held(folder: Path) -> dict[str, dict[str, list[str]]]:
    return dict(tomllib.loads(written(folder))["passages"])


@pytest.mark.parametrize(
    ("number", "language"),
    [(3, "fr"), (3, "en"), (3, "ary-Latn"), (7, "en"), (7, "es"), (7, "ar"), (12, "en")],
)
def test_what_was_written_by_hand_stays(tmp_path: Path, number: int, language: str) -> None:
    (tmp_path / "questions.toml").write_text(BY_HAND, encoding="utf-8")
    before = held(tmp_path)
    assert store_question(tmp_path, number, language, QUESTION)  # type: ignore[arg-type]
    for part in ("# Written by hand;", "# one", "# [sic]", "# the school", '[ passages . "7" ]', "'Which"):
        assert part in written(tmp_path)
    expected = {key: dict(value) for key, value in before.items()}
    expected.setdefault(str(number), {})
    expected[str(number)][language] = [*expected[str(number)].get(language, []), QUESTION]
    assert held(tmp_path) == expected
    assert not store_question(tmp_path, number, language, QUESTION)  # type: ignore[arg-type]
    assert held(tmp_path) == expected

    drop_question(tmp_path, number, language, QUESTION)  # type: ignore[arg-type]
    drop_question(tmp_path, number, language, QUESTION)  # type: ignore[arg-type]
    kept = {
        key: {code: texts for code, texts in value.items() if texts} for key, value in held(tmp_path).items()
    }
    assert {key: value for key, value in kept.items() if value} == {
        key: {code: texts for code, texts in value.items() if texts} for key, value in before.items()
    }


def test_a_document_without_questions_and_back(tmp_path: Path) -> None:
    store_question(tmp_path, 2, "fr", "Qui ?\n\x07 Où ?")
    assert written(tmp_path) == '[passages.2]\nfr = ["Qui ? Où ?"]\n'
    assert stat.S_IMODE((tmp_path / "questions.toml").stat().st_mode) == 0o644
    drop_question(tmp_path, 2, "fr", "Qui ? Où ?")
    assert tomllib.loads(written(tmp_path)).get("passages", {}) == {}
    assert [path.name for path in tmp_path.iterdir()] == ["questions.toml"]


def test_the_shipped_questions_come_back_byte_for_byte(tmp_path: Path) -> None:
    shipped = (ROOT / "corpus" / "marrakech-2025" / "questions.toml").read_bytes()
    (tmp_path / "questions.toml").write_bytes(shipped)
    for number in (1, 2, 12, 999):
        store_question(tmp_path, number, "fr", QUESTION)
    assert len((tmp_path / "questions.toml").read_bytes()) > len(shipped)
    for number in (999, 12, 2, 1):
        drop_question(tmp_path, number, "fr", QUESTION)
    assert (tmp_path / "questions.toml").read_bytes().rstrip() == shipped.rstrip()


@settings(max_examples=50)
@given(texts=st.lists(st.text().filter(one_line), min_size=1, max_size=4, unique_by=one_line))
def test_whatever_is_asked_can_be_read_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("document")
    for text in texts:
        assert store_question(folder, 4, "en", text)
    assert held(folder)["4"]["en"] == [one_line(text) for text in texts]
    for text in texts:
        drop_question(folder, 4, "en", text)
    assert not [text for code in questions(folder, range(5)).values() for text in code.values() if text]


def test_a_question_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="without text"):
        store_question(tmp_path, 4, "en", "\x07 \n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("passages = { 3 = { en = ['When?'] } }\n", "cannot be edited here"),
        ("[passages]\n3.en = ['When?']\n", "cannot be edited here"),
        ("[passages.3]\nen = [", "cannot be read"),
        ("[passages.3]\nen = 'When?'\n", "passages.3.en"),
        ("[passages.0]\nen = ['When?']\n", "passages"),
        ("[elsewhere]\n", "elsewhere"),
    ],
)
def test_a_file_that_cannot_be_edited_stays_as_it_is(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "questions.toml").write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=says):
        store_question(tmp_path, 3, "en", QUESTION)
    assert written(tmp_path) == content

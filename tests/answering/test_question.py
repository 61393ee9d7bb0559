import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot import Remark
from assemblybot.answering.question import (
    LONGEST_QUESTION,
    are_keywords,
    cleaned,
    remark,
    require_readable,
    without_courtesy,
)
from assemblybot.errors import QuestionError


@pytest.mark.parametrize("text", ["", "   ", "\u200f\u202e\x00\x1b", "؟!…", "\n\t"])
def test_no_readable_text(text: str) -> None:
    with pytest.raises(QuestionError, match="no readable text"):
        require_readable(cleaned(text))


@pytest.mark.parametrize("length", [LONGEST_QUESTION + 1, 1_000_000])
def test_too_long(length: int) -> None:
    with pytest.raises(QuestionError, match=f"{LONGEST_QUESTION:,}"):
        cleaned("س" * length)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("👍", Remark.CHATTER),
        ("😀🎉 !", Remark.CHATTER),
        (":+1: :tada:", Remark.CHATTER),
        ("merci 👍", Remark.THANKS),
        ("السلام عليكم", Remark.GREETING),
        ("سلام، لاباس؟", Remark.GREETING),
        ("Bonjour !", Remark.GREETING),
        ("hola, buenos días", Remark.GREETING),
        ("شكراً جزيلاً", Remark.THANKS),
        ("merci beaucoup", Remark.THANKS),
        ("thanks a lot!", Remark.THANKS),
        ("hello, thanks", Remark.THANKS),
        ("au revoir", Remark.GOODBYE),
        ("مع السلامة", Remark.GOODBYE),
        ("/start", Remark.HELP),
        ("/help@bot", Remark.HELP),
    ],
)
def test_remarks(text: str, said: Remark) -> None:
    assert remark(text) is said


@pytest.mark.parametrize(
    "text",
    ["من كتب المقال؟", "hi, who wrote it?", "merci de me dire qui a écrit", "المغرب", "Salaries of police"],
)
def test_questions_are_no_remarks(text: str) -> None:
    assert remark(text) is None


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("harbour", True),
        ("opening hours", True),
        ("ميزانية 2023", True),
        ("who wrote", False),
        ("the budget of the new harbour", False),
    ],
)
def test_keywords_name_something(text: str, keywords: bool) -> None:
    assert are_keywords(text) is keywords


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("السلام عليكم، في أي مدينة جرى الاجتماع؟", "في أي مدينة جرى الاجتماع؟"),
        ("Bonjour, qui a écrit ceci ?", "qui a écrit ceci ?"),
        ("who wrote it please", "who wrote it"),
        ("من كتب المقال؟", "من كتب المقال؟"),
        ("hello", "hello"),
    ],
)
def test_courtesies_are_set_aside(text: str, rest: str) -> None:
    assert without_courtesy(text) == rest


@given(st.text(max_size=120))
def test_without_courtesy_is_never_empty_and_never_invents(text: str) -> None:
    rest = without_courtesy(text)
    assert rest in text
    assert bool(rest) == bool(text)

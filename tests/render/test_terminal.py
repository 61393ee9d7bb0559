from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot import Assistant
from assemblybot.render.terminal import Line, plain, render
from tests.doubles import answers


@pytest.mark.parametrize(
    ("question", "first", "label"),
    [
        ("من كتب هذا المقال؟", "تجيب مصادري عن هذا السؤال", None),
        ("Who wrote this article?", "My sources answer this", "Unofficial translation"),
        ("Qui a écrit cet article ?", "Mes sources y répondent", "Traduction non officielle"),
        ("¿Quién escribió este artículo?", "Mis fuentes responden", "Traducción no oficial"),
    ],
)
def test_the_language_of_the_question(
    assistant: Assistant, question: str, first: str, label: str | None
) -> None:
    lines = render(assistant.answer(question), "sources")
    assert first in lines[0].text
    assert any(line.text == "بقلم: حسن الخلقي" for line in lines)
    translations = [line.text for line in lines if line.role == "translation"]
    assert bool(translations) == bool(label)
    assert all(text.startswith(label or "") for text in translations)


def test_what_may_not_answer_is_said_to_come_close() -> None:
    assert render(answers.unsure("en"), "sources")[0].text.startswith("This comes closest")
    assert render(answers.unsure("fr"), "sources")[0].text.startswith("Voici ce que mes sources")
    sure = replace(answers.unsure("en"), confidence=0.8)
    assert render(sure, "sources")[0].text == "My sources answer this:"


def test_a_list_shows_its_lead_in_once(assistant: Assistant) -> None:
    lines = render(assistant.answer("ما هي توصيات الكاتب؟ اذكرها كلها"), "sources")
    assert [line.role for line in lines].count("lead_in") == 1
    assert [line.role for line in lines].count("quote") == 4


def test_greeting_and_refusal_offer_questions(assistant: Assistant) -> None:
    for question in ("hello", "How do I bake a chocolate cake?"):
        roles = [line.role for line in render(assistant.answer(question), "sources")]
        assert roles == ["verdict", "label", "suggestion", "suggestion", "suggestion"]


def test_only_a_refusal_says_but(assistant: Assistant) -> None:
    labels = [
        line.text
        for question in ("hello", "How do I bake a chocolate cake?", "thank you")
        for line in render(assistant.answer(question), "sources")
        if line.role == "label"
    ]
    assert labels == ["For example:", "They do answer questions such as:"]


def test_logical_text_is_plain(assistant: Assistant) -> None:
    for line in render(assistant.answer("من كتب هذا المقال؟"), "sources"):
        assert not set(plain(line)) & set("\u2068\u2069\u200f")


def test_visual_text_is_shaped_reordered_and_within_the_width() -> None:
    line = Line("اجتماع مراكش في نوفمبر", "quote", ((0, 6),))
    shown = plain(line, "visual", width=40)
    assert len(shown) == 40
    assert shown.strip()[0] != "ا"
    assert any("\ufe70" <= char <= "\ufeff" for char in shown)
    assert plain(Line("Latin text", "quote"), "visual", width=40) == "Latin text"


@given(st.text(alphabet="ابتج abc 12", min_size=1, max_size=200), st.integers(20, 120))
def test_visual_lines_never_pass_the_width(text: str, width: int) -> None:
    assert all(len(row) <= width for row in plain(Line(text, "quote"), "visual", width).splitlines())

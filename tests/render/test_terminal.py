from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.answering.answer import Answer, Suggestion
from assemblybot.messages import say
from assemblybot.render.localise import localised
from assemblybot.render.terminal import Line, plain, render
from assemblybot.text.bidi import direction
from assemblybot.text.language import InterfaceLanguage, Language
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant

Make = Callable[[Language], Answer]
ARTICLE = answers.document()
INDEX = ScriptedAssistant().as_assistant().index


def lines_of(answer: Answer) -> list[Line]:
    return render(localised(answer, INDEX), INDEX.documents)


def marked(line: Line) -> list[str]:
    return [line.text[start:end] for start, end in line.highlights]


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_answer_first_in_the_askers_language(language: InterfaceLanguage) -> None:
    lines = lines_of(answers.answered(language))
    roles = [line.role for line in lines]
    assert roles[:8] == ["verdict", "blank", "label", "answer", "quote", "source", "blank", "label"]
    _, _, label, answer, quote, source, _, _, translated_rest, rest, *_ = lines
    translation = ARTICLE.translations[language]
    assert label.text == say(language, "translation-label")
    assert translation[3].startswith(answer.text)
    assert translated_rest.text == translation[3].removeprefix(answer.text).strip()
    assert f"{quote.text} {rest.text}" == ARTICLE.passages[2].text
    assert marked(quote) == ["من 24 إلى 27 نوفمبر 2025 أشغال الدورة الـ93"]
    assert "24" in marked(answer)[0]
    assert translation[1] in source.text


@pytest.mark.parametrize("language", ["ar", "ary", "ary-Latn"])
def test_whoever_reads_arabic_gets_the_original_alone(language: Language) -> None:
    lines = lines_of(answers.answered(language))
    assert "answer" not in [line.role for line in lines]
    assert ARTICLE.metadata.title in next(line.text for line in lines if line.role == "source")


def test_what_may_not_answer_is_said_to_come_close() -> None:
    assert lines_of(answers.unsure("en"))[0].text.startswith("This comes closest")
    assert lines_of(answers.unsure("fr"))[0].text.startswith("Voici ce qui s’en approche le plus")
    sure = replace(answers.unsure("en"), is_unsure=False)
    assert lines_of(sure)[0].text == "My sources answer this:"


def test_an_item_alone_stands_under_the_line_over_its_list() -> None:
    lines = lines_of(answers.one_item("fr"))
    below = [(line.text, lines[at + 1].role) for at, line in enumerate(lines) if line.role == "lead_in"]
    assert below == [(ARTICLE.translations["fr"][5], "answer"), (ARTICLE.passages[4].text, "quote")]


@pytest.mark.parametrize(("make", "where"), [(answers.listed, "6–9"), (answers.introduced, "5–9")])
def test_a_list_shows_every_item_with_one_lead_in_and_one_source(make: Make, where: str) -> None:
    lines = lines_of(make("en"))
    translation = ARTICLE.translations["en"]
    by_role = {role: [line.text for line in lines if line.role == role] for role in ("answer", "quote")}
    assert by_role["answer"] == [f"• {translation[n]}" for n in (6, 7, 8, 9)]
    assert by_role["quote"] == [f"• {ARTICLE.passages[n - 1].text}" for n in (6, 7, 8, 9)]
    introduced = [line.text for line in lines if line.role == "lead_in"]
    assert introduced == [translation[5], ARTICLE.passages[4].text]
    (source,) = [line.text for line in lines if line.role == "source"]
    assert where in source
    assert translation[4] in source


def test_a_refusal_offers_questions_once() -> None:
    roles = [line.role for line in lines_of(answers.not_in_corpus("en"))]
    assert roles == ["verdict", "offer", "suggestion", "suggestion", "suggestion"]


def test_only_a_refusal_says_but() -> None:
    greeting = replace(answers.greeting("en"), suggestions=(Suggestion("What is new?", "d#1"),))
    offers = [
        line.text
        for answer in (greeting, answers.not_in_corpus("en"))
        for line in lines_of(answer)
        if line.role == "offer"
    ]
    assert offers == ["For example:", "Try one of these instead:"]


def test_logical_text_is_plain() -> None:
    for line in lines_of(answers.answered("ar")):
        assert not set(plain(line)) & set("\u2068\u2069\u200f")


def test_visual_text_keeps_vowel_signs_on_their_letters() -> None:
    shown = plain(Line("كِتَابٌ", "quote"), "visual", width=20).strip()
    assert [char for char in shown if "\u064b" <= char <= "\u0652"] == ["\u064c", "\u064e", "\u0650"]
    assert not "\u064b" <= shown[0] <= "\u0652"


@given(
    st.text(alphabet="بتجدرلا\u064b\u064e\u0650\u0651\u0652 ", min_size=1, max_size=80), st.integers(20, 60)
)
def test_visual_text_keeps_every_vowel_sign(text: str, width: int) -> None:
    def signs(shown: str) -> list[str]:
        return sorted(char for char in shown if "\u064b" <= char <= "\u0652")

    assert signs(plain(Line(text, "quote"), "visual", width)) == signs(text)


def test_visual_text_is_shaped_reordered_and_within_the_width() -> None:
    line = Line("اجتماع مراكش في نوفمبر", "quote", ((0, 6),))
    shown = plain(line, "visual", width=40)
    assert len(shown) == 40
    assert shown.strip()[0] != "ا"
    assert any("\ufe70" <= char <= "\ufeff" for char in shown)
    assert plain(Line("Latin text", "quote"), "visual", width=40) == "Latin text"


WORDS = [*(word for passage in ARTICLE.passages for word in passage.text.split() if word.isalpha()), "كِتَابٌ"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40), st.integers(20, 120))
def test_visual_lines_break_between_words_only(words: list[str], width: int) -> None:
    words = [word for word in words if direction(word) == "rtl"]
    rows = plain(Line(" ".join(words), "quote"), "visual", width).splitlines()
    shown = [word for row in rows for word in reversed(row.split())]
    assert shown == [plain(Line(word, "quote"), "visual", width).strip() for word in words]


@given(st.text(alphabet="ابتج abc 12", min_size=1, max_size=200), st.integers(20, 120))
def test_visual_lines_never_pass_the_width(text: str, width: int) -> None:
    assert all(len(row) <= width for row in plain(Line(text, "quote"), "visual", width).splitlines())


def test_a_list_has_one_address_and_each_passage_its_own() -> None:
    def addresses(answer: Answer) -> list[str]:
        shown = render(
            localised(answer, INDEX), INDEX.documents, lambda citation: f"https://{citation.passage}"
        )
        return [line.text for line in shown if line.text.startswith("https://")]

    assert addresses(answers.listed("en")) == [f"https://{answers.listed('en').citations[0].passage}"]
    cited = answers.answered("en").citations
    assert addresses(answers.answered("en")) == [f"https://{citation.passage}" for citation in cited]

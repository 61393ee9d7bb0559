"""Answers as Telegram messages: golden files per language, exact quotes, limits, direction."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblybot.answering.answer import Answer, Citation, Context, Quote, Remark, Translation
from assemblybot.messages import say
from assemblybot.render.localise import localised_citation
from assemblybot.render.place import place
from assemblybot.render.quotation import Marked
from assemblybot.render.telegram import NOT_RATED, answer_message, around_message, passage_message
from assemblybot.render.telegram_lines import (
    context_message,
    language_message,
    no_answer_message,
    sources_message,
)
from assemblybot.render.telegram_state import Cited, State, parse
from assemblybot.render.telegram_text import LONGEST_MESSAGE, TelegramMessage, displayed, units
from assemblybot.text.bidi import FSI, LRM, PDI, RLM, direction, strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage, interface_language
from assemblybot.text.sentences import sentences
from tests.doubles import answers

GOLDEN = Path(__file__).parent / "golden" / "telegram"
Make = Callable[[InterfaceLanguage], Answer]


def state_of(answer: Answer) -> State:
    kept = (answer.citations[0], answer.citations[-1]) if answer.is_list else answer.citations[:3]
    return State(
        cited=tuple(Cited("AbCd_-", c.paragraph, next(iter(c.highlights), (0, 0))) for c in kept),
        mark="0123abcd",
        language=answer.language,
        is_list=answer.is_list,
        translated=interface_language(answer.language) != "ar",
    )


def rendered(make: Make, language: InterfaceLanguage) -> TelegramMessage:
    answer = make(language)
    if not answer.citations:
        names = [f"q{i}" for i in range(len(answer.suggestions))]
        return no_answer_message(answer, language, answers.document().metadata.title, names)
    cited = tuple(localised_citation(citation, answers.document(), language) for citation in answer.citations)
    answer = replace(answer, citations=cited)
    link = "https://example.org/read/marrakech-2025#p3"
    return answer_message(answer, state_of(answer), link=link)


def readable(message: TelegramMessage) -> str:
    """A message as a person can check it: invisible marks named, entities as tags."""
    data = message.text.encode("utf-16-le")
    marks: list[tuple[int, int, int, str]] = []
    for place_, entity in enumerate(message.entities):
        end = entity.offset + entity.length
        marks.append((entity.offset, 1, place_, f"<{entity.type}>"))
        marks.append((end, 0, -place_, f"</{entity.type}>"))
    text, at = "", 0
    for offset, _, _, tag in sorted(marks):
        text += data[2 * at : 2 * offset].decode("utf-16-le") + tag
        at = offset
    text += data[2 * at :].decode("utf-16-le")
    for mark, name in {FSI: "⟦", PDI: "⟧", RLM: "«RLM»", LRM: "«LRM»"}.items():
        text = text.replace(mark, name)
    rows = [" | ".join(f"[{b.text}]({b.url or b.data})" for b in row) for row in message.keyboard]
    return "\n".join([text, "---", *rows]) + "\n"


def marked(message: TelegramMessage, kind: str) -> list[str]:
    data = message.text.encode("utf-16-le")
    return [
        data[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
        for e in message.entities
        if e.type == kind
    ]


def check(message: TelegramMessage) -> None:
    """What Telegram demands of every message, and what we do."""
    data = message.text.encode("utf-16-le")
    assert 0 < len(data) // 2 <= LONGEST_MESSAGE
    assert message.text == message.text.strip("\n ")
    for entity in message.entities:
        part = data[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        assert part and part == part.strip("\n")
        assert 2 * (entity.offset + entity.length) <= len(data)
    for line in message.text.split("\n"):
        assert line.count(FSI) == line.count(PDI), line
    for row in message.keyboard:
        for button in row:
            assert bool(button.data) != bool(button.url)
            assert len(button.data.encode()) <= 64
            assert button.text


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("make", answers.KINDS, ids=lambda make: make.__name__)
def test_golden(make: Make, language: InterfaceLanguage) -> None:
    """Write anew after a wanted change with ASSEMBLYBOT_GOLDEN=write."""
    message = rendered(make, language)
    check(message)
    path = GOLDEN / f"{make.__name__}.{language}.txt"
    if os.environ.get("ASSEMBLYBOT_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(readable(message), encoding="utf-8")
    assert readable(message) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_a_quote_is_the_passage_to_the_character(language: InterfaceLanguage) -> None:
    message = rendered(answers.answered, language)
    passage = answers.document().passages[2].text
    sentence = sentences(passage)[0].slice(passage)
    assert strip_bidi(marked(message, "blockquote")[0]) == sentence
    assert strip_bidi(marked(message, "expandable_blockquote")[0]).endswith(passage)
    bold = [strip_bidi(one) for one in marked(message, "bold")]
    assert bold.count("من 24 إلى 27 نوفمبر 2025 أشغال الدورة الـ93") == 2


@pytest.mark.parametrize(
    ("language", "first", "words"),
    [
        ("en", "The proceedings of the 93rd", "running from 24 to 27 November 2025,"),
        ("fr", "Les travaux de la 93e", "du 24 au 27 novembre 2025,"),
        ("es", "", "del 24 al 27 de noviembre de 2025,"),
        ("ar", "انطلقت في مراكش", "من 24 إلى 27 نوفمبر 2025 أشغال الدورة الـ93"),
    ],
)
def test_the_sentence_that_answers_stands_first_and_unfolded(
    language: InterfaceLanguage, first: str, words: str
) -> None:
    message = rendered(answers.answered, language)
    assert strip_bidi(message.text).startswith(first)
    assert words in strip_bidi(marked(message, "bold")[0])
    folded = min(e.offset for e in message.entities if e.type == "expandable_blockquote")
    source = message.text.index("¶" if language != "ar" else "الفقرة ")
    assert units(message.text[:source]) < folded
    if language != "ar":
        assert message.text.split("\n")[1] == say(language, "translation-label")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_place_is_named_in_the_language_of_whoever_asks(language: InterfaceLanguage) -> None:
    translations = answers.document().translations[language]
    line = next(li for li in rendered(answers.one_item, language).text.split("\n") if "¶" in li)
    assert translations[1] in line and translations[4] in line
    assert "الاجتماع" not in line


def test_a_translation_of_other_sentences_is_shown_whole() -> None:
    told = replace(answers.citation(3, "en", "من 24"), translation=Translation("en", "One. Two. Three."))
    answer = replace(answers.answered("en"), citations=(told,))
    message = answer_message(answer, state_of(answer))
    assert message.text.startswith("One. Two. Three.\n")


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("make", answers.CITING, ids=lambda make: make.__name__)
def test_every_line_begins_in_its_direction(make: Make, language: InterfaceLanguage) -> None:
    """A client takes the direction of a line from its first strong character."""
    arabic_lines = {strip_bidi(t) for c in make("ar").citations for t in (c.text, f"• {c.text}")}
    for line in rendered(make, language).text.split("\n"):
        plain = strip_bidi(line)
        if plain in arabic_lines:
            assert direction(line) == "rtl", line
        elif plain.startswith(("¶", "My ", "Mes ", "Mis ", "Other", "Autres", "Otros")):
            assert direction(line) == "ltr", line
        elif language == "ar" and plain:
            assert direction(line) == "rtl", line


def test_translations_are_labelled_and_arabic_readers_get_none_unasked() -> None:
    english = rendered(answers.answered, "en")
    assert english.text.count(say("en", "translation-label")) == 3
    assert "24 to 27 November" in english.text
    darija = replace(answers.answered("en"), language="ary")
    assert "November" not in answer_message(darija, state_of(darija)).text
    asked_for = replace(state_of(darija), translated=True)
    assert say("ar", "translation-label") in answer_message(darija, asked_for).text


@pytest.mark.parametrize(("make", "where"), [(answers.listed, "6–9"), (answers.introduced, "5–9")])
def test_a_list_shows_its_lead_in_once_then_every_item(make: Make, where: str) -> None:
    message = rendered(make, "fr")
    (original,) = marked(message, "expandable_blockquote")
    lines = strip_bidi(original).split("\n")
    passages = answers.document().passages
    assert lines == [passages[4].text, *(f"• {p.text}" for p in passages[5:9])]
    translations = answers.document().translations["fr"]
    shown = strip_bidi(message.text).split("\n")
    assert shown[:5] == [translations[5], *(f"• {translations[n]}" for n in range(6, 10))]
    arabic = marked(rendered(make, "ar"), "blockquote")
    assert strip_bidi(arabic[0]).split("\n") == lines
    assert f"{FSI}{where}{PDI}" in message.text


def test_a_list_that_was_asked_for_by_more_says_so() -> None:
    answer = replace(answers.listed("en"), remark=Remark.MORE)
    told = answer_message(answer, state_of(answer)).text
    assert told.startswith(say("en", "more"))


@pytest.mark.parametrize("translated", [True, False])
def test_a_list_of_forty_long_items_shows_every_item(translated: bool) -> None:
    items = tuple(replace(huge("كلمة ", 900), paragraph=n, lead_in=None) for n in range(1, 41))
    answer = replace(answers.listed("fr"), citations=items)
    message = answer_message(answer, replace(state_of(answer), translated=translated))
    check(message)
    assert message.text.count("• ") == 40


def test_next_passages_are_folded_and_the_shown_one_is_on_top() -> None:
    answer = answers.answered("ar")
    state = state_of(answer)
    blocks = marked(answer_message(answer, state), "expandable_blockquote")
    assert strip_bidi(blocks[-1]).startswith(answer.citations[1].text)
    second = marked(answer_message(answer, replace(state, shown=1)), "expandable_blockquote")
    assert strip_bidi(second[0]) == answer.citations[1].text
    assert strip_bidi(second[1]).startswith(answer.citations[0].text)


def test_no_sources_where_nothing_answers() -> None:
    for language in INTERFACE_LANGUAGES:
        message = rendered(answers.not_in_corpus, language)
        assert "¶" not in message.text and not message.entities
        assert [row[0].data for row in message.keyboard] == ["q0", "q1", "q2"]
        offered = answers.not_in_corpus(language).suggestions
        assert [row[0].text for row in message.keyboard] == [suggestion.text for suggestion in offered]
        assert not any(suggestion.text in strip_bidi(message.text) for suggestion in offered)


def test_a_suggestion_without_a_button_is_a_line() -> None:
    answer = answers.not_in_corpus("en")
    message = no_answer_message(answer, "en", "", ["q0", None, "q2"])
    check(message)
    assert [row[0].text for row in message.keyboard] == [answer.suggestions[n].text for n in (0, 2)]
    assert message.text.endswith(f"\n{answer.suggestions[1].text}")


@pytest.mark.parametrize(("length", "whole"), [(100, True), (101, False)])
def test_a_button_shows_a_hundred_characters_of_a_suggestion(length: int, whole: bool) -> None:
    text = "When was it? ".ljust(length, "?")
    answer = answers.not_in_corpus("en")
    long = replace(answer, suggestions=(replace(answer.suggestions[0], text=text),))
    ((button,),) = no_answer_message(long, "en", "", ["q0"]).keyboard
    assert (button.text == text) is whole
    assert button.text.startswith("When was it?")


def test_around_shows_the_neighbours_in_order() -> None:
    near = [answers.citation(n, "en") for n in (2, 4)]
    shown = answers.citation(3, "en", "من 24")
    state = state_of(answers.answered("en"))
    message = around_message([near[0], shown, near[1]], shown.passage, state)
    check(message)
    texts = [strip_bidi(message.text).index(c.text) for c in (near[0], shown, near[1])]
    assert texts == sorted(texts)
    assert strip_bidi(marked(message, "bold")[0]) == "من 24"
    assert parse(message.keyboard[0][0].data or "") == ("back", state)


def huge(letters: str, length: int) -> Citation:
    text = (letters * (length // len(letters) + 1))[:length].strip()
    long = replace(answers.citation(3, "en"), text=text, quote=text)
    return replace(long, highlights=((length // 2, length // 2 + 9),), translation=Translation("en", text))


@pytest.mark.parametrize("letters", ["كلمة ", "word ", "👩‍👩‍👧 ", "كلمةword12", "🇲🇦", "é\u0301"])
@pytest.mark.parametrize("length", [1_000, 1_900, 4_000, 9_000, 40_000])
def test_no_passage_is_too_long(letters: str, length: int) -> None:
    for count in (1, 3):
        answer = replace(answers.answered("en"), citations=(huge(letters, length),) * count)
        message = answer_message(answer, state_of(answer))
        check(message)
        assert marked(message, "bold")
        check(passage_message(answer.citations[0], "en"))
        check(around_message([huge(letters, length)] * 3, "?", state_of(answer)))


@pytest.mark.parametrize("count", [3, 12, 40, 200])
def test_no_list_is_too_long(count: int) -> None:
    items = tuple(replace(huge("كلمة ", 900), paragraph=n, lead_in=None) for n in range(1, count + 1))
    answer = replace(answers.listed("fr"), citations=items)
    message = answer_message(answer, state_of(answer))
    check(message)
    # Translations of three items fit whole, once a button brings back what was written.
    assert ("[…]" in message.text) is (count > 3)


def test_a_long_passage_is_shown_by_the_sentence_that_answers() -> None:
    sentence = "هذا هو الجواب المطلوب."
    text = "مقدمة طويلة. " * 400 + sentence + " خاتمة." * 10
    start = text.index(sentence)
    long = replace(answers.citation(3, "ar"), text=text, highlights=((start + 4, start + 8),))
    answer = replace(answers.answered("ar"), citations=(long,))
    message = answer_message(answer, state_of(answer))
    assert marked(message, "blockquote") == [sentence]
    assert marked(message, "bold")[0] == sentence[4:8]


def test_controls_of_a_source_cannot_turn_the_message_around() -> None:
    text = "قال \u202eINTERPOL\u2066 في \u200f2025\u2069\u2069 وانتهى"
    start = text.index("2025")
    evil = replace(answers.citation(3, "ar"), text=text, highlights=((start, start + 4),))
    answer = replace(answers.answered("ar"), citations=(evil,))
    message = answer_message(answer, state_of(answer))
    check(message)
    assert "\u202e" not in message.text and "\u2066" not in message.text
    assert strip_bidi(marked(message, "bold")[0]) == "2025"


@given(
    st.text(alphabet="ابتث ABC12.()👩🇲🇦\u0301\u202e\u2067\u200f\u2068\u2069", max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=4),
)
def test_displayed_text_is_the_text_with_marks_and_spans_move_along(
    text: str, spans: list[tuple[int, int]]
) -> None:
    marks = tuple((start, end) for start, end in spans if 0 <= start < end <= len(text))
    shown = displayed(Marked(text, marks))
    assert strip_bidi(shown.text) == strip_bidi(text)
    assert shown.text.count(FSI) == shown.text.count(PDI)
    kept = [words for start, end in marks if (words := strip_bidi(text[start:end]))]
    moved = [strip_bidi(shown.text[start:end]) for start, end in shown.highlights]
    assert moved == kept


@settings(max_examples=60)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300).filter(str.strip),
    st.integers(0, 300),
    st.integers(1, 40),
    st.sampled_from(INTERFACE_LANGUAGES),
)
def test_any_passage_gives_a_message_that_telegram_takes(
    text: str, start: int, length: int, language: InterfaceLanguage
) -> None:
    text = " ".join(strip_bidi(text).split()) or "x"
    start %= len(text)
    citation = replace(
        answers.citation(3, language),
        text=text,
        highlights=((start, min(len(text), start + length)),),
        lead_in=Quote("d#1", text, 0, len(text)),
        translation=Translation(language, text),
    )
    answer = replace(answers.answered(language), citations=(citation, citation))
    message = answer_message(answer, state_of(answer))
    assert units(message.text) <= LONGEST_MESSAGE
    assert strip_bidi(text) in strip_bidi(message.text)


def test_what_is_not_rated_has_no_rating_buttons() -> None:
    answer = answers.one_item("en")
    message = answer_message(answer, replace(state_of(answer), mark=NOT_RATED))
    assert "👍" not in readable(message)


@pytest.mark.parametrize("interface", INTERFACE_LANGUAGES)
def test_the_bots_own_words(interface: InterfaceLanguage) -> None:
    question = "من رأس \u202eالوفد؟ 👩‍👩‍👧"
    places = [place(answers.citation(3, interface), interface)]
    for message in (
        language_message(interface),
        sources_message([answers.document()] * 20, 30, interface),
        context_message(None, [], interface, 30),
        context_message(Context(question, ("d#3",)), places, interface, 30),
        context_message(Context(question, ("d#3",), refused=question), places, interface, 30),
    ):
        check(message)
        assert "\u202e" not in message.text


@pytest.mark.parametrize(("total", "more"), [(2, False), (3, True)])
def test_sources_are_a_line_each(total: int, more: bool) -> None:
    shown = strip_bidi(sources_message([answers.document()] * 2, total, "ar").text).split("\n")
    title, *lines = shown
    assert title == strip_bidi(say("ar", "sources-title"))
    assert sum(answers.document().metadata.title in line for line in lines) == 2
    assert ("…" in lines) is more


def test_a_refused_question_is_remembered_too() -> None:
    places = [place(answers.citation(3, "en"), "en")]
    answered = context_message(Context("When was it?", ("d#3",), refused="Who paid?"), places, "en", 30)
    assert answered.text.index("When was it?") < answered.text.index(places[0])
    assert answered.text.index(places[0]) < answered.text.index("Who paid?")
    alone = context_message(Context(refused="Who paid?"), [], "en", 30)
    assert "Who paid?" in alone.text and say("en", "telegram-context-empty") not in alone.text

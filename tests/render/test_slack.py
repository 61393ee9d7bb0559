"""Answers as Slack blocks: golden files per language, exact quotes, limits, direction."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.answering.answer import Answer, Citation, Translation
from assemblybot.messages import say
from assemblybot.render import slack
from assemblybot.render.localise import localised
from assemblybot.render.slack import MOST_CHARACTERS
from assemblybot.render.slack_message import SlackMessage
from assemblybot.render.slack_shown import LONGEST_VALUE, Cited, Shown
from assemblybot.render.slack_text import cut, escaped, line, paragraph, pieces, size
from assemblybot.text.bidi import FSI, LRM, PDI, RLM, strip_bidi
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant
from tests.doubles.slack_schema import characters, check_message, texts

INDEX = ScriptedAssistant().as_assistant().index
GOLDEN = Path(__file__).parent / "golden" / "slack"


def rendered(make: Callable[[InterfaceLanguage], Answer], language: InterfaceLanguage) -> SlackMessage:
    return slack.render(
        make(language),
        language,
        sources=answers.document().metadata.title,
        link=lambda citation: f"https://example.org/read/{citation.document}#p{citation.paragraph}",
        mark="12345678",
    )


def quotes(message: SlackMessage) -> list[dict[str, Any]]:
    """The quotes of a message, from the first on."""
    elements = [e for b in message.blocks if b["type"] == "rich_text" for e in b["elements"]]
    return [element for element in elements if element["type"] == "rich_text_quote"]


def bold(element: dict[str, Any]) -> list[str]:
    """What is highlighted in a quote."""
    return [part["text"] for part in element["elements"] if part.get("style", {}).get("bold")]


def action(message: SlackMessage, name: str) -> dict[str, Any]:
    """The button of one action; empty when the message has none."""
    elements = [e for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
    return next((element for element in elements if element["action_id"] == name), {})


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("make", answers.KINDS, ids=lambda make: make.__name__)
def test_golden(make: Callable[[InterfaceLanguage], Answer], language: InterfaceLanguage) -> None:
    """Write anew after a wanted change with ASSEMBLYBOT_GOLDEN=write."""
    shown = (
        json.dumps(rendered(make, language).to_dict(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )
    path = GOLDEN / f"{make.__name__}.{language}.json"
    if os.environ.get("ASSEMBLYBOT_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("make", answers.KINDS, ids=lambda make: make.__name__)
def test_slack_takes_it(make: Callable[[InterfaceLanguage], Answer], language: InterfaceLanguage) -> None:
    check_message(rendered(make, language).to_dict())


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_a_quote_is_the_passage_to_the_character(language: InterfaceLanguage) -> None:
    answer = answers.answered("en")
    for whole, shown in (
        (False, answer.citations[0].text.split(". ")[0] + "."),
        (True, answer.citations[0].text),
    ):
        state = replace(Shown.of(answer), whole=whole)
        last = quotes(slack.passages(state, answer.citations, ""))[-1]
        assert strip_bidi("".join(texts(last))) == shown
        assert strip_bidi("".join(bold(last))) == "من 24 إلى 27 نوفمبر 2025 أشغال الدورة الـ93"


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_sentence_that_answers_stands_first_in_the_language_of_its_reader(
    language: InterfaceLanguage,
) -> None:
    message = rendered(answers.answered, language)
    first = answers.document().passages[2].text.split(". ")[0] + "."
    if language != "ar":
        first = answers.document().translations[language][3].split(". ")[0] + "."
    assert strip_bidi(message.text).startswith(first)
    assert message.blocks[0]["type"] == "rich_text"
    marked = strip_bidi("".join(bold(quotes(message)[0])))
    assert "24" in marked
    assert "27" in marked
    assert len(marked) < len(first), "the words that answer, not the whole sentence"


def test_an_unsure_answer_says_so_first() -> None:
    assert rendered(answers.unsure, "en").text.startswith("This comes closest")


def test_the_lead_in_of_one_item_is_translated_too() -> None:
    message = rendered(answers.one_item, "es")
    assert message.text.startswith(answers.document().translations["es"][5])


def test_more_of_the_passage_is_one_button_away_and_back() -> None:
    answer = answers.answered("en")
    button = action(rendered(answers.answered, "en"), "fold_passage")
    shown = Shown.read(button["value"])
    assert shown is not None
    assert shown.whole
    whole = slack.passages(shown, answer.citations, "")
    assert answer.citations[0].text in strip_bidi(whole.text)
    again = Shown.read(action(whole, "fold_passage")["value"])
    assert again == replace(shown, whole=False)
    short = replace(answer, citations=(answers.citation(7, "en", "(scam centres)"),))
    assert not action(slack.render(short, "en"), "fold_passage"), "there is no more of it"


def test_in_the_conversation_with_the_bot_a_source_is_an_element_and_else_a_link() -> None:
    def link(_: Citation) -> str:
        return "https://example.org/read/x#p3"

    direct = slack.render(answers.answered("en"), "en", link=link, direct=True)
    check_message(direct.to_dict())
    (card,) = [block for block in direct.blocks if block["type"] == "task_card"]
    assert card["sources"][0]["url"] == link(answers.answered("en").citations[0])
    assert "¶" in card["sources"][0]["text"]
    assert not action(direct, "open_source")
    assert "context" not in [block["type"] for block in direct.blocks]
    assert direct.plainer is not None
    assert "task_card" not in str(direct.plainer.blocks)
    assert action(direct.plainer, "open_source")
    assert slack.render(answers.answered("en"), "en", link=link).plainer is None
    assert "task_card" not in str(slack.render(answers.answered("en"), "en", direct=True).blocks)


def test_the_text_says_what_the_blocks_say() -> None:
    for language in INTERFACE_LANGUAGES:
        message = rendered(answers.answered, language)
        for block in message.blocks:
            if block["type"] in ("section", "rich_text", "context"):
                for element in block.get("elements", [block]):
                    assert escaped("".join(texts(element))) in message.text


def test_a_translation_is_labelled_and_apart_and_never_shown_to_arabic_readers() -> None:
    english, original = quotes(rendered(answers.answered, "en"))
    assert texts(english)[-2:] == ["\n", "Unofficial translation"]
    assert "24 to 27 November" in "".join(texts(english))
    assert "November" not in "".join(texts(original))
    answer = localised(answers.answered("en"), INDEX, "ar")
    assert "November" not in slack.render(answer, "ar").text


@pytest.mark.parametrize(("make", "where"), [(answers.listed, "6–9"), (answers.introduced, "5–9")])
def test_a_list_shows_its_lead_in_once_and_every_item(
    make: Callable[[InterfaceLanguage], Answer], where: str
) -> None:
    message = rendered(make, "en")
    assert say("en", "answered-list") not in message.text
    rich = [b for b in message.blocks if b["type"] == "rich_text"]
    assert [e["type"] for e in rich[1]["elements"]] == ["rich_text_section", "rich_text_list"]
    lead_in, items = rich[1]["elements"]
    assert strip_bidi(texts(lead_in)[0]) == answers.document().passages[4].text
    assert len(items["elements"]) == 4
    assert where in message.text
    lead_in, items, label = rich[0]["elements"]
    assert "concentrated on themes" in str(lead_in)
    assert len(items["elements"]) == 4
    assert texts(label) == ["Unofficial translation"]


@pytest.mark.parametrize(("first", "offset"), [(1, None), (3, 2)])
def test_a_numbered_list_begins_with_its_own_number(first: int, offset: int | None) -> None:
    items = tuple(
        replace(answers.citation(n, "ar"), text=f"{first + n - 6}. {answers.citation(n, 'ar').text}")
        for n in (6, 7)
    )
    message = slack.render(replace(answers.listed("ar"), citations=items), "ar")
    (shown,) = [e for b in message.blocks for e in b.get("elements", []) if e["type"] == "rich_text_list"]
    assert (shown["style"], shown.get("offset")) == ("ordered", offset)


def test_one_passage_and_the_rest_behind_a_button() -> None:
    message = rendered(answers.answered, "fr")
    assert answers.document().passages[10].text[:30] not in strip_bidi(message.text)
    actions = next(b for b in message.blocks if b["type"] == "actions")
    following = Shown.read(actions["elements"][1]["value"])
    assert following is not None
    assert [cited.passage for cited in following.here] == ["marrakech-2025#11"]


def test_only_a_private_answer_can_be_shared_and_the_question_rides_there_alone() -> None:
    answer = replace(answers.answered("en"), question="When was it?")
    assert "share_answer" not in str(slack.render(answer, "en").blocks)
    assert "When was it?" not in str(slack.render(answer, "en").blocks)
    private = slack.render(answer, "en", private=True)
    buttons = next(b for b in private.blocks if b["type"] == "actions")["elements"]
    assert [b["action_id"] for b in buttons if "When was it?" in b.get("value", "")] == ["share_answer"]


def test_a_shared_answer_names_who_shared_it_and_escapes_the_question() -> None:
    answer = answers.answered("en")
    shown = replace(Shown.of(answer), question="is <!channel> & co?", by="U1", mark="12345678")
    message = slack.passages(shown, answer.citations, "—")
    check_message(message.to_dict())
    buttons = next(b for b in message.blocks if b["type"] == "actions")["elements"]
    kept = {b["action_id"]: Shown.read(b["value"]) for b in buttons}
    assert kept["fold_passage"] == replace(shown, whole=True)
    assert kept["next_passage"] == replace(shown, at=1, question="", by="", mark="")
    assert "<@U1>" in message.text
    (small,) = [block for block in message.blocks if "<@U1>" in str(block)]
    assert small["type"] == "context"
    assert "<!channel>" not in message.text
    assert "&lt;!channel&gt; &amp; co?" in message.text


def test_who_is_no_member_is_told_in_letters_of_full_size() -> None:
    message = slack.not_invited("en", "C1", "/invite @bot")
    check_message(message.to_dict())
    (told,) = message.blocks
    assert told["type"] == "section"
    assert "<#C1>" in told["text"]["text"] == message.text


def test_lines_of_the_bot_begin_in_their_direction() -> None:
    for language in INTERFACE_LANGUAGES:
        for make in answers.KINDS:
            for block in rendered(make, language).blocks:
                if block["type"] in ("section", "context") and make is not answers.not_in_corpus:
                    for text in texts(block):
                        first = text[0]
                        arabic = first == RLM or "\u0600" <= first <= "\u06ff"
                        assert arabic == (language == "ar"), text


def test_isolates_are_balanced_within_every_element() -> None:
    for make in answers.KINDS:
        for text in texts(list(rendered(make, "ar").blocks)):
            assert text.count(FSI) == text.count(PDI)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("INTERPOL، منظمة دولية للشرطة", f"{RLM}{FSI}INTERPOL{PDI}، منظمة دولية للشرطة"),
        ("في 2025", f"في {FSI}2025{PDI}"),
        ("In 2025", "In 2025"),
        ("93", "93"),
    ],
)
def test_paragraphs(text: str, shown: str) -> None:
    assert paragraph(text) == shown


def test_a_line_that_begins_with_a_value_is_led_by_a_mark() -> None:
    assert line(f"{FSI}عنوان{PDI} (3)", "en").startswith(LRM)
    assert line(f"{FSI}Title{PDI} (3)", "ar").startswith(RLM)
    assert line("Hello", "en") == "Hello"


@given(
    st.text(alphabet="ابتث ABC12.()-\u0301<&", max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=4),
)
def test_pieces_are_the_text_again(text: str, spans: list[tuple[int, int]]) -> None:
    assert strip_bidi("".join(piece for piece, _ in pieces(text, spans))) == text


def huge(length: int) -> Citation:
    base = answers.citation(3, "en")
    text = ("كلمة " * length)[:length].strip()
    return replace(base, text=text, quote=text, translation=Translation("en", "word " * (length // 5)))


@pytest.mark.parametrize("length", [100, 5_000, 9_000, 10_900, 30_000, 200_000])
def test_no_passage_is_too_long(length: int) -> None:
    answer = replace(answers.answered("en"), citations=(huge(length),))
    message = slack.render(answer, "en", private=True, link=lambda _: "https://example.org/")
    check_message(message.to_dict())
    assert size(message.blocks) == characters(message.blocks) <= MOST_CHARACTERS
    assert ("only its beginning" in message.text) == (length > MOST_CHARACTERS - 500)


def test_a_long_passage_is_shown_by_the_sentence_that_answers() -> None:
    sentence = "هذا هو الجواب المطلوب."
    text = "مقدمة. " * 3000 + sentence
    start = text.index(sentence)
    long = replace(huge(100), text=text, quote=sentence, highlights=((start + 4, start + 8),))
    for whole in (False, True):
        shown = replace(Shown.of(replace(answers.answered("en"), citations=(long,))), whole=whole)
        message = slack.passages(shown, (long,), "")
        quote = quotes(message)[-1]
        assert "".join(texts(quote)) == sentence
        assert bold(quote) == [sentence[4:8]]
        assert ("only its beginning" in message.text) is whole


def test_a_list_that_is_too_long_goes_on_behind_the_button() -> None:
    items = tuple(replace(huge(300), passage=f"d#{n}", paragraph=n) for n in range(1, 90))
    message = slack.render(replace(answers.listed("en"), citations=items), "en")
    check_message(message.to_dict())
    items_shown = len(next(b for b in message.blocks if b["type"] == "rich_text")["elements"][-1]["elements"])
    value = next(b for b in message.blocks if b["type"] == "actions")["elements"][0]["value"]
    following = Shown.read(value)
    assert following is not None
    assert following.at == items_shown
    assert 20 < items_shown < 89


def test_three_passages_at_most_around_one() -> None:
    citations = [answers.citation(n, "fr") for n in (10, 11, 12, 13)]
    shown = Shown((Cited("d#1"),), "fr").other(tuple(map(Cited.of, citations)), around=True)
    message = slack.passages(shown, citations, "—")
    check_message(message.to_dict())
    assert sum(b["type"] == "context" for b in message.blocks) == 3


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{}",
        "[]",
        "null",
        '[{"language":"en"}]',
        '[["a"],{"language":"xx"}]',
        '[["a",[1]],{"language":"en"}]',
        '[["a"],{"language":"en","at":7}]',
        '[["a"],{"language":"en","at":"0"}]',
        '[["a"],{"language":"en","unknown":true}]',
        '{"c":[["a"]],"l":"en","a":0,"f":""}',
    ],
)
def test_a_button_of_another_version_is_not_misread(value: str) -> None:
    assert Shown.read(value) is None


@given(
    st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4),
    st.sampled_from(INTERFACE_LANGUAGES),
    st.booleans(),
    st.text(max_size=50),
)
def test_state_survives_its_button(
    ids: list[str], language: InterfaceLanguage, flag: bool, question: str
) -> None:
    cited = tuple(Cited(i, ((1, 2),)) for i in ids)
    flags = (flag, not flag, flag, not flag, flag, not flag)
    shown = Shown(cited, language, len(ids) - 1, *flags, "12345678", question, differ=flag)
    assert len(shown.value()) <= LONGEST_VALUE
    assert Shown.read(shown.value()) == shown


def test_a_long_list_fits_its_button() -> None:
    cited = tuple(Cited(f"a-document-with-a-long-name#{number}") for number in range(1, 120))
    other = Shown((*cited, Cited("another#7"), Cited("another#8")), "en", is_list=True)
    assert Shown.read(other.value()) == other


def test_a_question_that_does_not_fit_the_button_stays_behind() -> None:
    shown = Shown((Cited("d#1"),), "en")
    assert shown.asking("؟" * 1990) == shown
    suggestion = answers.not_in_corpus("en").suggestions[0]
    for length in (LONGEST_VALUE, LONGEST_VALUE + 1):
        long = replace(suggestion, text="?" * length)
        message = slack.render(replace(answers.not_in_corpus("en"), suggestions=(long,)), "en")
        check_message(message.to_dict())
        assert ("accessory" in message.blocks[-1]) is (length == LONGEST_VALUE)


def test_cut_ends_with_a_word() -> None:
    assert cut("one two three", 9) == "one two"
    assert cut("onetwothree", 5) == "onetw"
    assert cut("one", 5) == "one"

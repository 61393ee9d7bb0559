"""The pages: exact text, real structure, both directions, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from assemblybot.answering.answer import Answer, Remark, Verdict
from assemblybot.corpus import library
from assemblybot.corpus.document import Document, PassageKind
from assemblybot.messages import say
from assemblybot.render.localise import localised
from assemblybot.render.reader import (
    ASSETS,
    Display,
    Thread,
    answer_page,
    document_page,
    documents_page,
    notice_page,
)
from assemblybot.text.language import INTERFACE_LANGUAGES, InterfaceLanguage, Language, interface_language
from assemblybot.text.sentences import sentences
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant
from tests.render.reader.html import by_id, parsed, text_of

ARTICLE = answers.document()
DOCUMENTS = {ARTICLE.id: ARTICLE}
INDEX = ScriptedAssistant().as_assistant().index


def from_page(url: str) -> Document:
    """The article as if it had been read from `url`."""
    return replace(ARTICLE, metadata=replace(ARTICLE.metadata, source_url=url))


def every_page(language: InterfaceLanguage) -> list[str]:
    display = Display(language)
    made = [answers.answered, answers.listed, answers.one_item, answers.not_in_corpus, answers.greeting]
    return [
        documents_page([ARTICLE], display, ["When?"]),
        document_page(ARTICLE, display),
        *(answer_page(make(language), DOCUMENTS, display) for make in made),
        notice_page("Title", "Text", display, Thread("a question")),
    ]


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_passage_is_there_to_the_character(language: InterfaceLanguage) -> None:
    root = parsed(document_page(ARTICLE, Display(language)))
    for passage in ARTICLE.passages:
        assert text_of(by_id(root, f"text-{passage.number}")) == passage.text
        pair = by_id(root, f"p{passage.number}")
        translation = pair.xpath("p[contains(@class, 'translation')]")
        if language == "ar":
            assert not translation
        else:
            assert text_of(translation[0]) == ARTICLE.translations[language][passage.number]
            assert (translation[0].get("lang"), translation[0].get("dir")) == (language, "ltr")


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_languages_and_directions(language: InterfaceLanguage) -> None:
    root = parsed(document_page(ARTICLE, Display(language)))
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    (top,) = root.xpath("/html/body/header")
    assert (top.get("lang"), top.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    start = parsed(documents_page([ARTICLE], Display(language)))
    assert start.get("lang") == language


def test_runs_that_read_the_other_way_are_isolated() -> None:
    root = parsed(document_page(ARTICLE, Display("en")))
    assert [(b.text, b.get("dir")) for b in by_id(root, "text-7").iter("bdi")] == [("scam centres", "ltr")]
    assert [b.text for b in by_id(root, "text-32").iter("bdi")] == ["6-12"]
    assert "INTERPOL" in [b.text for b in by_id(root, "text-3").iter("bdi")]


def test_structure_of_the_article() -> None:
    root = parsed(document_page(ARTICLE, Display("en")))
    assert [h.get("id") for h in root.iter("h1")] == ["text-1"]
    headings = [p.number for p in ARTICLE.passages if p.kind is PassageKind.HEADING]
    assert [h.get("id") for h in root.xpath("//article/section//h2")] == [f"text-{n}" for n in headings]
    assert root.xpath("//nav//a/@href") == [f"#p{n}" for n in headings]
    assert len(root.xpath("//article//ol")) == 1
    assert len(root.xpath("//article//ul")) == 4
    (numbered,) = root.xpath("//article//ol")
    assert numbered.get("aria-labelledby") == "text-29"
    marks = numbered.xpath("li//*[contains(@class, 'original')]/*[@class='mark']")
    assert [text_of(mark) for mark in marks] == ["1. ", "2. ", "3. "]


def test_what_is_known_of_the_document() -> None:
    page = document_page(
        replace(ARTICLE, metadata=replace(ARTICLE.metadata, source_url="https://example.org/a")),
        Display("fr"),
    )
    (about,) = parsed(page).xpath("//footer[@class='about']")
    said = text_of(about)
    assert ARTICLE.metadata.author in said  # type: ignore[operator]
    assert "24 novembre 2025" in said
    assert about.xpath(".//a/@href") == ["https://example.org/a"]


def test_a_document_of_which_little_is_known(small_corpus: Path) -> None:
    (harbour,) = library.load(small_corpus).documents
    root = parsed(document_page(harbour, Display("ar")))
    assert (root.get("lang"), root.get("dir")) == ("en", "ltr")
    assert [text_of(by_id(root, f"text-{p.number}")) for p in harbour.passages] == [
        p.text for p in harbour.passages
    ]
    assert not root.xpath("//time")
    untitled = replace(harbour, passages=harbour.passages[3:4])
    assert text_of(parsed(document_page(untitled, Display())).xpath("//h1")[0]) == harbour.metadata.title


def test_an_address_that_is_none_is_not_followed() -> None:
    for bad in ("javascript:alert(1)", "data:text/html,x", "//evil.example"):
        page = document_page(from_page(bad), Display())
        assert bad not in page


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_page_is_whole_and_keeps_to_itself(language: InterfaceLanguage) -> None:
    for page in every_page(language):
        root = parsed(page)
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert not root.xpath("//script|//style|//iframe|//object|//@style|//@*[starts-with(name(), 'on')]")
        assert not [
            url for url in root.xpath("//@src|//@href|//@action") if ":" in url or url.startswith("/")
        ]
        assert {url[1:] for url in root.xpath("//@href") if url.startswith("#")} <= set(ids)
        named = " ".join(root.xpath("//@aria-labelledby|//label/@for")).split()
        assert set(named) <= set(ids)
        assert len(root.xpath("//main")) == 1
        assert len(root.xpath("//h1")) == 1
        assert text_of(root.xpath("//title")[0]).strip()


def shown(answer: Answer, display: Display) -> Any:
    chosen = display.language if display.chosen else None
    return parsed(answer_page(localised(answer, INDEX, chosen), DOCUMENTS, display))


def texts(root: Any, path: str) -> list[str]:
    return [text_of(found) for found in root.xpath(path)]


@pytest.mark.parametrize("language", get_args(Language))
def test_an_answer_in_the_language_of_the_question(language: Language) -> None:
    root = shown(answers.answered(language), Display("fr", colours="dark", chosen=False))
    interface = interface_language(language)
    assert root.get("lang") == interface
    assert root.xpath("//*[@class='place']/a/@href") == [
        f"marrakech-2025?translation={interface}&colours=dark#p{number}" for number in (3, 11)
    ]
    sentence = sentences(ARTICLE.passages[2].text)[0].slice(ARTICLE.passages[2].text)
    assert texts(root, "//blockquote") == [sentence, ARTICLE.passages[10].text]
    assert texts(root, "//blockquote//mark") == ["من 24 إلى 27 نوفمبر 2025 أشغال الدورة الـ93"]
    translated = texts(root, "//*[@class='translation']")
    if interface == "ar":
        assert not translated
        assert texts(root, "//details[@class='rest']/p")[0] in ARTICLE.passages[2].text
    else:
        whole = ARTICLE.translations[language]
        assert whole[3].startswith(translated[0])
        assert translated[1] == whole[11]
        assert "24" in texts(root, "//*[@class='translation']//mark")[0]
        assert len(root.xpath("//*[@class='label']")) == 2
        assert whole[1] in texts(root, "//*[@class='place']")[0]
        first = root.xpath("//*[@class='cited']")[0]
        assert [part.get("class") for part in first] == ["label", "translation", None, "place", "rest"]


def test_a_chosen_language_is_that_of_the_whole_answer() -> None:
    root = shown(answers.answered("fr"), Display("es"))
    assert root.get("lang") == "es"
    spanish = ARTICLE.translations["es"]
    assert spanish[3].startswith(texts(root, "//*[@class='translation']")[0])
    assert root.xpath("//*[@class='place']/a/@href")[0] == "marrakech-2025?lang=es#p3"
    assert say("es", "translation-label") in texts(root, "//*[@class='label']")
    refused = shown(answers.not_in_corpus("fr"), Display("es"))
    asked = {question for by in ARTICLE.questions.values() for question in by["es"]}
    assert set(refused.xpath("//form[@class='suggestions']//button/@value")) <= asked


def test_a_list_stands_under_its_lead_in_over_one_source_line() -> None:
    root = shown(answers.listed("en"), Display())
    english, numbers = ARTICLE.translations["en"], (6, 7, 8, 9)
    assert texts(root, "//*[@class='lead-in']") == [english[5], ARTICLE.passages[4].text]
    assert texts(root, "//ul[@aria-labelledby='translated-lead-in-1']/li/span") == [
        english[number] for number in numbers
    ]
    assert texts(root, "//ul[@aria-labelledby='lead-in-1']/li/span") == [
        ARTICLE.passages[number - 1].text for number in numbers
    ]
    addresses = root.xpath("//ul[@aria-labelledby='lead-in-1']//a/@href")
    assert addresses == [f"marrakech-2025?lang=en#p{number}" for number in numbers]
    (place,) = texts(root, "//*[@class='place']")
    assert "6–9" in place
    assert english[4] in place


def test_what_introduces_a_list_has_its_own_number_where_it_is_cited_too() -> None:
    root = shown(answers.introduced("en"), Display())
    introductions = [ARTICLE.translations["en"][5], ARTICLE.passages[4].text]
    assert texts(root, "//*[@class='lead-in']") == [f"5 {text}" for text in introductions]
    addresses = root.xpath("//blockquote//a[@class='item-number']/@href")
    assert addresses == [f"marrakech-2025?lang=en#p{number}" for number in (5, 6, 7, 8, 9)]
    assert texts(root, "//blockquote//li/a") == ["6", "7", "8", "9"]
    (place,) = texts(root, "//*[@class='place']")
    assert "5–9" in place


def test_an_item_alone_stands_under_the_line_over_its_list() -> None:
    root = shown(answers.one_item("en"), Display())
    above = [element.getprevious() for element in root.xpath("//*[@class='cited']/blockquote")]
    assert [text_of(element).strip() for element in above] == [ARTICLE.passages[4].text]
    assert texts(root, "//p[@class='lead-in']") == [ARTICLE.translations["en"][5], ARTICLE.passages[4].text]


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_the_first_page_says_what_it_is_and_what_to_ask(language: InterfaceLanguage) -> None:
    root = parsed(documents_page([ARTICLE], Display(language), ["When?", "Who?"]))
    assert texts(root, "//*[@class='introduction']") == [say(language, "reader-introduction")]
    assert root.xpath("//form[@class='suggestions']//button/@value") == ["When?", "Who?"]
    title = ARTICLE.metadata.title if language == "ar" else ARTICLE.translations[language][1]
    assert texts(root, "//*[@class='documents']//h3") == [title]
    assert not parsed(documents_page([ARTICLE], Display(language))).xpath("//*[@class='suggestions']")


def test_dates_are_in_the_language_of_the_page() -> None:
    root = parsed(document_page(ARTICLE, Display("fr")))
    (dates,) = root.xpath("//*[@class='dates']")
    assert text_of(dates) == "24 novembre 2025 – 27 novembre 2025"
    assert dates.get("lang") == "fr"


def test_a_refusal_cites_nothing_and_offers_questions() -> None:
    answer = answers.not_in_corpus("es")
    root = parsed(answer_page(answer, DOCUMENTS, Display("es")))
    assert not root.xpath("//blockquote")
    offered = root.xpath("//form[@class='suggestions']//button")
    assert [button.get("value") for button in offered] == [
        suggestion.text for suggestion in answer.suggestions
    ]
    assert root.xpath("//form[@class='suggestions']/@method") == ["post"]


def test_each_sentence_of_a_summary_is_a_line_with_a_direction_of_its_own() -> None:
    told = tuple(answers.citation(number, "en") for number in (3, 6))
    summary = Answer("?", "en", Verdict.NOT_A_QUESTION, 1.0, remark=Remark.SUMMARY, key_sentences=told)
    first, *lines = parsed(answer_page(summary, DOCUMENTS, Display())).xpath("//main/section/p")
    assert (first.get("class"), text_of(first)) == ("said", say("en", "summary"))
    assert len(lines) == 4
    assert {line.get("dir") for line in lines} == {"auto"}
    assert all(cited.quote in text_of(line) for cited, line in zip(told, lines[::2], strict=True))


def test_a_question_stands_in_no_address_and_no_title() -> None:
    answer = replace(answers.answered("en"), question="unmistakable words")
    page = answer_page(answer, DOCUMENTS, Display())
    root = parsed(page)
    assert not [url for url in root.xpath("//@href|//@action") if "unmistakable" in url]
    assert "unmistakable" not in text_of(root.xpath("//title")[0])
    assert {form.get("method") for form in root.iter("form")} == {"post"}


def test_names_of_assets_are_of_their_content() -> None:
    page = documents_page([], Display())
    assert all(f"assets/{asset.name}" in page for asset in ASSETS.values())
    assert len({asset.name for asset in ASSETS.values()}) == len(ASSETS)

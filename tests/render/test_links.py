"""Addresses of passages, recognised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot.errors import CitationError
from assemblybot.render.links import Permalinks, parse, passage_of, permalink
from assemblybot.render.reference import Reference, digest, ends, quoted_span
from tests.doubles import answers
from tests.doubles.assistants import ScriptedAssistant


@pytest.mark.parametrize(
    ("path", "passage"),
    [
        ("read/marrakech-2025/12", "marrakech-2025#12"),
        ("read/marrakech-2025/12/", "marrakech-2025#12"),
        ("read/marrakech-2025?lang=en&theme=dark#p12", "marrakech-2025#12"),
        ("read/%D8%AA%D9%82%D8%B1%D9%8A%D8%B1#p1", "تقرير#1"),
        ("read/a%2Fb#p7", "a/b#7"),
        ("read/marrakech-2025#p12:~:text=a,b&quote=00&at=1-2", "marrakech-2025#12"),
    ],
)
def test_other_forms_of_the_same_address(path: str, passage: str) -> None:
    assert passage_of(f"https://example.org/bot/{path}", "https://example.org/bot/") == passage


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.org/bot/read/marrakech-2025#p3",
        "http://example.org/bot/read/marrakech-2025#p3",
        "https://example.org/bot/read/a/b#p3",
        "https://example.org/bot/read/a/b/3",
        "https://example.org/bot/read/marrakech-2025",
        "https://example.org/bot/read/marrakech-2025#px",
        "https://example.org/bot/read/marrakech-2025/x",
        "https://example.org/bot/read/#p3",
        "https://example.org/bot/",
        "nonsense",
    ],
)
def test_other_addresses_are_left_alone(url: str) -> None:
    assert passage_of(url, "https://example.org/bot") is None
    assert passage_of(url, None) is None


URL = "https://example.org/bot/"
INDEX: Any = ScriptedAssistant().index


def test_there_and_back() -> None:
    link = Permalinks(URL).into(INDEX)
    assert link is not None
    citation = answers.citation(3, "en")
    url = str(link(citation))
    text = answers.document().text
    assert url.startswith("https://example.org/bot/read/marrakech-2025#p3:~:text=")
    assert passage_of(url, URL) == "marrakech-2025#3"
    found = parse(url)
    assert text[found.start : found.end] == citation.quote
    assert found.stands(text) and found.is_of(text)
    assert list(found.found(text)) == [found.start]


def test_nothing_of_it_is_sent_to_the_server() -> None:
    link = Permalinks(URL).into(INDEX)
    assert link is not None
    address = urlsplit(str(link(answers.citation(3, "en"))))
    assert (address.path, address.query) == ("/bot/read/marrakech-2025", "")


def test_a_document_has_a_page() -> None:
    assert (
        Permalinks(URL).page(INDEX, "تقرير") == "https://example.org/bot/read/%D8%AA%D9%82%D8%B1%D9%8A%D8%B1"
    )
    assert Permalinks(None).page(INDEX, "report") is None


def test_no_reader_no_links() -> None:
    assert Permalinks(None).into(INDEX) is None
    assert Permalinks("").into(INDEX) is None


def test_the_words_to_mark_are_those_of_the_quote() -> None:
    link = Permalinks(URL).into(INDEX)
    assert link is not None
    citation = answers.citation(3, "en")
    directive = str(link(citation)).partition(":~:text=")[2].partition("&")[0]
    first, last = map(unquote, directive.split(","))
    assert citation.quote.startswith(first) and citation.quote.endswith(last)


@given(st.text(min_size=1, max_size=400), st.text(max_size=30), st.text(max_size=30))
def test_any_quote_is_found_again(quote: str, before: str, after: str) -> None:
    text = before + quote + after
    reference = Reference.of(
        "a/b ؟", len(before), quote, document_digest=digest(text), index="0123456789abcdef"
    )
    url = permalink(URL, 1, reference, quote)
    assert url.isascii() and len(url) < 2_000
    found = parse(url)
    assert (found.document, found.start, found.end, found.index) == (
        "a/b ؟",
        len(before),
        len(before) + len(quote),
        "0123456789abcdef",
    )
    assert found.stands(text) and found.is_of(text) and not found.is_of(text + ".")
    assert len(before) in found.found(text)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("1. Sign it.", "1.%20-,Sign%20it."),
        ("• Sign-off", "%E2%80%A2%20-,Sign%2Doff"),
        ("12) " + "word " * 40 + "end", "12%29%20-,word%20word%20word,word%20word%20word%20end"),
        ("a) Sign it.", "a%29%20Sign%20it."),
        ("- ", "%2D%20"),
        ("One- or two", "One%2D%20or%20two"),
    ],
)
def test_the_mark_of_a_list_item_is_named_apart(quote: str, words: str) -> None:
    """A browser finds no words across the space that the reader puts between them."""
    url = permalink(URL, 1, Reference.of("a", 5, quote), quote)
    assert url.partition(":~:text=")[2].partition("&")[0] == words
    assert list(parse(url).found(f"Do: {quote}")) == [4]


def test_a_link_from_before_marks_were_named_apart_is_read() -> None:
    found = parse(GOOD.replace("text=b", "text=1.%20b"))
    assert found.opening == "1. b"


def test_a_sentence_that_stands_twice_is_the_one_with_the_highlight() -> None:
    twice = replace(
        answers.citation(3, "en"),
        quote="It rains.",
        text="It rains. No. It rains.",
        start=100,
        highlights=((14, 16),),
    )
    assert quoted_span(twice) == (114, 123)
    assert quoted_span(replace(twice, highlights=())) == (100, 109)


def test_ends_of_words_without_a_space_are_cut() -> None:
    first, last = ends("a" * 5_000)
    assert (first, last) == ("a" * 40, "a" * 40)


GOOD = "https://example.org/read/a#p1:~:text=b&quote=" + "0" * 32 + "&at=1-2"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "nonsense",
        "https://example.org/read/a#p1",
        "https://[broken",
        GOOD.replace("/read/a", "/else/a"),
        GOOD.replace("/read/a", "/read/"),
        GOOD.replace("text=b", "text="),
        GOOD.replace("&at=1-2", ""),
        GOOD.replace("1-2", "2-1"),
        GOOD.replace("1-2", "1-1"),
        GOOD.replace("1-2", "1-x"),
        GOOD.replace("1-2", "0-99999999999"),
        GOOD.replace("0" * 32, "0" * 8),
        GOOD.replace("0" * 32, "g" * 32),
        GOOD + "&document=short",
    ],
)
def test_what_is_no_permalink(link: str) -> None:
    parse(GOOD)
    with pytest.raises(CitationError, match="no permalink"):
        parse(link)

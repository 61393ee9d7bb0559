"""No text, whoever wrote it, becomes markup."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assemblybot.answering.answer import Answer, Citation, Context, Quote, Suggestion, Translation, Verdict
from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind
from assemblybot.render.reader import (
    Display,
    Thread,
    answer_page,
    document_page,
    documents_page,
    notice_page,
)
from tests.render.reader.html import parsed, text_of

MARKUP = [
    *("<script>alert(1)</script>", "<b>", "\"'><img src=x onerror=y>", "</title>", "<!--", "]]>"),
    *("</p>", "</bdi>", "</mark>", "&amp;", "&#60;", "{{ 7*7 }}", "{% raw %}"),
]
SOME = st.lists(
    st.sampled_from(MARKUP)
    | st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=8)
    | st.sampled_from(["مراكش", " INTERPOL ", "2025", "«", " "]),
    min_size=1,
    max_size=6,
).map("".join)
# What depends on where a text reads left to right, is highlighted, or begins with a list mark.
INLINE = {"bdi", "mark", "span"}


def tags(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Elements and names of their attributes, in order."""
    return [
        (element.tag, tuple(sorted(element.keys())))
        for element in parsed(page).iter()
        if element.tag not in INLINE
    ]


def document(text: str) -> Document:
    kinds = (PassageKind.TITLE, PassageKind.BYLINE, PassageKind.HEADING, PassageKind.LEAD_IN)
    passages = [Passage("d", n, kind, text, 0, len(text)) for n, kind in enumerate(kinds, start=1)]
    passages.append(Passage("d", 5, PassageKind.ITEM, text, 0, len(text), lead_in=4))
    return Document(
        "d",
        text,
        Metadata(text, "ar", text, None, text, {"event": text, "begins": text, "ends": text, "x": text}),
        tuple(passages),
        {"en": dict.fromkeys(range(1, 6), text)},
    )


def answer(text: str) -> Answer:
    cited = Citation(
        "d#5", "d", text, text, 5, PassageKind.ITEM, text, text, 0, len(text), ((0, len(text)),), 1.0,
        anchor=text, lead_in=Quote("d#4", text, 0, len(text)), translation=Translation("en", text),
    )  # fmt: skip
    return Answer(text, "en", Verdict.ANSWERED, 1.0, (cited,), (Suggestion(text, "d#5"),))


def pages(text: str) -> list[str]:
    made, context = document(text), Context(text, (text,))
    return [
        document_page(made, Display("en")),
        documents_page([made], Display("en"), [text]),
        answer_page(answer(text), {"d": made}, Display("en"), Thread(text, context, context)),
        notice_page(text, text, Display("en"), Thread(text, context, context)),
    ]


PLAIN = [tags(page) for page in pages("x")]


@settings(max_examples=60)
@given(SOME)
def test_text_changes_no_element_and_no_attribute(text: str) -> None:
    assert [tags(page) for page in pages(text)] == PLAIN


@settings(max_examples=40)
@given(SOME)
def test_text_is_shown_as_it_is(text: str) -> None:
    page, _, answered, notice = (parsed(page) for page in pages(text))
    shown: list[Any] = [
        *page.xpath("//*[starts-with(@id, 'text-')]"),
        *page.xpath("//*[@class='translation']"),
        *answered.xpath("//blockquote"),
        *answered.xpath("//h1"),
        *notice.xpath("//h1"),
    ]
    assert len(shown) == 5 + 5 + 1 + 1 + 1
    assert {text_of(element) for element in shown} == {text}
    assert answered.xpath("//button[@name='question']/@value") == [text]
    assert notice.xpath("//input[@id='question']/@value") == [text]

"""Summaries of documents that are called by their title."""

from __future__ import annotations

import pytest

from assemblybot import Assistant
from assemblybot.answering.answer import Remark
from assemblybot.answering.title import titled
from assemblybot.corpus import adding, library
from assemblybot.corpus.document import Document, Metadata
from assemblybot.embedding import Embedder
from assemblybot.index.build import build
from assemblybot.startup import silent
from assemblybot.text.language import Language, identify
from tests.conftest import Answering

POLICY = """# Staff Travel Policy

## Booking

Trips are booked by the office at least two weeks before they begin.

## Daily allowance

The allowance is 45 euros a day in the country and 70 euros abroad.
"""
MINUTES = """# محضر اجتماع جمعية الآباء

## التمدرس

قررت الجمعية تنظيم دروس الدعم كل سبت ابتداء من 4 أكتوبر.

## النقل

يبلغ واجب النقل المدرسي 120 درهما في الشهر.
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, answering: Answering) -> Assistant:
    folder = tmp_path_factory.mktemp("titles")
    for name, text in (("policy.md", POLICY), ("minutes.md", MINUTES)):
        (folder / name).write_text(text, encoding="utf-8")
    list(adding.add(sorted(folder.glob("*.md")), folder / "corpus"))
    return answering(build(library.load(folder / "corpus"), embedder, silent))


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("Summarise the travel policy", "Staff Travel Policy"),
        ("What is the staff travel policy about?", "Staff Travel Policy"),
        ("Fais-moi un résumé de la Staff Travel Policy", "Staff Travel Policy"),
        ("لخص محضر جمعية الآباء", "محضر اجتماع جمعية الآباء"),
        ("لخص ليا هاد المحضر", "محضر اجتماع جمعية الآباء"),
    ],
)
def test_a_document_is_summarised_by_its_title(both: Assistant, asked: str, title: str) -> None:
    answer = both.answer(asked)
    assert answer.remark is Remark.SUMMARY
    assert [source.metadata.title for source in answer.sources] == [title]
    assert answer.key_sentences


@pytest.mark.parametrize(
    "asked",
    [
        "When are trips booked under the travel policy?",
        "Who wrote the staff travel policy?",
        "كم واجب النقل المدرسي؟",
        "متى اجتماع جمعية الآباء؟",
    ],
)
def test_a_question_that_says_the_title_is_a_question(both: Assistant, asked: str) -> None:
    assert both.answer(asked).remark is None


def document(title: str, language: Language) -> Document:
    return Document(title, "", Metadata(title, language), ())


REPORTS = (document("Annual report 2023", "en"), document("Report on the harbour", "en"))


@pytest.mark.parametrize(
    ("asked", "title", "rest"),
    [
        ("Summarise the report", "Annual report 2023", "Summarise the document"),
        ("Summarise the harbour report!", "Report on the harbour", "Summarise the document"),
        ("Summarise the report of 2023", "Annual report 2023", "Summarise the document"),
        ("¿De qué trata el Annual Report?", "Annual report 2023", "De qué trata el documento"),
    ],
)
def test_the_document_with_most_words_of_its_title(asked: str, title: str, rest: str) -> None:
    found = titled(REPORTS, asked, identify(asked))
    assert found is not None
    assert (found.document.metadata.title, found.rest) == (title, rest)


@pytest.mark.parametrize(
    "asked",
    [
        "Who is on it?",
        "The ferry that the harbour master ordered in May had to turn back at night because of ice",
    ],
)
def test_no_title_or_much_else(asked: str) -> None:
    assert titled(REPORTS, asked, "en") is None

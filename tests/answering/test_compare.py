"""What several documents say to one question: small reports in five languages."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assemblybot import Answer, Assistant
from assemblybot.answering.compare import differ
from assemblybot.corpus.document import Document, Metadata
from assemblybot.corpus.library import Corpus
from assemblybot.corpus.passages import split
from assemblybot.corpus.readers import read
from assemblybot.embedding import Embedder
from assemblybot.index.build import build
from assemblybot.startup import silent
from tests.conftest import ROOT, Answering

REPORTS = tomllib.loads((ROOT / "tests/data/compared.toml").read_text("utf-8"))
ASKED = [(code, text, kind) for code, reports in REPORTS.items() for text, kind in reports["questions"]]
DIFFERENT = ("number", "date", "name")
Over = Callable[..., Assistant]


@pytest.fixture(scope="module")
def over(embedder: Embedder, answering: Answering, tmp_path_factory: pytest.TempPathFactory) -> Over:
    """An assistant over documents given as name, text and date."""
    folder = tmp_path_factory.mktemp("reports")

    def document(name: str, text: str, day: str | None) -> Document:
        file: Path = folder / f"{name}.md"
        file.write_text(text, "utf-8")
        extract = read(file)
        passages = split(name, extract)
        about = {"date": day} if day else {}
        metadata = Metadata(passages[0].text, name.split("-")[0], about=about)
        return Document(name, extract.text, metadata, passages)

    def make(*documents: tuple[str, str, str | None]) -> Assistant:
        made = tuple(document(*one) for one in documents)
        return answering(build(Corpus(made, ""), embedder, silent))

    return make


@pytest.fixture(scope="module")
def reports(over: Over) -> Assistant:
    """All reports, in five languages, each with its date."""
    return over(
        *(
            (f"{code}-{which}", texts[which], day)
            for code, texts in REPORTS.items()
            for which, day in (("older", "2020-02-03"), ("newer", "2025-02-03"))
        )
    )


def documents(answer: Answer) -> list[str]:
    return [citation.document for citation in answer.citations]


def test_contradictions_are_told_and_nothing_else(reports: Assistant) -> None:
    answers = [(code, kind, reports.answer(text)) for code, text, kind in ASKED]
    told = [answer.question for _, kind, answer in answers if kind not in DIFFERENT and answer.sources_differ]
    assert told == []
    found = [(code, answer) for code, kind, answer in answers if kind in DIFFERENT and answer.sources_differ]
    assert len(found) >= 14  # of 15
    assert {code for code, _ in found} == set(REPORTS)
    for code, answer in found:
        assert documents(answer) == [f"{code}-newer", f"{code}-older"]
        assert [citation.day for citation in answer.citations] == [date(2025, 2, 3), date(2020, 2, 3)]


def test_documents_that_agree_are_both_cited_newest_first(reports: Assistant) -> None:
    agree = [(code, reports.answer(text)) for code, text, kind in ASKED if kind == "agree"]
    both = [code for code, answer in agree if documents(answer)[:2] == [f"{code}-newer", f"{code}-older"]]
    assert len(both) >= 7  # of 10
    assert len(set(both)) >= 4  # of 5 languages


def test_what_one_document_says_is_its_answer_alone(reports: Assistant) -> None:
    for code, text, kind in ASKED:
        if kind == "one":
            assert documents(reports.answer(text))[0] == f"{code}-older"


WELL = "# {}\n\nThe well of Ardun is {} metres deep.\n\nIts water is clear.\n"


def test_two_documents(over: Over) -> None:
    assistant = over(
        ("en-a", WELL.format("Letter", 28), "2011-05-01"), ("en-b", WELL.format("Report", 35), "2018-05-01")
    )
    answer = assistant.answer("How deep is the well of Ardun?")
    assert answer.sources_differ
    assert documents(answer) == ["en-b", "en-a"]


def test_three_documents_and_one_without_a_date(over: Over) -> None:
    assistant = over(
        ("en-a", WELL.format("Survey", 31), None),
        ("en-b", WELL.format("Letter", 28), "2011-05-01"),
        ("en-c", WELL.format("Report", 35), "2018-05-01"),
    )
    answer = assistant.answer("How deep is the well of Ardun?")
    assert answer.sources_differ
    assert documents(answer) == ["en-c", "en-b", "en-a"]


def test_sentences_that_differ_in_most_of_their_words(over: Over) -> None:
    """Two names make short sentences less alike."""
    older = "# Rules of the garden\n\nThe waiting list is kept by Marisol Quintana.\n"
    newer = "# Changes to the rules\n\nThe waiting list is now kept by Tobias Lindqvist.\n"
    answer = over(("en-a", older, "2024-03-01"), ("en-b", newer, "2025-11-20")).answer(
        "Who keeps the waiting list?"
    )
    assert answer.sources_differ
    assert documents(answer) == ["en-b", "en-a"]


DEEP = (
    "The well of Ardun is {} metres deep.",
    "The well of Ardun has a depth of {} metres.",
    "We measured that the well of Ardun is {} metres deep.",
    "According to the plan, the well of Ardun is {} metres deep.",
)


@pytest.mark.parametrize(
    ("said", "cited"),
    [((28, 35, 35, 35), "dca"), ((35, 28, 35, 35), "dcb"), ((35, 35, 35, 28), "dcb"), ((35,) * 4, "dcb")],
)
def test_of_more_documents_than_are_cited_one_that_differs_is(
    over: Over, said: tuple[int, ...], cited: str
) -> None:
    written = zip("abcd", DEEP, said, strict=True)
    assistant = over(
        *(
            (f"en-{name}", f"# {name}\n\n{words.format(metres)}\n", f"20{number}-01-01")
            for number, (name, words, metres) in enumerate(written, start=10)
        )
    )
    answer = assistant.answer("How deep is the well of Ardun?")
    assert answer.sources_differ is (len(set(said)) > 1)
    assert "".join(document.removeprefix("en-") for document in documents(answer)) == cited


def test_of_copies_only_the_newest_is_cited(over: Over) -> None:
    copies = [(f"en-{day}", WELL.format("Survey", 31), f"20{day}-05-01") for day in (11, 18, 15)]
    answer = over(*copies).answer("How deep is the well of Ardun?")
    assert not answer.sources_differ
    assert documents(answer)[0] == "en-18"
    assert len({citation.text for citation in answer.citations}) == len(answer.citations)


UNRELATED = (
    ("en-fair", "# Fair\n\nThe fair of Osmund opened on 4 June 2024 and had 900 guests.\n", "2026-01-01"),
    ("fr-pain", "# Le pain\n\nLa boulangère Odile Marchand cuit 300 pains le lundi.\n", "2026-01-01"),
    ("ar-قطار", "# القطار\n\nيصل القطار إلى مدينة السلام في الساعة 9 كل يوم.\n", "2026-01-01"),
)


@pytest.mark.parametrize("unrelated", UNRELATED, ids=lambda one: str(one[0])[:2])
@pytest.mark.parametrize("code", ["en", "ary"])
def test_an_unrelated_document_changes_nothing(
    over: Over, unrelated: tuple[str, str, str], code: str
) -> None:
    older = (f"{code}-older", REPORTS[code]["older"], "2020-02-03")
    alone, beside = over(older), over(older, unrelated)
    for text, _ in REPORTS[code]["questions"]:
        one, two = alone.answer(text), beside.answer(text)
        assert not two.sources_differ
        assert [c.passage for c in two.citations[:1]] == [c.passage for c in one.citations[:1]]


@pytest.mark.parametrize(
    ("question", "one", "two", "told"),
    [
        ("How many came?", "1,200 delegates", "1.200 delegates", False),
        ("How many came?", "1,200 delegates in 2024", "1,300 delegates in 2024", True),
        ("How many came in 2024?", "2024", "1,300", False),
        ("كم عدد الحاضرين؟", "١٢٠٠", "1200 مندوب", False),
        ("Combien coûte l'entrée ?", "3,40 €", "4 €", True),
        ("When was it?", "24 to 27 November 2025", "27 novembre 2025", False),
        ("متى كان ذلك؟", "3 ماي 2021", "3 مايو 2021", False),
        ("¿Cuándo fue?", "el 3 de mayo", "el 4 de mayo", True),
        ("When was it?", "in 2021", "3 May 2021", False),
        ("Who spoke?", "the mayor Ana Torres", "Ms Torres", False),
        ("Who spoke?", "Ana Torres", "Henry Oakes", True),
        ("Who spoke?", "Ana Torres", "a guest", False),
        ("من ألقى الكلمة؟", "السيد عمر الشرقاوي", "سعاد المرابط", True),
        ("Who spoke?", "Omar Cherkaoui", "سعاد المرابط", False),
        ("Where was it?", "in Fes", "in Tetouan", False),
    ],
)
def test_what_counts_as_different(question: str, one: str, two: str, told: bool) -> None:
    assert differ(question, one, two) is differ(question, two, one) is told


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-02-03", date(2025, 2, 3)),
        ("2025-02-03T09:30:00+01:00", date(2025, 2, 3)),
        ("9999-12-31", date(9999, 12, 31)),
        ("soon", None),
        ("", None),
        ("2025", None),
        ("2025-02-30", None),
        ("03/02/2025", None),
        ("٢٠٢٥-٠٢-٠٣", None),
        ("-1-02-03", None),
        ("[2025-02-03]", None),
    ],
)
def test_the_day_of_a_document_is_a_date_of_its_metadata(written: str, day: date | None) -> None:
    known = Metadata("Report", "en", about={"date": written})
    assert known.day == day
    assert replace(known, about={"published": written}).day == day


def test_documents_without_a_date_that_can_be_read_are_older_than_the_others(over: Over) -> None:
    days = ("soon", "2011-05-01", "2025-02-30")
    written = zip(("en-a", "en-b", "en-c"), (31, 28, 35), days, strict=True)
    answer = over(*((name, WELL.format(name, deep), day) for name, deep, day in written)).answer(
        "How deep is the well of Ardun?"
    )
    assert answer.sources_differ
    assert [citation.day for citation in answer.citations] == [date(2011, 5, 1), None, None]
    assert documents(answer)[0] == "en-b"

"""Answers on the real article with the shipped model."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from assemblybot import Assistant, Context, Remark, Verdict
from assemblybot.corpus.document import PassageKind
from assemblybot.errors import QuestionError
from assemblybot.text.language import LANGUAGES
from tests.conftest import ARTICLE, ROOT

DEV = [json.loads(line) for line in (ROOT / "tests/data/dev.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.slow
def test_every_citation_of_every_dev_answer_is_a_slice_of_the_original(assistant: Assistant) -> None:
    original = ARTICLE.read_bytes().decode("utf-8")
    cited = 0
    for record in DEV[::5]:
        answer = assistant.answer(record["question"])
        for citation in answer.citations:
            cited += 1
            assert original[citation.start : citation.end] == citation.text
            assert citation.quote in citation.text
            for start, end in citation.highlights:
                assert 0 <= start < end <= len(citation.text)
            if citation.lead_in:
                assert original[citation.lead_in.start : citation.lead_in.end] == citation.lead_in.text
    assert cited > 40


def test_a_list_comes_whole_in_order_with_its_lead_in(assistant: Assistant) -> None:
    answer = assistant.answer("ما هي توصيات الكاتب؟ اذكرها كلها")
    assert answer.is_list
    assert [c.paragraph for c in answer.citations] == [39, 40, 41, 42]
    assert {c.lead_in.passage for c in answer.citations if c.lead_in} == {"marrakech-2025#38"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_abstaining_shows_no_source_and_offers_three_questions(assistant: Assistant, language: str) -> None:
    question = {
        "ar": "ما وصفة الكسكس بالخضر؟",
        "ary": "كيفاش نصايب الطاجين ديال الدجاج؟",
        "ary-Latn": "chkoun rbe7 kass l3alam 2018?",
        "fr": "Comment cuire un gâteau au chocolat ?",
        "en": "How do I bake a chocolate cake?",
        "es": "¿Cómo se prepara una paella?",
    }[language]
    answer = assistant.answer(question)
    assert (answer.language, answer.verdict) == (language, Verdict.NOT_IN_CORPUS)
    assert not answer.citations
    assert len(answer.suggestions) == len(set(answer.suggestions)) == 3
    for suggestion in answer.suggestions:
        assert assistant.answer(suggestion.text).verdict is Verdict.ANSWERED


def test_remarks_are_not_questions(assistant: Assistant) -> None:
    answer = assistant.answer("Bonjour !")
    assert (answer.verdict, answer.remark, answer.citations) == (Verdict.NOT_A_QUESTION, Remark.GREETING, ())
    assert len(answer.suggestions) == 3


@pytest.mark.parametrize("keywords", ["délégués pizza", "المغرب رائع"])
def test_a_few_words_are_looked_for_when_the_documents_hold_one_of_them(
    assistant: Assistant, keywords: str
) -> None:
    assert assistant.answer(keywords).remark is None
    assert assistant.answer(keywords.split()[1]).remark is Remark.CHATTER


def test_what_next_goes_on_in_the_document(assistant: Assistant) -> None:
    context = Context("Qui est Hammouchi ?", ("marrakech-2025#20",))
    answer = assistant.answer("et ensuite ?", context)
    assert answer.is_list
    assert [c.paragraph for c in answer.citations] == [23, 24, 25, 26]


def test_what_next_after_the_end(assistant: Assistant) -> None:
    answer = assistant.answer("more", Context("x", ("marrakech-2025#43",)))
    assert (answer.verdict, answer.remark) == (Verdict.NOT_A_QUESTION, Remark.END)


def test_a_follow_up_leans_on_the_question_before(assistant: Assistant) -> None:
    context = Context("How many delegates came?", ("marrakech-2025#12",))
    joined = assistant.answer("and countries?", context)
    assert joined.verdict is Verdict.ANSWERED
    assert joined.citations[0].paragraph == 12


@pytest.mark.parametrize(
    "question",
    [
        "أين انعقدت الجمعية العامة؟",
        "فين دارت الجمعية العامة؟",
        "fin daret jam3iya l3amma?",
        "Où s'est tenue l'Assemblée générale ?",
        "Where was the General Assembly held?",
        "Where was the assembly held?",
        "What city hosted the assembly?",
        "¿Dónde se celebró la Asamblea General?",
    ],
)
def test_the_place_of_the_assembly_is_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.answer(question)
    assert answer.verdict is Verdict.ANSWERED
    assert 3 in [citation.paragraph for citation in answer.citations]


@pytest.mark.parametrize(
    ("before", "said", "language"),
    [
        ("Combien de délégués étaient présents ?", "ok", "fr"),
        ("شحال ديال المندوبين حضرو؟", "ومن بعد؟", "ary"),
        ("ch7al mn mandoub 7der?", "zid", "ary-Latn"),
    ],
)
def test_a_word_alone_is_in_the_language_of_the_conversation(
    assistant: Assistant, before: str, said: str, language: str
) -> None:
    assert assistant.answer(said, Context(before, ("marrakech-2025#12",))).language == language


def test_translations_follow_the_asker(assistant: Assistant) -> None:
    french = assistant.answer("Qui a écrit cet article ?").citations[0]
    assert french.translation is not None
    assert french.translation.language == "fr"
    assert assistant.answer("من كتب هذا المقال؟").citations[0].translation is None


def test_title_byline_and_headings_are_citable(assistant: Assistant) -> None:
    assert assistant.answer("بقلم حسن الخلقي").citations[0].kind is PassageKind.BYLINE
    assert assistant.answer("عنوان المقال").citations[0].kind is PassageKind.TITLE
    heading = assistant.passage("marrakech-2025#37")
    assert heading is not None
    assert heading.kind is PassageKind.HEADING
    assert assistant.passage("marrakech-2025#99") is None


def test_a_search_gives_the_best_passages_without_a_verdict(assistant: Assistant) -> None:
    query = "وفد المملكة"
    found = assistant.search(query, 4, language="en")
    assert len({citation.passage for citation in found}) == 4
    assert found[:2] == assistant.search(query, 2, language="en")
    assert "marrakech-2025#20" in [citation.passage for citation in found]
    scores = [citation.score for citation in found]
    assert scores == sorted(scores, reverse=True)
    assert {citation.translation and citation.translation.language for citation in found} == {"en"}
    assert {citation.translation for citation in assistant.search(query, 1)} == {None}
    with pytest.raises(QuestionError):
        assistant.search("؟؟؟", 4)


def test_threads_get_the_answers_they_would_get_alone(assistant: Assistant) -> None:
    questions = [record["question"] for record in DEV[:8]]
    alone = [assistant.answer(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(assistant.answer, questions)) == alone


def test_highlights_fall_in_the_sentence_that_answers(assistant: Assistant) -> None:
    citation = assistant.answer("من ترأس وفد المملكة؟").citations[0]
    assert citation.quote.startswith("كما ترأس الحموشي وفد المملكة")
    start, end = citation.highlights[0]
    assert "ترأس الحموشي وفد المملكة" in citation.text[start:end]

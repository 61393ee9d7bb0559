"""Replies about documents and about the last answer, from the article and from two small documents."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from assemblybot import Answer, Assistant, Context, Remark, Verdict
from assemblybot.answering.replies import Replies, named_language
from assemblybot.answering.turns import Turn
from assemblybot.corpus import adding, library
from assemblybot.corpus.document import PassageKind
from assemblybot.embedding import Embedder
from assemblybot.index import kept_vectors
from assemblybot.index.build import build
from assemblybot.index.store import IndexStore
from assemblybot.render.localise import localised
from assemblybot.render.terminal import render
from assemblybot.startup import silent
from assemblybot.text.language import Language
from tests.conftest import ROOT, SMALL_TEXT, Answering
from tests.doubles.answers import document
from tests.doubles.indexes import copies, index_of

CHAIR = Context("Who chaired the Moroccan delegation?", ("marrakech-2025#20",))
ARTICLE = "marrakech-2025"


def paragraphs(answer: Answer) -> list[int]:
    return [citation.paragraph for citation in answer.citations]


def nothing(_: str, __: Language) -> Sequence[int]:
    """A search that finds nothing."""
    return ()


def text(assistant: Assistant, answer: Answer) -> str:
    index = assistant.index
    return "\n".join(line.text for line in render(localised(answer, index), index.documents))


@pytest.mark.parametrize(
    ("said", "language", "shown"),
    [
        ("in French please", "fr", "fr"),
        ("بالفرنسية", "fr", "fr"),
        ("en inglés por favor", "en", "en"),
        ("b l3arbiya", "ar", None),
        ("translate this", "en", "en"),
        ("traduis", "fr", "fr"),
    ],
)
def test_the_last_answer_again_in_another_language(
    assistant: Assistant, said: str, language: str, shown: str | None
) -> None:
    answer = assistant.answer(said, CHAIR)
    assert (answer.remark, answer.language, answer.question) == (Remark.TRANSLATE, language, CHAIR.question)
    assert paragraphs(answer) == [20]
    translation = answer.citations[0].translation
    assert (translation and translation.language) == shown
    # Whatever the user chose before, this turn asked for a language.
    assert localised(answer, assistant.index, "es") == localised(answer, assistant.index)


@pytest.mark.parametrize("said", ["in French please", "why?", "and then?", "traduis"])
def test_nothing_can_be_leant_on_before_the_first_answer(assistant: Assistant, said: str) -> None:
    answer = assistant.answer(said)
    assert (answer.verdict, answer.remark) == (Verdict.NOT_A_QUESTION, Remark.NOTHING_YET)
    assert answer.suggestions


def test_a_context_of_documents_that_are_gone_is_none(assistant: Assistant) -> None:
    answer = assistant.answer("translate this", Context("Who?", ("gone#1",)))
    assert answer.remark is Remark.NOTHING_YET


def test_a_complaint_brings_the_next_passages_each_time(assistant: Assistant) -> None:
    first = assistant.answer("that's not what I asked", CHAIR)
    again = assistant.answer(
        "that's not what I asked", Context(first.question, tuple(c.passage for c in first.citations))
    )
    assert first.remark is again.remark is Remark.COMPLAINT
    assert first.question == again.question == CHAIR.question
    assert len({20, *paragraphs(first), *paragraphs(again)}) == 7
    whole = {PassageKind.PARAGRAPH, PassageKind.ITEM}
    assert {c.kind for c in (*first.citations, *again.citations)} <= whole
    assert "rephrase your question" in text(assistant, first)


@pytest.mark.parametrize("said", ["why not?", "why?", "pourquoi ?", "¿por qué no?", "in French please"])
@pytest.mark.parametrize("before", [CHAIR, Context()])
def test_what_asks_about_a_refusal_is_told_what_was_not_found(
    assistant: Assistant, said: str, before: Context
) -> None:
    answer = assistant.answer(said, replace(before, refused="How much is a ticket?"))
    assert (answer.verdict, answer.remark) == (Verdict.NOT_A_QUESTION, Remark.REFUSED)
    assert answer.suggestions
    assert not answer.citations
    assert "How much is a ticket?" in text(assistant, answer)


def test_a_complaint_about_a_refusal_brings_no_passages_of_the_answer_before(assistant: Assistant) -> None:
    answer = assistant.answer("that's not what I asked", replace(CHAIR, refused="How much is a ticket?"))
    assert (answer.remark, answer.citations) == (Remark.COMPLAINT, ())


def test_why_looks_beside_the_last_answer(assistant: Assistant) -> None:
    answer = assistant.answer("why?", Context("Which centres are fought?", ("marrakech-2025#31",)))
    assert answer.remark is Remark.WHY
    assert answer.is_unsure
    assert answer.citations
    assert {c.section for c in answer.citations} == {assistant.passage("marrakech-2025#31").section}  # type: ignore[union-attr]
    assert 31 not in paragraphs(answer)
    # The line before a list would be cited without the list.
    assert all(c.kind is not PassageKind.LEAD_IN for c in assistant.answer("why?", CHAIR).citations)


def test_why_stays_in_the_section_of_the_last_answer(assistant: Assistant) -> None:
    """Also where a passage of another section stands right beside."""
    passages = assistant.index.documents[ARTICLE].passages
    whole = [p for p in passages if p.kind in (PassageKind.PARAGRAPH, PassageKind.ITEM)]
    for before, first in pairwise(whole):
        if first.section != before.section and sum(p.section == first.section for p in whole) > 1:
            answer = assistant.answer("why?", Context("Which centres are fought?", (first.id,)))
            assert {citation.section for citation in answer.citations} == {first.section}


@pytest.mark.parametrize(
    ("said", "language"), [("summarise it", "en"), ("لخصه", "ar"), ("résume-le", "fr"), ("resúmelo", "es")]
)
def test_a_summary_quotes_a_sentence_of_each_section(assistant: Assistant, said: str, language: str) -> None:
    answer = assistant.answer(said, CHAIR)
    document = assistant.index.documents[ARTICLE]
    sections = dict.fromkeys(p.section for p in document.passages if p.section)
    assert (answer.remark, answer.language, answer.citations) == (Remark.SUMMARY, language, ())
    assert {c.section for c in answer.key_sentences} >= set(sections)
    for citation in localised(answer, assistant.index).key_sentences:
        start, end = citation.highlights[0]
        assert document.text[citation.start + start : citation.start + end] == citation.quote
        assert citation.quote in text(assistant, answer)
        if citation.translation and language != "ar":
            assert citation.translation.text in text(assistant, answer)
    assert "2025" in text(assistant, answer)


@pytest.mark.parametrize(("held", "named"), [(1, 1), (20, 20), (21, 21), (25, 21)])
def test_of_many_documents_one_more_is_named_than_is_shown(held: int, named: int) -> None:
    index = index_of(*copies(document(), held))
    sources = Replies(index, nothing).to(Turn.ABOUT_BOT, "what do you know?", "en", None).sources
    assert [source.document for source in sources] == [f"d{number}" for number in range(named)]


@pytest.mark.parametrize(
    ("translated", "remark"),
    [((20, 21), Remark.TRANSLATE), ((21,), Remark.TRANSLATE), ((), Remark.UNTRANSLATED)],
)
def test_an_answer_of_which_some_passages_are_translated_is_shown_again(
    translated: tuple[int, ...], remark: Remark
) -> None:
    french = {number: document().translations["fr"][number] for number in translated}
    index = index_of(replace(document(), translations={"fr": french}))
    before = Context("Who?", (f"{ARTICLE}#20", f"{ARTICLE}#21"))
    answer = Replies(index, nothing).to(Turn.TRANSLATE, "en français", "en", before)
    assert (answer.remark, paragraphs(answer)) == (remark, [20, 21])
    assert tuple(c.paragraph for c in answer.citations if c.translation) == translated


def test_the_bot_names_its_documents(assistant: Assistant) -> None:
    answer = assistant.answer("what sources do you have?")
    assert answer.remark is Remark.ABOUT_BOT
    assert [source.metadata.author for source in answer.sources] == ["حسن الخلقي"]
    assert "The 93rd Session" in text(assistant, answer)
    assert "By: Hassan El Khalki" in text(assistant, answer)
    assert "حسن الخلقي" in text(assistant, assistant.answer("ما هي مصادرك؟"))
    assert "November 24, 2025" in text(assistant, answer)


def test_who_translated_is_answered_from_what_is_known_of_the_document(assistant: Assistant) -> None:
    answer = assistant.answer("who translated it?", CHAIR)
    assert answer.remark is Remark.AUTHOR
    assert "Translations beside it are unofficial" in text(assistant, answer)
    wrote = assistant.answer("who wrote it?", CHAIR)
    assert "Hassan" in text(assistant, wrote)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, answering: Answering) -> Assistant:
    """Two documents about the same harbour; one has an address, the other an author."""
    folder = tmp_path_factory.mktemp("two")
    described = {"harbour": 'source_url = "https://example.org/harbour"', "quay": 'author = "Ana Torres"'}
    for name, more in described.items():
        put = folder / "corpus" / name
        put.mkdir(parents=True)
        about = f'title = "The {name}"\nlanguage = "en"\nfile = "a.txt"\ndate = "2021-05-03"\n{more}\n'
        (put / "document.toml").write_text(about, encoding="utf-8")
        (put / "a.txt").write_text(SMALL_TEXT, encoding="utf-8")
    corpus = library.load(folder / "corpus")
    IndexStore(folder / "index").rebuild(corpus, embedder, silent)
    return answering(IndexStore(folder / "index").load(embedder.id))


def test_of_several_documents_one_is_to_be_chosen(two: Assistant) -> None:
    answer = two.answer("summarise it")
    assert answer.remark is Remark.CHOICE
    assert [source.metadata.title for source in answer.sources] == ["The harbour", "The quay"]
    assert "May 3, 2021" in text(two, answer)


def test_the_document_of_the_last_answer_is_meant(two: Assistant) -> None:
    quay = Context("When did it open?", ("quay#3",))
    summary = two.answer("summarise it", quay)
    assert summary.remark is Remark.SUMMARY
    assert {c.document for c in summary.key_sentences} == {"quay"}
    assert "https" not in text(two, two.answer("give me the link", quay))
    harbour = Context("When did it open?", ("harbour#3",))
    assert "https://example.org/harbour" in text(two, two.answer("give me the link", harbour))


def test_the_author_that_is_asked_for_is_that_of_the_document_just_cited(
    tmp_path: Path, embedder: Embedder, answering: Answering
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (tmp_path / "harbour.txt").write_text(SMALL_TEXT.replace("By Ana Torres\n\n", ""), encoding="utf-8")
    assert list(adding.add([tmp_path / "harbour.txt"], corpus))
    shipped = kept_vectors.read(ROOT / "index", embedder.id)
    assistant = answering(build(library.load(corpus), embedder, silent, known=shipped))
    harbour = Context("When did the harbour open?", ("harbour#2",))
    answer = assistant.answer("Qui a écrit ça ?", harbour)
    assert (answer.remark, [source.document for source in answer.sources]) == (Remark.AUTHOR, ["harbour"])


def test_the_end_is_said(two: Assistant) -> None:
    last = two.index.documents["harbour"].passages[-1]
    answer = two.answer("and then?", Context("When did it open?", (last.id,)))
    assert answer.remark is Remark.END


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("in English please", "en"),
        ("بالدارجة", "ary"),
        ("b darija", "ary-Latn"),
        ("b lfrançais 3afak", "fr"),
        ("b l'anglais", "en"),
        ("قلها بالإسبانية", "es"),
        ("translate this", None),
        ("en français, pas en anglais", "fr"),
    ],
)
def test_languages_are_named(said: str, language: str | None) -> None:
    assert named_language(said) == language


@pytest.mark.parametrize(("said", "language"), [("en français", "fr"), ("ترجم إلى العربية", "ar")])
def test_what_is_not_translated_is_not_said_to_be(two: Assistant, said: str, language: str) -> None:
    before = Context("When did it open?", ("quay#3",))
    answer = two.answer(said, before)
    assert (answer.remark, answer.language) == (Remark.UNTRANSLATED, language)
    assert answer.citations[0].passage == "quay#3"
    assert two.answer("in English", before).remark is Remark.TRANSLATE

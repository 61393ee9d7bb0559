"""Topics of documents without stored questions: what is offered, and what a tap is answered with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblybot import Assistant, Verdict
from assemblybot.answering.suggest import suggest
from assemblybot.chat.telegram.references import References
from assemblybot.corpus.document import Document, Metadata
from assemblybot.corpus.formats import markdown
from assemblybot.corpus.library import Corpus
from assemblybot.corpus.passages import split
from assemblybot.embedding import Embedder
from assemblybot.index.build import build
from assemblybot.index.topics import topics_of
from assemblybot.startup import silent
from assemblybot.text.language import LANGUAGES, Language
from assemblybot.text.sentences import Span
from tests.conftest import Answering

SHORT: dict[Language, str] = {
    "en": """# The beehives of Corran

The village keeps forty beehives on the slope behind the chapel. A school class counts them each May.

Honey is sold at the gate on Saturdays, and the money repairs the chapel roof.

In winter the hives stand in a barn; nobody may light a fire near it.
""",
    "fr": """# Les ruches de Corran

Le village garde quarante ruches sur la pente derrière la chapelle. Une classe les compte chaque mois de mai.

Le miel est vendu à la porte le samedi, et l'argent répare le toit de la chapelle.

En hiver les ruches sont rangées dans une grange ; personne n'y allume de feu.
""",
    "es": """# Las colmenas de Corran

El pueblo cuida cuarenta colmenas en la ladera detrás de la capilla. Una clase las cuenta cada mayo.

La miel se vende en la puerta los sábados, y el dinero repara el techo de la capilla.

En invierno las colmenas están en un granero; nadie puede hacer fuego cerca.
""",
    "ar": """# خلايا النحل في قرية كوران

تعتني القرية بأربعين خلية نحل على السفح خلف المسجد. ويعدها تلاميذ المدرسة كل سنة في ماي.

يباع العسل عند الباب كل يوم سبت، ويصلح السقف بثمنه.

توضع الخلايا في مخزن خلال الشتاء؛ ولا يشعل أحد النار قربه.
""",
    "ary": """# النحل ديال كوران

الدوار عندو ربعين جبح ديال النحل مورا الجامع. ولاد المدرسة كيحسبوهم كل عام فماي.

العسل كيتباع حدا الباب نهار السبت، والفلوس كيتصلح بيها السقف.

فالشتا كيديرو الجباح فواحد الهري؛ وحتى واحد ما يشعل العافية حداه.
""",
}
HEADED = """# Rules of the reading room

## Opening hours

The reading room is open from nine to five on working days.

## Lending of books

Each reader may take four books home:

- for three weeks,
- against a deposit.

## Meals and drinks

Water is allowed; food is not.
"""


def document(name: str, text: str, language: str) -> Document:
    extract = markdown.extract(text.encode())
    passages = split(name, extract)
    return Document(name, extract.text, Metadata(passages[0].text, language), passages)


@pytest.fixture(scope="module")
def short(embedder: Embedder, answering: Answering) -> Assistant:
    """Short documents without headings in five languages, and one with headings, translated to French."""
    headed = document("rules", HEADED, "en")
    translated = {2: "Heures d'ouverture", 3: "La salle de lecture est ouverte de neuf à cinq heures."}
    documents = [document(f"short-{code}", text, code) for code, text in SHORT.items()]
    corpus = Corpus((*documents, replace(headed, translations={"fr": translated})), "")
    return answering(build(corpus, embedder, silent))


@pytest.mark.parametrize("code", SHORT)
def test_a_short_document_without_headings_offers_three_topics(short: Assistant, code: Language) -> None:
    near = short.index.passage_range(f"short-{code}")
    offered = suggest(short.index, code, near)
    assert len({suggestion.text for suggestion in offered}) == 3
    source = SHORT[code].split("\n", 1)
    assert offered[0].text == source[0].removeprefix("# ")
    for suggestion in offered[1:]:
        before, _, after = source[1].partition(suggestion.text)
        assert before.endswith(("\n", ". ")) and after.startswith(("\n", " ", ";", "؛"))


def test_a_heading_that_is_asked_word_for_word_is_answered_with_the_whole_passage(
    embedder: Embedder, answering: Answering
) -> None:
    answer = "The fee is 80 euros. Children under 12, of whom there are many, pay 40 euros in cash."
    faq = document("faq", f"# Visas\n\n## How much is a visa?\n\n{answer}\n", "en")
    citation = (
        answering(build(Corpus((faq,), ""), embedder, silent)).answer("how much is a visa").citations[0]
    )
    assert (citation.quote, citation.highlights) == (answer, ())


def test_a_key_sentence_that_is_asked_word_for_word_is_quoted_alone(short: Assistant) -> None:
    quoted = {}
    for position, span in short.index.key_spans(short.index.passage_range("short-en")).items():
        passage = short.index.passages[position]
        sentence = span.slice(passage.text)
        (citation,) = short.answer(sentence).citations
        assert (citation.passage, citation.quote) == (passage.id, sentence)
        assert citation.highlights == ((span.start, span.end),)
        quoted[sentence] = passage.text
    assert any(sentence != whole for sentence, whole in quoted.items())


def test_an_item_under_a_heading_that_begins_its_sentence_is_cited_with_that(
    embedder: Embedder, answering: Answering
) -> None:
    rules = document("rules", "# Shelter\n\n## It is forbidden to:\n\n- feed the animals\n- run\n", "en")
    citation = answering(build(Corpus((rules,), ""), embedder, silent)).passage("rules#3", "en")
    assert citation and citation.lead_in and citation.lead_in.text == "It is forbidden to:"


@pytest.mark.parametrize("code", SHORT)
def test_a_tapped_topic_is_answered_with_its_passage(short: Assistant, code: Language) -> None:
    references = References(short.index)
    for suggestion in suggest(short.index, code, short.index.passage_range(f"short-{code}")):
        name = references.question_name(suggestion, code)
        assert name and references.question(name) == suggestion.text
        answer = short.answer(suggestion.text)
        assert answer.verdict is Verdict.ANSWERED
        assert answer.citations[0].passage == suggestion.passage


def test_section_titles_come_in_the_language_of_the_asker_where_they_are_translated(short: Assistant) -> None:
    near = short.index.passage_range("rules")
    english, french = (suggest(short.index, language, near) for language in ("en", "fr"))
    assert [found.text for found in english] == ["Opening hours", "Lending of books", "Meals and drinks"]
    assert [found.text for found in french] == ["Heures d'ouverture", "Lending of books", "Meals and drinks"]
    assert [found.passage for found in english] == [found.passage for found in french]
    for suggestion in (*english, *french):
        assert suggestion.passage in [c.passage for c in short.answer(suggestion.text).citations]


def test_a_topic_that_opens_a_list_brings_all_of_it(short: Assistant) -> None:
    answer = short.answer("Lending of books")
    assert answer.is_list
    said = [citation.text for citation in answer.citations]
    assert said[0] == "Each reader may take four books home:"
    assert [text.lstrip("•- ") for text in said[1:]] == ["for three weeks,", "against a deposit."]


def test_two_builds_give_the_same_topics(embedder: Embedder, short: Assistant) -> None:
    again = build(Corpus(tuple(short.index.documents.values()), ""), embedder, silent)
    assert again.key_sentences.tobytes() == short.index.key_sentences.tobytes()
    assert again.topics.tobytes() == short.index.topics.tobytes()
    assert again.offers.tobytes() == short.index.offers.tobytes()


@pytest.mark.parametrize("heading", ["2.", "§ 7", "II", "—", "Article 4", "المادة الخامسة", "x" * 120])
def test_a_heading_that_says_nothing_is_no_topic(embedder: Embedder, heading: str) -> None:
    text = f"# Notes on Corran\n\n## {heading}\n\nThe village keeps forty beehives on the slope.\n"
    index = build(Corpus((document("notes", text, "en"),), ""), embedder, silent)
    assert heading not in [suggestion.text for suggestion in suggest(index, "en")]
    assert suggest(index, "en")


@given(st.lists(st.sampled_from(["The hive hums,", "bees; dance", "rain —", "a: b", "falls."]), max_size=40))
def test_a_topic_is_a_sentence_or_the_clauses_before_a_break(parts: list[str]) -> None:
    sentence = " ".join(["Bees live on the hill", *parts])
    made = document("d", sentence, "en")
    topic = topics_of(made, made.passages[0], Span(0, len(made.passages[0].text)), "en").sentence
    rest = made.passages[0].text.removeprefix(topic)
    assert len(topic) <= 100
    assert topic in ("", made.passages[0].text) or rest.lstrip().startswith((";", ":", "—"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_with_stored_questions_offers_these_alone(
    assistant: Assistant, language: Language
) -> None:
    asked = {
        text
        for found in assistant.index.documents.values()
        for by in found.questions.values()
        for text in by.get(language, ())
    }
    assert {suggestion.text for suggestion in suggest(assistant.index, language)} <= asked


def test_a_tapped_topic_is_answered_within_its_collection(short: Assistant) -> None:
    within = short.over(replace(short.index, collection="press"))
    [topic, *_] = suggest(within.index, "en")
    assert within.answer(topic.text).collection == "press"

"""Names of questions and topics, as they travel in buttons and links."""

from __future__ import annotations

import pytest

from assemblybot.answering.answer import Suggestion
from assemblybot.chat.telegram.references import References
from assemblybot.corpus.document import Document, Metadata
from assemblybot.corpus.formats import markdown
from assemblybot.corpus.passages import split
from assemblybot.text.language import LANGUAGES
from tests.doubles.answers import document
from tests.doubles.indexes import index_of

ARTICLE = document()


def test_every_stored_question_is_found_by_its_name() -> None:
    references = References(index_of(ARTICLE))
    for number, by_language in ARTICLE.questions.items():
        for language in LANGUAGES:
            for question in by_language.get(language, ()):
                name = references.question_name(Suggestion(question, f"{ARTICLE.id}#{number}"), language)
                assert name and references.question(name) == question


def test_every_topic_is_found_by_its_name() -> None:
    extract = markdown.extract(b"# The rules\n\n## Opening hours\n\nIt is open from nine to five.\n")
    rules = Document("rules", extract.text, Metadata("The rules", "en"), split("rules", extract))
    index = index_of(rules)
    references, named = References(index), 0
    for position, passage in enumerate(index.passages):
        for topic in filter(None, index.topics_at(position, "en")):
            name = references.question_name(Suggestion(topic, passage.id), "en")
            assert name and references.question(name) == topic
            named += 1
    assert named >= 2


@pytest.mark.parametrize("suggestion", [("What is this?", f"{ARTICLE.id}#3"), ("When?", "gone#1")])
def test_what_is_not_offered_has_no_name(suggestion: tuple[str, str]) -> None:
    assert References(index_of(ARTICLE)).question_name(Suggestion(*suggestion), "en") is None


@pytest.mark.parametrize("name", ["", "q", "p3", "qAAAAAAAAAeA", "nonsense"])
def test_another_name_finds_nothing(name: str) -> None:
    assert References(index_of(ARTICLE)).question(name) is None

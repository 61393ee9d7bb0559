"""What is shown of many documents reads few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from assemblybot.answering.answer import Verdict
from assemblybot.answering.assistant import Assistant
from assemblybot.answering.evidence import searched_languages
from assemblybot.answering.suggest import suggest
from assemblybot.chat.telegram.references import References
from assemblybot.corpus.document import Document, Metadata, Passage, PassageKind
from assemblybot.corpus.library import Corpus
from assemblybot.embedding import Vectors
from assemblybot.index.build import build
from assemblybot.index.documents import StoredDocuments
from assemblybot.index.files import load as load_parts
from assemblybot.index.files import write
from assemblybot.index.index import Index
from assemblybot.index.manifest import Manifest
from assemblybot.index.store import IndexStore
from assemblybot.render.localise import titles
from assemblybot.render.reader import Display
from assemblybot.service.health import self_test
from assemblybot.service.reader import PageCache
from assemblybot.startup import silent
from assemblybot.text.bidi import strip_bidi
from assemblybot.text.language import LANGUAGES
from tests.doubles import answers
from tests.doubles.indexes import copies, index_of

COUNT = 400
KINDS = (PassageKind.TITLE, PassageKind.PARAGRAPH)


class Drawn:
    """Vectors that are drawn."""

    id = "drawn"
    dimension = 8

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.random.default_rng(1).standard_normal((len(texts), self.dimension), dtype=np.float32)

    embed_queries = embed_passages


def document(number: int, questions: dict[str, tuple[str, ...]]) -> Document:
    name, texts = f"d{number}", (f"Report {number}", f"Well {number} was dug in June.")
    start = len(texts[0]) + 2
    spans = ((0, len(texts[0])), (start, start + len(texts[1])))
    passages = tuple(
        Passage(name, n, kind, text, *span)
        for n, (kind, text, span) in enumerate(zip(KINDS, texts, spans, strict=True), start=1)
    )
    return Document(
        name, "\n\n".join(texts), Metadata(f"Report {number}", "en"), passages, {}, {2: questions}
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Every document has a question in English, the last one in French."""
    folder = tmp_path_factory.mktemp("many")
    listed = [document(number, {"en": (f"When was well {number} dug?",)}) for number in range(COUNT - 1)]
    listed.append(document(COUNT - 1, {"fr": ("Quand ?", "Quand a-t-il été creusé ?")}))
    listed[0] = replace(listed[0], translations={"es": {1: "Informe"}})
    embedder = Drawn()
    write(build(Corpus(tuple(listed), "many"), embedder, silent), "many", embedder, folder)
    manifest = Manifest.read(folder)
    manifest.verify(folder)
    return load_parts(folder, manifest)


def reads(index: Index, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the documents of `index` that are read from now on."""
    numbers: list[int] = []
    documents = cast(StoredDocuments, index.documents)
    numbered = documents.numbered

    def reading(number: int) -> Document:
        numbers.append(number)
        return numbered(number)

    monkeypatch.setattr(documents, "numbered", reading)
    return numbers


@pytest.fixture
def read(index: Index, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return reads(index, monkeypatch)


def test_suggestions_and_their_names(index: Index, read: list[int]) -> None:
    for language in LANGUAGES:
        for near in ((), (7, 5, 1)):
            suggest(index, language, near)
    assert [found.text for found in suggest(index, "fr")] == ["Quand ?"]
    assert suggest(index, "ar") == ()
    assert suggest(index, "en", (5,))[0].text == "When was well 2 dug?"
    references = References(index)
    names = [references.question_name(found, "fr") for found in suggest(index, "fr")]
    assert [references.question(str(name)) for name in names] == ["Quand ?"]
    assert len(set(read)) <= 8


def test_topics_of_documents_without_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = Drawn()
    corpus = Corpus(tuple(replace(document(number, {}), questions={}) for number in range(COUNT)), "topics")
    write(build(corpus, embedder, silent), "topics", embedder, tmp_path)
    stored = load_parts(tmp_path, Manifest.read(tmp_path))
    numbers = reads(stored, monkeypatch)
    assert [found.text for found in suggest(stored, "fr", (701,))] == [
        "Report 350",
        "Well 350 was dug in June.",
        "Report 0",
    ]
    assert stored.about("Well 399 was dug in June.") == [799]
    assert len(set(numbers)) <= 2


def test_codes_titles_languages_and_health(index: Index, read: list[int]) -> None:
    assert index.document_with(int(index.codes[COUNT - 2])) == f"d{COUNT - 2}"
    assert index.document_with(-1) is None
    assert searched_languages(index) == {"en", "es"}
    assert strip_bidi(titles(index.documents, "es")).startswith("«Informe» · «Report 1» · ")
    asked: list[str] = []

    def answer(question: str) -> Any:
        asked.append(question)
        return SimpleNamespace(verdict=Verdict.ANSWERED if question == "Quand ?" else Verdict.NOT_IN_CORPUS)

    self_test(cast(Assistant, SimpleNamespace(index=index, answer=answer)))
    assert "Quand ?" in asked
    assert len(set(read)) <= 12


@pytest.mark.parametrize("count", [1, 100])
def test_one_more_document_has_its_own_texts_embedded(tmp_path: Path, count: int) -> None:
    documents = [document(number, {}) for number in range(count)]
    embedder = Drawn()
    IndexStore(tmp_path).rebuild(Corpus(tuple(documents), "before"), embedder, silent)
    embedder.embedded.clear()
    IndexStore(tmp_path).rebuild(Corpus((*documents, document(500, {})), "after"), embedder, silent)
    assert sorted(embedder.embedded) == ["Report 500", "Well 500 was dug in June."]


def test_whether_a_document_is_there_reads_none(index: Index, read: list[int]) -> None:
    assert f"d{COUNT - 1}" in index.documents
    assert f"d{COUNT}" not in index.documents
    assert not read


def test_a_page_of_the_list(index: Index, read: list[int]) -> None:
    pages = PageCache(index)
    assert pages.lists == COUNT // 100
    html = pages._render(3, Display()).html.decode()
    assert "Report 200<" in html and "Report 299<" in html and "Report 300<" not in html
    assert set(range(200, 300)) <= set(read)
    assert len(set(read)) <= 104


def test_neighbours_stay_in_their_document(index: Index) -> None:
    assert index.neighbours(0) == range(0, 2)
    assert index.neighbours(3, 5) == range(2, 4)
    in_memory = index_of(*copies(answers.document(), 2))
    first = in_memory.passage_range("d1").start
    assert in_memory.neighbours(first) == range(first, first + 2)
    assert in_memory.neighbours(first + 2) == range(first + 1, first + 4)

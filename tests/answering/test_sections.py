"""Sections that are asked for by their number."""

from __future__ import annotations

from pathlib import Path

import pytest

from assemblybot import Assistant, Context, Verdict
from assemblybot.corpus import adding, library
from assemblybot.embedding import Embedder
from assemblybot.index.build import build
from assemblybot.startup import silent
from tests.conftest import Answering

LEASE = """# Contrato de arrendamiento

## Cláusula séptima. Fianza

La arrendataria entrega una fianza de 900 euros, que se devuelve al final.

## Cláusula octava. Animales

Se admite un perro o un gato, con permiso escrito de la propiedad.

## Cláusula undécima. Obras

No se puede hacer ninguna obra sin permiso escrito de la propiedad.
"""
RULES = """# Règlement du jardin

## Article 8

Le jardin ferme à 20 heures en été et à 17 heures en hiver.
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, answering: Answering) -> Assistant:
    folder = tmp_path_factory.mktemp("sections")
    paths: list[Path] = []
    for name, text in (("lease", LEASE), ("rules", RULES)):
        paths.append(folder / f"{name}.md")
        paths[-1].write_text(text, encoding="utf-8")
    assert list(adding.add(paths, folder / "corpus"))
    return answering(build(library.load(folder / "corpus"), embedder, silent))


@pytest.mark.parametrize(
    "question",
    ["clausula 11", "¿Qué dice la cláusula undécima?", "What does clause 11 say?", "ماذا تقول المادة 11؟"],
)
def test_a_section_is_found_by_its_number_in_any_language(both: Assistant, question: str) -> None:
    answer = both.answer(question)
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].section == "Cláusula undécima. Obras"


def test_two_documents_may_have_that_section_and_the_one_cited_last_is_meant(both: Assistant) -> None:
    answer = both.answer("clause 8")
    assert {citation.document for citation in answer.citations} == {"lease", "rules"}
    rules = Context("When does the garden close?", ("rules#3",))
    assert {citation.document for citation in both.answer("clause 8", rules).citations} == {"rules"}


@pytest.mark.parametrize(("question", "document"), [("cláusula 8", "lease"), ("l'article 8", "rules")])
def test_two_documents_may_have_that_section_and_the_one_in_the_language_of_the_question_is_meant(
    both: Assistant, question: str, document: str
) -> None:
    assert {citation.document for citation in both.answer(question).citations} == {document}


def test_what_is_asked_of_a_section_is_answered_from_it_with_a_caveat_at_least(both: Assistant) -> None:
    answer = both.answer("Does clause 11 mention swimming pools?")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.is_unsure
    assert answer.citations[0].section == "Cláusula undécima. Obras"


def test_a_number_that_no_section_has_is_no_section(both: Assistant) -> None:
    assert both.answer("What does clause 40 say?").citations == ()

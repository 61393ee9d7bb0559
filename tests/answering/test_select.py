from pathlib import Path

import numpy as np
import pytest

from assemblybot import Assistant
from assemblybot.answering.query import query
from assemblybot.answering.retrieve import EntryScores, score_entries
from assemblybot.answering.select import asks_for_list, following, select
from assemblybot.corpus import adding, library
from assemblybot.embedding import Embedder, load_embedder
from assemblybot.index.build import build
from assemblybot.startup import silent
from tests.answering.gathered import evidence
from tests.conftest import MODEL, Answering


@pytest.mark.parametrize(
    "text",
    [
        "ما هي التوصيات؟",
        "شنو هوما النقط",
        "Quels sont les axes ?",
        "list the results",
        "What are the priorities?",
        "¿Cuáles son los puntos?",
        "أعطني لائحة القرارات",
        "Donne-moi les recommandations",
        "listez tout",
        "Give me the main points",
        "Describe the different parts",
        "Dame los resultados",
    ],
)
def test_words_that_ask_for_a_list(text: str) -> None:
    assert asks_for_list(text)


@pytest.mark.parametrize(
    "text",
    [
        "من كتب المقال؟",
        "Qui a parlé ?",
        "When was it?",
        "¿Quién habló?",
        "What does this say?",
        "ما المنصب الذي يشغله؟",
        "Donne-moi la date",
        "Tell me who leads it",
        "Dime quién habló",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert not asks_for_list(text)


def scored(assistant: Assistant, question: str) -> EntryScores:
    return score_entries(assistant.index, query(question, "en", load_embedder(str(MODEL))))


def numbers(assistant: Assistant, ranked: list[int], probabilities: list[float], question: str) -> list[int]:
    index = assistant.index
    positions = [index.position[f"marrakech-2025#{number}"] for number in ranked]
    found = evidence(scored(assistant, question), positions, probabilities)
    chosen = select(index, found, question)
    lead_ins = {index.passages[position].lead_in for position in chosen.passages[1:]}
    assert chosen.is_list is (bool(lead_ins) and None not in lead_ins), "a list is known as one"
    return [index.passages[position].number for position in chosen.passages]


def test_a_lead_in_stands_for_its_items(assistant: Assistant) -> None:
    assert numbers(assistant, [5, 1], [0.9, 0.1], "List the points in focus") == [6, 7, 8, 9]
    assert numbers(assistant, [5, 1], [0.9, 0.1], "Did committees meet too?") == [5, 6, 7, 8, 9]


def test_a_lead_in_that_answers_by_itself_is_cited(assistant: Assistant) -> None:
    question = "Do annual meetings produce framework decisions that need strong follow-up?"
    assert numbers(assistant, [29, 1], [0.995, 0.005], question) == [29]


def test_a_heading_stands_for_its_section(assistant: Assistant) -> None:
    assert numbers(assistant, [19, 20], [0.995, 0.005], "leadership")[0] == 20
    assert numbers(assistant, [4, 8], [0.9, 0.1], "priorities") == [6, 7, 8, 9]


def test_an_item_becomes_its_list_only_when_the_rest_is_as_likely(assistant: Assistant) -> None:
    assert numbers(assistant, [23, 22], [0.5, 0.5], "list the expected results") == [23, 24, 25, 26]
    assert numbers(assistant, [23, 22], [0.9, 0.1], "list the expected results")[0] == 23
    assert numbers(assistant, [23, 22], [0.5, 0.5], "Will they track scam centres?") == [23, 22]


def test_unlikely_passages_are_left_out(assistant: Assistant) -> None:
    assert numbers(assistant, [3, 10, 12], [0.995, 0.004, 0.001], "when?") == [3]


def test_probabilities_are_those_of_the_totals() -> None:
    none = np.zeros(1, np.float32)
    found = evidence(EntryScores(none, none), [10, 3], [9.0, 1.0])
    assert list(found.probabilities) == [10, 3]
    assert found.probabilities == pytest.approx({10: 0.9, 3: 0.1})


def test_following_skips_headings(assistant: Assistant) -> None:
    index = assistant.index
    assert [index.passages[p].number for p in following(index, ["marrakech-2025#10"])] == [12]
    assert following(index, ["unknown#1"]) == ()


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ([20, 36, 14], [23, 24, 25, 26]),
        ([38, 39, 40, 41, 42], [43]),
        ([11], [12]),
        ([11, 12], [15, 16, 17]),
        ([43, 20], []),
    ],
)
def test_what_follows_is_counted_from_the_best_passage(
    assistant: Assistant, cited: list[int], expected: list[int]
) -> None:
    found = following(assistant.index, [f"marrakech-2025#{number}" for number in cited])
    assert [assistant.index.passages[p].number for p in found] == expected


def test_a_title_is_cited_only_where_it_comes_first(assistant: Assistant) -> None:
    assert numbers(assistant, [3, 1, 12], [0.5, 0.3, 0.2], "Where was it?") == [3, 12]
    assert numbers(assistant, [1, 3], [0.5, 0.5], "What is the title?") == [1, 3]


def test_a_list_under_a_heading_is_cited_whole_beside_its_paragraphs(
    tmp_path: Path, embedder: Embedder, answering: Answering
) -> None:
    items = ["Repair the north pier.", "Buy two ferries.", "Hire a harbour pilot."]
    listed = "\n".join(f"- {item}" for item in items)
    source = tmp_path / "harbour.md"
    source.write_text(
        f"# Harbour report\n\nThe harbour was busy.\n\n## Plans for next year\n\n{listed}\n\n"
        "We have no plans for a new lighthouse next year, although many captains asked for one.\n"
    )
    assert list(adding.add([source], tmp_path / "corpus"))
    assistant = answering(build(library.load(tmp_path / "corpus"), embedder, silent))
    for question in ("What are the plans for next year?", "plans for next year"):
        answer = assistant.answer(question)
        assert answer.is_list
        assert [citation.quote.removeprefix("• ") for citation in answer.citations] == items
    assert "lighthouse" in assistant.answer("Is a new lighthouse planned?").citations[0].quote

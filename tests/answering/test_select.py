from assemblybot import Assistant
from assemblybot.answering.select import asks_for_list, following, select

import pytest


@pytest.mark.parametrize(
    "text",
    ["ما هي التوصيات؟", "شنو هوما النقط", "Quels sont les axes ?", "list the results", "What are the priorities?", "¿Cuáles son los puntos?"],
)
def test_words_that_ask_for_a_list(text: str) -> None:
    assert asks_for_list(text)


@pytest.mark.parametrize("text", ["من كتب المقال؟", "Qui a parlé ?", "When was it?", "¿Quién habló?"])
def test_words_that_do_not(text: str) -> None:
    assert not asks_for_list(text)


def test_a_lead_in_stands_for_its_items(assistant: Assistant) -> None:
    index = assistant.index
    lead_in = index.position["marrakech-2025#5"]
    chosen = select(index, [lead_in, 0], [0.9, 0.1], "x")
    assert chosen.is_list
    assert [index.passages[p].number for p in chosen.passages] == [6, 7, 8, 9]


def test_a_heading_stands_for_its_section(assistant: Assistant) -> None:
    index = assistant.index
    heading, paragraph = index.position["marrakech-2025#19"], index.position["marrakech-2025#20"]
    chosen = select(index, [heading, 0], [0.9, 0.1], "x")
    assert chosen.passages == (paragraph,)


def test_unlikely_passages_are_left_out(assistant: Assistant) -> None:
    chosen = select(assistant.index, [2, 9, 11], [0.995, 0.004, 0.001], "x")
    assert chosen.passages == (2,)


def test_following_skips_headings(assistant: Assistant) -> None:
    index = assistant.index
    assert [index.passages[p].number for p in following(index, ["marrakech-2025#10"]).passages] == [12]
    assert following(index, ["unknown#1"]).passages == ()

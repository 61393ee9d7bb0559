"""Items of a list: one mark each, whatever the document gives them."""

import pytest

from assemblybot.render.quotation import as_line, first_number, without_bullet


@pytest.mark.parametrize(
    ("item", "line", "bare"),
    [
        ("three lamps", "• three lamps", "three lamps"),
        ("• three lamps", "• three lamps", "three lamps"),
        ("- trois lampes", "• trois lampes", "trois lampes"),
        ("▪ ثلاثة مصابيح", "• ثلاثة مصابيح", "ثلاثة مصابيح"),
        ("2. tres lámparas", "2. tres lámparas", "2. tres lámparas"),
        ("٣) ثلاثة مصابيح", "٣) ثلاثة مصابيح", "٣) ثلاثة مصابيح"),
        ("a) une lampe", "• a) une lampe", "a) une lampe"),
        ("-5 °C", "• -5 °C", "-5 °C"),
    ],
)
def test_an_item_has_one_mark(item: str, line: str, bare: str) -> None:
    assert as_line(item) == line
    assert without_bullet(item) == bare


@pytest.mark.parametrize(
    ("items", "first"),
    [
        (["1. a", "2. b"], 1),
        (["4) a", "5) b", "6) c"], 4),
        (["٣. أ", "٤. ب"], 3),
        (["1. a", "3. b"], None),
        (["1. a", "b"], None),
        (["• a", "• b"], None),
        ([], None),
    ],
)
def test_numbers_in_turn_are_a_numbered_list(items: list[str], first: int | None) -> None:
    assert first_number(items) == first

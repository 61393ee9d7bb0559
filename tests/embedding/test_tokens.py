"""Groups of token rows."""

from __future__ import annotations

from assemblybot.embedding.tokens import grouped


def test_each_row_is_in_one_group_and_no_group_has_more_tokens_with_its_padding() -> None:
    rows = [[0] * length for length in (3, 9, 1, 4, 4, 2, 30, 8)]
    groups = grouped(rows, 12)
    assert sorted(index for group in groups for index in group) == list(range(len(rows)))
    assert all(len(group) * max(len(rows[index]) for index in group) <= 12 for group in groups[1:])
    assert groups[0] == [6]  # longer than a group may be
    assert groups[1:] == [[1], [7], [3, 4, 0], [5, 2]]


def test_no_rows_make_no_group() -> None:
    assert grouped([], 12) == []

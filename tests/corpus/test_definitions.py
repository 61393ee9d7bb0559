"""Terms and their definitions, in pages and in Markdown."""

from pathlib import Path

import pytest

from tests.corpus.reading import passages_of


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<dl><dt>Fee<dd>40 euros<dd>20 for children</dl>", ["Fee: 40 euros", "Fee: 20 for children"]),
        (
            "<dl><dt>Fee<dd><p>40 euros<p>20 at night<ul><li>cash</ul>Paid here</dl>End.",
            ["Fee: 40 euros", "Fee: 20 at night", "• cash", "Fee: Paid here", "End."],
        ),
        (f"<dl><dt>{'Fee ' * 25}<dd><p>40<p>20</dl>", [f"{'Fee ' * 25}".strip() + ": 40", "20"]),
        ("<dl><dt>Open<dd><ul><li>nine<li>ten</ul></dl>", ["Open", "• nine", "• ten"]),
        (
            "<dl><dt>Quay</dt><dt>Pier</dt><dd>A wall<dt>Buoy</dl><p>End.",
            ["Quay, Pier: A wall", "Buoy", "End."],
        ),
        ("<dl><dt>Empty<dd></dd><dt>Full<dd>Text</dl>", ["Empty", "Full: Text"]),
        ("<dl><dt>Fees<dd><table><tr><th>A<th>B<tr><td>1<td>2</table></dl>", ["Fees", "A: 1; B: 2"]),
        ("<ul><li>Words<dl><dt>Quay<dd>A wall</dl></ul><p>End.", ["• Words\nQuay: A wall", "End."]),
    ],
)
def test_no_term_of_a_page_is_lost(tmp_path: Path, markup: str, expected: list[str]) -> None:
    assert [p.text for p in passages_of(tmp_path, "a.html", f"<main>{markup}</main>")] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Fee\n: 40 euros\n: 20 for children\n", ["Fee: 40 euros", "Fee: 20 for children"]),
        ("Fee\n: 40 euros\n\n    20 at night\n\nEnd.\n", ["Fee: 40 euros", "Fee: 20 at night", "End."]),
        ("Open\n:   - nine\n    - ten\n\nEnd.\n", ["Open", "• nine", "• ten", "End."]),
        ("Run\n:   ```\n    sail\n    ```\n", ["Run", "sail"]),
    ],
)
def test_no_term_of_markdown_is_lost(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert [p.text for p in passages_of(tmp_path, "a.md", source)] == expected

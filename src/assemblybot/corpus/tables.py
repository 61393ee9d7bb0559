"""Tables to text: a row is a passage that names its columns, “column: value; column: value”."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assemblybot.text.arabic import arabic_share


def row_texts(header: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The text of each row; without a header, its values alone. Empty cells are left out.

    A table that is nothing but its header gives that as one row.
    """
    if header and not rows:
        rows, header = [header], None
    for row in rows:
        names = [*(header or ()), *[""] * len(row)]
        parts = [_cell(name, value) for name, value in zip(names, row, strict=False) if value.strip()]
        # A value that spans the columns is there once.
        kept = list(dict.fromkeys(parts))
        yield ("، " if arabic_share(" ".join(kept)) >= 0.5 else "; ").join(kept)


def _cell(name: str, value: str) -> str:
    name, value = " ".join(name.split()).rstrip(":"), " ".join(value.split())
    return f"{name}: {value}" if name and name != value else value
